"""The triggers that keep `tallies`: whoever writes an item, in one row or in thousands, the counts of its stage hold.

They ask nothing of the client, and a vote does not wake them. A later revision that makes `items` anew (a batch
operation on SQLite) has to create them again.
"""

from alembic import op

_KEYS = "organisation_id, map_id, stage_id, kind, severity, trust"
_OF = "stage_id, kind, severity, trust, removed_at, resolved_at"


def _group(row: str) -> str:
    names = ("organisation_id", "map_id", "stage_id", "kind")
    return ", ".join([f"{row}.{name}" for name in names] + [f"coalesce({row}.severity, '')", f"{row}.trust"])


def _open(row: str) -> str:
    return f"{row}.removed_at IS NULL AND {row}.resolved_at IS NULL"


def _more(largest: str) -> str:
    return f"""
    INSERT INTO tallies ({_KEYS}, items, newest_at)
    VALUES ({_group("NEW")}, CASE WHEN {_open("NEW")} THEN 1 ELSE 0 END, NEW.created_at)
    ON CONFLICT ({_KEYS}) DO UPDATE SET
        items = tallies.items + excluded.items,
        newest_at = {largest}(tallies.newest_at, excluded.newest_at);"""


_LESS = f"UPDATE tallies SET items = items - 1 WHERE ({_KEYS}) = ({_group('OLD')}) AND {_open('OLD')};"
_DIFFERS = f"({_group('OLD')}, {_open('OLD')}) {{}} ({_group('NEW')}, {_open('NEW')})"


def create() -> None:
    """Creates them on the database at hand; `items` and `tallies` are there."""
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def drop() -> None:
    """Takes them away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("added", "changed", "deleted"):
            op.execute(f"DROP TRIGGER items_{name}")
    else:
        for trigger, function in (("items_tallied", "tally_item"), ("items_added", "tally_items")):
            op.execute(f"DROP TRIGGER {trigger} ON items")
            op.execute(f"DROP FUNCTION {function}()")


_SQLITE = (
    f"CREATE TRIGGER items_added AFTER INSERT ON items BEGIN {_more('max')} END",
    f"CREATE TRIGGER items_changed AFTER UPDATE OF {_OF} ON items "
    f"WHEN {_DIFFERS.format('IS NOT')} BEGIN {_LESS} {_more('max')} END",
    f"CREATE TRIGGER items_deleted AFTER DELETE ON items BEGIN {_LESS} END",
)
# Rows that come together are counted together: many logs of one moment write a stage's count once. Rows that move
# together are counted by who moves them (`storage/moving.py`): a count written once for each of thousands in one
# transaction is looked for among all its former versions each time.
_POSTGRESQL = (
    f"""
CREATE FUNCTION tally_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT ({_DIFFERS.format("IS DISTINCT FROM")}) THEN
        RETURN NULL;
    END IF;
    {_LESS}
    IF TG_OP = 'UPDATE' THEN
        {_more("greatest")}
    END IF;
    RETURN NULL;
END $$""",
    f"""
CREATE FUNCTION tally_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tallies ({_KEYS}, items, newest_at)
    SELECT {_group("added")}, count(*) FILTER (WHERE {_open("added")}), max(added.created_at)
    FROM added GROUP BY {_group("added")} ORDER BY {_group("added")}
    ON CONFLICT ({_KEYS}) DO UPDATE SET
        items = tallies.items + excluded.items,
        newest_at = greatest(tallies.newest_at, excluded.newest_at);
    RETURN NULL;
END $$""",
    f"CREATE TRIGGER items_tallied AFTER DELETE OR UPDATE OF {_OF} ON items FOR EACH ROW "
    "WHEN (current_setting('mapkeeper.counted', true) IS DISTINCT FROM 'later') EXECUTE FUNCTION tally_item()",
    "CREATE TRIGGER items_added AFTER INSERT ON items REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION tally_items()",
)
