"""`mapkeeper grant`: gives a person a role, from the machine that runs the bot."""

import asyncio

from bot.settings import Settings
from handlers.kinds import Role
from storage.connection import Connection
from storage.database import Database
from storage.migrate import need_tables
from storage.people import people_called
from storage.store import Store


def grant(settings: Settings, user: str, role: Role) -> str:
    """Gives everybody with that platform's user id the role; a sentence about what happened."""
    need_tables(settings.database_url)
    return asyncio.run(_grant(settings, user, role))


async def _grant(settings: Settings, user: str, role: Role) -> str:
    database = Database(settings.database_url)

    def unit(connection: Connection) -> list[str]:
        found = people_called(connection, user)
        for person in found:
            Store(connection, person.organisation_id).people.set_role(person.id, role.value)
        return [person.name for person in found]

    try:
        names = await database.write(unit)
    finally:
        await database.close()
    if not names:
        return f"Nobody with the id {user} has used Mapkeeper yet. They need to type /journey once."
    return f"{', '.join(names)}: {role.value} from now on."
