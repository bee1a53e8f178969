"""The commands: ``python -m bot``, and what stands behind it."""

import argparse
import sys
from collections.abc import Sequence

from bot.settings import SettingsError, load_settings

EXIT_SETTINGS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "demo":
        return _demo(options)
    return _run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="A Telegram bot that studies 职教云 courses."
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="run the bot (this is the default)")
    demo = commands.add_parser("demo", help="the bot between two stand-in servers, on this machine")
    demo.add_argument(
        "--script", action="store_true", help="play the whole conversation without a browser"
    )
    demo.add_argument("--lang", choices=("zh", "en"), default="zh", help="the person's language")
    demo.add_argument("--port", type=int, default=0, help="the page's port (any free one)")
    demo.add_argument("--speed", type=float, default=60, help="how much faster the clock runs")
    return parser


def _run() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS
    from bot.serving import run

    return run(settings)


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
