"""What was measured, against what is required."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table: what was measured, in words; what is required; does it hold; what lies behind it."""

    name: str
    measured: str
    required: str
    holds: bool
    behind: str = ""


def at_least(name: str, ratios: Sequence[float], bound: float, behind: str = "") -> Row:
    """The median of the rounds' ratios must not be under the bound."""
    middle = statistics.median(ratios)
    return Row(name, _spread(ratios), f"≥ {bound:g}×", middle >= bound, behind)


def at_most(name: str, ratios: Sequence[float], bound: float, behind: str = "") -> Row:
    """The median of the rounds' ratios must not be over the bound."""
    middle = statistics.median(ratios)
    return Row(name, _spread(ratios), f"≤ {bound:g}×", middle <= bound, behind)


def shown(rows: Sequence[Row]) -> str:
    """The rows as a table, what lies behind each under it."""
    cells = [("benchmark", "measured", "required", "holds")]
    cells += [(row.name, row.measured, row.required, "yes" if row.holds else "NO") for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, "  ".join("─" * width for width in widths))
    notes = [f"{row.name}: {row.behind}" for row in rows if row.behind]
    return "\n".join([*lines, "", *notes])


def _spread(ratios: Sequence[float]) -> str:
    """The median, and within which the middle half of them lie."""
    if len(ratios) == 1:
        return f"{ratios[0]:.2f}×"
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{middle:.2f}× ({low:.2f}–{high:.2f})"
