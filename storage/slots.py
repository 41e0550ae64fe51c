"""Questions for several values at once: with a few sizes of them, so that each is a statement that is compiled once."""

from collections.abc import Iterator, Sequence
from functools import cache

SLOTS = (1, 8, 32)  # the most is a group of the writer


@cache
def slots(name: str, many: int) -> tuple[str, ...]:
    """The names of so many parameters."""
    return tuple(f"{name}{number}" for number in range(many))


def slotted(name: str, values: Sequence[str], sizes: Sequence[int] = SLOTS) -> Iterator[dict[str, str]]:
    """The values by the names of the parameters; what is left over repeats the last. Too many are several questions."""
    for first in range(0, len(values), sizes[-1]):
        some = list(values[first : first + sizes[-1]])
        many = next(size for size in sizes if size >= len(some))
        yield dict(zip(slots(name, many), some + some[-1:] * (many - len(some)), strict=True))
