"""``make bench``: measures how fast the bot answers, and writes docs/load.md."""

import argparse
import asyncio
import sys
import time
from argparse import Namespace
from pathlib import Path

from benchmarks.crowd import FIRST_CHAT, Crowd, press_alone, school_for
from benchmarks.page import Begun, Setting, page
from benchmarks.samples import Kind, Scene
from benchmarks.stage import LoadStage
from benchmarks.watch import watching
from demo.stage import Process

PAGE = Path(__file__).resolve().parents[1] / "docs/load.md"
STARTS = 5
ALONE = (
    *(Kind.START, Kind.COURSES, Kind.JOBS, Kind.SETTINGS),
    *(Kind.PAUSE, Kind.RESUME, Kind.CANCEL, Kind.KEEP),
)
STARTS_WITHIN = 60.0


class Waiting(LoadStage):
    """Somebody has written before the bot is there; ``began`` is when its process was started."""

    began = 0.0

    async def start_process(self) -> Process:
        self.telegram.person(FIRST_CHAT).send("/start")
        self.began = time.monotonic()
        return await super().start_process()


async def begin_anew(distance: float) -> Begun:
    """Start a bot that knows nobody, up to its first answer."""
    async with Waiting(school_for(1), distance=distance) as stage:
        chat = stage.telegram.chat(FIRST_CHAT)
        await stage.telegram.wait_for(lambda: chat.last.from_bot, STARTS_WITHIN)
        return Begun(time.monotonic() - stage.began, stage.bot_usage().memory)


async def measure(setting: Setting, seconds: float, bursts: int) -> list[Scene]:
    """All scenes, one after the other, before one bot."""
    alone, steady, together, uneven, uneven_together = scenes = [
        Scene("one chat alone"),
        Scene("all chats, each in its own time"),
        Scene("all chats in the same instant"),
        Scene("each in its own time, with trouble"),
        Scene("in the same instant, with trouble"),
    ]
    idlers = setting.chats - setting.jobs
    async with (
        LoadStage(school_for(setting.chats), distance=setting.distance) as stage,
        watching(stage.telegram) as watch,
    ):
        say("one chat")
        crowd = await Crowd.gather(stage, watch, stoppers=1, workers=0, idlers=0)
        async with crowd.measured(alone):
            await press_alone(crowd.stoppers[0], alone, ALONE, 20)
    async with (
        LoadStage(school_for(setting.chats), distance=setting.distance) as stage,
        watching(stage.telegram) as watch,
    ):
        say(f"{setting.chats} chats log in")
        crowd = await Crowd.gather(
            stage,
            watch,
            stoppers=setting.stoppers,
            workers=setting.jobs - setting.stoppers,
            idlers=idlers,
        )
        say("they press")
        await crowd.press_steadily(steady, seconds, setting.think, setting.seed)
        await crowd.press_together(together, bursts, setting.seed)
        crowd.trouble(slow=setting.slow, seconds=setting.hang, away=setting.away)
        say("they press while the platform is in trouble")
        await crowd.press_steadily(uneven, seconds, setting.think, setting.seed + 1)
        await crowd.press_together(uneven_together, bursts, setting.seed + 1)
    return scenes


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _asked() -> Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=90, help="chats with a job")
    parser.add_argument("--stoppers", type=int, default=40, help="of these, who stop theirs")
    parser.add_argument("--think", type=float, default=6.0, help="seconds between presses of one")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they press")
    parser.add_argument("--bursts", type=int, default=5, help="how often all press at once")
    parser.add_argument("--distance", type=float, default=0.04, help="seconds to Telegram and back")
    parser.add_argument("--slow", type=int, default=40, help="students with a slow platform")
    parser.add_argument("--hang", type=float, default=10.0, help="seconds that it takes for them")
    parser.add_argument("--away", type=int, default=10, help="students without a platform")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


async def _main(asked: Namespace) -> int:
    names = Setting.__dataclass_fields__
    setting = Setting(**{name: getattr(asked, name) for name in names})
    say(f"{STARTS} starts")
    starts = [await begin_anew(setting.distance) for _ in range(STARTS)]
    scenes = await measure(setting, asked.seconds, asked.bursts)
    PAGE.write_text(page(setting, starts, scenes), encoding="utf-8")
    lost = [each for scene in scenes for each in scene.lost]
    for each in lost:
        say(f"lost: {each}")
    say(f"written to {PAGE.relative_to(PAGE.parents[1])}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(_asked())))
