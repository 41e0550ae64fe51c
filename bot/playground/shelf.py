"""The demo's workspace on disk, there again after a restart. Private messages and open forms are not kept."""

import asyncio
import os
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from bot.playground.house import House
from bot.playground.schema import Json
from bot.playground.things import Channel, Message, Person, View

SAVE_AFTER = 0.5
FORM = 1  # of the file; another one is not read


class Shelf:
    """One file in a folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "workspace.json"
        self._database = folder / "mapkeeper.db"
        self._saved = b""

    @property
    def holds(self) -> bool:
        """Is there a workspace of this form, with its database?"""
        return self._database.exists() and self._read().get("form") == FORM

    def save(self, house: House) -> None:
        """Writes the workspace as it is, at once or not at all."""
        body = msgspec.json.encode(_kept(house))
        if body == self._saved:
            return
        beside = self._path.with_suffix(".new")
        beside.write_bytes(body)
        os.replace(beside, self._path)
        self._saved = body

    def load(self, house: House) -> None:
        """Puts the workspace back into an empty house."""
        _put_back(house, self._read())

    async def keep_saving(self, house: House) -> None:
        """Saves soon after every change, until cancelled."""
        while True:
            await house.slack.world.changes.next()
            await asyncio.sleep(SAVE_AFTER)
            self.save(house)

    def _read(self) -> Json:
        try:
            found: Any = msgspec.json.decode(self._path.read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        return found if isinstance(found, dict) else {}


def _kept(house: House) -> Json:
    world = house.slack.world
    channels = [
        {
            **_fields(room),
            "members": sorted(room.members),
            "messages": [_fields(one) for one in room.messages],
        }
        for room in world.channels.values()
    ]
    return {
        "form": FORM,
        "last_ts": f"{world.clock():.6f}",
        "people": [asdict(person) for person in world.people.values() if not person.bot],
        "channels": channels,
        "homes": {user: _fields(view) for user, view in world.homes.items()},
        "skipped": house.clock.skipped.total_seconds(),
        "read": house.marks.read,
        "tour": {"done": sorted(house.tour.done), "dismissed": house.tour.dismissed},
    }


def _fields(thing: Channel | Message | View) -> Json:
    return {name: value for name, value in vars(thing).items() if name not in ("messages", "touched")}


def _put_back(house: House, kept: Json) -> None:
    world = house.slack.world
    for person in kept["people"]:
        world.people[person["id"]] = Person(**person)
    for room in kept["channels"]:
        messages = [Message(**one) for one in room.pop("messages")]
        channel = Channel(**{**room, "members": set(room["members"])}, messages=messages)
        world.channels[channel.id] = channel
    world.homes.update({user: View(**view) for user, view in kept["homes"].items()})
    world.resume(kept["last_ts"])
    house.clock.skipped = timedelta(seconds=kept["skipped"])
    house.marks.read = kept["read"]
    house.tour.done, house.tour.dismissed = set(kept["tour"]["done"]), kept["tour"]["dismissed"]
