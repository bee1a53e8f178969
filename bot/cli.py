"""The commands: ``python -m bot``, and what stands behind it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings, SettingsError, load_settings
from bot.version import VERSION
from storage.backup import back_up
from storage.errors import StorageError
from storage.restore import restore
from storage.shelf import Kind, new_path

EXIT_SETTINGS = 2
FASTEST = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "demo":
        return _demo(options)
    if options.command == "backup":
        return _with_data(_back_up)
    if options.command == "restore":
        return _with_data(lambda settings: _restore(options.file, settings))
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
    commands.add_parser("backup", help="copy the database, also while the bot runs")
    put_back = commands.add_parser("restore", help="put a backup in the place of the database")
    put_back.add_argument("file", type=Path, help="the backup; it is left as it is")
    demo = commands.add_parser("demo", help="the bot between two stand-in servers, on this machine")
    demo.add_argument(
        "--script", action="store_true", help="play the whole conversation without a browser"
    )
    demo.add_argument("--lang", choices=("zh", "en"), default="zh", help="the person's language")
    demo.add_argument("--port", type=_port, default=0, help="the page's port (any free one)")
    demo.add_argument("--speed", type=_speed, default=60, help="how much faster the clock runs")
    return parser


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if 0 < speed <= FASTEST:
        return speed
    raise argparse.ArgumentTypeError(f"{text!r} is no speed: give a number from 0.1 to {FASTEST}")


def _run() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    from bot.serving import run

    return run(settings)


def _with_data(command: Callable[[Settings], None]) -> int:
    """Run a command that needs no token and nobody to talk with, only the data folder."""
    try:
        settings = load_settings(need_token=False)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    from bot.serving import EXIT_FAILED, EXIT_OK

    try:
        command(settings)
    except StorageError as error:
        print(error, file=sys.stderr)
        return EXIT_FAILED
    return EXIT_OK


def _back_up(settings: Settings) -> None:
    """Prints the path alone: other programs can take it from there."""
    from bot.app import DATABASE_NAME

    database = settings.data_dir.resolve() / DATABASE_NAME
    copy = new_path(database, Kind.BY_HAND, datetime.now(UTC))
    back_up(database, copy)
    print(copy)


def _restore(file: Path, settings: Settings) -> None:
    from bot.app import DATABASE_NAME, KEY_NAME

    folder = settings.data_dir.resolve()
    done = restore(file, folder / DATABASE_NAME, datetime.now(UTC))
    print(f"{folder / DATABASE_NAME} is now what {file} holds.")
    if done.kept is not None:
        print(f"What was there before is kept as {done.kept}.")
    if not (folder / KEY_NAME).exists():
        print(f"There is no key file {folder / KEY_NAME}: put it back before the bot starts.")


def _demo(options: argparse.Namespace) -> int:
    try:
        from bot.demo.main import demo
    except ModuleNotFoundError as missing:
        if missing.name != "aiohttp":
            raise
        print(
            "The demo needs the development extra: make demo, or pip install '.[dev]'.",
            file=sys.stderr,
        )
        return EXIT_SETTINGS
    return demo(
        script=options.script, language=options.lang, port=options.port, speed=options.speed
    )
