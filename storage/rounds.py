"""A round of questions: several in one round trip; what is asked twice is asked once."""

from collections.abc import Callable, Sequence
from typing import Any

from storage.connection import Connection, Question
from storage.statements import Statement

Asked = tuple[Any, ...]


class Round:
    """Collects questions, then has their answers."""

    __slots__ = ("_answers", "_asked", "_connection")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asked: dict[Asked, Question] = {}
        self._answers: dict[Asked, list[Any]] = {}

    def ask(self, statement: Statement[Any], **values: Any) -> Asked:
        """One question more; what is returned stands for its answer. The same values come in the same order."""
        question = (statement, *values.values())
        self._asked.setdefault(question, (statement, values))
        return question

    def answer(self) -> None:
        """Asks all of them, in the order in which they came."""
        self._answered(self._connection.gather(list(self._asked.values())))

    def pose(self) -> Callable[[], None]:
        """Asks them; what is returned waits for the answers."""
        answers = self._connection.pose(list(self._asked.values()))
        return lambda: self._answered(answers())

    def _answered(self, answers: list[list[Any]]) -> None:
        self._answers = dict(zip(self._asked, answers, strict=True))

    def rows(self, question: Asked | None) -> list[Any]:
        """The answer to a question; nothing where none was asked."""
        return [] if question is None else self._answers[question]

    def all_of(self, statement: Statement[Any]) -> Sequence[Any]:
        """The rows of every answer to that statement."""
        return [row for asked, rows in self._answers.items() if asked[0] is statement for row in rows]
