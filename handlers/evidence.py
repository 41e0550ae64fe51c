"""Evidence for an item: a quote that is on the map already, or a new one."""

import msgspec

from handlers.answers import Answer, Card, Done, Field, Form, Line, Open, Option
from handlers.cards import reference
from handlers.editing import submit_form
from handlers.errors import FieldErrors, Refusal
from handlers.forms import item_form
from handlers.items import count_evidence, living
from handlers.kinds import Kind
from handlers.likely import likeliest
from handlers.text import blank, plain, short
from handlers.ties import BACKED
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

OFFERED = 50
NEW = ("text", "speaker", "account", "role")  # what only a new quote has
KNOWN = 500  # quotes of an item that are not offered again


def ask(turn: Turn) -> Answer:
    """The Add evidence button: the form of a quote that names the item, with the quotes there are to pick from."""
    item = living(turn, turn.request.value())
    if item.kind not in BACKED:
        raise Refusal(say("unknown click"))
    known = {"stage_id": item.stage_id, "evidence": reference(item)}
    form = item_form(turn, Kind.QUOTE, item.map_id, known)
    form = msgspec.structs.replace(form, title=word("form evidence", ref=reference(item)), submit=word("add"))
    spoken = {quote.id for quote in turn.store.merges.quotes(item.id, KNOWN)}
    near = likeliest(turn, item, (Kind.QUOTE,), OFFERED + len(spoken))
    offered = [one for one in near if one.id not in spoken][:OFFERED]
    return Open(_to_pick_from(form, item, offered) if offered else form)


def save(turn: Turn) -> Answer:
    """The form was sent: with a quote that was picked, or with a new one."""
    chosen = turn.request.value("quote")
    if not chosen:
        return submit_form(turn)
    if any(not blank(turn.request.value(name)) for name in NEW):
        raise FieldErrors({"quote": word("error two quotes")})
    item, quote = living(turn, turn.request.about.get("item", "")), turn.store.items.get(chosen)
    if (
        quote is None
        or quote.map_id != item.map_id
        or quote.kind != Kind.QUOTE
        or quote.removed_at is not None
    ):
        raise FieldErrors({"quote": word("error link gone")})
    if item.id not in {one.id for one in turn.store.items.speaks_for(quote.id)}:
        turn.store.items.add_evidence(item.id, quote.id, turn.who.id, turn.now)
        count_evidence(turn, item, quote, 1)
    text = say("backed", quote=reference(quote), ref=reference(item))
    return Done(Card((Line(text),), plain(text)))


def _to_pick_from(form: Form, item: Item, quotes: list[Item]) -> Form:
    choices = tuple(Option(f"{reference(one)} {short(one.text)}", one.id) for one in quotes)
    pick = Field(name="quote", label=word("field known quote"), kind="choice", options=choices, optional=True)
    fields = [
        msgspec.structs.replace(field, label=word("field new quote"), optional=True)
        if isinstance(field, Field) and field.name == "text"
        else field
        for field in form.fields
    ]
    fields = sorted(fields, key=lambda field: not (isinstance(field, Field) and field.name == "text"))
    about = {**form.about, "item": item.id}
    return msgspec.structs.replace(form, action="item.evidence.save", fields=(pick, *fields), about=about)
