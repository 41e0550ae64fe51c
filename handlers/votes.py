"""Votes: by a reaction or by the button, one per person and item, whatever they press and however often."""

from collections.abc import Collection
from datetime import datetime

from handlers.answers import Answer, Button, Buttons, Card, Line, Replace, Silent, Tell
from handlers.cards import reference
from handlers.effects import redraw
from handlers.items import living, on_living_map
from handlers.request import Request
from handlers.text import plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item
from storage.noting import Reaction, note
from storage.store import Store
from storage.votes import Voice

ALIASES = {"thumbsup": "+1", "up": "arrow_up", "hearts": "heart", "red_heart": "heart"}


def canonical(emoji: str) -> str:
    """The emoji's one name: without its skin tone, its alias resolved."""
    name = emoji.partition("::")[0]
    return ALIASES.get(name, name)


def press(turn: Turn) -> Answer:
    """The Vote button: it sets the vote, however often it is clicked."""
    item = living(turn, turn.request.value())
    voice = turn.store.votes.voice(item.id, item.id, turn.workspace_id, turn.request.actor.user, turn.who.id)
    before = any(vote.active for vote in voice.votes)
    turn.store.votes.set(
        item.id, item.id, turn.who.account_id, turn.who.id, by_button=True, active=True, at=turn.now
    )
    votes = item.votes + _count(turn.store, turn.workspace_id, item, turn.who.id, before, True, turn.now)
    text = say("voted", ref=reference(item), n=votes)
    take_back = Button(word("take back"), "unvote", item.id)
    return Tell(Card((Line(text), Buttons((take_back,))), plain(text)))


def take_back(turn: Turn) -> Answer:
    """Takes the person's vote back, the one by the button and the ones by reactions."""
    item = living(turn, turn.request.value())
    user, account_id = turn.request.actor.user, turn.who.account_id
    voice = turn.store.votes.voice(item.id, item.id, turn.workspace_id, user, turn.who.id)
    before = any(vote.active for vote in voice.votes)
    others = any(vote.active for vote in voice.votes if vote.account_id != account_id)
    # Also the votes on what was merged into it.
    for voted in {item.id, *(vote.item_id for vote in voice.votes if vote.account_id == account_id)}:
        turn.store.votes.forget_marks(voted, turn.workspace_id, user)
        turn.store.votes.set(
            voted, item.id, account_id, turn.who.id, by_button=False, active=False, at=turn.now
        )
    votes = item.votes + _count(turn.store, turn.workspace_id, item, turn.who.id, before, others, turn.now)
    text = say("unvoted", ref=reference(item), n=votes)
    return Replace(Card((Line(text), Buttons((Button(word("vote"), "vote", item.id),))), plain(text)))


def reaction(request: Request, ids: tuple[str, str, str], vote_emoji: Collection[str]) -> Reaction | None:
    """The vote by reaction that a request tells of; none where the emoji is no vote.

    `ids` are those of the organisation, the workspace and the person.
    """
    emoji = request.value("emoji")
    if request.spot is None or canonical(emoji) not in vote_emoji:
        return None
    organisation_id, workspace_id, person_id = ids
    return Reaction(
        organisation_id,
        workspace_id,
        request.spot.channel,
        request.message,
        request.actor.user,
        person_id,
        emoji,
        request.value("at"),
        request.value("active") == "yes",
    )


def mark(turn: Turn) -> Answer:
    """A reaction was added or taken away: `emoji`, `at` and `active` are the request's values."""
    heard = turn.heard
    if heard is None:
        ids = (turn.store.organisation_id, turn.workspace_id, turn.who.id)
        found = reaction(turn.request, ids, turn.vote_emoji)
        if found is None:
            return Silent()
        heard = note(turn.store.connection, found)
    item = heard.item
    if (
        heard.news
        and item is not None
        and on_living_map(turn, item)
        and (root := counts_for(turn.store, item))
    ):
        voter = (turn.request.actor.user, turn.who.account_id, turn.who.id)
        voice = heard.voice if root is item else None
        hear(turn.store, turn.workspace_id, item, root, voter, turn.vote_emoji, turn.now, voice)
    return Silent()


def hear(
    store: Store,
    workspace_id: str,
    item: Item,
    root: Item,
    voter: tuple[str, str, str],
    vote_emoji: frozenset[str],
    now: datetime,
    voice: Voice | None = None,
) -> None:
    """Makes the vote of one voter (platform's user id, account, person) what their reactions and button say.

    It is a vote on the item, and counts for the root: the same, or what the item was merged into.
    """
    user, account_id, person_id = voter
    if voice is None:
        voice = store.votes.voice(item.id, root.id, workspace_id, user, person_id)
    mine = next(
        (vote for vote in voice.votes if (vote.account_id, vote.item_id) == (account_id, item.id)), None
    )
    by_button = mine is not None and mine.by_button
    active = by_button or any(canonical(emoji) in vote_emoji for emoji in voice.emoji)
    if active == (mine is not None and mine.active):
        return
    before = any(vote.active for vote in voice.votes)
    after = active or any(vote.active for vote in voice.votes if vote is not mine)
    store.votes.set(item.id, root.id, account_id, person_id, by_button=by_button, active=active, at=now)
    _count(store, workspace_id, root, person_id, before, after, now)


def hear_waiting(
    store: Store, workspace_id: str, channel: str, message: str, item_id: str, now: datetime
) -> None:
    """Counts what came before we knew that the message was ours, or while its item was removed or its map archived."""
    vote_emoji = frozenset(store.people.settings().vote_emoji.split())
    for marked in store.votes.marked(workspace_id, channel, message):
        fresh = store.items.locked(item_id)
        if fresh is not None and (root := counts_for(store, fresh)):
            voter = (marked.account, marked.id, marked.person_id)
            hear(store, workspace_id, fresh, root, voter, vote_emoji, now)


def counts_for(store: Store, item: Item) -> Item | None:
    """What a vote on a locked item counts for: itself, or the root it was merged into; none on a removed one."""
    if item.removed_at is None:
        return item
    root = store.items.locked(item.root_id) if item.root_id else None
    return root if root is not None and root.removed_at is None else None


def _count(
    store: Store, workspace_id: str, item: Item, person_id: str, before: bool, after: bool, now: datetime
) -> int:
    """One person's vote more, less, or neither; what it changed the count by."""
    if before == after:
        return 0
    more, what = (1, "voted") if after else (-1, "unvoted")
    step = store.maps.step(item.map_id, None, now)
    store.items.count_votes(item.id, more, step.revision)
    store.history.write(item.map_id, step.revision, step.at, person_id, what, "item", item.id)
    redraw(store, workspace_id, item.id, now)
    return more
