"""views.open, views.push, views.update, views.publish, and the stack of modals they change."""

import json
from typing import Any

from bot.playground.arguments import ApiError, Args
from bot.playground.blocks import view_problems
from bot.playground.json_shapes import view_json
from bot.playground.passes import Trigger
from bot.playground.schema import Json
from bot.playground.things import View
from bot.playground.world import World

MOST_PUSHED = 3
MOST_BYTES = 250_000


def judged(view: Any, kind: str) -> Json:
    """The view, if Slack would take it; ApiError where it would not."""
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view"])
    wrong = view_problems(view)
    if not wrong and view["type"] != kind:
        wrong = [f"[ERROR] must be a {kind} view [json-pointer:/view/type]"]
    if wrong:
        raise ApiError("invalid_arguments", wrong)
    if len(json.dumps(view)) > MOST_BYTES:
        raise ApiError("view_too_large")
    return view


def spent_trigger(world: World, args: Args) -> Trigger:
    """The call's trigger, used up by it."""
    trigger = world.passes.trigger(args.text("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.spent:
        raise ApiError("exchanged_trigger_id")
    if world.passes.too_old(trigger):
        raise ApiError("expired_trigger_id")
    trigger.spent = True
    return trigger


def views_open(world: World, args: Args) -> Json:
    """A modal for the person whose interaction gave the trigger."""
    content = judged(args.structure("view", "invalid_arguments"), "modal")
    unused_external_id(world, content)
    trigger = spent_trigger(world, args)
    view = open_modal(world, trigger.user, content, cause=trigger.id)
    return {"ok": True, "view": view_json(world, view)}


def views_push(world: World, args: Args) -> Json:
    """A modal on top of the one from which the trigger came."""
    content = judged(args.structure("view", "invalid_arguments"), "modal")
    unused_external_id(world, content)
    trigger = spent_trigger(world, args)
    view = push_modal(world, trigger.user, content, cause=trigger.id)
    return {"ok": True, "view": view_json(world, view)}


def views_update(world: World, args: Args) -> Json:
    """New content for an open view, if it still is as the bot believes."""
    content = args.structure("view", "invalid_arguments")
    view = named_view(world, args)
    content = judged(content, view.content["type"])
    same_hash(view, args)
    world.change_view(view, content)
    world.note("home" if content["type"] == "home" else "updated", view.user, view=view)
    return {"ok": True, "view": view_json(world, view)}


def views_publish(world: World, args: Args) -> Json:
    """The Home tab of one person."""
    content = judged(args.structure("view", "invalid_arguments"), "home")
    user = args.text("user_id")
    if user not in world.people:
        raise ApiError("user_not_found")
    view = world.homes.get(user)
    if view is None:
        view = world.homes[user] = world.new_view(user, content)
    else:
        same_hash(view, args)
        world.change_view(view, content)
    world.note("home", user, view=view)
    return {"ok": True, "view": view_json(world, view)}


def named_view(world: World, args: Args) -> View:
    """The open view that view_id or external_id names."""
    wanted, external = args.maybe("view_id"), args.maybe("external_id")
    if wanted is None and external is None:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = world.view(wanted) if wanted else by_external_id(world, external or "")
    if view is None:
        raise ApiError("not_found")
    return view


def by_external_id(world: World, external_id: str) -> View | None:
    """The open modal with this external id."""
    shown = [view for stack in world.views.values() for view in stack]
    return next((view for view in shown if view.content.get("external_id") == external_id), None)


def unused_external_id(world: World, content: Json) -> None:
    """External ids are unique among the views of a workspace."""
    if content.get("external_id") and by_external_id(world, content["external_id"]):
        raise ApiError("duplicate_external_id")


def same_hash(view: View, args: Args) -> None:
    """Refuse a change to a view that has changed since the bot saw it."""
    wanted = args.maybe("hash")
    if wanted is not None and wanted != view.hash:
        raise ApiError("hash_conflict")


def open_modal(world: World, user: str, content: Json, cause: str | None = None) -> View:
    """Show a modal, in place of any that was open."""
    for old in world.views[user]:
        old.closed = True
    view = world.new_view(user, content)
    world.views[user] = [view]
    world.note("opened", user, view=view, cause=cause)
    return view


def push_modal(world: World, user: str, content: Json, cause: str | None = None) -> View:
    """Show a modal on top of the open one."""
    stack = world.views[user]
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= MOST_PUSHED:
        raise ApiError("push_limit_reached")
    view = world.new_view(user, content, under=stack[-1])
    stack.append(view)
    world.note("pushed", user, view=view, cause=cause)
    return view


def close_modal(world: World, view: View, *, everything: bool = False, cause: str | None = None) -> None:
    """Take the top modal away, or all of them."""
    stack = world.views[view.user]
    gone = list(stack) if everything else [one for one in stack if one is view]
    for one in gone:
        one.closed = True
        stack.remove(one)
    world.note("closed", view.user, view=view, cause=cause)
