"""``python -m demo``: the page that is a phone, or the scripted conversation."""

import argparse
import asyncio
import errno
import os
import signal
import sys
from collections.abc import Sequence
from socket import create_server, socket

from demo.phone import PhoneServer
from demo.platform import STUDENT, demo_school
from demo.script import PERSON_ID, play
from demo.spoc import READER, demo_spoc_school
from demo.stage import BotEnded, Stage

SLOWEST, FASTEST = 0.1, 10_000


class CannotServe(Exception):  # noqa: N818 - it says what happened
    """The page's port cannot be had; the text is one sentence for the person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo to its end; returns the process's exit code."""
    given = _parser().parse_args(arguments)
    try:
        if given.script:
            return asyncio.run(play(given.lang, given.speed))
        with _listener(given.port) as listener:
            return asyncio.run(_show(given.lang, listener, given.speed))
    except CannotServe as error:
        print(error, file=sys.stderr)
        return 1
    except BotEnded as error:
        print(f"The demo ends: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="The bot between two stand-in servers, on this machine."
    )
    parser.add_argument(
        "--script", action="store_true", help="play the whole conversation without a browser"
    )
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="the person's language")
    parser.add_argument("--port", type=_port, default=0, help="the page's port (any free one)")
    parser.add_argument("--speed", type=_speed, default=60, help="how much faster the clock runs")
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
    if SLOWEST <= speed <= FASTEST:
        return speed
    wanted = f"give a number from {SLOWEST} to {FASTEST}"
    raise argparse.ArgumentTypeError(f"{text!r} is no speed: {wanted}")


def _listener(port: int) -> socket:
    """Take the page's port before anything starts. Raises CannotServe."""
    try:
        return create_server(("127.0.0.1", port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(
                f"Port {port} is in use, perhaps by another demo: "
                "give another --port, or none for any free one."
            ) from None
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotServe(f"The page cannot be served at port {port}: {reason}.") from None


def _expire(stage: Stage) -> None:
    stage.platform.expire(STUDENT.stu_id)
    stage.spoc.expire(READER)


async def _show(language: str, listener: socket, speed: float) -> int:
    """Serve the page until a signal comes or the bot ends. Raises BotEnded."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    print("The demo starts …", flush=True)
    settings = {"DEFAULT_LANGUAGE": language}
    spoc = demo_spoc_school()
    async with Stage(demo_school(), spoc=spoc, speed=speed, settings=settings) as stage:
        phone = PhoneServer(
            stage.telegram,
            person_id=PERSON_ID,
            language=language,
            cookie=lambda: f"auth={stage.platform.cookie_for(STUDENT.stu_id)};",
            token=lambda: f"Authorization: Bearer {stage.spoc.token_for(READER)}",
            speed=speed,
            session_left=lambda: stage.platform.session_left(STUDENT.stu_id),
            token_left=lambda: stage.spoc.token_left(READER),
            actions={
                "让登录过期 / Expire the login": lambda: _expire(stage),
                "限制账号 20 分钟 / Bar for 20 min": lambda: stage.platform.bar(STUDENT.stu_id),
            },
        )
        address = await phone.start(listener)
        print(f"\n  Open {address} in a browser. Ctrl+C ends the demo.\n", flush=True)
        ended = asyncio.ensure_future(stage.bot_ended())
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        code = 0 if stop.is_set() else 1
        for task in (ended, stopped):
            task.cancel()
        await phone.stop()
    return code


if __name__ == "__main__":
    sys.exit(main())
