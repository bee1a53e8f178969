"""The commands of ``python -m bot``."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.given_keys import new_key_text
from bot.logs import redact, set_up_logs
from bot.settings import LogFormat, LogLevel, Settings, SettingsError
from bot.settings_reading import load_settings, read_settings
from bot.version import VERSION
from storage.backup import back_up
from storage.backup_files import BackupKind, new_path
from storage.errors import StorageError
from storage.restore import restore
from storage.vault import VaultError

EXIT_NOT_RIGHT = 1
EXIT_SETTINGS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code. A reader that goes before it has read all,
    such as ``head``, is no trouble."""
    options = _parser().parse_args(arguments)
    try:
        code = _run_command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter writes what is left at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_NOT_RIGHT
    return code


def _run_command(options: argparse.Namespace) -> int:
    if options.command == "check":
        return _check()
    if options.command == "health":
        return _health()
    if options.command == "backup":
        return _with_data(_back_up)
    if options.command == "restore":
        return _with_data(lambda settings: _restore(options.file, settings))
    if options.command == "keys":
        return _with_data(_rotate if options.action == "rotate" else _print_new_key)
    return _run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="A Telegram bot that studies 职教云 courses."
    )
    parser.add_argument(
        "--version", action="version", version=VERSION, help="print the version and end"
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="run the bot (this is the default)")
    commands.add_parser("check", help="look at everything that the bot needs, and say what to do")
    commands.add_parser("health", help="say whether the running bot works")
    commands.add_parser("backup", help="copy the database, also while the bot runs")
    put_back = commands.add_parser("restore", help="put a backup in the place of the database")
    put_back.add_argument("file", type=Path, help="the backup; it is left as it is")
    keys = commands.add_parser("keys", help="rotate the keys that seal cookies")
    actions = keys.add_subparsers(dest="action", metavar="action", required=True)
    actions.add_parser("rotate", help="seal every cookie with a new key, also while the bot runs")
    actions.add_parser("new", help="print a new key for BOT_KEYS")
    return parser


def _run() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    from bot.process import run

    return run(settings)


def _check() -> int:
    """Print a table; 0 if all is right. Secrets are taken out of it as out of the log."""
    try:
        reading = read_settings()
    except SettingsError as error:
        print(error)
        return EXIT_NOT_RIGHT
    from bot.check.command import findings_of
    from bot.check.finding import is_all_right, table
    from bot.proxies.routes import find_routes

    routes = find_routes(reading.settings)
    keys = reading.settings.bot_keys
    secrets = [reading.settings.bot_token, *routes.secrets, *(keys.secrets() if keys else ())]
    set_up_logs(LogLevel.ERROR, LogFormat.CONSOLE, known_secrets=secrets)
    found = asyncio.run(findings_of(reading, routes, lambda: datetime.now(UTC)))
    print(redact(table(found), [secret for secret in secrets if secret]))
    return 0 if is_all_right(found) else EXIT_NOT_RIGHT


def _health() -> int:
    """Print one sentence per cause; 0 if there is none."""
    try:
        settings = load_settings(need_token=False)
    except SettingsError as error:
        print(error)
        return EXIT_NOT_RIGHT
    from bot.health.command import causes_of

    causes = causes_of(settings.data_dir.resolve(), datetime.now(UTC))
    print("\n".join(causes) or "The bot works.")
    return EXIT_NOT_RIGHT if causes else 0


def _with_data(command: Callable[[Settings], None]) -> int:
    """Run a command that needs only the data folder: no token, no connection to Telegram."""
    try:
        settings = load_settings(need_token=False)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    from bot.process import EXIT_FAILED, EXIT_OK

    try:
        command(settings)
    except (StorageError, VaultError) as error:
        print(error, file=sys.stderr)
        return EXIT_FAILED
    return EXIT_OK


def _back_up(settings: Settings) -> None:
    """Make a backup and print its path alone, so that other programs can read it."""
    from bot.app import DATABASE_NAME

    database = settings.data_dir.resolve() / DATABASE_NAME
    copy = new_path(database, BackupKind.BY_HAND, datetime.now(UTC))
    back_up(database, copy)
    print(copy)


def _restore(file: Path, settings: Settings) -> None:
    from bot.app import DATABASE_NAME, KEY_NAME

    folder = settings.data_dir.resolve()
    kept = restore(file, folder / DATABASE_NAME, datetime.now(UTC))
    print(f"{folder / DATABASE_NAME} is now what {file} holds.")
    if kept is not None:
        print(f"What was there before is kept as {kept}.")
    if settings.bot_keys is None and not (folder / KEY_NAME).exists():
        print(f"There is no key file {folder / KEY_NAME}: put it back before the bot starts.")


def _rotate(settings: Settings) -> None:
    from bot.key_commands import rotate

    rotate(settings, print)


def _print_new_key(settings: Settings) -> None:
    print(new_key_text())
