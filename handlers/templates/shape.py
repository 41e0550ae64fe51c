"""What a template is made of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Channel: TypeAlias = Literal["web", "app", "phone", "e-mail", "store", "social", "chat", "post", "event"]
Group: TypeAlias = Literal["before", "during", "after"]


@dataclass(frozen=True, slots=True)
class TemplateTouchpoint:
    """Where customer and company meet, and over which channel."""

    name: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class TemplateStage:
    """One stage: the customer's goal there, what they meet, do and think."""

    name: str
    goal: str
    group: Group
    touchpoints: tuple[TemplateTouchpoint, ...]
    actions: tuple[str, ...]
    thoughts: tuple[str, ...]
    moment_of_truth: bool = False


@dataclass(frozen=True, slots=True)
class TemplatePersona:
    """Who travels: name, who they are, what they want."""

    name: str
    about: str
    wants: str


@dataclass(frozen=True, slots=True)
class Template:
    """A whole map, its stages in order."""

    slug: str
    name: str
    description: str
    persona: TemplatePersona
    scenario: str
    goal: str
    stages: tuple[TemplateStage, ...]
    kind: str = "current state"


def at(name: str, channel: Channel) -> TemplateTouchpoint:
    """A touchpoint, short to write."""
    return TemplateTouchpoint(name, channel)
