"""Logging: by one typed line, by the form, or from a draft once its stage or map is known."""

from typing import Any, NamedTuple

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Line,
    Menu,
    Open,
    Option,
    Part,
    Replace,
    Tell,
    Words,
)
from handlers.drafts import draft_of
from handlers.errors import Refusal
from handlers.forms import LONGEST, item_form, stage_options
from handlers.grammar import Logged, StageName, parse_words
from handlers.items import Added, add
from handlers.kinds import Kind, Severity, ref
from handlers.request import Request
from handlers.text import Text, UserText, plain, theirs
from handlers.turn import Here, Turn
from handlers.words import say, word

MOST_MAPS = 20


class _Draft(NamedTuple):
    """Under which id a line is kept if it has to be, and whether it is kept already."""

    id: str
    kept: bool = False


def log(turn: Turn) -> Answer:
    """Logs one typed line; without words it opens the form."""
    kind = kind_of(turn.request)
    # A form that did not open in time is asked for again by a button that carries what was typed.
    text = turn.request.text or turn.request.value()
    return _log_line(turn, kind, text) if text.strip() else _open_empty(turn, kind)


def log_into_map(turn: Turn) -> Answer:
    """The map of a kept line was picked: `draft map` is the click's value."""
    draft_id, _, map_id = turn.request.value().partition(" ")
    return _replaced(log_draft(turn, draft_id, map_id))


def log_on_stage(turn: Turn) -> Answer:
    """The stage of a kept line was picked: `draft stage` is the click's value."""
    draft_id, _, stage_id = turn.request.value().partition(" ")
    stage = turn.store.maps.stage(stage_id)
    if stage is None or stage.retired_at is not None:
        raise Refusal(say("error stage gone"))
    picked = StageName(stage.id, stage.slug, stage.name)
    return _replaced(log_draft(turn, draft_id, stage.map_id, picked))


def log_draft(turn: Turn, draft_id: str, map_id: str, stage: StageName | None = None) -> Answer:
    """Logs a kept line on that map, once: picked again, it gets the same receipt."""
    draft = draft_of(turn, draft_id)
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    here = Here(journey.id, journey.slug, journey.name, journey.owner_id, None)
    return _log_on(turn, kind_of(draft), draft.text, here, _Draft(draft_id, kept=True), stage)


def next_after_map(turn: Turn, draft_id: str, map_id: str) -> list[Part]:
    """What becomes of a kept line now that its map is there: logged, or asked for its stage."""
    try:
        answer = log_draft(turn, draft_id, map_id)
    except Refusal as refusal:
        typed = draft_of(turn, draft_id).text[:LONGEST]
        waits: list[Part] = [Line(say("map draft waits")), Words(theirs(typed), quoted=True)]
        return [*waits, Buttons(refusal.buttons)] if refusal.buttons else waits
    return list(answer.card.parts) if isinstance(answer, Tell) else []


def open_draft(turn: Turn) -> Answer:
    """The form with the words of a kept line in it."""
    draft = draft_of(turn, turn.request.value())
    kind = kind_of(draft)
    if not turn.maps:
        raise Refusal(say("no map here"))
    here = turn.maps[0]
    read = _read(turn, kind, draft.text, here)
    return Open(item_form(turn, kind, here.id, _known(kind, read)))


def kind_of(request: Request) -> Kind:
    """What a request to log wants to log."""
    return Kind(request.action.removeprefix("log."))


def receipt(added: Added, stage: UserText, *more: Text, map_name: str = "") -> Card:
    """The private answer to a log, with the way back."""
    if map_name:
        text = say("logged elsewhere", ref=added.ref, stage=stage, map=UserText(map_name))
    else:
        text = say("logged", ref=added.ref, stage=stage)
    return Card((Line(text), *(Line(line) for line in more), _receipt_buttons(added)), plain(text))


def stage_named(turn: Turn, map_id: str, typed: str) -> StageName | None:
    """The stage that somebody names outside of a line to log, its spelling forgiven."""
    return parse_words(None, f"{typed}: .", _stage_names(turn, map_id)).stage


def _receipt_buttons(added: Added) -> Buttons:
    return Buttons((Button(word("edit"), "item.edit", added.id), Button(word("undo"), "item.undo", added.id)))


def _open_empty(turn: Turn, kind: Kind) -> Answer:
    if not turn.maps:
        raise _no_map(turn)
    here = turn.maps[0]
    return Open(item_form(turn, kind, here.id, {"stage_id": here.default_stage_id or ""}))


def _log_line(turn: Turn, kind: Kind, text: str) -> Answer:
    draft = _Draft(turn.draft_id)
    named = _map_in_front(turn, text)
    if named is not None:
        return _log_on(turn, kind, text, named, draft)
    if len(turn.maps) == 1:
        return _log_on(turn, kind, text, turn.maps[0], draft)
    if not turn.maps:
        raise _no_map(turn)
    fitting = [here for here in turn.maps if _read(turn, kind, text, here).stage]
    if len(fitting) == 1:
        return _log_on(turn, kind, text, fitting[0], draft)
    pick = tuple(Button(here.name, "log.map", f"{draft.id} {here.id}") for here in turn.maps[:3])
    raise Refusal(say("which map"), buttons=pick, keeps_words=True)


def _log_on(
    turn: Turn, kind: Kind, text: str, here: Here, draft: _Draft, picked: StageName | None = None
) -> Answer:
    read = _read(turn, kind, text, here)
    stage = picked or read.stage or _default_stage(turn, here, read)
    if stage is None:
        raise _which_stage(turn, here, read, draft)
    # A stage that nobody knew stood before the colon: now that one was picked, it is no part of the words.
    words = (read.body if picked and read.stage_words else read.words).strip()
    columns = _columns(kind, read) | {"stage_id": stage.id, "text": words}
    if not words:
        return Open(item_form(turn, kind, here.id, columns))
    if len(words) > LONGEST:
        shorten = Button(word("open form"), "draft.form", draft.id)
        text_long = say("too long", n=len(words), most=LONGEST)
        raise Refusal(text_long, buttons=(shorten,), keeps_words=not draft.kept)
    added = _add_once(turn, here.id, kind, columns, f"draft {draft.id}" if draft.kept else None)
    elsewhere = here.name if here.id not in {bound.id for bound in turn.maps} else ""
    more = (say("logged close", typed=UserText(_typed_head(read)), stage=UserText(stage.name)),)
    taken = read.close and picked is None
    return Tell(receipt(added, UserText(stage.name), *(more if taken else ()), map_name=elsewhere))


def _add_once(turn: Turn, map_id: str, kind: Kind, columns: dict[str, Any], token: str | None) -> Added:
    """Adds the item, unless this very draft became one before: its buttons may be clicked twice."""
    before = turn.store.items.by_token(token) if token else None
    if before is not None:
        return Added(before.id, ref(before.kind, before.number))
    return add(turn, map_id, kind, columns, token)


def _read(turn: Turn, kind: Kind, text: str, here: Here) -> Logged:
    stages = _stage_names(turn, here.id)
    touchpoints = []
    if "@" in text or "＠" in text:
        touchpoints = [(row.stage_id, row.name) for row in turn.store.maps.touchpoints(here.id)]
    return parse_words(kind.value, text, stages, touchpoints, maps=(here.slug,))


def _stage_names(turn: Turn, map_id: str) -> list[StageName]:
    return [StageName(row.id, row.slug, row.name) for row in turn.store.maps.stage_names(map_id)]


def _columns(kind: Kind, read: Logged) -> dict[str, Any]:
    columns: dict[str, Any] = {"text": read.words.strip(), "touchpoint": read.touchpoint}
    if kind is Kind.PAIN:
        columns["severity"] = read.severity or Severity.WORKAROUND.value
    if kind is Kind.QUOTE:
        columns |= {"speaker": read.speaker, "speaker_account": read.account, "speaker_role": read.role}
    return columns


def _known(kind: Kind, read: Logged) -> dict[str, Any]:
    return _columns(kind, read) | {"stage_id": read.stage.id if read.stage else ""}


def _typed_head(read: Logged) -> str:
    return read.head.strip().rstrip(":：").strip()


def _default_stage(turn: Turn, here: Here, read: Logged) -> StageName | None:
    if here.default_stage_id is None or read.stage_words:
        return None
    return next((stage for stage in _stage_names(turn, here.id) if stage.id == here.default_stage_id), None)


def _which_stage(turn: Turn, here: Here, read: Logged, draft: _Draft) -> Refusal:
    near = tuple(Button(stage.name, "log.stage", f"{draft.id} {stage.id}") for stage in read.candidates[:3])
    every = tuple(
        Option(option.label, f"{draft.id} {option.value}") for option in stage_options(turn, here.id)
    )
    buttons: tuple[Button | Menu, ...] = (
        *near,
        Menu(word("other" if near else "field stage"), "log.stage", every),
    )
    if not read.stage_words:
        text = say("which stage", map=UserText(here.name))
    else:
        key = "unknown stage" if near else "unknown stage plain"
        text = say(key, typed=UserText(read.stage_words), map=UserText(here.name))
    return Refusal(text, buttons=buttons, keeps_words=not draft.kept)


def _map_in_front(turn: Turn, text: str) -> Here | None:
    """The map that stands in front of the stage: `onboarding/checkout: …`."""
    slug = text.strip().partition("/")[0].strip().lower()
    if not slug or len(slug) > 60 or "/" not in text[:100]:
        return None
    journey = turn.store.maps.by_slug(slug)
    if journey is None or journey.archived_at is not None:
        return None
    return Here(journey.id, journey.slug, journey.name, journey.owner_id, None)


def _no_map(turn: Turn) -> Refusal:
    start = Button(word("start from template"), "map.start", turn.draft_id, style="primary")
    maps = turn.store.maps.all()[:MOST_MAPS]
    if not maps:
        return Refusal(say("no map"), buttons=(start,), keeps_words=True)
    if turn.request.spot is None or turn.request.spot.direct:
        pick = tuple(Option(journey.name, f"{turn.draft_id} {journey.id}") for journey in maps)
        text = say("no map direct", slug=UserText(maps[0].slug))
        return Refusal(text, buttons=(Menu(word("use existing"), "log.map", pick),), keeps_words=True)
    bind = tuple(Option(journey.name, f"{journey.id} {turn.draft_id}") for journey in maps)
    use = Menu(word("use existing"), "map.bind", bind)
    return Refusal(say("no map"), buttons=(use, start), keeps_words=True)


def _replaced(answer: Answer) -> Answer:
    """A private card that was clicked makes place for the answer."""
    return Replace(answer.card) if isinstance(answer, Tell) else answer
