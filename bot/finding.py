"""What `mapkeeper doctor` has to say of one thing."""

from typing import Literal, NamedTuple

State = Literal["ok", "note", "problem"]


class Finding(NamedTuple):
    """One thing that was looked at: how it is, and what to do where that is not as it should be."""

    about: str
    state: State
    says: str
    do: str = ""
