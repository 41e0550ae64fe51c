"""Logging: by one typed line, by the form, or from a draft once its stage or map is known."""

from typing import Any, NamedTuple

from handlers import audience
from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Line,
    Menu,
    Open,
    Option,
    Part,
    Tell,
    Words,
    in_its_place,
)
from handlers.drafts import draft_of
from handlers.errors import Refusal
from handlers.former import read_line, stage_names
from handlers.forms import LONGEST, item_form, options, stage_options
from handlers.grammar import Logged
from handlers.items import Added, add
from handlers.kinds import KINDS, USUAL_SEVERITY, Kind
from handlers.likeness import key_of
from handlers.map_names import labels, map_called, no_maps_said, offering
from handlers.near import offer, question
from handlers.receipts import receipt, receipt_again, shown_alone
from handlers.request import Request
from handlers.stage_names import ASKED_WORDS, HEAD_LENGTH, StageName
from handlers.text import Text, UserText, blank, ours, theirs
from handlers.turn import Here, Turn
from handlers.words import say, word
from storage.models import JourneyMap


class Draft(NamedTuple):
    """Under which id a line or a form is kept if it has to be, whether it is already, and what was said to it since."""

    id: str
    kept: bool = False
    anyway: bool = False
    there: bool = False


def log(turn: Turn) -> Answer:
    """Logs one typed line; without words it opens the form."""
    kind = kind_of(turn.request)
    text = typed_in(turn.request)
    return _log_line(turn, kind, text) if text.strip() else _open_empty(turn, kind)


def log_into_map(turn: Turn) -> Answer:
    """The map of a kept line was picked: `draft map` is the click's value."""
    draft_id, _, map_id = turn.request.value().partition(" ")
    return in_its_place(log_draft(turn, draft_id, map_id))


def log_on_stage(turn: Turn) -> Answer:
    """The stage of a kept line was picked: `draft stage` is the click's value."""
    draft_id, _, stage_id = turn.request.value().partition(" ")
    stage = turn.store.maps.stage(stage_id)
    if stage is None or stage.retired_at is not None:
        raise Refusal(say("error stage gone"))
    picked = StageName(stage.id, stage.slug, stage.name)
    return in_its_place(log_draft(turn, draft_id, stage.map_id, picked))


def log_draft(
    turn: Turn,
    draft_id: str,
    map_id: str,
    stage: StageName | None = None,
    *,
    anyway: bool = False,
    there: bool = False,
) -> Answer:
    """Logs a kept line on that map, once: whatever is picked again, it gets the receipt of what was logged.

    `anyway` is also where nearly the same is there already, `there` also where more people see it than here.
    """
    draft = draft_of(turn, draft_id)
    before = turn.store.items.by_token(_token(draft_id))
    if before is not None:
        return Tell(receipt_again(turn, before))
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("map gone"))
    here, typed = _shown_here(turn, journey), typed_in(draft)
    if blank(typed) and stage is None:
        return _empty_form(turn, kind_of(draft), here)
    kept = Draft(draft_id, kept=True, anyway=anyway, there=there or anyway)
    return _log_on(turn, kind_of(draft), typed, here, kept, stage)


def next_after_map(turn: Turn, draft_id: str, map_id: str) -> list[Part]:
    """What becomes of a kept line now that its map is there: logged, or asked for its stage."""
    try:
        typed = typed_in(draft_of(turn, draft_id))
    except Refusal as refusal:
        return [Line(refusal.text)]
    try:
        answer = log_draft(turn, draft_id, map_id)
    except Refusal as refusal:
        waits: list[Part] = [Line(refusal.text), Words(theirs(typed), quoted=True)]
        return [*waits, Buttons(refusal.buttons)] if refusal.buttons else waits
    if isinstance(answer, Open):  # a stage without words: a card opens its form from a click only
        form = Button(word("open form"), "draft.form", f"{draft_id} {map_id}", style="primary")
        return [Line(say("form waits")), Buttons((form,))]
    return list(answer.card.parts) if isinstance(answer, Tell) else []


def open_draft(turn: Turn) -> Answer:
    """The form with what a kept line says in it: `draft map [stage]` is the click's value."""
    draft_id, map_id, stage_id = [*turn.request.value().split(" "), "", ""][:3]
    draft = draft_of(turn, draft_id)
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("map gone"))
    kind = kind_of(draft)
    here = _shown_here(turn, journey)
    read = _read(turn, kind, typed_in(draft), here)
    named = read.stage or _default_stage(turn, here, read)
    words = _words_of(read, picked=stage_id != "")
    rest = words[LONGEST:]
    note = say("form rest", most=LONGEST, rest=UserText(rest)) if rest else None
    known = _columns(kind, read) | {"text": words, "stage_id": stage_id or (named.id if named else "")}
    return Open(item_form(turn, kind, journey.id, known, note=note))


def typed_in(request: Request) -> str:
    """The line to log, as it was typed or as a button carries it: one that asks for a form again, or a search's."""
    return request.text or request.value()


def kind_of(request: Request) -> Kind:
    """What a request to log wants to log; raises Refusal for another request, which only a forged click names."""
    kind = KINDS.get(request.action.removeprefix("log."))
    if kind is None:
        raise Refusal(say("unknown click"))
    return kind


def stages_named(turn: Turn, maps: list[JourneyMap], typed: str) -> list[tuple[JourneyMap, StageName]]:
    """The stages that somebody names outside of a line to log: those of just that name, or their spelling forgiven."""
    reads = [(one, read_line(turn, one.id, None, f"{typed}: .", [], None)) for one in maps]
    found = [(one, read.stage, read.exact) for one, read in reads if read.stage]
    return [(one, stage) for one, stage, exact in found if exact] or [(one, stage) for one, stage, _ in found]


def _open_empty(turn: Turn, kind: Kind) -> Answer:
    if len(turn.maps) > 1:
        raise _which_map(turn)
    return _empty_form(turn, kind, turn.maps[0] if turn.maps else _only_map(turn))


def _empty_form(turn: Turn, kind: Kind, here: Here) -> Open:
    return Open(item_form(turn, kind, here.id, {"stage_id": here.default_stage_id or ""}))


def _log_line(turn: Turn, kind: Kind, text: str) -> Answer:
    draft = Draft(turn.draft_id)
    named = _map_in_front(turn, text)
    if named is not None and not _is_stage_here(turn, kind, text):
        return _log_on(turn, kind, text, named, draft)
    if len(turn.maps) == 1:
        return _log_on(turn, kind, text, turn.maps[0], draft)
    if not turn.maps:
        return _log_on(turn, kind, text, _only_map(turn), draft)
    reads = [(here, _read(turn, kind, text, here)) for here in turn.maps]
    fitting = (
        [here for here, read in reads if read.exact]
        or [here for here, read in reads if read.stage]
        or [here for here, read in reads if _is_called(here, read.stage_words)]
    )
    if len(fitting) == 1:
        return _log_on(turn, kind, text, fitting[0], draft)
    raise _which_map(turn)


def _log_on(
    turn: Turn, kind: Kind, text: str, here: Here, draft: Draft, picked: StageName | None = None
) -> Answer:
    read = _read(turn, kind, text, here)
    stage = picked or read.stage or _default_stage(turn, here, read)
    if stage is None:
        raise _which_stage(turn, here, read, draft)
    words = _words_of(read, picked=picked is not None)
    columns = _columns(kind, read) | {"stage_id": stage.id, "text": words}
    if blank(words):
        return Open(item_form(turn, kind, here.id, columns))
    if len(words) > LONGEST:
        shorten = Button(word("open form"), "draft.form", f"{draft.id} {here.id} {stage.id}")
        text_long = say("too long", n=len(words), most=LONGEST)
        raise Refusal(text_long, buttons=(shorten,), keeps_words=not draft.kept)
    added = _added(turn, here, kind, columns, draft)
    elsewhere = "" if shown_alone(turn, here.id) else here.name
    more: tuple[Part, ...] = ()
    if picked is None and read.formerly:
        more = (Line(say("stage formerly", typed=UserText(read.formerly), stage=UserText(stage.name))),)
    elif picked is None and read.close:
        more = _taken_for(turn, here, read, stage, added)
    elif picked is not None and " " in read.stage_words:
        # Two words and more may have been no stage, but the beginning of the sentence.
        more = (Line(say("left out", typed=UserText(read.stage_words))),)
    if kind is Kind.QUOTE:
        more = (*more, *question(turn, added.id, here.id, columns))
    return Tell(receipt(added, UserText(stage.name), *more, map_name=elsewhere))


def _taken_for(turn: Turn, here: Here, read: Logged, stage: StageName, added: Added) -> tuple[Line, Buttons]:
    """How a close spelling was read, and the other stages, one click away."""
    near = tuple(Button(other.name, "item.move", f"{added.id} {other.id}") for other in read.candidates[:2])
    others = tuple(
        Option(option.label, f"{added.id} {option.value}")
        for option in stage_options(turn, here.id)
        if option.value != stage.id
    )
    text = say("logged close", typed=UserText(_typed_head(read)), stage=UserText(stage.name))
    return Line(text), Buttons((*near, Menu(word("other"), "item.move", others)))


def _words_of(read: Logged, *, picked: bool) -> str:
    """The words to keep: a stage that nobody knew stands before the colon, and is no word once one was picked."""
    return (read.body if picked and read.stage_words else read.words).strip()


def _token(draft_id: str) -> str:
    """What makes a kept line count once: its buttons may be clicked twice."""
    return f"draft {draft_id}"


def _added(turn: Turn, here: Here, kind: Kind, columns: dict[str, Any], draft: Draft) -> Added:
    if not draft.there:
        audience.check(turn, here, draft.id, columns["stage_id"], kept=draft.kept)
    if not draft.anyway:
        offer(turn, here.id, kind, columns, draft.id, kept=draft.kept)
    return add(turn, here.id, kind, columns, _token(draft.id) if draft.kept else None)


def _read(turn: Turn, kind: Kind, text: str, here: Here) -> Logged:
    if "/" in text[:HEAD_LENGTH]:
        text = _without_map(text, here)
    touchpoints = []
    if "@" in text or "＠" in text:
        touchpoints = [(row.stage_id, row.name) for row in turn.store.maps.touchpoints(here.id)]
    return read_line(turn, here.id, kind, text, touchpoints, (here.slug,))


def _without_map(text: str, here: Here) -> str:
    """What follows `map/ `; where a word stands right behind the stroke, it may be a stage's or no map was meant."""
    name, _, rest = text.partition("/")
    return rest.lstrip(" \t\n:：") if rest[:1] in " \t\n:：" and _is_called(here, name) else text


def _columns(kind: Kind, read: Logged) -> dict[str, Any]:
    columns: dict[str, Any] = {"text": read.words.strip(), "touchpoint": read.touchpoint}
    if kind is Kind.PAIN:
        columns["severity"] = read.severity or USUAL_SEVERITY
    return columns | {
        "speaker": read.speaker,
        "speaker_account": read.account,
        "speaker_role": read.role,
    }


def _typed_head(read: Logged) -> str:
    return read.head.strip().rstrip(":：").strip()


def _default_stage(turn: Turn, here: Here, read: Logged) -> StageName | None:
    if here.default_stage_id is None or read.stage_words or _may_name_a_map(read.words):
        return None
    return next((stage for stage in stage_names(turn, here.id) if stage.id == here.default_stage_id), None)


def _may_name_a_map(words: str) -> bool:
    """Do they begin like `a map of many words/stage:`?"""
    head, colon, _ = words[:HEAD_LENGTH].partition(":")
    return colon != "" and "/" in head and len(head.rpartition("/")[2].split()) <= ASKED_WORDS


def _which_stage(turn: Turn, here: Here, read: Logged, draft: Draft) -> Refusal:
    unknown = "" if _is_called(here, read.stage_words) else read.stage_words
    nearest = read.candidates[:3] if unknown else ()
    near = tuple(Button(stage.name, "log.stage", f"{draft.id} {stage.id}") for stage in nearest)
    every = tuple(
        Option(option.label, f"{draft.id} {option.value}") for option in stage_options(turn, here.id)
    )
    shown = () if here.id in {bound.id for bound in turn.maps} else turn.maps[:3]
    back = tuple(
        Button(word("rather on", map=bound.name), "log.map", f"{draft.id} {bound.id}") for bound in shown
    )
    buttons: tuple[Button | Menu, ...] = (
        *near,
        Menu(word("other" if near else "field stage"), "log.stage", every),
        *back,
    )
    if not unknown:
        text = say("which stage", map=UserText(here.name))
    else:
        key = "unknown stage" if near else "unknown stage plain"
        text = say(key, typed=UserText(unknown), map=UserText(here.name))
    return Refusal(text, buttons=buttons, keeps_words=not draft.kept)


def _map_in_front(turn: Turn, text: str) -> Here | None:
    """The map that stands in front of the stage, by slug or name: `onboarding/checkout: …`."""
    if "/" not in text[:100]:
        return None
    name = text.strip()[:100].partition("/")[0].strip()
    if not name or ":" in name:
        return None
    journey = map_called(turn, name)
    # Under the name that was typed, which may be a former one: what follows it is the stage.
    return _here(journey)._replace(slug=name) if journey is not None else None


def _is_stage_here(turn: Turn, kind: Kind, text: str) -> bool:
    """Is what looks like a map and a stage the whole name of a stage of this place?"""
    reads = [_read(turn, kind, text, here) for here in turn.maps]
    return any(read.stage and read.exact and "/" in (read.formerly or read.stage.name) for read in reads)


def _is_called(here: Here, words: str) -> bool:
    return key_of(words) in (key_of(here.slug), key_of(here.name))


def _here(journey: JourneyMap) -> Here:
    return Here(journey.id, journey.slug, journey.name, journey.owner_id, None)


def _shown_here(turn: Turn, journey: JourneyMap) -> Here:
    """The map as this place shows it, with its default stage, if it does."""
    return next((here for here in turn.maps if here.id == journey.id), _here(journey))


def _which_map(turn: Turn) -> Refusal:
    pick = list(zip([f"{turn.draft_id} {here.id}" for here in turn.maps], labels(turn.maps), strict=True))
    buttons = tuple(Button(name, "log.map", value) for value, name in pick[:3])
    others = (Menu(word("other map"), "log.map", options(pick[3:])),) if len(pick) > 3 else ()
    return Refusal(_kept(turn, say("which map")), buttons=(*buttons, *others), keeps_words=True)


def _kept(turn: Turn, text: Text) -> Text:
    """The sentence, and that nothing is lost where something was typed."""
    return text if blank(typed_in(turn.request)) else (*text, *ours(" "), *say("kept"))


def _only_map(turn: Turn) -> Here:
    """Of a private chat the only map that there is; raises Refusal where one has to be named first."""
    maps = turn.store.maps.all()
    direct = turn.request.spot is None or turn.request.spot.direct
    if direct and len(maps) == 1:
        return _here(maps[0])
    raise _no_map(turn, maps, direct)


def _no_map(turn: Turn, maps: list[JourneyMap], direct: bool) -> Refusal:
    start = Button(word("start from template"), "map.start", turn.draft_id, style="primary")
    if not maps:
        nothing = no_maps_said(turn, say("no maps" if direct else "no map"))
        return Refusal(_kept(turn, nothing), buttons=(start,), keeps_words=True)
    named = list(zip(maps, labels(maps), strict=True))
    if direct:
        pick = tuple(Option(label, f"{turn.draft_id} {journey.id}") for journey, label in named)
        text = _kept(turn, offering(say("no map direct", slug=UserText(maps[0].slug)), maps))
        return Refusal(text, buttons=(Menu(word("pick map"), "log.map", pick),), keeps_words=True)
    bind = tuple(Option(label, f"{journey.id} {turn.draft_id}") for journey, label in named)
    use = Menu(word("use existing"), "map.bind", bind)
    return Refusal(_kept(turn, offering(say("no map here"), maps)), buttons=(use, start), keeps_words=True)
