"""Roles given by the operator."""

import asyncio

from bot.grant import grant
from bot.settings import Settings
from handlers.kinds import Role
from tests.world import World


async def test_a_guest_who_was_made_a_member_can_log(world: World, sqlite_url: str) -> None:
    await world.start_map()
    refused = await world.slack.command("gil", "product", "/pain", "pay: no tip by card")
    assert "make you a member" in refused.text
    said = await in_a_thread(Settings(database_url=sqlite_url), "U0GIL", Role.MEMBER)
    assert "member from now on" in said
    logged = await world.slack.command("gil", "product", "/pain", "pay: no tip by card")
    assert "Got it: P-1 on Pay." in logged.text


async def test_somebody_who_never_came_is_told_to_come(world: World, sqlite_url: str) -> None:
    said = await in_a_thread(Settings(database_url=sqlite_url), "U0NOBODY", Role.ADMIN)
    assert "type /journey once" in said


async def in_a_thread(settings: Settings, user: str, role: Role) -> str:
    """The command runs a loop of its own, as it does in a process of its own."""
    return await asyncio.to_thread(grant, settings, user, role)
