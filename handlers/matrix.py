"""What to do first: the open ideas that have a value and an effort, in four groups, quick wins on top."""

from typing import Any

from handlers.answers import Answer, Buttons, Card, Line, Menu, Part, Quiet, Rows, Tell, Title
from handlers.cards import quadrant
from handlers.choosing import meant_map
from handlers.forms import options
from handlers.kinds import Kind, ref
from handlers.lists import show_menu
from handlers.text import Text, UserText, plain, short
from handlers.turn import Turn
from handlers.words import say, word

EACH = 5  # of a group
UNRATED = 25  # ideas without value and effort that can be rated from here
GROUPS = ("quick win", "big bet", "maybe", "time sink")  # what to do first on top


def show(turn: Turn) -> Answer:
    """`/journey matrix [map]`."""
    journey = meant_map(turn)
    counted = turn.store.ratings.counted(journey.id)
    wanted = turn.store.ratings.wanted(journey.id, list(counted), EACH)
    title = say("matrix title", map=UserText(journey.name))
    parts: list[Part] = [Title(title)]
    shown: list[Any] = []
    for name in GROUPS:
        rows = [row for row in wanted if quadrant(row.value, row.effort) == name][:EACH]
        total = sum(ideas for rated, ideas in counted.items() if quadrant(*rated) == name)
        parts += _group(name, rows, total)
        shown += rows
    open_ideas = sum(line.items for line in turn.store.maps.stage_lines(journey.id) if line.kind == Kind.IDEA)
    unrated = open_ideas - sum(counted.values())
    if not open_ideas:
        first = UserText(turn.store.maps.stage_names(journey.id)[0].slug)
        return Tell(Card((Title(title), Line(say("matrix empty", stage=first))), plain(title)))
    if unrated > 0:
        parts.append(Quiet(say("matrix unrated", n=unrated)))
    menus = (*((show_menu(shown),) if shown else ()), *_to_rate(turn, journey.id, unrated))
    return Tell(Card((*parts, Buttons(menus)), plain(title)))


def _group(name: str, rows: list[Any], total: int) -> list[Part]:
    heading = "matrix group" if rows else "matrix group empty"
    head = Line(say(heading, name=say(f"matrix {name}"), about=say(f"matrix about {name}")))
    if not rows:
        return [head]
    lines = [_row(row) for row in rows]
    if total > len(rows):
        lines.append(say("digest rest", n=total - len(rows)))
    return [head, Rows(tuple(lines))]


def _row(row: Any) -> Text:
    return say(
        "matrix row",
        ref=ref(row.kind, row.number),
        stage=UserText(row.stage),
        words=UserText(short(row.text)),
        value=row.value,
        effort=row.effort,
        n=row.votes,
    )


def _to_rate(turn: Turn, map_id: str, unrated: int) -> tuple[Menu, ...]:
    """The most wanted ideas that nobody has rated yet."""
    if unrated <= 0:
        return ()
    wanted = turn.store.items.open(map_id, kind=Kind.IDEA.value, most=UNRATED * 2)
    bare = [one for one in wanted if one.value is None or one.effort is None][:UNRATED]
    if not bare:
        return ()
    choices = options([(one.id, f"{ref(one.kind, one.number)} {short(one.text)}") for one in bare])
    return (Menu(word("matrix rate"), "item.worth", choices),)
