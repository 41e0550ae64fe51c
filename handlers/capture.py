"""Logging: by one typed line, by the form, or from a draft once its stage or map is known."""

from typing import Any

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
from handlers.kinds import Kind, Severity
from handlers.request import Request
from handlers.text import Text, UserText, plain, theirs
from handlers.turn import Here, Turn
from handlers.words import say, word

MOST_MAPS = 20


def log(turn: Turn) -> Answer:
    """Logs one typed line; without words it opens the form."""
    kind = Kind(turn.request.action.removeprefix("log."))
    # A form that did not open in time is asked for again by a button that carries what was typed.
    text = turn.request.text or turn.request.value()
    return _log_line(turn, kind, text) if text.strip() else _open_empty(turn, kind)


def log_into_map(turn: Turn) -> Answer:
    """The map of a kept line was picked: `draft map` is the click's value."""
    draft_id, _, map_id = turn.request.value().partition(" ")
    draft = draft_of(turn, draft_id)
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    here = Here(journey.id, journey.slug, journey.name, journey.owner_id, None)
    return _replaced(_log_on(turn, Kind(draft.action.removeprefix("log.")), draft.text, here, draft_id))


def log_on_stage(turn: Turn) -> Answer:
    """The stage of a kept line was picked: `draft stage` is the click's value."""
    draft_id, _, stage_id = turn.request.value().partition(" ")
    draft = draft_of(turn, draft_id)
    return _replaced(Tell(logged_from_draft(turn, draft, stage_id)))


def logged_from_draft(turn: Turn, draft: Request, stage_id: str) -> Card:
    """Logs a kept line on that stage; its receipt."""
    stage = turn.store.maps.stage(stage_id)
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or stage.retired_at is not None or journey is None:
        raise Refusal(say("error stage gone"))
    kind = Kind(draft.action.removeprefix("log."))
    here = Here(journey.id, journey.slug, journey.name, journey.owner_id, None)
    read = _read(turn, kind, draft.text, here)
    # What stood before the colon was a stage that nobody knows: now it is known, and no words of the item.
    words = read.body if read.stage_words or read.stage else read.words
    fields = _columns(kind, read) | {"stage_id": stage.id, "text": words}
    return receipt(add(turn, journey.id, kind, fields), UserText(stage.name))


def next_after_map(turn: Turn, draft: Request, draft_id: str, map_id: str) -> list[Part]:
    """What becomes of a kept line now that its map is there: logged, or asked for its stage."""
    journey = turn.store.maps.get(map_id)
    if journey is None:
        raise Refusal(say("not found anywhere"))
    kind = Kind(draft.action.removeprefix("log."))
    here = Here(journey.id, journey.slug, journey.name, journey.owner_id, None)
    read = _read(turn, kind, draft.text, here)
    if read.stage is None or not read.words.strip() or len(read.words) > LONGEST:
        if not draft.text.strip():
            return []
        choices = stage_options(turn, map_id)
        options = tuple(Option(one.label, f"{draft_id} {one.value}") for one in choices)
        return [
            Line(say("map draft waits")),
            Words(theirs(draft.text[:LONGEST]), quoted=True),
            Buttons((Menu(word("field stage"), "log.stage", options),)),
        ]
    added = add(turn, map_id, kind, _columns(kind, read) | {"stage_id": read.stage.id})
    logged = say("map draft logged", ref=added.ref, stage=UserText(read.stage.name))
    return [Line(logged), _receipt_buttons(added)]


def open_draft(turn: Turn) -> Answer:
    """The form with the words of a kept line in it."""
    draft = draft_of(turn, turn.request.value())
    kind = Kind(draft.action.removeprefix("log."))
    if not turn.maps:
        raise Refusal(say("no map here"))
    here = turn.maps[0]
    read = _read(turn, kind, draft.text, here)
    return Open(item_form(turn, kind, here.id, _known(kind, read)))


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
    if len(turn.maps) == 1 and "/" not in text[:100]:
        return _log_on(turn, kind, text, turn.maps[0], turn.draft_id)
    named = _map_in_front(turn, kind, text)
    if named is not None:
        return _log_on(turn, kind, text, named, turn.draft_id)
    fitting = [here for here in turn.maps if _read(turn, kind, text, here).stage]
    if len(turn.maps) == 1 or len(fitting) == 1:
        return _log_on(turn, kind, text, (fitting or list(turn.maps))[0], turn.draft_id)
    if not turn.maps:
        raise _no_map(turn)
    buttons = tuple(Button(here.name, "log.map", f"{turn.draft_id} {here.id}") for here in turn.maps[:3])
    raise Refusal(say("which map"), buttons=buttons, keeps_words=True)


def _log_on(turn: Turn, kind: Kind, text: str, here: Here, draft_id: str) -> Answer:
    read = _read(turn, kind, text, here)
    stage = read.stage or _default_stage(turn, here, read)
    if stage is None:
        raise _which_stage(turn, here, read, draft_id)
    if not read.words.strip():
        return Open(item_form(turn, kind, here.id, _known(kind, read)))
    if len(read.words) > LONGEST:
        raise Refusal(
            say("too long", n=len(read.words), most=LONGEST),
            buttons=(Button(word("open form"), "draft.form", draft_id),),
            keeps_words=True,
        )
    added = add(turn, here.id, kind, _columns(kind, read) | {"stage_id": stage.id})
    elsewhere = here.name if here.id not in {bound.id for bound in turn.maps} else ""
    more = (say("logged close", typed=UserText(_typed_head(read)), stage=UserText(stage.name)),)
    return Tell(receipt(added, UserText(stage.name), *(more if read.close else ()), map_name=elsewhere))


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


def _which_stage(turn: Turn, here: Here, read: Logged, draft_id: str) -> Refusal:
    near = tuple(Button(stage.name, "log.stage", f"{draft_id} {stage.id}") for stage in read.candidates[:3])
    every = tuple(
        Option(option.label, f"{draft_id} {option.value}") for option in stage_options(turn, here.id)
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
    return Refusal(text, buttons=buttons, keeps_words=draft_id == turn.draft_id)


def _map_in_front(turn: Turn, kind: Kind, text: str) -> Here | None:
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
