"""``python -m bot demo``: the page that is a phone, or the scripted conversation."""

import asyncio
import contextlib
import signal
import sys

from bot.demo.phone import PhoneServer
from bot.demo.platform import STUDENT, demo_school
from bot.demo.script import PERSON_ID, play
from bot.demo.stage import Stage


def demo(*, script: bool, language: str, port: int, speed: float) -> int:
    """Run the demo to its end; returns the process's exit code."""
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(play(language, speed) if script else _show(language, port, speed))
    return 0


async def _show(language: str, port: int, speed: float) -> int:
    """Serve the page until a signal comes or the bot ends."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    print("The demo starts …", flush=True)
    async with Stage(demo_school(), speed=speed, settings={"DEFAULT_LANGUAGE": language}) as stage:
        phone = PhoneServer(
            stage.telegram,
            person_id=PERSON_ID,
            language=language,
            cookie=lambda: f"auth={stage.platform.cookie_for(STUDENT.stu_id)};",
            speed=speed,
            actions={
                "让登录过期 / Expire the login": lambda: stage.platform.expire(STUDENT.stu_id),
                "限制账号 20 分钟 / Bar for 20 min": lambda: stage.platform.bar(STUDENT.stu_id),
            },
        )
        try:
            address = await phone.start(port)
        except OSError as error:
            reason = error.strerror or str(error)
            print(f"The page cannot be served at port {port}: {reason}.", file=sys.stderr)
            return 1
        print(f"\n  Open {address} in a browser. Ctrl+C ends the demo.\n", flush=True)
        ended = asyncio.ensure_future(stage.bot_ended())
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        code = 0 if stop.is_set() else 1
        for task in (ended, stopped):
            task.cancel()
        await phone.stop()
    return code
