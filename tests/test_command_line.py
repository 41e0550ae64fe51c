"""The commands of `mapkeeper`, where something is wrong with what they are given: a sentence, and no secret in it."""

import socket
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings, SettingsError

COMMANDS = (
    ["serve"],
    ["migrate"],
    ["doctor"],
    ["queue"],
    ["queue", "drop", "ALL"],
    ["grant", "U0ADA", "admin"],
)


@pytest.fixture(autouse=True)
def slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the settings is well, and what serve changes in its process stays as it is in this one."""
    monkeypatch.setattr("bot.serve.set_up", lambda: None)
    monkeypatch.setattr("bot.serve._let_finish", lambda: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    for needless in ("rich", "greenlet"):
        if needless not in sys.modules:
            monkeypatch.setitem(sys.modules, needless, None)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "password", ["se%cret", "se cret", "se@cret", "se/cret", "1/cret", "1?/cret", "%zzcret"]
)
def test_a_password_that_makes_the_address_unreadable_is_not_shown(
    command: list[str], password: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://keeper:{password}@127.0.0.1:9/maps")
    assert main(command) in (1, 2)
    told = "".join(capfd.readouterr())
    assert "DATABASE_URL is not" in told
    assert "Traceback" not in told
    assert "cret" not in told.replace("secret", "")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://keeper:se%40cret@db.example.com:5432/maps",
        "postgresql://keeper:a:b!$&'()*+,;=~?#c@db/maps?sslmode=require",
        "postgresql://one:5432,two,[::1]:5433/maps?target_session_attrs=read-write",
        "postgresql://postgres:@/maps?host=/run/postgresql",
        "postgresql://%2Frun%2Fpostgresql/maps",
        "postgresql:///maps",
        "postgresql://[fe80::1%25eth0]:5432/maps",
    ],
)
def test_addresses_that_postgresql_understands_are_taken(address: str) -> None:
    Settings(database_url=address).check()


def test_a_long_address_that_is_none_is_told_at_once() -> None:
    with pytest.raises(SettingsError, match="%40"):
        Settings(database_url=f"postgresql://{'a' * 10_000}:{'b' * 10_000}@@").check()


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != ["doctor"]], ids=" ".join)
def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://keeper:secret@127.0.0.1:9/maps")
    assert main(command) == 2
    told = capfd.readouterr().err
    assert told.startswith("mapkeeper: ")
    assert "Connection refused" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "command", [["queue"], ["queue", "retry", "ALL"], ["grant", "U0ADA", "admin"]], ids=" ".join
)
def test_before_the_first_start_there_is_nothing_to_look_at_and_nothing_is_made(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mapkeeper.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    assert main(command) == 2
    assert f"{path} is not there yet: `mapkeeper serve` makes it." in capfd.readouterr().err
    assert not path.exists()
    path.touch()
    assert main(command) == 2
    assert "run `mapkeeper migrate`" in capfd.readouterr().err


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != ["doctor"]], ids=" ".join)
@pytest.mark.parametrize("address", ["sqlite:///", "sqlite:///:memory:"])
def test_a_sqlite_address_without_a_file_is_told(
    command: list[str], address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    assert main(command) == 2
    assert capfd.readouterr().err.startswith("mapkeeper: DATABASE_URL must be sqlite:///relative.db")


def test_a_host_that_cannot_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("bot.serve.log.error", lambda event, why: told.append(why))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'mapkeeper.db'}")
    assert main(["serve", "--host=a..b"]) == 2
    assert told[0].startswith("a..b:8080 cannot be listened on:")


def test_an_address_that_is_taken_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("bot.serve.log.error", lambda event, why: told.append(f"{event}: {why}"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'mapkeeper.db'}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", f"--port={port}"]) == 2
    assert f"not started: 127.0.0.1:{port} cannot be listened on:" in told[0]


@pytest.mark.parametrize("port", ["99999", "-1", "web"])
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_cannot_be_is_told(command: str, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, f"--port={port}"])
    assert "--port: a port is a number from 0 (any) to 65535" in capsys.readouterr().err
