"""What repeats: how often, from when on, and until when."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from bot.jobs.queue import WorkQueue
from bot.scheduler import Scheduler
from tests.support.clocks import LoopClock, VirtualQueue, virtual_runner
from tests.support.open_bot import Floor, open_bot

HOUR = 3600


class Parts:
    """Stands in for the services; counts what is asked of each."""

    interval = timedelta(minutes=1)

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            self.asked[name] += 1

        return ask


class Services:
    def __init__(self) -> None:
        self.expiry, self.backups, self.digests = Parts(), Parts(), Parts()
        self.history, self.owner_notices = Parts(), Parts()

    @property
    def asked(self) -> dict[str, dict[str, int]]:
        return {name: dict(part.asked) for name, part in vars(self).items()}


def run(folder: Path, story: Callable[[Services, WorkQueue], Awaitable[None]]) -> None:
    async def test() -> None:
        services, queue = Services(), WorkQueue(cast("Any", VirtualQueue()))
        async with open_bot(folder, upto=Floor.STORAGE) as bot:
            Scheduler(queue, bot.db, LoopClock(), **vars(services)).begin()
            await story(services, queue)
            queue.close()

    with virtual_runner() as runner:
        runner.run(test())


def test_all_but_the_look_at_cookies_is_done_at_once(tmp_path: Path) -> None:
    async def story(services: Services, queue: WorkQueue) -> None:
        await asyncio.sleep(1)
        assert services.asked == {
            "expiry": {},
            "backups": {"look": 1},
            "digests": {"tick": 1},
            "history": {"keep_seen": 1, "forget": 1},
            "owner_notices": {"look_at_disk": 1},
        }

    run(tmp_path, story)


def test_a_day_later_each_was_done_as_often_as_it_is_to_be(tmp_path: Path) -> None:
    async def story(services: Services, queue: WorkQueue) -> None:
        await asyncio.sleep(24 * HOUR + 1)
        assert services.asked["expiry"] == {"look": 24 * 60}
        assert services.asked["backups"] == {"look": 1 + 24 * 6}
        assert services.asked["digests"] == {"tick": 1 + 24 * 180}
        assert services.asked["history"]["forget"] == 2

    run(tmp_path, story)


def test_nothing_is_done_once_the_queue_is_closed(tmp_path: Path) -> None:
    async def story(services: Services, queue: WorkQueue) -> None:
        queue.close()
        await asyncio.sleep(24 * HOUR)
        assert not any(services.asked.values())

    run(tmp_path, story)
