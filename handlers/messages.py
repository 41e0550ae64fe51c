"""A message somebody else wrote becomes an item: by the shortcut on the message, then a form with its words in it."""

from handlers.answers import Answer, Button, Buttons, Card, Line, Open, Tell
from handlers.cards import reference
from handlers.drafts import draft_of, keep_draft
from handlers.errors import Refusal
from handlers.forms import LONGEST, item_form
from handlers.kinds import Kind
from handlers.text import Text, UserText, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item


def add(turn: Turn) -> Answer:
    """The shortcut was chosen on a message: says what became of it before, and asks what it is."""
    request = turn.request
    map_id = _map_id(turn)
    made = turn.store.sources.made_from(
        turn.workspace_id, request.spot.channel if request.spot else "", request.message
    )
    keep_draft(turn)
    named = (word("pain"), word("idea"), word("quote"), word("gain"))
    kinds = tuple(
        Button(name.capitalize(), "message.form", f"{turn.draft_id} {map_id} {kind}")
        for kind, name in zip(Kind, named, strict=True)
    )
    if not made:
        return _asked(say("message what"), *kinds)
    stage = UserText(turn.store.items.names(made[0].id).stage)
    text = say("message known", ref=reference(made[0]), stage=stage)
    return _asked(text, _show(made[0]), *kinds)


def open_form(turn: Turn) -> Answer:
    """What the message is was picked: `draft map kind` is the click's value."""
    draft_id, map_id, kind = [*turn.request.value().split(" "), "", ""][:3]
    draft = draft_of(turn, draft_id)
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None or kind not in set(Kind):
        raise Refusal(say("map gone"))
    words, url = draft.value("words"), draft.value("url")
    rest = words[LONGEST:]
    note = say("form rest", most=LONGEST, rest=UserText(rest)) if rest else None
    about = {"channel": draft.spot.channel if draft.spot else "", "message": draft.message}
    known = {"text": words, "link": url, "stage_id": _default_stage(turn, map_id)}
    return Open(item_form(turn, Kind(kind), map_id, known, note=note, about=about))


def remember(turn: Turn, item_id: str) -> None:
    """The form of a message was sent: the message is known from now on."""
    channel, message = turn.request.about.get("channel", ""), turn.request.about.get("message", "")
    if channel and message:
        turn.store.sources.add(item_id, turn.workspace_id, channel, message, turn.now)


def _map_id(turn: Turn) -> str:
    """The map of the channel, or the only one there is."""
    if len(turn.maps) == 1:
        return turn.maps[0].id
    maps = turn.store.maps.all()
    if len(maps) == 1:
        return maps[0].id
    raise Refusal(say("message no map"))


def _default_stage(turn: Turn, map_id: str) -> str:
    here = next((here for here in turn.maps if here.id == map_id), None)
    return (here.default_stage_id or "") if here else ""


def _show(item: Item) -> Button:
    return Button(word("show item", ref=reference(item)), "item.show", item.id)


def _asked(text: Text, *buttons: Button) -> Tell:
    return Tell(Card((Line(text), Buttons(buttons)), plain(text)))
