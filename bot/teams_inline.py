"""For a client that opens no dialogs (Microsoft 365 Agents Playground): its forms stand in messages.

Everything is executed where it stands, so a form that is answered with errors becomes the form with them in its place.
"""

from collections.abc import Mapping
from typing import Any

from bot.teams_cards import OURS, attachment
from bot.teams_forms import form
from bot.teams_text import HEAVY, Element, inert, rich
from handlers.answers import Form
from handlers.text import Run


def inline(content: Any) -> Any:
    """A copy of a card or an activity in which every button is executed in its place."""
    if isinstance(content, list | tuple):
        return [inline(one) for one in content]
    if not isinstance(content, dict):
        return content
    made = {name: inline(value) for name, value in content.items() if name != "fallback"}
    ours = made["data"].get(OURS) if isinstance(made.get("data"), dict) else None
    if made.get("type") == "Action.Submit" and isinstance(ours, dict):
        made |= {"type": "Action.Execute", "verb": str(ours.get("action", "")), "data": {OURS: ours}}
    return made


def inline_form(asked: Form, errors: Mapping[str, str] | None = None) -> Element:
    """The content of a card that is the form."""
    made = form(asked, errors)
    return inline({**made, "body": [rich((Run(asked.title, theirs=True),), HEAVY), *made["body"]]})  # type: ignore[no-any-return]


def form_message(asked: Form) -> Element:
    """An activity with the form."""
    return {
        "type": "message",
        "summary": inert(asked.title),
        "attachments": [attachment(inline_form(asked))],
    }
