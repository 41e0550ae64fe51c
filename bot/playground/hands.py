"""What a person does in the client besides forms: commands, clicks, reactions, messages, shortcuts."""

from collections.abc import Mapping
from typing import Any

from bot.playground.blocks import elements_of
from bot.playground.forms import Forms
from bot.playground.inputs import SHAPES, State, as_option, filled
from bot.playground.payloads import (
    action,
    command_form,
    home_event,
    interaction,
    message_event,
    message_part,
    reaction_event,
    shortcut_base,
    shortcut_part,
    view_part,
)
from bot.playground.people_methods import unreacted
from bot.playground.reading import escaped
from bot.playground.replies import Reply, Request
from bot.playground.schema import Json
from bot.playground.things import Channel, Message, Person, View

Where = Message | View


class Hands(Forms):
    """Everything that people can do."""

    async def command(self, user: str | Person, channel: str | Channel, name: str, text: str = "") -> Reply:
        """Type a slash command."""
        who, room = self.world.person(user), self.world.channel(channel)
        trigger = self.world.passes.new_trigger(who.id)
        url = self.response_url(who, room.id, trigger)
        token = self.credentials.verification_token
        form = command_form(self.world, token, who, room, name, text, trigger, url)
        return await self.send(
            self.request("command", name, form, user=who.id, channel=room.id, cause=trigger)
        )

    async def click(
        self,
        user: str | Person,
        where: Where,
        action_id: str,
        value: Any = None,
        *,
        option: Any = None,
        block_id: str | None = None,
        forge: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Press a button, or choose in a menu, by action_id or by the words on it.

        `value` finds one of several buttons with the same action_id, or is what is chosen; `option` is the
        chosen option's value or words. `forge` overwrites fields of the action, as a doctored client could,
        and lets somebody click who cannot see the place.
        """
        who = self.world.person(user)
        if forge is None:
            self._can_see(who, where)
        picked = option if option is not None else value
        block, element = find(where.blocks, action_id, picked, block_id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise LookupError(f"{action_id!r} is an input that is sent with its form: use fill or submit")
        request = self._click_request(who, where, block, element, picked, dict(forge or {}))
        return await self.send(request)

    def _click_request(
        self, who: Person, where: Where, block: Json, element: Json, picked: Any, forge: Json
    ) -> Request:
        state = chosen = None
        touched = where.touched if isinstance(where, View) else where.touched.setdefault(who.id, {})
        if element["type"] in SHAPES:
            state = filled(element, picked)
            touched.setdefault(block["block_id"], {})[element["action_id"]] = state
        elif element["type"] == "overflow":
            chosen = as_option(element, picked)
        trigger = self.world.passes.new_trigger(who.id)
        payload = interaction(self.world, self.credentials.verification_token, "block_actions", who)
        payload |= {"trigger_id": trigger, **self._place(who, where, touched, trigger)}
        payload["actions"] = [action(block, element, state, chosen) | forge]
        channel, view = ("", where) if isinstance(where, View) else (where.channel, None)
        name = element["action_id"]
        return self.request(
            "block_actions", name, payload, user=who.id, channel=channel, cause=trigger, view=view
        )

    def _place(self, who: Person, where: Where, touched: State, trigger: str) -> Json:
        if isinstance(where, View):
            return view_part(self.world, where)
        url = self.response_url(who, where.channel, trigger, where)
        return message_part(self.world, where, touched, url)

    async def suggest(
        self, user: str | Person, where: Where, action_id: str, typed: str, *, block_id: str | None = None
    ) -> Reply:
        """Type into a menu whose options the bot supplies; they are in `reply.options`."""
        who = self.world.person(user)
        self._can_see(who, where)
        block, element = find(where.blocks, action_id, None, block_id)
        trigger = self.world.passes.new_trigger(who.id)
        payload = interaction(self.world, self.credentials.verification_token, "block_suggestion", who)
        place = self._place(who, where, where.touched if isinstance(where, View) else {}, trigger)
        place.pop("response_url", None)
        named = {"action_id": element["action_id"], "block_id": block["block_id"], "value": escaped(typed)}
        return await self.send(
            self.request("block_suggestion", action_id, payload | place | named, user=who.id, cause=trigger)
        )

    async def shortcut(self, user: str | Person, message: Message | None, callback_id: str) -> Reply:
        """Choose a shortcut on a message, or a global one."""
        who = self.world.person(user)
        trigger = self.world.passes.new_trigger(who.id)
        kind = "shortcut" if message is None else "message_action"
        payload = shortcut_base(self.world, self.credentials.verification_token, kind, who)
        payload |= {"callback_id": callback_id, "trigger_id": trigger}
        if message is not None:
            self._can_see(who, message)
            url = self.response_url(who, message.channel, trigger)
            payload |= shortcut_part(self.world, message, url)
        channel = message.channel if message else ""
        return await self.send(
            self.request(
                "shortcut" if message is None else "message_action",
                callback_id,
                payload,
                user=who.id,
                channel=channel,
                cause=trigger,
            )
        )

    async def say(
        self,
        user: str | Person,
        channel: str | Channel,
        text: str,
        thread: Message | str | None = None,
        *,
        raw: bool = False,
    ) -> Reply:
        """Write a message; the bot hears of it where it is. `raw` leaves `<@U…>` and the like alive."""
        who, room = self.world.person(user), self.world.channel(channel)
        parent = thread.ts if isinstance(thread, Message) else thread
        words = text if raw else escaped(text)
        line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        blocks: list[Json] = [{"type": "rich_text", "elements": [line]}] if text and not raw else []
        message = self.world.post(room, who, words, blocks, thread_ts=parent)
        reply = await self._told(room, message_event(self.world, room, message))
        reply.posted = message
        return reply

    async def react(self, user: str | Person, message: Message, name: str) -> Reply:
        """Put a reaction on a message; the bot hears of it where it is."""
        return await self._reacted(user, message, name, "reaction_added")

    async def unreact(self, user: str | Person, message: Message, name: str) -> Reply:
        """Take a reaction back."""
        return await self._reacted(user, message, name, "reaction_removed")

    async def _reacted(self, user: str | Person, message: Message, name: str, kind: str) -> Reply:
        who, name = self.world.person(user), name.strip(":")
        self._can_see(who, message)
        event = reaction_event(self.world, kind, who, message, name)
        there = who.id in message.reactions.get(name, [])
        if there == (kind == "reaction_added"):
            return self.unsent(self.make_event(event))
        if there:
            unreacted(message, name, who.id)
        else:
            message.reactions.setdefault(name, []).append(who.id)
        self.world.changes.ring()
        return await self._told(self.world.channels[message.channel], event)

    async def open_home(self, user: str | Person) -> Reply:
        """Open the app's Home tab."""
        return await self.send_event(home_event(self.world, self.world.person(user)))

    async def _told(self, channel: Channel, event: Json) -> Reply:
        """Send an event of a conversation, if the bot is in it and there is a bot."""
        if self.world.bot.id in channel.members and self.sender.connected:
            return await self.send_event(event)
        return self.unsent(self.make_event(event))

    def _can_see(self, who: Person, where: Where) -> None:
        if isinstance(where, View):
            seen = where.user == who.id and not where.closed
        else:
            room = self.world.channels[where.channel]
            seen = not where.deleted and where.only_for in (None, who.id)
            seen = seen and (not room.private or who.id in room.members)
        if not seen:
            raise LookupError(f"{who.name} cannot see this")


def find(blocks: list[Json], name: str, value: Any, block_id: str | None) -> tuple[Json, Json]:
    """The (block, element) with this action_id, or these words on it; LookupError when there is none."""
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if block_id in (None, block["block_id"]) and name in (element.get("action_id"), _label(element))
    ]
    same = [pair for pair in found if value is not None and pair[1].get("value") == value]
    for block, element in same or found:
        if not same and value is not None and element["type"] == "button":
            raise LookupError(f"no {name!r} button has the value {value!r}")
        return block, element
    known = [element.get("action_id") for block in blocks for element in elements_of(block)]
    raise LookupError(f"nothing called {name!r} among {known}")


def _label(element: Json) -> str | None:
    return str(element["text"]["text"]) if element.get("type") == "button" else None
