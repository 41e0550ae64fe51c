"""The Teams app package: the manifest with this installation's ids, and our icons, in one zip.

https://learn.microsoft.com/microsoft-365/extensibility/schema/?view=m365-app-1.29
"""

import json
import zipfile
from io import BytesIO
from typing import Any

from bot.teams_actions import ADD_MESSAGE
from bot.teams_icons import colour, outline
from handlers.words import word

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json"
VERSION = "1.0.0"
COMMANDS = ("pain", "idea", "quote", "gain", "map", "top", "list", "show", "digest", "new", "use", "help")
SCOPES = ("team", "groupChat", "personal")


def package(app_id: str, website: str) -> bytes:
    """The zip that an admin uploads to Teams; `website` is shown as ours, with its privacy and terms."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("manifest.json", json.dumps(manifest(app_id, website), indent=2, ensure_ascii=False).encode()),
            ("color.png", colour()),
            ("outline.png", outline()),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)  # the same each time
    return packed.getvalue()


def manifest(app_id: str, website: str) -> dict[str, Any]:
    """The manifest of the Teams app with that id, which is the bot's too."""
    commands = [{"title": name, "description": word(f"teams command {name}")} for name in COMMANDS]
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.29",
        "version": VERSION,
        "id": app_id,
        "developer": {
            "name": "Mapkeeper",
            "websiteUrl": website,
            "privacyUrl": website,
            "termsOfUseUrl": website,
        },
        "name": {"short": "Mapkeeper", "full": word("teams name")},
        "description": {"short": word("teams short"), "full": word("teams full")},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#23395B",
        "bots": [
            {
                "botId": app_id,
                "scopes": list(SCOPES),
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": commands}],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": ADD_MESSAGE,
                        "type": "action",
                        "title": word("teams action"),
                        "description": word("teams action what"),
                        "context": ["message"],
                        "fetchTask": True,
                    }
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
    }
