"""How a stage feels, in words: as people report it, and as the quotes on it say."""

from datetime import UTC, date, datetime, timedelta

from handlers.text import Text, joined
from handlers.words import say
from storage.pulses import Mood

SINCE = timedelta(days=91)  # what was reported longer ago is not how it feels now
FIRST_MONDAY = date(1970, 1, 5)


def mood_words(mood: Mood) -> Text:
    """`feels +0.5 (4 people) · quotes −1.2`, as far as it is known."""
    told = []
    if mood.reported is not None:
        told.append(say("pulse reported", value=in_figures(mood.reported), n=mood.people))
    if mood.mapped is not None:
        told.append(say("pulse mapped", value=in_figures(mood.mapped)))
    return joined(told)


def in_figures(value: float) -> str:
    """+0.5, 0 or −1.2, without a sign that a hyphen could be taken for."""
    rounded = round(value, 1) + 0.0
    return "0" if rounded == 0 else f"{rounded:+.1f}".replace("-", "−").removesuffix(".0")


def week_of(now: datetime) -> tuple[date, int]:
    """The Monday of that week in UTC, and the week's number."""
    day = now.astimezone(UTC).date()
    monday = day - timedelta(days=day.weekday())
    return monday, (monday - FIRST_MONDAY).days // 7
