"""Small composable rules that say what is wrong with a piece of JSON, in the words Slack uses."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Rule = Callable[[Any, str], Iterator[str]]


def complaint(text: str, place: str) -> str:
    """One line of `response_metadata.messages`."""
    return f"[ERROR] {text} [json-pointer:{place}]"


def string(least: int = 1, most: int | None = None) -> Rule:
    """A string of `least` to `most` characters."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield complaint("must provide a string", place)
        elif len(value) < least:
            yield complaint(f"must be more than {least - 1} characters", place)
        elif most is not None and len(value) > most:
            yield complaint(f"must be less than {most + 1} characters", place)

    return check


def web_address(most: int = 3000, schemes: tuple[str, ...] = ("http://", "https://")) -> Rule:
    """An address with one of the schemes."""

    def check(value: Any, place: str) -> Iterator[str]:
        wrong = list(string(1, most)(value, place))
        yield from wrong
        if not wrong and (not value.startswith(schemes) or any(c.isspace() for c in value)):
            yield complaint("must be a valid URL", place)

    return check


def one_of(*allowed: str) -> Rule:
    """One of the given strings."""

    def check(value: Any, place: str) -> Iterator[str]:
        if value not in allowed:
            yield complaint("must be a valid enum value", place)

    return check


def boolean(value: Any, place: str) -> Iterator[str]:
    """True or false, nothing that merely looks like it."""
    if not isinstance(value, bool):
        yield complaint("must provide a boolean", place)


def whole(least: int = 0, most: int | None = None) -> Rule:
    """A whole number from `least` to `most`."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield complaint("must provide an integer", place)
        elif value < least:
            yield complaint(f"must be greater than or equal to {least}", place)
        elif most is not None and value > most:
            yield complaint(f"must be less than or equal to {most}", place)

    return check


def listed(rule: Rule, least: int = 1, most: int | None = None) -> Rule:
    """A list of `least` to `most` things that each keep the rule."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield complaint("must provide an array", place)
            return
        if len(value) < least:
            yield complaint(f"no less than {least} items allowed", place)
        if most is not None and len(value) > most:
            yield complaint(f"no more than {most} items allowed", place)
        for index, item in enumerate(value):
            yield from rule(item, f"{place}/{index}")

    return check


def shaped(needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with every needed field, any of the optional ones, and nothing else."""
    known = {**needed, **(optional or {})}

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield complaint("must provide an object", place)
            return
        for name in needed:
            if name not in value:
                yield complaint(f"missing required field: {name}", place)
        for name, part in value.items():
            if name in known:
                yield from known[name](part, f"{place}/{name}")
            else:
                yield complaint(f"invalid additional property: {name}", place)

    return check


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """An object whose `type` chooses the rule that it has to keep."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield complaint("must provide an object", place)
        elif "type" not in value:
            yield complaint("missing required field: type", place)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield complaint(f"unsupported type: {value['type']}", f"{place}/type")
        else:
            yield from kinds[value["type"]](value, place)

    return check


def every(*rules: Rule) -> Rule:
    """All of the rules."""

    def check(value: Any, place: str) -> Iterator[str]:
        for rule in rules:
            yield from rule(value, place)

    return check


def items(value: Any, name: str) -> list[Any]:
    """The list in a field, empty where the field is missing or holds something else."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
