"""Search is kept up to date beside the work: the clock reads what changed on each map into the index of words.

Nobody waits for it: search reads what it has not read yet itself. It takes little at a time and rests in between,
so that on SQLite, where there is one writer, people's own writes come first.
"""

import asyncio
import time
from collections.abc import Callable

from handlers.terms import grams, said_by
from storage.connection import Connection
from storage.database import Database
from storage.search import maps_behind
from storage.store import Store

AT_ONCE = 32  # revisions in one transaction
# Times as long as the reading took: in a busy hour it has a fiftieth of the writer's time, else half of it.
BUSY_REST, REST = 49.0, 1.0
MAPS = 50


async def read_changes(database: Database, new_id: Callable[[], str]) -> int:
    """Reads what is new on every map; how many pieces that were."""
    pieces = 0
    written = database.measures.units.total
    for organisation_id, map_id in await database.read(lambda connection: maps_behind(connection, MAPS)):

        def unit(connection: Connection, here: tuple[str, str] = (organisation_id, map_id)) -> bool:
            return read_piece(Store(connection, here[0], new_id), here[1])

        more = True
        while more:
            began = time.perf_counter()
            more = await database.write(unit)
            pieces += 1
            took = time.perf_counter() - began
            others, written = database.measures.units.total - written - 1, database.measures.units.total
            await asyncio.sleep(took * (BUSY_REST if others > 1 else REST))
    return pieces


def read_piece(store: Store, map_id: str) -> bool:
    """Reads the next few changes of a map; is there more?"""
    read, revision = store.search.progress(map_id)
    upto = min(revision, read + AT_ONCE)
    if upto == read:
        return False
    said: dict[str, list[str]] = {}
    for item in store.search.changed(map_id, read, upto):
        store.search.forget(item.id)
        if item.removed_at is None or item.root_id is not None:  # a merged one leads to what it is part of
            said[item.id] = said_by(item)
    spellings = {word: grams(word) for words in said.values() for word in words}
    for word in store.search.unknown([(word, letters[0]) for word, letters in spellings.items()]):
        store.search.learn(word, spellings[word])
    for item_id, words in said.items():
        store.search.says(map_id, item_id, words)
    store.search.read_upto(map_id, upto)
    return upto < revision
