"""Rows that come to a statement as one parameter, a list in JSON: it is one text, however many they are."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import JSON, FromClause, cast
from sqlalchemy.types import TypeEngine
from sqlmodel import String, column, func, select

from storage.errors import StorageError
from storage.statements import param

_json = msgspec.json.Encoder()


def listed(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as such a list; raises StorageError for half of a character."""
    try:
        return _json.encode(rows).decode()
    except UnicodeEncodeError as error:
        raise StorageError("half of a character, which no database takes") from error


def listed_rows(kind: str, name: str, fields: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """The rows of the list in the parameter of that name, with those fields; nothing where a row has none."""
    given = param(name, String())
    if kind == "postgresql":
        of = [column(field, type_) for field, type_ in fields.items()]
        rows = func.json_to_recordset(cast(given, JSON)).table_valued(*of)
        return rows.render_derived(name="given", with_types=True)
    value = func.json_each(given).table_valued("value").c.value
    return select(*(func.json_extract(value, f"$.{field}").label(field) for field in fields)).subquery(
        "given"
    )
