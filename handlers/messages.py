"""A message that somebody wrote becomes an item: a form with its words in it, which is sent as it is or changed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import structs

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Field,
    Form,
    Line,
    Menu,
    Note,
    Open,
    Option,
    Tell,
)
from handlers.audience import told
from handlers.cards import reference
from handlers.choosing import no_maps
from handlers.drafts import draft_of, keep_draft
from handlers.errors import Missing, Refusal
from handlers.forms import LONGEST, link_field, options, speaker_fields, text_field
from handlers.kinds import KIND_MARK, SEVERITY_MARK, USUAL_SEVERITY, Kind, Severity
from handlers.likeness import QUOTES, folded
from handlers.map_names import labels, offering
from handlers.request import Request
from handlers.text import Text, UserText, cut, plain
from handlers.turn import Here, Turn
from handlers.words import say, word
from storage.models import Item

FEW_MAPS, MOST_STAGES = 8, 100  # whose stages one menu offers, and how many
STAGE_NAME, MAP_NAME = 40, 30  # characters of them where both stand in one line


class Choice(NamedTuple):
    """A stage that the form offers."""

    id: str
    name: str
    journey: Here


def add(turn: Turn) -> Answer:
    """The shortcut was chosen on a message, whose `text`, `link` and `speaker` (or `author`) are the values."""
    request = turn.request
    channel = request.spot.channel if request.spot else ""
    made = turn.store.sources.made_from(turn.workspace_id, channel, request.message)
    if not made:
        return _opened(turn, turn.draft_id, request, _maps(turn, request), kept=False)
    keep_draft(turn)
    stage = UserText(turn.store.items.names(made[0].id).stage)
    again = Button(word("add again"), "message.form", turn.draft_id)
    return _asked(say("message known", ref=reference(made[0]), stage=stage), _show(made[0]), again)


def open_form(turn: Turn) -> Answer:
    """The message is to be added, or its map was picked: `draft [map]` is the click's value."""
    draft_id, _, map_id = turn.request.value().partition(" ")
    draft = _heard(turn, draft_of(turn, draft_id))
    maps = _maps(turn, draft)
    if map_id:
        journey = turn.store.maps.get(map_id)
        if journey is None or journey.archived_at is not None:
            raise Refusal(say("map gone"))
        maps = (_here(journey),)
    return _opened(turn, draft_id, draft, maps, kept=True)


def remember(turn: Turn, item_id: str) -> None:
    """The form of a message was sent: the message is known from now on."""
    channel, message = turn.request.about.get("channel", ""), turn.request.about.get("message", "")
    if channel and message:
        turn.store.sources.add(item_id, turn.workspace_id, channel, message, turn.now)


def read_kind(chosen: str) -> tuple[Kind, str]:
    """The kind, and of a pain the severity, that the form's one choice says."""
    kind, _, severity = chosen.partition(" ")
    return Kind(kind) if kind in set(Kind) else Kind.PAIN, severity


def _opened(turn: Turn, draft_id: str, message: Request, maps: Sequence[Here], *, kept: bool) -> Answer:
    """The form; where the maps are too many for one, the question for the map."""
    choices = _choices(turn, maps) if len(maps) <= FEW_MAPS else []
    speaker = _speaker(turn, message)
    if not kept:
        keep_draft(turn)
    if not choices or len(choices) > MOST_STAGES:
        pick = zip([f"{draft_id} {here.id}" for here in maps], labels(maps), strict=True)
        menu = Menu(word("pick map"), "message.form", options(list(pick)))
        return _asked(offering(say("message which map"), maps), menu)
    form = _form(turn, message, choices, speaker, several=len(maps) > 1)
    return Open(form, again=f"message.form {draft_id}" + (f" {maps[0].id}" if len(maps) == 1 else ""))


def _form(turn: Turn, message: Request, choices: list[Choice], speaker: str, *, several: bool) -> Form:
    words = message.value("text")
    rest = words[LONGEST:]
    notes = [Note(say("form rest", most=LONGEST, rest=UserText(rest)))] if rest else []
    seen, carried = ([], {}) if several else told(turn, choices[0].journey.id)
    known: dict[str, Any] = {"text": words, "link": message.value("link"), "speaker": speaker}
    return Form(
        title=word("form message"),
        action="message.save",
        submit=word("log"),
        fields=(
            *notes,
            *seen,
            Field(
                name="kind", label=word("field kind"), kind="choice", options=_kinds(), value=_kind_of(words)
            ),
            Field(
                name="stage",
                label=word("field stage"),
                kind="choice",
                options=tuple(
                    Option(_named(choice) if several else choice.name, choice.id) for choice in choices
                ),
                value=_stage_of(turn, words, choices),
            ),
            text_field("message", known),
            *speaker_fields(known, "field speaker"),
            link_field(known),
        ),
        token=turn.store.new_id(),
        about={"channel": message.spot.channel if message.spot else "", "message": message.message} | carried,
    )


def _heard(turn: Turn, message: Request) -> Request:
    """The message with its words: of one that somebody only reacted to, the platform tells them."""
    if "text" in message.values or message.spot is None:
        return message
    heard = turn.request.heard
    if heard is None:
        raise Missing("heard", f"{message.spot.channel} {message.message}")
    if not heard.found:
        raise Refusal(say("message unread"))
    values = {"text": heard.text, "link": heard.link, "author": heard.author}
    return structs.replace(message, values=values)


def _maps(turn: Turn, message: Request) -> tuple[Here, ...]:
    """The maps of the message's channel, or all there are; raises Refusal where there is none."""
    maps = turn.maps
    if (
        message.spot is not None
        and turn.request.spot is not None
        and message.spot.channel != turn.request.spot.channel
    ):
        maps = _maps_of(turn, message.spot.channel)
    maps = maps or tuple(_here(journey) for journey in turn.store.maps.all())
    if not maps:
        raise no_maps(turn)
    return maps


def _maps_of(turn: Turn, channel: str) -> tuple[Here, ...]:
    """The living maps of another channel than where the person is now."""
    place = turn.store.places.by_external(turn.workspace_id, channel)
    bound = turn.store.maps.bindings(place.id) if place is not None else []
    found = [turn.store.maps.get(one.map_id) for one in bound]
    return tuple(_here(journey) for journey in found if journey is not None and journey.archived_at is None)


def _here(journey: Any) -> Here:
    return Here(journey.id, journey.slug, journey.name, journey.owner_id, None)


def _choices(turn: Turn, maps: Sequence[Here]) -> list[Choice]:
    return [Choice(row.id, row.name, here) for here in maps for row in turn.stage_names(here.id)]


def _named(choice: Choice) -> str:
    return f"{cut(choice.journey.name, MAP_NAME)} · {cut(choice.name, STAGE_NAME)}"


def _kinds() -> tuple[Option, ...]:
    """The kinds, a pain by each of its severities: one choice instead of two."""
    pains = [
        (f"pain {one}", f"{SEVERITY_MARK[one]} {word(f'kind pain {one}')}")
        for one in (Severity.WORKAROUND, Severity.ABANDON, Severity.TRIVIAL)
    ]
    others = [(kind.value, f"{KIND_MARK[kind]} {word(kind.value).capitalize()}") for kind in KIND_MARK]
    return options(pains + others)


def _kind_of(words: str) -> str:
    """What stands in quotation marks was probably said by a customer."""
    text = words.strip()
    quoted = len(text) > 1 and text[-1] in QUOTES.get(text[0], "")
    return Kind.QUOTE.value if quoted or text.startswith(">") else f"pain {USUAL_SEVERITY}"


def _stage_of(turn: Turn, words: str, choices: list[Choice]) -> str:
    """The stage that the words name, the channel's default one, or where the person logged last; else none."""
    said = f" {folded(words)} "
    named = [choice for choice in choices if f" {folded(choice.name)} " in said]
    if named:
        return max(named, key=lambda choice: len(choice.name)).id
    offered = {choice.id for choice in choices}
    default = next((here.default_stage_id for here in turn.maps if here.default_stage_id in offered), None)
    if default is not None:
        return default
    for last in turn.store.homes.logged(turn.who.id, 1):
        item = turn.store.items.get(last.id)
        if item is not None and item.stage_id in offered:
            return item.stage_id
    return ""


def _speaker(turn: Turn, message: Request) -> str:
    """Who wrote it, by name: as the platform says, as we know them, or as the platform is asked."""
    author = message.value("author")
    if not author or author == message.actor.user:
        return message.value("speaker")
    account = turn.store.people.by_external(turn.workspace_id, author)
    person = turn.store.people.get(account.person_id) if account is not None else None
    if person is not None:
        return person.name
    if turn.request.author is None:
        raise Missing("author", author)
    return turn.request.author


def _show(item: Item) -> Button:
    return Button(word("show item", ref=reference(item)), "item.show", item.id)


def _asked(text: Text, *buttons: Button | Menu) -> Tell:
    return Tell(Card((Line(text), Buttons(buttons)), plain(text)))
