"""What Slack does with the bot's answer: shows it, changes the form, or tells the person of a failure."""

import json
from typing import Any

from bot.playground.arguments import ApiError
from bot.playground.replies import Reply
from bot.playground.responding import respond
from bot.playground.schema import Json
from bot.playground.things import View
from bot.playground.view_methods import close_modal, judged, push_modal
from bot.playground.world import World

TROUBLE = "We had some trouble connecting. Try again?"


def aftermath(world: World, reply: Reply) -> None:
    """Apply the bot's answer to the world."""
    match reply.request.what:
        case "command":
            _after_command(world, reply)
        case "view_submission":
            _after_submission(world, reply)
        case "block_suggestion":
            _after_suggestion(world, reply)
        case "event":
            pass
        case _ if reply.status != 200:
            _failed(world, reply, TROUBLE)


def _failed(world: World, reply: Reply, words: str) -> None:
    request = reply.request
    world.note("failure", request.user, view=request.view, cause=request.cause, words=words)


def _after_command(world: World, reply: Reply) -> None:
    error = "operation_timeout" if reply.trouble == "timeout" else "dispatch_failed"
    if reply.status != 200:
        _failed(world, reply, f'{reply.request.name} failed with the error "{error}"')
        return
    words = reply.body.decode()
    if not words.strip():
        return
    request = reply.request
    try:
        body = _spoken(words, reply.headers.get("Content-Type", ""))
        respond(world, request.user, world.channels[request.channel], body, request.cause)
    except ApiError as refusal:
        detail = "; ".join([refusal.error, *refusal.messages])
        _failed(world, reply, f'{request.name} failed with the error "invalid_command_response" ({detail})')


def _spoken(words: str, content_type: str) -> Any:
    """A command's answer as the body that it means: JSON, or plain text."""
    if "json" not in content_type:
        return {"text": words}
    try:
        return json.loads(words)
    except ValueError:
        raise ApiError("invalid_json") from None


def _after_submission(world: World, reply: Reply) -> None:
    view = reply.request.view
    if view is None:
        return
    if reply.status != 200:
        _failed(world, reply, TROUBLE)
        return
    try:
        _obeyed(world, reply, view)
    except ApiError as refusal:
        _failed(world, reply, f"{TROUBLE} ({'; '.join([refusal.error, *refusal.messages])})")


def _obeyed(world: World, reply: Reply, view: View) -> None:
    cause = reply.request.cause
    body = _order(reply.body)
    match body.get("response_action"):
        case None:
            close_modal(world, view, cause=cause)
        case "clear":
            close_modal(world, view, everything=True, cause=cause)
        case "update":
            world.change_view(view, judged(body.get("view"), "modal"))
            world.note("updated", view.user, view=view, cause=cause)
        case "push":
            push_modal(world, view.user, judged(body.get("view"), "modal"), cause=cause)
        case "errors":
            view.errors = _field_errors(view, body.get("errors"))
            world.note("errors", view.user, view=view, cause=cause)
        case other:
            raise ApiError("invalid_response_action", [str(other)])


def _order(body: bytes) -> Json:
    """The answer to a submission: nothing, or an object with a response_action."""
    if not body.strip():
        return {}
    try:
        order = json.loads(body)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(order, dict) or (order and "response_action" not in order):
        raise ApiError("invalid_response", ["an answer to a form is empty or has a response_action"])
    return order


def _field_errors(view: View, errors: Any) -> dict[str, str]:
    """The errors by block_id; Slack takes them only for input blocks that are there."""
    if not isinstance(errors, dict) or not errors:
        raise ApiError("invalid_errors", ["errors must be an object that is not empty"])
    inputs = [block["block_id"] for block in view.blocks if block["type"] == "input"]
    for name, words in errors.items():
        if name not in inputs:
            raise ApiError("invalid_errors", [f"{name} is not the block_id of an input"])
        if not isinstance(words, str) or not words:
            raise ApiError("invalid_errors", [f"{name} has no words"])
    return dict(errors)


def _after_suggestion(world: World, reply: Reply) -> None:
    request = reply.request
    if reply.status != 200:
        _failed(world, reply, "Couldn’t load results")
        return
    try:
        body = json.loads(reply.body)
        groups = [group["options"] for group in body.get("option_groups", [])]
        options = [option for group in groups for option in group] + body.get("options", [])
        if len(options) > 100 or not all(0 < len(option["text"]["text"]) <= 75 for option in options):
            raise ValueError(options)
    except (ValueError, KeyError, TypeError, AttributeError):
        _failed(world, reply, "Couldn’t load results")
        return
    reply.options = options
    world.note("options", request.user, view=request.view, cause=request.cause)
