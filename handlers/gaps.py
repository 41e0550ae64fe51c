"""Coverage gaps: stages that nobody has talked about for long. Quiet, or unheard?"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from handlers.answers import Answer, Button, Buttons, Card, Line, Menu, Open, Part, Quiet, Rows, Tell, Title
from handlers.choosing import meant_map
from handlers.errors import Refusal
from handlers.forms import item_form, options
from handlers.kinds import Kind
from handlers.text import Text, UserText, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Stage
from storage.store import Store

QUIET_AFTER = timedelta(days=60)
BUTTONS, NAME = 3, 60


class Gap(NamedTuple):
    """A stage, and since when nothing was heard of it: nothing logged, nothing confirmed; None is never."""

    stage: Stage
    since: datetime | None
    days: int  # as many have passed since


def show(turn: Turn) -> Answer:
    """`/journey gaps [map]`."""
    journey = meant_map(turn)
    gaps = gaps_of(turn.store, journey.id, turn.now)
    title = say("gaps title", map=UserText(journey.name))
    days = QUIET_AFTER.days
    if not gaps:
        text = say("gaps none", map=UserText(journey.name), n=days)
        return Tell(Card((Title(title), Line(text)), plain(text)))
    parts: list[Part] = [
        Title(title),
        Line(say("gaps some", n=len(gaps), days=days)),
        Rows(tuple(gap_row(gap) for gap in gaps)),
        Quiet(say("gaps next")),
        Buttons(log_buttons(gaps)),
    ]
    return Tell(Card(tuple(parts), plain(title)))


def log(turn: Turn) -> Answer:
    """A quiet stage was picked: the form for it."""
    stage = turn.store.maps.stage(turn.request.value())
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or stage.retired_at is not None or journey is None or journey.archived_at is not None:
        raise Refusal(say("error stage gone"))
    return Open(item_form(turn, Kind.PAIN, journey.id, {"stage_id": stage.id}))


def gaps_of(store: Store, map_id: str, now: datetime) -> list[Gap]:
    """The stages without news for long, the longest first, in the order of the journey."""
    heard: dict[str, Any] = dict(store.maps.confirmed(map_id))
    for line in store.maps.stage_lines(map_id):
        heard[line.stage_id] = max(heard.get(line.stage_id, line.newest_at), line.newest_at)
    gaps = []
    for stage in store.maps.stages(map_id):
        since = heard.get(stage.id)
        if since is None or now - since >= QUIET_AFTER:
            gaps.append(Gap(stage, since, (now - since).days if since else 0))
    return gaps


def gap_row(gap: Gap) -> Text:
    """A stage, and for how long it has been quiet."""
    name, moment = UserText(gap.stage.name), say("moment") if gap.stage.moment_of_truth else ""
    if gap.since is None:
        return say("gaps never", stage=name, moment=moment)
    return say("gaps quiet", stage=name, moment=moment, n=gap.days)


def log_buttons(gaps: list[Gap]) -> tuple[Button | Menu, ...]:
    """A form for each of the quiet stages, one click away."""
    first, rest = gaps[:BUTTONS], gaps[BUTTONS:]
    buttons = tuple(
        Button(word("gaps log", stage=UserText(short(gap.stage.name, NAME))), "gaps.log", gap.stage.id)
        for gap in first
    )
    if not rest:
        return buttons
    others = options([(gap.stage.id, gap.stage.name) for gap in rest])
    return (*buttons, Menu(word("gaps other"), "gaps.log", others))
