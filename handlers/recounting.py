"""Votes by reaction, counted anew from what the platform says: for what nobody told us while we were away."""

from handlers.access import met
from handlers.answers import Answer, Silent
from handlers.installing import check_event
from handlers.request import Profile
from handlers.turn import Turn
from handlers.votes import canonical, counts_for, hear


def recounted(turn: Turn) -> Answer:
    """How a message's reactions stood at `at`: the request's values are people by raw emoji, `cut` not all of them.

    A reaction that is new to us counts, and one that is gone counts no longer, unless only some of its people were
    named. One that we know to be out stays out: who took a vote back by the button left the reaction standing.
    """
    check_event(turn)
    request, store, spot = turn.request, turn.store, turn.request.spot
    if spot is None:
        return Silent()
    at, cut = request.about.get("at", ""), request.about.get("cut", "").split()
    stands = {
        (user, emoji)
        for emoji, people in request.values.items()
        if canonical(emoji) in turn.vote_emoji
        for user in people
    }
    known = {
        (mark.account, mark.emoji): mark.active
        for mark in store.votes.marks(turn.workspace_id, spot.channel, request.message)
    }
    missed = dict.fromkeys(stands - known.keys(), True)
    missed |= {
        key: False for key, active in known.items() if active and key not in stands and key[1] not in cut
    }
    for (user, emoji), active in sorted(missed.items()):
        news, item = store.votes.mark(
            turn.workspace_id, spot.channel, request.message, user, emoji, at, active=active
        )
        if news and item is not None and (root := counts_for(store, item)):
            hear(store, turn.workspace_id, item, root, _voter(turn, user), turn.vote_emoji, turn.now)
    return Silent()


def _voter(turn: Turn, user: str) -> tuple[str, str, str]:
    account = turn.store.people.by_external(turn.workspace_id, user)
    if account is not None:
        return user, account.id, account.person_id
    # Their first sign of life: who they are is asked when there is time.
    who = met(turn.store, turn.workspace_id, user, Profile(name=user, known=False), turn.now)
    return user, who.account_id, who.id
