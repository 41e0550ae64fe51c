"""The digest as a card: three of each sort in the channel, the rest in its thread."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.answers import Button, Buttons, Card, Mention, Menu, Part, Quiet, Rows, Rule, Title
from handlers.cards import day
from handlers.difference import Difference
from handlers.forms import options
from handlers.gaps import Gap, gap_row
from handlers.kinds import mark, ref
from handlers.slots import known_zone
from handlers.text import Run, Text, UserText, joined, plain, short
from handlers.words import say, word


def digest_card(
    found: Sequence[Difference],
    zone: str,
    until: datetime,
    each: int,
    *,
    threaded: bool = False,
    first: bool = False,
    calls: Mention | None = None,
) -> Card | None:
    """The digest of all maps on which something changed, so many of each sort; none on an empty week.

    `threaded` where the rest stands below it, `first` where it explains itself, `calls` whom it wakes.
    """
    parts: list[Part] = []
    heads = []
    for one in found:
        if one.empty:
            continue
        if parts:
            parts.append(Rule())
        head = _head(one, zone, until)
        heads.append(plain(head))
        parts.append(Title(head))
        for sort, rows in one.sorts.items():
            parts += _section(sort, rows, each, threaded)
        if one.gaps:
            parts += _gaps(one.gaps, each)
        parts.append(Buttons(_buttons(one, each)))
    if not parts:
        return None
    if first:
        parts.append(Quiet(say("digest first")))
    return Card((*parts, *((calls,) if calls else ())), " ".join(heads))


def rest_card(found: Sequence[Difference], each: int) -> Card | None:
    """What did not fit into the digest, for its thread; none where everything did."""
    parts: list[Part] = []
    for one in found:
        left = [(sort, rows[each:]) for sort, rows in one.sorts.items() if len(rows) > each]
        if left:
            parts.append(Title(say("digest rest title", map=UserText(one.name))))
        for sort, rows in left:
            parts += [Quiet(say(f"digest {sort} head")), Rows(tuple(_row(sort, row) for row in rows))]
            if rows[0].total > each + len(rows):
                parts.append(Quiet(say("digest rest list", n=rows[0].total - each - len(rows))))
    return Card(tuple(parts), word("digest rest summary")) if parts else None


def _head(one: Difference, zone: str, now: datetime) -> Text:
    facts = [say(f"digest {sort}", n=rows[0].total) for sort, rows in one.sorts.items() if rows]
    if one.fell_quiet:
        facts.append(say("digest gaps", n=one.fell_quiet))
    head = say(
        "digest head",
        map=UserText(one.name),
        dates=_dates(one.since or now, now, zone),
        facts=joined(facts, ", "),
    )
    if one.hurts:
        head = (*head, Run(" "), *say("digest hurts", stage=UserText(one.hurts)))
    return head


def _dates(first: datetime, last: datetime, zone: str) -> str:
    start, end = (at.astimezone(known_zone(zone)).date() for at in (first, last))
    if start >= end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    return f"{day(start)} – {day(end)}"


def _section(sort: str, rows: list[Any], each: int, threaded: bool) -> list[Part]:
    if not rows:
        return []
    lines = [_row(sort, row) for row in rows[:each]]
    if rows[0].total > each:
        left = rows[0].total - each
        lines.append(say("digest rest thread", n=left) if threaded else say("digest rest", n=left))
    return [Quiet(say(f"digest {sort} head")), Rows(tuple(lines))]


def _row(sort: str, row: Any) -> Text:
    values = {
        "mark": mark(row.kind, row.severity),
        "ref": ref(row.kind, row.number),
        "stage": UserText(row.stage),
        "words": UserText(short(row.text)),
        "n": row.votes,
    }
    if sort == "rising":
        return say("digest row rising", delta=row.delta, **values)
    return say("digest row", **values)


def _gaps(gaps: list[Gap], each: int) -> list[Part]:
    lines = [gap_row(gap) for gap in gaps[:each]]
    if len(gaps) > each:
        lines.append(say("digest rest", n=len(gaps) - each))
    return [Quiet(say("digest gaps head")), Rows(tuple(lines))]


def _buttons(one: Difference, each: int) -> tuple[Button | Menu, ...]:
    show = Button(word("open map"), "map.show", one.map_id)
    if not one.gaps:
        return (show,)
    quiet = options([(gap.stage.id, gap.stage.name) for gap in one.gaps[:each]])
    return show, Menu(word("digest log quiet"), "gaps.log", quiet)
