"""What Slack says of a person, and of who reacted: read once for every way in which it comes."""

from bot.payloads import Payload, text_in
from handlers.request import Profile, Reactions


def profile_in(user: Payload, fallback: str) -> Profile:
    """A user object of Slack's; the name that their colleagues see, else `fallback`."""
    profile = user.get("profile")
    shown = text_in(profile, "display_name") if isinstance(profile, dict) else ""
    return Profile(
        name=shown or text_in(user, "real_name") or text_in(user, "name") or fallback,
        zone=text_in(user, "tz") or None,
        admin=bool(user.get("is_admin") or user.get("is_owner")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
    )


def reactions_in(answer: Payload) -> Reactions:
    """Who reacted to the message of reactions.get; where it names fewer people than it counts, that is `cut`.

    https://docs.slack.dev/reference/methods/reactions.get
    """
    message = answer.get("message")
    listed = message.get("reactions") if isinstance(message, dict) else None
    people: dict[str, tuple[str, ...]] = {}
    cut: set[str] = set()
    for one in listed if isinstance(listed, list) else []:
        emoji, users = text_in(one, "name"), one.get("users")
        named = tuple(user for user in (users if isinstance(users, list) else []) if isinstance(user, str))
        if emoji:
            people[emoji] = named
            count = one.get("count")
            if not isinstance(count, int) or len(named) < count:
                cut.add(emoji)
    return Reactions(people, frozenset(cut))
