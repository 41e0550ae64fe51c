"""The command line: `mapkeeper` and its commands. What a command needs is imported when it runs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the process's exit code."""
    options = _parser().parse_args(argv)
    if options.command is None:
        _parser().print_help()
        return 0
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from bot.settings import SettingsError
        from storage.errors import StorageError

        if not isinstance(error, SettingsError | StorageError):
            raise
        print(f"mapkeeper: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mapkeeper", description="Keeps customer-journey maps alive from Slack and Microsoft Teams."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    serve = commands.add_parser("serve", help="run the bot, over HTTP or Socket Mode")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8080, help="port to listen on (default: 8080)")
    serve.add_argument(
        "--insecure-local-teams",
        action="store_true",
        help="let a Teams client on this machine in without a token (Microsoft 365 Agents Playground)",
    )
    serve.add_argument(
        "--no-clock",
        action="store_true",
        help="answer and send, but leave digests and questions to another process",
    )
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser(
        "migrate", help="bring the database to this version (serve does it by itself)"
    )
    migrate.set_defaults(run=_migrate)

    doctor = commands.add_parser("doctor", help="look at everything that is needed, and say what to do")
    doctor.add_argument("--json", action="store_true", help="the findings as JSON")
    doctor.set_defaults(run=_doctor)

    grant = commands.add_parser("grant", help="give a person a role: viewer, member, editor or admin")
    grant.add_argument("user", help="the platform's user id, like U012AB3CD (in their Slack profile)")
    grant.add_argument("role", choices=["viewer", "member", "editor", "admin"])
    grant.set_defaults(run=_grant)

    queue = commands.add_parser("queue", help="what waits to be sent or was set aside; retry or drop it")
    queue.add_argument("how", nargs="?", choices=["retry", "drop"], help="what to do with what was set aside")
    queue.add_argument("ids", nargs="*", metavar="ID", help="of what was set aside, or ALL")
    queue.add_argument("--json", action="store_true", help="print it for programs")
    queue.set_defaults(run=_queue)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--url", default="", help="public address of this bot; none: Socket Mode")
    manifest.add_argument(
        "--no-short-commands", action="store_true", help="leave out /pain, /idea, /quote and /gain"
    )
    manifest.add_argument(
        "--comments", action="store_true", help="replies in a card's thread become comments: hears messages"
    )
    manifest.set_defaults(run=_manifest)

    teams = commands.add_parser("teams-package", help="write the Teams app package, to upload to Teams")
    teams.add_argument("--out", type=Path, required=True, metavar="FILE", help="the zip to write")
    teams.add_argument("--app-id", default="", help="Microsoft App ID of the bot (default: TEAMS_APP_ID)")
    teams.add_argument(
        "--website", default="", help="https address of who runs this bot (default: MAPKEEPER_PUBLIC_URL)"
    )
    teams.set_defaults(run=_teams_package)

    demo = commands.add_parser("demo", help="try it in the browser, with no account")
    demo.add_argument("--port", type=_port, default=8765, help="port of the page (default: 8765)")
    demo.add_argument(
        "--data", type=Path, metavar="DIR", help="keep everything in DIR (default: fresh each time)"
    )
    demo.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    demo.add_argument("--teams", action="store_true", help="with a local Teams client beside it (needs Node)")
    demo.add_argument("--story", action="store_true", help="play the main story in the terminal instead")
    demo.set_defaults(run=_demo)
    return parser


def _port(typed: str) -> int:
    port = int(typed) if typed.isascii() and typed.isdigit() else -1
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 (any) to 65535")
    return port


def _serve(options: argparse.Namespace) -> int:
    from bot.settings import Settings

    settings = Settings.from_environment()
    if options.insecure_local_teams:
        settings = settings.with_local_teams(options.host)
    settings.check_platforms()
    for needless in ("rich", "greenlet"):
        # What we depend on would load them where a tool has brought them along, and use nothing of them: 7 MiB.
        sys.modules.setdefault(needless, None)  # type: ignore[arg-type]
    from bot.serve import serve

    return serve(settings, options.host, options.port, ticking=not options.no_clock)


def _migrate(options: argparse.Namespace) -> int:
    from bot.settings import Settings
    from storage.migrate import ensure_current

    ensure_current(Settings.from_environment().database_url)
    print("The database is up to date.")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import report

    told, well = report(as_json=options.json)
    print(told)
    return 0 if well else 1


def _grant(options: argparse.Namespace) -> int:
    from bot.grant import grant
    from bot.settings import Settings
    from handlers.kinds import Role

    print(grant(Settings.from_environment(), options.user, Role(options.role)))
    return 0


def _queue(options: argparse.Namespace) -> int:
    from bot.queue import look, settle
    from bot.settings import Settings

    settings = Settings.from_environment()
    if options.how is None:
        print(look(settings, as_json=options.json))
        return 0
    if not options.ids:
        print(f"mapkeeper: which? mapkeeper queue {options.how} ID…, or ALL.", file=sys.stderr)
        return 2
    said, well = settle(settings, options.how, options.ids)
    print(said)
    return 0 if well else 1


def _manifest(options: argparse.Namespace) -> int:
    from bot.slack_manifest import manifest

    print(manifest(options.url, short_commands=not options.no_short_commands, comments=options.comments))
    return 0


def _teams_package(options: argparse.Namespace) -> int:
    import os
    from uuid import UUID

    from bot.teams_package import package

    try:
        app_id = str(UUID(options.app_id or os.environ.get("TEAMS_APP_ID", "")))
    except ValueError:
        print("mapkeeper: give the bot's Microsoft App ID with --app-id or TEAMS_APP_ID.", file=sys.stderr)
        return 2
    website = options.website or os.environ.get("MAPKEEPER_PUBLIC_URL", "")
    if not website.startswith("https://"):
        print(
            "mapkeeper: say whose bot it is with --website https://… or MAPKEEPER_PUBLIC_URL.",
            file=sys.stderr,
        )
        return 2
    try:
        options.out.write_bytes(package(app_id, website.rstrip("/")))
    except OSError as error:
        print(f"mapkeeper: {options.out} could not be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{options.out} is ready. Upload it in Teams: Apps › Manage your apps › Upload an app.")
    return 0


def _demo(options: argparse.Namespace) -> int:
    if options.story:
        from bot.playground.story import play

        return play()
    from bot.playground.demo import demo

    return demo(options.port, options.data, browser=not options.no_browser, teams=options.teams)


if __name__ == "__main__":
    sys.exit(main())
