"""The messages that items were made from: when one is deleted, the items stay and their link says so."""

from handlers.answers import Answer, Silent
from handlers.effects import redraw
from handlers.history import record
from handlers.installing import check_event
from handlers.turn import Turn
from storage.models import Item

PAGE, GONE = "url", "gone"  # what a link leads to


def gone(turn: Turn) -> Answer:
    """Somebody deleted the `message` in `channel`."""
    check_event(turn)
    channel, message = turn.request.value("channel"), turn.request.value("message")
    for item in turn.store.sources.made_from(turn.workspace_id, channel, message):
        _mark(turn, item, f"{channel}/p{message.replace('.', '')}")
    return Silent()


def _mark(turn: Turn, item: Item, page: str) -> None:
    urls = {
        link.url for link in turn.store.items.links(item.id) if link.kind == PAGE and page in (link.url or "")
    }
    for url in urls:
        turn.store.items.drop_url(item.id, url)
        turn.store.items.add_link(turn.store.new_id(), item.id, GONE, turn.now, url=url)
    if urls:
        step = record(
            turn, item.map_id, "source gone", ("item", item.id), {"links": sorted(urls)}, {"links": []}
        )
        turn.store.items.save(item, revision=step.revision)
        redraw(turn.store, turn.workspace_id, item.id, turn.now)
