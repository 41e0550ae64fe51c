"""Is this still true? What people can answer, asked or not, and what each answer does."""

from datetime import timedelta

import msgspec

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Done,
    Line,
    Open,
    Part,
    Quiet,
    Replace,
    Tell,
    Words,
)
from handlers.cards import reference
from handlers.choosing import meant_stage
from handlers.disputes import Said, may_settle, open_thread, propose, said_of, tell_owner
from handlers.editing import known_of, saved
from handlers.errors import Refusal
from handlers.forms import item_form
from handlers.items import living, may_change, need_living_map, opened_again
from handlers.kinds import Kind, Role, Trust
from handlers.questions import (
    BACK,
    CHANGED,
    FIXED,
    GONE,
    IN_PRIVATE,
    PASS,
    TRUE,
    answer_buttons,
    open_card,
    rest_of,
)
from handlers.text import Text, UserText, plain, theirs
from handlers.trust import confirm, dispute
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

JUST_CONFIRMED = timedelta(days=7)  # a round by hand leaves alone what was
MOST_BY_HAND = 200
AGREE = 2  # people who say fixed


def ask(turn: Turn) -> Answer:
    """*Is it still true?* on a card: the question, in private."""
    item = turn.store.items.get(turn.request.value())
    if item is None:
        raise Refusal(say("not found anywhere"))
    need_living_map(turn, item)
    question = say("check asked", ref=reference(item), stage=UserText(turn.store.items.names(item.id).stage))
    parts = (Line(question), Words(theirs(item.text)), answer_buttons(item, IN_PRIVATE))
    return Tell(Card(parts, plain(question)))


def mine(turn: Turn) -> Answer:
    """*Answer* on the Home tab: everything that waits for this person's word."""
    text = say("check none")
    return Tell(open_card(turn.store, turn.who.id, turn.now) or Card((Line(text),), plain(text)))


def still_true(turn: Turn) -> Answer:
    """*Still true*: the item is confirmed, unless others say that it is fixed."""
    item, where = _asked(turn)
    if item.resolved_at is not None:
        return _closed(turn, item, where)
    turn.store.checks.answer(item.id, item.round, turn.who.id, TRUE, turn.now)
    return _stands(turn, item, where)


def is_fixed(turn: Turn) -> Answer:
    """*Fixed*: once two people say so, whoever may close it is asked to; if others see it still, it is disputed."""
    item, where = _asked(turn)
    if item.resolved_at is not None:
        return _closed(turn, item, where)
    turn.store.checks.answer(item.id, item.round, turn.who.id, FIXED, turn.now)
    said = said_of(turn.store, item)
    if said.stands:
        return _contradicted(turn, item, said, where)
    if may_settle(turn, item):
        close = Button(word("resolve"), "item.resolve", item.id)
        return _told(turn, where, say("check fixed yours", ref=reference(item)), close)
    if len(said.fixed) >= AGREE:
        propose(turn, item, said.fixed)
        return _told(turn, where, say("check thanks fixed twice", ref=reference(item)))
    _ask_the_next(turn, item)
    return _told(turn, where, say("check thanks fixed", ref=reference(item)))


def change(turn: Turn) -> Answer:
    """*Changed*: the form with the item in it; whoever was asked may say what is true now."""
    item = _correctable(turn, living(turn, turn.request.value()))
    form = item_form(turn, Kind(item.kind), item.map_id, known_of(turn, item), item=item)
    return Open(msgspec.structs.replace(form, action="check.save"))


def save(turn: Turn) -> Answer:
    """The form of *Changed* was sent: the old words stay in the history, and the new ones count from today."""
    item = _correctable(turn, living(turn, turn.request.about.get("item", "")))
    answer = saved(turn, item, "check.save")
    if isinstance(answer, Done):
        fresh = living(turn, item.id)
        turn.store.checks.answer(item.id, fresh.round, turn.who.id, CHANGED, turn.now)
        if fresh.resolved_at is None:
            _stands(turn, fresh, "")
    return answer


def not_mine(turn: Turn) -> Answer:
    """*Not my area*: the next person is asked, and this one not again about that stage."""
    item, where = _asked(turn)
    turn.store.checks.answer(item.id, item.round, turn.who.id, PASS, turn.now)
    turn.store.asking.pass_on(item.stage_id, turn.who.id, turn.now)
    _ask_the_next(turn, item)
    stage = turn.store.items.names(item.id).stage
    return _told(turn, where, say("check thanks pass", stage=UserText(stage)))


def is_gone(turn: Turn) -> Answer:
    """*Yes, it is gone*: the fix holds."""
    item, where = _asked(turn)
    if item.resolved_at is None:
        return _told(turn, where, say("watch open", ref=reference(item)))
    turn.store.checks.answer(item.id, item.round, turn.who.id, GONE, turn.now)
    return _told(turn, where, say("watch thanks gone", ref=reference(item)))


def is_back(turn: Turn) -> Answer:
    """*No, it is still there*: the item is open again, and its owner hears of it."""
    item, where = _asked(turn)
    _correctable(turn, item)
    if item.resolved_at is not None:
        turn.store.checks.answer(item.id, item.round, turn.who.id, BACK, turn.now)
        opened_again(turn, item)
        tell_owner(turn, item, say("watch told", ref=reference(item), name=UserText(turn.who.name)))
    return _told(turn, where, say("watch thanks back", ref=reference(item)))


def start(turn: Turn) -> Answer:
    """`/journey check [map/][stage]`: a round by hand, for editors and the map's owner."""
    journey, stage = meant_stage(turn)
    if not (turn.may(Role.EDITOR) or turn.who.id == journey.owner_id):
        raise turn.refuse_right(say("who editors"))
    count = turn.store.asking.ask_now(
        journey.id,
        stage.id if stage else "",
        confirmed_before=turn.now - JUST_CONFIRMED,
        now=turn.now,
        most=MOST_BY_HAND,
    )
    turn.store.digests.wake(turn.now)
    where = UserText(stage.name if stage else journey.name)
    text = say("check started", n=count, where=where) if count else say("check nothing", where=where)
    return Tell(Card((Line(text), *((Quiet(say("check how")),) if count else ())), plain(text)))


def _stands(turn: Turn, item: Item, where: str) -> Answer:
    """Somebody sees it still: what follows from that."""
    if item.trust == Trust.DISPUTED and may_settle(turn, item):
        confirm(turn.store, item, turn.who.id, turn.now, turn.half_lives, settles=True)
        return _told(turn, where, say("check settled", ref=reference(item)))
    said = said_of(turn.store, item)
    if said.fixed:
        return _contradicted(turn, item, said, where)
    confirm(turn.store, item, turn.who.id, turn.now, turn.half_lives)
    return _told(turn, where, say("check thanks true", ref=reference(item)))


def _contradicted(turn: Turn, item: Item, said: Said, where: str) -> Answer:
    if item.trust != Trust.DISPUTED:
        dispute(turn.store, item, turn.who.id, turn.now, turn.half_lives)
        open_thread(turn, item, said)
    return _told(turn, where, say("check thanks disputed", ref=reference(item)))


def _asked(turn: Turn) -> tuple[Item, str]:
    """The living item of a click, and the private message it came from: `item [message]` is its value."""
    item_id, _, where = turn.request.value().partition(" ")
    if where not in ("", IN_PRIVATE) and not turn.store.asking.of_bundle(turn.who.id, where):
        raise Refusal(say("not found anywhere"))
    return living(turn, item_id), where


def _correctable(turn: Turn, item: Item) -> Item:
    """The item, if this person may correct it: as always, or because they were asked about it."""
    asked = turn.store.checks.round(item.id, item.round)
    if any(row.person_id == turn.who.id and row.asked_at for row in asked):
        return item
    if not may_change(turn, item):
        raise turn.refuse_right(say("who author", ref=reference(item)))
    return item


def _ask_the_next(turn: Turn, item: Item) -> None:
    if item.check_at is not None:
        turn.store.checks.look_again(item.id, turn.now)
        turn.store.digests.wake(turn.now)


def _closed(turn: Turn, item: Item, where: str) -> Answer:
    again = Button(word("reopen"), "item.reopen", item.id)
    return _told(turn, where, say("check closed", ref=reference(item)), again)


def _told(turn: Turn, where: str, text: Text, *buttons: Button) -> Answer:
    """The answer, in the place of the private message that asked, with what else that asks."""
    parts: list[Part] = [Line(text), *((Buttons(buttons),) if buttons else ())]
    if where:
        parts += rest_of(turn.store, turn.who.id, where, turn.now)
    card = Card(tuple(parts), plain(text))
    return Replace(card) if where else Tell(card)
