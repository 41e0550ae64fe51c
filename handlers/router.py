"""Every action of the product, each declaring itself: does it write, who may, and where."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from handlers import (
    archive,
    capture,
    channel_settings,
    channels,
    checking,
    colleagues,
    comments,
    details,
    digest,
    editing,
    evidence,
    gaps,
    home,
    installing,
    items,
    linking,
    lists,
    map_form,
    maps,
    matrix,
    merging,
    messages,
    offered,
    organisation,
    privacy,
    pulse,
    reactions,
    recounting,
    regrouping,
    removing,
    reverting,
    schedule_form,
    schedules,
    search,
    settings,
    short_forms,
    sources,
    splitting,
    stage_form,
    stages,
    starting,
    unbinding,
    votes,
)
from handlers.answers import Answer
from handlers.kinds import Kind, Role
from handlers.turn import Turn

Handler = Callable[[Turn], Answer]


class Mode(Enum):
    """Actions that only read run beside the writer."""

    READS = "reads"
    WRITES = "writes"


class Where(Enum):
    """Where an action makes sense."""

    ANYWHERE = "anywhere"
    CHANNEL = "channel"


class Action(NamedTuple):
    """One thing that a request can ask for; an `idempotent` one needs no memory of having been done.

    A `light` one changes nothing that the first questions of another light one ask for: many are asked for at once.
    One that is `on_card` is about the thread of a card, and dropped before anything is written where it is none.
    One that `opens` answers a click with a form: Teams opens a form only from a button that says so beforehand.
    """

    name: str
    handler: Handler
    mode: Mode
    role: Role
    where: Where = Where.ANYWHERE
    idempotent: bool = False
    opens: bool = False
    light: bool = False
    on_card: bool = False


_READS, _WRITES = Mode.READS, Mode.WRITES

_CAPTURE = (
    *(Action(f"log.{kind}", capture.log, _WRITES, Role.MEMBER, opens=True, light=True) for kind in Kind),
    Action("log.form", editing.submit_form, _WRITES, Role.MEMBER),
    Action("log.stage", capture.log_on_stage, _WRITES, Role.MEMBER),
    Action("log.map", capture.log_into_map, _WRITES, Role.MEMBER),
    Action("near.vote", offered.vote, _WRITES, Role.MEMBER),
    Action("near.anyway", offered.log, _WRITES, Role.MEMBER),
    Action("eyes.there", offered.there, _WRITES, Role.MEMBER),
    Action("eyes.not", offered.not_now, _WRITES, Role.MEMBER),
    Action("near.speaks", offered.speaks, _WRITES, Role.MEMBER),
    Action("draft.form", capture.open_draft, _WRITES, Role.MEMBER, opens=True),
    Action("message.add", messages.add, _WRITES, Role.MEMBER, opens=True),
    Action("message.form", messages.open_form, _WRITES, Role.MEMBER, opens=True),
    Action("message.save", editing.submit_message, _WRITES, Role.MEMBER),
)
_ITEMS = (
    Action("item.edit", editing.edit, _WRITES, Role.MEMBER, opens=True),
    Action("item.save", editing.save, _WRITES, Role.MEMBER),
    Action("item.evidence.save", evidence.save, _WRITES, Role.MEMBER),
    Action("item.evidence", evidence.ask, _WRITES, Role.MEMBER, opens=True),
    Action("item.move", editing.move, _WRITES, Role.MEMBER),
    Action("item.undo", removing.undo, _WRITES, Role.MEMBER),
    Action("item.remove", removing.remove, _WRITES, Role.MEMBER),
    Action("item.remove.alone", removing.remove_alone, _WRITES, Role.MEMBER),
    Action("item.remove.all", removing.remove_all, _WRITES, Role.MEMBER),
    Action("item.restore", removing.restore, _WRITES, Role.MEMBER),
    Action("item.resolve", items.resolve, _WRITES, Role.MEMBER),
    Action("item.reopen", items.reopen, _WRITES, Role.MEMBER),
    Action("item.merge", merging.ask, _WRITES, Role.MEMBER, opens=True),
    Action("item.merge.save", merging.merge, _WRITES, Role.MEMBER),
    *(
        action
        for name, (ask, save) in short_forms.FORMS.items()
        for action in (
            Action(f"item.{name}", ask, _WRITES, Role.MEMBER, opens=True),
            Action(f"item.{name}.save", save, _WRITES, Role.MEMBER),
        )
    ),
    Action("item.do", short_forms.do, _WRITES, Role.MEMBER, opens=True),
    Action("item.revert", reverting.revert, _WRITES, Role.MEMBER),
    Action("item.history", details.history, _READS, Role.VIEWER),
    Action("item.unmerge", merging.unmerge, _WRITES, Role.MEMBER),
    Action("item.post", items.post_again, _WRITES, Role.MEMBER),
    Action("reply", comments.reply, _WRITES, Role.MEMBER, idempotent=True, on_card=True),
    Action("item.show", details.show, _READS, Role.VIEWER),
)
_VOTES = (
    Action("vote", votes.press, _WRITES, Role.MEMBER),
    Action("unvote", votes.take_back, _WRITES, Role.MEMBER),
    Action("mark", reactions.heard, _WRITES, Role.MEMBER, idempotent=True, light=True),
)
_MAPS = (
    Action("map.new", starting.new, _WRITES, Role.MEMBER, opens=True),
    Action("map.start", starting.start, _WRITES, Role.MEMBER, opens=True),
    Action("map.make", starting.make, _WRITES, Role.MEMBER),
    Action("map.show", maps.show_clicked, _READS, Role.VIEWER),
    Action("map", maps.show, _READS, Role.VIEWER),
    Action("map.edit", map_form.edit, _WRITES, Role.MEMBER, opens=True),
    Action("map.save", map_form.save, _WRITES, Role.MEMBER),
    Action("map.close", privacy.close, _WRITES, Role.MEMBER),
    Action("map.open", privacy.reopen, _WRITES, Role.MEMBER),
    Action("map.members", privacy.members, _WRITES, Role.MEMBER, opens=True),
    Action("map.members.save", privacy.save_members, _WRITES, Role.MEMBER),
    Action("map.archive.ask", archive.ask, _READS, Role.VIEWER),
    Action("map.archive", archive.archive, _WRITES, Role.MEMBER),
    Action("map.archived", archive.archived, _READS, Role.VIEWER),
    Action("map.restore", archive.restore, _WRITES, Role.MEMBER),
)
_STAGES = (
    Action("stages", stages.show, _READS, Role.VIEWER),
    Action("stages.back", stages.show_again, _READS, Role.VIEWER),
    Action("stage.show", stages.show_one, _READS, Role.VIEWER),
    Action("stage.place", stages.place, _WRITES, Role.MEMBER),
    Action("stage.edit", stage_form.edit, _WRITES, Role.MEMBER, opens=True),
    Action("stage.save", stage_form.save, _WRITES, Role.MEMBER),
    Action("stage.add", stage_form.add, _WRITES, Role.MEMBER, opens=True),
    Action("stage.make", stage_form.make, _WRITES, Role.MEMBER),
    Action("stage.merge", regrouping.merge, _WRITES, Role.MEMBER, opens=True),
    Action("stage.merged", regrouping.merged, _WRITES, Role.MEMBER),
    Action("stage.retire", regrouping.retire, _WRITES, Role.MEMBER, opens=True),
    Action("stage.retired", regrouping.retired, _WRITES, Role.MEMBER),
    Action("stage.restore", regrouping.restore, _WRITES, Role.MEMBER),
    Action("stage.split", splitting.split, _WRITES, Role.MEMBER, opens=True),
    Action("stage.parted", splitting.parted, _WRITES, Role.MEMBER),
    Action("stage.unsplit", splitting.unsplit, _WRITES, Role.MEMBER),
)
_CHANNELS = (
    Action("map.use", channels.use, _WRITES, Role.MEMBER, Where.CHANNEL),
    Action("map.bind", channels.bind_clicked, _WRITES, Role.MEMBER, Where.CHANNEL),
    Action("map.bind.sure", channels.bind_sure, _WRITES, Role.MEMBER, Where.CHANNEL),
    Action("map.unbind.ask", unbinding.ask, _READS, Role.VIEWER, Where.CHANNEL),
    Action("map.unbind", unbinding.unbind, _WRITES, Role.MEMBER, Where.CHANNEL),
    Action("channel.edit", channel_settings.edit, _WRITES, Role.MEMBER, Where.CHANNEL, opens=True),
    Action("channel.save", channel_settings.save, _WRITES, Role.MEMBER, Where.CHANNEL),
)
_FINDING = (
    Action("list", lists.list_items, _READS, Role.VIEWER),
    Action("list.stage", lists.list_stage, _READS, Role.VIEWER),
    Action("list.page", lists.list_page, _READS, Role.VIEWER),
    Action("search", search.search, _READS, Role.VIEWER),
    Action("search.page", search.leaf, _READS, Role.VIEWER),
    Action("matrix", matrix.show, _READS, Role.VIEWER),
    Action("gaps", gaps.show, _READS, Role.VIEWER),
    Action("gaps.log", gaps.log, _WRITES, Role.MEMBER, opens=True),
    Action("show", lists.show_item, _READS, Role.VIEWER),
)
_CLOCK = (
    Action("digest", digest.show, _READS, Role.VIEWER, Where.CHANNEL),
    Action("check.ask", checking.ask, _READS, Role.VIEWER),
    Action("check.true", checking.still_true, _WRITES, Role.MEMBER),
    Action("check.fixed", checking.is_fixed, _WRITES, Role.MEMBER),
    Action("schedule", schedules.show, _READS, Role.VIEWER),
    Action("schedule.show", schedules.show_clicked, _READS, Role.VIEWER),
    Action("schedule.edit", schedule_form.edit, _WRITES, Role.MEMBER, opens=True),
    Action("schedule.save", schedule_form.save, _WRITES, Role.MEMBER),
    Action("schedule.now", schedules.send_now, _WRITES, Role.MEMBER),
    Action("schedule.skip", schedules.skip, _WRITES, Role.MEMBER),
    Action("schedule.unskip", schedules.unskip, _WRITES, Role.MEMBER),
    Action("schedule.off", schedules.switch_off, _WRITES, Role.MEMBER),
    Action("schedule.on", schedules.switch_on, _WRITES, Role.MEMBER),
    Action("schedule.mine", schedules.also_me, _WRITES, Role.MEMBER),
    Action("schedule.stop", schedules.stop_mine, _WRITES, Role.MEMBER),
    Action("check.changed", checking.change, _WRITES, Role.MEMBER, opens=True),
    Action("check.save", checking.save, _WRITES, Role.MEMBER),
    Action("check.pass", checking.not_mine, _WRITES, Role.MEMBER),
    Action("check.gone", checking.is_gone, _WRITES, Role.MEMBER),
    Action("check.back", checking.is_back, _WRITES, Role.MEMBER),
    Action("pulse", pulse.ask, _READS, Role.VIEWER),
    Action("pulse.ask", pulse.ask_picked, _READS, Role.VIEWER),
    Action("pulse.set", pulse.feels, _WRITES, Role.MEMBER),
    Action("check.mine", checking.mine, _READS, Role.VIEWER),
    Action("check", checking.start, _WRITES, Role.MEMBER),
)
_PEOPLE = (
    Action("home", home.home, _READS, Role.VIEWER),
    Action("home.opened", home.opened, _WRITES, Role.VIEWER, idempotent=True),
    Action("home.log", home.log, _READS, Role.MEMBER, opens=True),
    Action("home.log.map", home.log_on_map, _READS, Role.MEMBER),
    Action("organisation", organisation.edit, _WRITES, Role.ADMIN, opens=True),
    Action("organisation.save", organisation.save, _WRITES, Role.ADMIN),
    Action("settings", settings.settings, _READS, Role.VIEWER, opens=True),
    Action("settings.save", settings.save, _WRITES, Role.VIEWER),
    Action("help", home.help_card, _READS, Role.VIEWER),
    Action("unknown", home.unknown_command, _READS, Role.VIEWER),
)
_WORKSPACES = (
    # Its answer holds a code: that is not kept, and a second one does no harm.
    Action("link", linking.link, _WRITES, Role.VIEWER, idempotent=True),
    Action("installed", installing.installed, _WRITES, Role.VIEWER),
    Action("uninstalled", installing.uninstalled, _WRITES, Role.VIEWER),
    Action("workspace.stopped", installing.stopped, _WRITES, Role.VIEWER),
    Action("place.changed", installing.place_changed, _WRITES, Role.VIEWER),
    Action("place.joined", colleagues.joined, _WRITES, Role.VIEWER, idempotent=True),
    Action("place.people", colleagues.people, _WRITES, Role.VIEWER, idempotent=True),
    Action("place.left", colleagues.left, _WRITES, Role.VIEWER, idempotent=True),
    Action("person.changed", colleagues.changed, _WRITES, Role.VIEWER, idempotent=True),
    Action("source.gone", sources.gone, _WRITES, Role.VIEWER, idempotent=True),
    Action("votes.recounted", recounting.recounted, _WRITES, Role.VIEWER, idempotent=True),
)

ACTIONS = {
    action.name: action
    for group in (_CAPTURE, _ITEMS, _VOTES, _MAPS, _STAGES, _CHANNELS, _FINDING, _CLOCK, _PEOPLE, _WORKSPACES)
    for action in group
}

# What people type after /journey, and the action it means.
VERBS = {
    "": "home",
    "home": "home",
    "help": "help",
    "?": "help",
    "new": "map.new",
    "start": "map.new",
    "use": "map.use",
    "channel": "channel.edit",
    "unbind": "map.unbind.ask",
    "map": "map",
    "edit": "map.edit",
    "members": "map.members",
    "stages": "stages",
    "archive": "map.archive.ask",
    "archived": "map.archived",
    "restore": "map.archived",
    "list": "list",
    "top": "list",
    "search": "search",
    "find": "search",
    "gaps": "gaps",
    "matrix": "matrix",
    "show": "show",
    "digest": "digest",
    "schedule": "schedule",
    "check": "check",
    "pulse": "pulse",
    "link": "link",
    "settings": "settings",
    "organisation": "organisation",
    "organization": "organisation",
} | {word: f"log.{kind}" for kind in Kind for word in (kind.value, f"{kind}s")}


def opens_form(name: str) -> bool:
    """Does a click on that action open a form?"""
    return name in ACTIONS and ACTIONS[name].opens


def action_of(verb: str) -> str:
    """The action that a typed word means; `unknown` where nobody knows it."""
    return VERBS.get(verb, "unknown")
