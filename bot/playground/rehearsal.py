"""Plays the sample organisation through the real bot, in product time that starts eight weeks back."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playground.house import House
from bot.playground.product_clock import next_monday
from bot.playground.replies import Reply
from bot.playground.sample import (
    FIRST_DAY,
    HOME_ROOM,
    MAP_NAME,
    STORY,
    TODAY,
    UNREAD_FROM,
    Answered,
    Change,
    Deed,
    Fixed,
    Heard,
    Log,
    Say,
    Vote,
)
from bot.playground.things import Message

JUST_NOW = timedelta(minutes=5)
PATIENCE, TRIES = 1.0, 20


async def play(house: House, zone: str) -> None:
    """Plays the whole story; product time ends where it began, at now."""
    await Rehearsal(house, zone).play()


class Rehearsal:
    """The story on its way."""

    def __init__(self, house: House, zone: str) -> None:
        self._house = house
        self._slack = house.slack
        self._clock = house.clock
        self._zone = zone
        self._now = house.clock()
        self._monday = next_monday(self._now - timedelta(days=FIRST_DAY), zone)

    async def play(self) -> None:
        """From the map's first day to today."""
        self._clock.to(self._moment(FIRST_DAY, "09:12"))
        await self._start_map()
        for moment in STORY:
            if moment.days <= UNREAD_FROM:
                self._everybody_reads()
            await self._reach(self._moment(moment.days, moment.at))
            await self._happen(moment.deeds)
        await self._reach(self._now - JUST_NOW)
        if self._monday <= self._now:
            await self._reach(self._monday)
        await self._happen(TODAY)
        await self._reach(self._now)
        await self._settled()
        self._clock.skipped = timedelta()
        self._house.keeper.sender.wake()
        self._house.changed()

    async def _happen(self, deeds: tuple[Deed, ...]) -> None:
        for deed in deeds:
            self._clock.skipped += timedelta(seconds=40)
            await self._do(deed)

    async def _start_map(self) -> None:
        form = (await self._slack.command("lea", HOME_ROOM, "/journey", "new")).view
        assert form is not None
        await self._slack.submit("lea", form, {"template": "restaurant-visit", "name": MAP_NAME})
        await self._until(lambda: self._slack.channel(HOME_ROOM).messages)
        await self._close_forms("lea")

    async def _do(self, deed: Deed) -> None:
        match deed:
            case Say(who, room, text, under):
                await self._slack.say(who, room, text, self._card(under) if under else None)
            case Log(who, ref, line):
                name, _, text = line.partition(" ")
                await self._logged(await self._slack.command(who, HOME_ROOM, name, text), ref)
            case Heard(who, ref, values):
                form = (await self._slack.command(who, HOME_ROOM, "/quote", "")).view
                assert form is not None
                await self._logged(await self._slack.submit(who, form, values), ref)
                await self._close_forms(who)
            case Vote(ref, people, emoji):
                for who in people.split():
                    await self._slack.react(who, self._card(ref), emoji)
            case Change(who, ref, values):
                form = (await self._slack.click(who, self._card(ref), "Edit")).view
                assert form is not None
                await self._slack.submit(who, form, values)
                await self._close_forms(who)
            case Answered(who, ref, answer):
                asked = await self._choose(who, ref, "Is it still true?")
                await self._until(lambda: asked.ephemeral)
                assert asked.ephemeral is not None
                await self._slack.click(who, asked.ephemeral, answer)
            case Fixed(who, ref):
                await self._choose(who, ref, "Mark as fixed")

    async def _choose(self, who: str, ref: str, option: str) -> Reply:
        """Something in the menu of a card."""
        card = self._card(ref)
        more = next(e for b in card.blocks for e in b.get("elements", []) if e.get("type") == "overflow")
        return await self._slack.click(who, card, more["action_id"], option=option)

    async def _logged(self, reply: Reply, ref: str) -> None:
        if not reply.ok:
            raise RuntimeError(f"the sample could not log {ref}: {reply.text}")
        await self._until(lambda: self._find(ref))

    async def _until(self, predicate: Callable[[], object]) -> None:
        """Waits for something to be seen; what is to be tried again falls due meanwhile."""
        for _ in range(TRIES):
            try:
                return await self._slack.wait_until(predicate, PATIENCE)
            except TimeoutError:
                self._clock.skipped += timedelta(seconds=2)
                self._house.keeper.sender.wake()
        raise TimeoutError("the bot said nothing")

    async def _close_forms(self, who: str) -> None:
        while (view := self._slack.view_of(who)) is not None:
            await self._slack.close_view(who, view, everything=True)

    async def _reach(self, moment: datetime) -> None:
        """Goes forward to that moment, past every Monday at nine on the way."""
        while self._monday <= moment:
            await self._settled()
            self._clock.to(self._monday + timedelta(seconds=2))
            await self._house.keeper.tick()
            await self._settled()
            self._monday = next_monday(self._monday + timedelta(minutes=1), self._zone)
        if moment > self._clock():
            self._clock.to(moment)
        self._house.keeper.sender.wake()

    async def _settled(self) -> None:
        """Everything that is queued by now has been sent."""
        self._clock.skipped += timedelta(seconds=1)  # a redraw waits a moment
        await self._house.settled()

    def _everybody_reads(self) -> None:
        world = self._slack.world
        for person in world.people.values():
            for room in world.channels.values():
                self._house.marks.reach(person.id, room)

    def _moment(self, days: int, at: str) -> datetime:
        day = (self._now.astimezone(ZoneInfo(self._zone)) - timedelta(days=days)).date()
        return datetime.combine(day, time.fromisoformat(at), ZoneInfo(self._zone))

    def _find(self, ref: str) -> Message | None:
        found = self._slack.channel(HOME_ROOM).messages
        return next((one for one in found if one.by_bot and one.text.startswith(f"{ref} ")), None)

    def _card(self, ref: str) -> Message:
        card = self._find(ref)
        if card is None:
            raise RuntimeError(f"the sample has no card for {ref}")
        return card
