"""A line read with the stages of a map, by the names that they have and by those that they had before."""

from collections.abc import Sequence
from functools import lru_cache

from handlers.grammar import Logged, parse_words
from handlers.likeness import key_of
from handlers.stage_names import StageName, may_name_a_stage
from handlers.turn import Turn


def read_line(
    turn: Turn,
    map_id: str,
    kind: str | None,
    text: str,
    touchpoints: Sequence[tuple[str, str]] = (),
    maps: tuple[str, ...] | None = None,
) -> Logged:
    """What was typed; where no stage is named in full, the former names are looked through too."""
    read = parse_words(kind, text, stage_names(turn, map_id), touchpoints, maps=maps)
    if read.exact or not may_name_a_stage(text):
        return read
    former = _former_names(turn, map_id)
    again = parse_words(kind, text, list(former), touchpoints, maps=maps) if former else read
    if not again.exact or again.stage is None:
        return read
    return again._replace(stage=former[again.stage], formerly=again.stage.name)


def stage_names(turn: Turn, map_id: str) -> tuple[StageName, ...]:
    """The living stages of a map as people may call them."""
    return _called(tuple(turn.stage_names(map_id)))


@lru_cache(maxsize=256)  # each typed line asks for them
def _called(rows: tuple[tuple[str, str, str], ...]) -> tuple[StageName, ...]:
    return tuple(StageName(*row) for row in rows)


def _former_names(turn: Turn, map_id: str) -> dict[StageName, StageName]:
    """Each former name, and the living stage that is meant by it; the latest of two alike."""
    rows = turn.store.reshaping.stages_formerly(map_id)
    living = {stage.id: stage for stage in stage_names(turn, map_id)}
    gone = {row.id: row.merged_into for row in rows if row.retired_at is not None}
    found: dict[str, tuple[StageName, StageName]] = {}
    for row in rows:
        stage_id = row.id
        while stage_id in gone:
            stage_id = gone[stage_id]
        if stage_id in living:
            name = StageName(row.slug, row.slug, row.name)
            found.setdefault(key_of(row.slug), (name, living[stage_id]))
    return dict(found.values())
