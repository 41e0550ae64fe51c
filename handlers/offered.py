"""What people answer around logging: to the offer of nearly the same, to more eyes, to what a quote speaks for."""

from handlers.answers import Answer, Button, Buttons, Card, Done, Line, Replace, in_its_place
from handlers.capture import Draft, log_draft
from handlers.cards import reference
from handlers.drafts import draft_of
from handlers.editing import submit_form, submit_message
from handlers.errors import Refusal
from handlers.items import count_evidence, living, receipt_buttons
from handlers.kinds import Kind
from handlers.receipts import receipt_again
from handlers.request import Request
from handlers.stage_names import StageName
from handlers.text import plain
from handlers.turn import Turn
from handlers.votes import press
from handlers.words import say, word

_FORMS = {"log.form": submit_form, "item.evidence.save": submit_form, "message.save": submit_message}


def vote(turn: Turn) -> Answer:
    """That one: an ordinary vote, and nothing is logged. The item is the click's value."""
    return in_its_place(press(turn))


def log(turn: Turn) -> Answer:
    """Mine anyway, once: `draft stage` is the click's value."""
    return in_its_place(_again(turn, anyway=True))


def there(turn: Turn) -> Answer:
    """Logged also where more people see it: `draft stage` is the click's value."""
    return in_its_place(_again(turn, anyway=False))


def not_now(turn: Turn) -> Answer:
    """Not logged; the words wait, and the way stays open: `draft stage` is the click's value."""
    draft_of(turn, turn.request.value().partition(" ")[0])
    again = Button(word("log there"), "eyes.there", turn.request.value())
    text = say("eyes not")
    return Replace(Card((Line(text), Buttons((again,))), plain(text)))


def speaks(turn: Turn) -> Answer:
    """The quote is evidence for the pain: `quote pain` is the click's value."""
    quote_id, _, item_id = turn.request.value().partition(" ")
    quote, item = living(turn, quote_id), living(turn, item_id)
    if quote.kind != Kind.QUOTE or item.kind not in (Kind.PAIN, Kind.IDEA) or quote.map_id != item.map_id:
        raise Refusal(say("not found anywhere"))
    if turn.store.items.add_evidence(item.id, quote.id, turn.who.id, turn.now):
        count_evidence(turn, item, quote, 1)
    text = say("backed", quote=reference(quote), ref=reference(item))
    return Replace(Card((Line(text), receipt_buttons(quote.id)), plain(text)))


def _again(turn: Turn, *, anyway: bool) -> Answer:
    """What was asked about, a line or a form, is logged, also where more people see it than here."""
    draft_id, _, stage_id = turn.request.value().partition(" ")
    draft = draft_of(turn, draft_id)
    if draft.action in _FORMS:
        return _form_again(turn, draft, Draft(draft_id, kept=True, anyway=anyway, there=True))
    stage = turn.store.maps.stage(stage_id)
    if stage is None or stage.retired_at is not None:
        raise Refusal(say("error stage gone"))
    picked = StageName(stage.id, stage.slug, stage.name)
    return log_draft(turn, draft_id, stage.map_id, picked, anyway=anyway, there=True)


def _form_again(turn: Turn, sent: Request, draft: Draft) -> Answer:
    """The form as it was sent; sent and logged before, it has its receipt."""
    before = turn.store.items.by_token(sent.key)
    if before is not None:
        return Done(receipt_again(turn, before))
    return _FORMS[sent.action](turn.about(sent), draft)
