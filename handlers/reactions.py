"""Reactions: a vote on a card of ours, or the wish to have somebody's message on the map."""

from handlers.answers import Answer, Button, Buttons, Card, Line, Silent, stored
from handlers.cards import reference
from handlers.drafts import keep_draft
from handlers.effects import hint
from handlers.text import UserText, plain
from handlers.turn import Turn
from handlers.votes import canonical, mark
from handlers.words import say, word

CAPTURE = "world_map"  # where a channel's settings name no other


def heard(turn: Turn) -> Answer:
    """A reaction was added or taken away: `emoji`, `at` and `active` are the request's values."""
    emoji = canonical(turn.request.value("emoji"))
    if emoji in turn.vote_emoji:
        return mark(turn)
    if emoji in (turn.captures if turn.maps else {CAPTURE}) and turn.request.value("active") == "yes":
        _ask(turn)
    return Silent()


def _ask(turn: Turn) -> None:
    """Asks the person in private, once for each message, whether it is to go on the map."""
    request, store = turn.request, turn.store
    if request.spot is None or store.sources.card_at(
        turn.workspace_id, request.spot.channel, request.message
    ):
        return
    asked = f"capture {turn.workspace_id} {request.spot.channel} {request.message} {turn.who.id}"
    if store.memory.seen(asked) is not None or not store.maps.all():
        return
    store.memory.remember(asked, stored(Silent()), turn.now)
    keep_draft(turn)
    card = _question(turn, request.spot.channel)
    hint(store, turn.workspace_id, request.spot.channel, request.actor.user, asked, card, turn.now)


def _question(turn: Turn, channel: str) -> Card:
    made = turn.store.sources.made_from(turn.workspace_id, channel, turn.request.message)
    if made:
        stage = UserText(turn.store.items.names(made[0].id).stage)
        text = say("message known", ref=reference(made[0]), stage=stage)
        show = Button(word("show item", ref=reference(made[0])), "item.show", made[0].id)
        buttons: tuple[Button, ...] = (show, Button(word("add again"), "message.form", turn.draft_id))
    else:
        name = UserText(turn.place_name)
        text = say("message marked in", channel=name) if name else say("message marked")
        buttons = (Button(word("add to map"), "message.form", turn.draft_id, style="primary"),)
    return Card((Line(text), Buttons(buttons)), plain(text))
