"""Finding items by their words: an index that the clock keeps from the history, and the questions to it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Integer
from sqlmodel import and_, func, or_, select, union_all

from storage.batches import Inserting
from storage.connection import Connection
from storage.models import Change, Counter, Gram, Item, JourneyMap, Mention, Reading, Stage, aliased
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, number, param
from storage.visible import visible

SLOTS = 16  # ids, words or grams that one statement takes
NEAREST = 60  # known words that are weighed against a typed one
EACH_GRAM = 200  # known words that share a gram and are looked at
NEWEST, PROBED = 150, 600  # items of a common word that are taken, and looked at
STRONGEST = 250  # items by votes that are asked for a common word

# What people do to an item without touching its words.
_WORDLESS = ("voted", "unvoted", "evidence", "commented")


def _in_slots(column: Any, name: str) -> Any:
    return column.in_([param(f"{name}{slot}") for slot in range(SLOTS)])


def _slotted(name: str, values: Iterable[str]) -> list[dict[str, str]]:
    """The values in as many rounds as they need, the last one filled up with nothing."""
    left, rounds = list(values), []
    while left:
        round_, left = left[:SLOTS], left[SLOTS:]
        rounds.append({f"{name}{slot}": round_[slot] if slot < len(round_) else "" for slot in range(SLOTS)})
    return rounds


_BEHIND = Statement[Any](
    lambda _: (
        select(Counter.organisation_id, Counter.map_id)
        .join(
            Reading,
            and_(Reading.organisation_id == Counter.organisation_id, Reading.map_id == Counter.map_id),
            isouter=True,
        )
        .where(Counter.revision > func.coalesce(Reading.revision, 0))
        .limit(param("most"))
    )
)
_PROGRESS = Statement[Any](
    lambda _: (
        select(Counter.map_id, Counter.revision, func.coalesce(Reading.revision, 0).label("read"))
        .join(
            Reading,
            and_(Reading.organisation_id == Counter.organisation_id, Reading.map_id == Counter.map_id),
            isouter=True,
        )
        .where(Counter.organisation_id == ORGANISATION, Counter.map_id == param("map_id"))
    )
)
_READ_UPTO = Statement[Reading](
    lambda insert: (
        lambda fresh: fresh.on_conflict_do_update(
            index_elements=["organisation_id", "map_id"],
            set_={"revision": fresh.excluded.revision},
            where=Reading.revision < fresh.excluded.revision,
        )
    )(insert(Reading).values(every(Reading)))
)
_TOUCHED = (
    select(Change.subject_id)
    .where(
        Change.organisation_id == ORGANISATION,
        Change.map_id == param("map_id"),
        Change.revision > param("after"),
        Change.revision <= param("upto"),
        Change.subject == "item",
        *(Change.what != what for what in _WORDLESS),
    )
    .distinct()
)
_SAID = (Item.id, Item.text, Item.touchpoint, Item.speaker, Item.speaker_account, Item.speaker_role)
_CHANGED = Statement[Any](
    lambda _: select(*_SAID, Item.map_id, Item.removed_at, Item.root_id).where(
        Item.organisation_id == ORGANISATION, Item.id.in_(_TOUCHED)
    )
)
_KNOWN = Statement[Any](
    lambda _: (
        select(Gram.word)
        .where(Gram.organisation_id == ORGANISATION, Gram.gram == param("gram"), Gram.word == param("word"))
        .limit(1)
    )
)
_ADD_GRAM = Inserting(Gram, lambda added: added.on_conflict_do_nothing())
_ADD_MENTION = Inserting(Mention, lambda added: added.on_conflict_do_nothing())
_DROP_MENTIONS = Statement[Mention](
    lambda _: Mention.__table__.delete().where(
        Mention.organisation_id == ORGANISATION, Mention.item_id == param("item_id")
    )
)


def _spelled(slot: int) -> Any:
    """The first words of one gram: where more share it, it says little about which was meant."""
    named = (
        select(Gram.word)
        .where(Gram.organisation_id == ORGANISATION, Gram.gram == param(f"gram{slot}"))
        .order_by(Gram.word)
        .limit(number(EACH_GRAM))
        .subquery()
    )
    return select(named.c.word)


def _near(_: Any) -> Any:
    spellings = union_all(
        *(_spelled(slot) for slot in range(SLOTS)),
        # The word itself, however many share its grams.
        select(Gram.word).where(
            Gram.organisation_id == ORGANISATION, Gram.gram == param("gram0"), Gram.word == param("typed")
        ),
    ).subquery()
    return (
        select(spellings.c.word)
        .group_by(spellings.c.word)
        .order_by(
            (spellings.c.word == param("typed")).desc(),
            func.count().desc(),
            func.abs(func.length(spellings.c.word) - param("letters", Integer())),
            spellings.c.word,
        )
        .limit(number(NEAREST))
    )


_NEAR = Statement[Any](_near)
_SAYS = (
    Mention.organisation_id == ORGANISATION,
    Mention.map_id == param("map_id"),
    Mention.word == param("word"),
)
_MENTIONED = Statement[Any](
    lambda _: select(Mention.item_id).where(*_SAYS).order_by(Mention.item_id.desc()).limit(number(NEWEST))
)


def _probe(name: str, item_id: Any) -> Any:
    """Does that item say the word? A look for each item: as a join it might be all items that say it."""
    said = select(Mention.word).where(
        Mention.organisation_id == ORGANISATION,
        Mention.map_id == param("map_id"),
        Mention.word == param(name),
        Mention.item_id == item_id,
    )
    return said.scalar_subquery().is_not(None)


def _also(_: Any) -> Any:
    said = select(Mention.item_id).where(*_SAYS).order_by(Mention.item_id.desc())
    newest = said.limit(number(PROBED)).subquery()
    return select(newest.c.item_id).where(_probe("other", newest.c.item_id)).limit(number(NEWEST))


def _strongest(_: Any) -> Any:
    strongest = (
        select(Item.id)
        .where(
            Item.organisation_id == ORGANISATION,
            Item.map_id == param("map_id"),
            Item.kind == param("kind"),
            Item.removed_at.is_(None),
            Item.resolved_at.is_(None),
        )
        .order_by(Item.votes.desc(), Item.number.desc())
        .limit(number(STRONGEST))
        .subquery()
    )
    return select(strongest.c.id.label("item_id")).where(_probe("word", strongest.c.id)).limit(number(NEWEST))


_ALSO = Statement[Any](_also)
_STRONGEST = Statement[Any](_strongest)


def _shown() -> Any:
    root = aliased(Item)
    return (
        select(
            *_SAID,
            Item.map_id,
            Item.kind,
            Item.number,
            Item.severity,
            Item.trust,
            Item.votes,
            Item.resolved_at,
            Stage.name.label("stage"),
            JourneyMap.name.label("map"),
            # Of a merged one: what it is part of.
            root.id.label("root_id"),
            root.kind.label("root_kind"),
            root.number.label("root_number"),
        )
        .join(Stage, and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id))
        .join(
            JourneyMap, and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id)
        )
        .join(
            root,
            and_(
                root.organisation_id == Item.organisation_id,
                root.id == Item.root_id,
                root.removed_at.is_(None),
            ),
            isouter=True,
        )
        .where(
            Item.organisation_id == ORGANISATION,
            or_(Item.removed_at.is_(None), root.id.is_not(None)),
            JourneyMap.archived_at.is_(None),
            visible(),
        )
    )


_BY_ID = Statement[Any](lambda _: _shown().where(_in_slots(Item.id, "id")))
_UNREAD = Statement[Any](lambda _: _shown().where(Item.id.in_(_TOUCHED)))


class Sought(NamedTuple):
    """A word on one map."""

    map_id: str
    word: str


class Search(Queries):
    """The words of every item of the organisation."""

    __slots__ = ()

    def progress(self, map_id: str) -> tuple[int, int]:
        """Up to which revision the map's changes were read, and its revision."""
        row = self._one(_PROGRESS, map_id=map_id)
        return row.read, row.revision

    def changed(self, map_id: str, after: int, upto: int) -> list[Any]:
        """The items whose words may have changed in those revisions, with what they say."""
        return self._all(_CHANGED, map_id=map_id, after=after, upto=upto)

    def read_upto(self, map_id: str, revision: int) -> None:
        """The map's changes are read up to that revision."""
        self._run(_READ_UPTO, map_id=map_id, revision=revision)

    def forget(self, item_id: str) -> None:
        """Nobody finds the item by its words any more."""
        self._run(_DROP_MENTIONS, item_id=item_id)

    def says(self, map_id: str, item_id: str, words: Iterable[str]) -> None:
        """The item is found by these words."""
        for word in words:
            self._later(_ADD_MENTION, {"map_id": map_id, "word": word, "item_id": item_id})

    def unknown(self, words: Sequence[tuple[str, str]]) -> list[str]:
        """Those of the words that no item has said before; each comes with its first gram."""
        here = {"organisation_id": self.organisation_id}
        found = self.connection.gather(
            [(_KNOWN, {**here, "gram": gram, "word": word}) for word, gram in words]
        )
        return [word for (word, _), known in zip(words, found, strict=True) if not known]

    def learn(self, word: str, grams: Iterable[str]) -> None:
        """From now on the word is found by its spellings."""
        for gram in grams:
            self._later(_ADD_GRAM, {"gram": gram, "word": word})

    def near(self, typed: Sequence[tuple[str, Sequence[str]]]) -> list[list[str]]:
        """For each typed word, given with its grams, the known words that share most with it, itself the first."""
        here = {"organisation_id": self.organisation_id}
        asked = [
            (_NEAR, {**here, "typed": word, "letters": len(word), **_slotted("gram", grams[:SLOTS])[0]})
            for word, grams in typed
        ]
        return [[row.word for row in rows] for rows in self.connection.gather(asked)]

    def mentioned(self, sought: Sequence[Sought]) -> list[list[str]]:
        """The newest items that say each word, at most `NEWEST`."""
        return self._ids([(_MENTIONED, one._asdict()) for one in sought])

    def together(self, pairs: Sequence[tuple[Sought, str]]) -> list[list[str]]:
        """Items that say both words of a pair, among the newest of the first."""
        return self._ids([(_ALSO, {**one._asdict(), "other": other}) for one, other in pairs])

    def strongest(self, sought: Sequence[Sought], kinds: Sequence[str]) -> list[list[str]]:
        """Items that say a word, among those with the most votes of each kind."""
        found = self._ids([(_STRONGEST, {**one._asdict(), "kind": kind}) for one in sought for kind in kinds])
        each = len(kinds)
        return [
            [item_id for ids in found[place : place + each] for item_id in ids]
            for place in range(0, len(found), each)
        ]

    def shown(self, item_ids: Sequence[str]) -> list[Any]:
        """What a list shows of those items, removed ones and those of archived maps left out."""
        here = {"organisation_id": self.organisation_id, "viewer": self.viewer}
        rounds = self.connection.gather([(_BY_ID, {**here, **ids}) for ids in _slotted("id", item_ids)])
        return [row for rows in rounds for row in rows]

    def unread(self, map_id: str, after: int, upto: int) -> list[Any]:
        """The same of items that changed in those revisions."""
        return self._all(_UNREAD, map_id=map_id, after=after, upto=upto)

    def _ids(self, questions: Sequence[tuple[Statement[Any], dict[str, Any]]]) -> list[list[str]]:
        here = {"organisation_id": self.organisation_id}
        found = self.connection.gather([(statement, {**here, **values}) for statement, values in questions])
        return [[row.item_id for row in rows] for rows in found]


def maps_behind(connection: Connection, most: int) -> list[tuple[str, str]]:
    """Organisation and map of up to so many maps, of any, whose latest changes were not read yet."""
    return [(row.organisation_id, row.map_id) for row in connection.all(_BEHIND, most=most)]
