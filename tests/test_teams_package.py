"""The Teams app package: what Microsoft's own schema takes, with icons of the right size."""

import json
import struct
import zipfile
from pathlib import Path

import jsonschema
import pytest

from bot.cli import main
from bot.teams_actions import ADD_MESSAGE
from handlers.router import VERBS

SCHEMAS = Path(__file__).parents[1].parent / "shared" / "data" / "schemas"  # beside the project, where kept
SCHEMA = SCHEMAS / "teams-manifest-1.29.schema.json"
APP_ID = "11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package that the command writes."""
    file = tmp_path_factory.mktemp("package") / "app.zip"
    named = ["--app-id", APP_ID, "--website", "https://maps.acme.example/"]
    assert main(["teams-package", "--out", str(file), *named]) == 0
    return file


def test_the_package_holds_a_manifest_for_this_bot_and_every_command_exists(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        made = json.loads(archive.read("manifest.json"))
    (bot,) = made["bots"]
    assert made["id"] == bot["botId"] == APP_ID
    assert made["manifestVersion"] == "1.29"
    (commands,) = bot["commandLists"]
    assert {one["title"] for one in commands["commands"]} <= set(VERBS)
    assert len(commands["commands"]) <= 12
    assert len(made["name"]["full"]) <= 100
    assert len(made["description"]["short"]) <= 80
    assert set(made["developer"].values()) == {"Mapkeeper", "https://maps.acme.example"}
    (extension,) = made["composeExtensions"]
    assert extension["commands"][0]["id"] == ADD_MESSAGE, "the one that the door knows"


@pytest.mark.skipif(not SCHEMA.exists(), reason="Microsoft's schema is not beside the project")
def test_the_manifest_is_valid_by_microsofts_schema(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        made = json.loads(archive.read("manifest.json"))
    schema = SCHEMA.read_text(encoding="utf-8").replace(r"\\p{L}", "A-Za-z")  # Python's re knows no classes
    assert [error.message for error in jsonschema.Draft7Validator(json.loads(schema)).iter_errors(made)] == []


@pytest.mark.parametrize(("name", "side"), [("color.png", 192), ("outline.png", 32)])
def test_the_icons_have_the_sizes_that_teams_asks_for(package: Path, name: str, side: int) -> None:
    with zipfile.ZipFile(package) as archive:
        drawn = archive.read(name)
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">II", drawn[16:24]) == (side, side)


def test_a_package_without_an_app_id_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TEAMS_APP_ID", raising=False)
    assert main(["teams-package", "--out", str(tmp_path / "app.zip")]) == 2
    assert "--app-id" in capsys.readouterr().err


def test_a_package_is_somebodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "app.zip"
    monkeypatch.delenv("MAPKEEPER_PUBLIC_URL", raising=False)
    assert main(["teams-package", "--out", str(file), "--app-id", APP_ID]) == 2
    assert "--website" in capsys.readouterr().err
    monkeypatch.setenv("MAPKEEPER_PUBLIC_URL", "https://maps.acme.example")
    assert main(["teams-package", "--out", str(file), "--app-id", APP_ID]) == 0
