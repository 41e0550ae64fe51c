"""The history of an item in words: who did what, and when."""

from datetime import datetime
from typing import Any

import msgspec

from handlers.cards import ago
from handlers.kinds import ref
from handlers.text import Text, UserText, joined
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

# What the history says by itself; everything else names what was changed.
PLAIN = ["commented", "removed", "restored", "undone", "reopened", "confirmed", "disputed", "stale"]
FIELDS = {
    "text": "text",
    "severity": "severity",
    "reach": "reach",
    "reach_source": "reach",
    "touchpoint": "touchpoint",
    "persona_id": "persona",
    "value": "value",
    "effort": "effort",
    "reason": "reason",
    "due_on": "due",
    "speaker": "speaker",
    "speaker_account": "speaker",
    "speaker_role": "speaker",
    "sentiment": "sentiment",
    "answers": "answers",
    "evidence": "evidence",
    "link": "link",
}


def chronicle(turn: Turn, item: Item, most: int, before: int | None = None) -> tuple[list[Text], int | None]:
    """The latest changes before that revision, and where to go on; how it began stands at the end.

    Votes are not told one by one: the card counts them.
    """
    told = turn.store.history.of(item.map_id, item.id, before, most + 1)
    shown = told[:most]
    names = _Names(turn)
    lines = [_line(turn, names.actor(change), change.at, _deed(names, change)) for change in shown]
    if len(told) > most:
        return lines, shown[-1].revision
    return [*lines, _line(turn, names.person(item.author_id), item.created_at, say("did log"))], None


class _Names:
    """People and stages by their ids, each asked for once."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._known: dict[str, Text] = {}

    def actor(self, change: Any) -> Text:
        """Who made the change: where nobody did, the clock."""
        return self.person(change.actor_id) if change.actor_id else say("the clock")

    def person(self, person_id: str | None) -> Text:
        """Who it was; nobody is the clock, or somebody who stays unnamed."""
        if person_id is None:
            return say("somebody")
        if person_id not in self._known:
            person = self._turn.store.people.get(person_id)
            self._known[person_id] = say("a name", name=UserText(person.name)) if person else say("somebody")
        return self._known[person_id]

    def stage(self, stage_id: str) -> Text:
        """The stage's name, also of one that is retired."""
        if stage_id not in self._known:
            stage = self._turn.store.maps.stage(stage_id)
            self._known[stage_id] = say("a name", name=UserText(stage.name)) if stage else say("a stage")
        return self._known[stage_id]


def _line(turn: Turn, who: Text, at: datetime, deed: Text) -> Text:
    return say("history line", when=ago(at, turn.now), who=who, deed=deed)


def _deed(names: _Names, change: Any) -> Text:
    before, after = (
        dict(msgspec.json.decode(state)) if state else {} for state in (change.before, change.after)
    )
    match change.what:
        case "became":
            now, was = (ref(state["kind"], state["number"]) for state in (after, before))
            return say("did become", ref=now, former=was)
        case "merged" | "unmerged":
            return say(f"did with {change.what}", ref=str((before | after).get("into", "")))
        case "absorbed" | "released":
            return say(f"did with {change.what}", ref=str((before | after).get("merged", "")))
        case "evidence" if "quote" in before and "quote" in after:
            return say("did swap quote", former=before["quote"], ref=after["quote"])
        case "evidence":
            return say(
                "did add quote" if "quote" in after else "did drop quote",
                ref=str((before | after).get("quote", "")),
            )
        case what if what in PLAIN:
            return say(f"did {what}")
    return joined(_changes(names, before, after), ", ") or say("did change")


def _changes(names: _Names, before: dict[str, Any], after: dict[str, Any]) -> list[Text]:
    """What differs, the weightiest first."""
    said: list[Text] = []
    if "status" in after:
        status = after["status"]
        reason = after.get("reason")
        said.append(say("did status", status=word(f"status {status}")))
        if reason:
            said.append(say("did reason", reason=UserText(reason)))
    if "stage_id" in after:
        said.append(
            say(
                "did move",
                former=names.stage(before.get("stage_id", "")),
                stage=names.stage(after["stage_id"]),
            )
        )
    if "owner_id" in after:
        owner = after["owner_id"]
        said.append(say("did give", name=names.person(owner)) if owner else say("did take owner"))
    fields = dict.fromkeys(
        FIELDS[name]
        for name in (*before, *after)
        if name in FIELDS and not (name == "reason" and "status" in after)
    )
    if fields:
        said.append(say("did edit", fields=joined([say(f"history {name}") for name in fields], ", ")))
    return said
