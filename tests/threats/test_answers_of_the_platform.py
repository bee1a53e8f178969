"""A platform that is not itself, before the real process: it costs neither memory nor answers."""

import asyncio

import pytest

from demo.platform import STUDENT, document
from tests.support.app_harness import one_course
from tests.support.evil_server import LARGE, SLOW, EvilServer, elsewhere, evil_server
from tests.support.shown import from_bot
from tests.support.watched_stage import WatchedStage

pytestmark = [pytest.mark.process, pytest.mark.slow]

AT_ONCE = 6
"""So many requests are answered dishonestly at the same time."""
PATIENCE = 60.0
MORE_MEMORY = 300
"""Megabytes: the bot reads 4 MB of each answer at most, and those of before ask again meanwhile. An
unpacked gigabyte has more."""


async def settled(server: EvilServer, requests: int) -> None:
    """Wait until the server was asked so often."""
    async with asyncio.timeout(PATIENCE):
        while len(server.requests) < requests:  # noqa: ASYNC110 - another process asks
            await asyncio.sleep(0.1)


async def test_the_bot_answers_others_and_grows_by_little_whatever_comes() -> None:
    async with evil_server(SLOW["dripping"]) as server:
        settings = {"ZJY_BASE_URL": server.url, "LOG_LEVEL": "info"}
        async with WatchedStage(one_course([document(1)]), settings=settings) as stage:
            person = stage.telegram.person(1001)

            async def is_answered() -> None:
                before = len(from_bot(person.chat))
                person.send("/help")
                await stage.telegram.wait_for(lambda: len(from_bot(person.chat)) > before, PATIENCE)

            await is_answered()
            before = stage.megabytes()
            for number, send in enumerate([*SLOW.values(), *LARGE.values()]):
                server.send = send
                asked = len(server.requests)
                for user_id in range(AT_ONCE):
                    auth = stage.platform.cookie_for(STUDENT.stu_id)
                    stage.telegram.person(3000 + number * AT_ONCE + user_id).send(auth)
                await settled(server, asked + AT_ONCE)
                await is_answered()
            assert stage.megabytes() - before < MORE_MEMORY


async def test_the_cookie_follows_no_redirect() -> None:
    async with (
        evil_server(SLOW["dripping"]) as other,
        evil_server(SLOW["dripping"]) as server,
    ):
        settings = {"ZJY_BASE_URL": server.url, "LOG_LEVEL": "info"}
        async with WatchedStage(one_course([document(1)]), settings=settings) as stage:
            for status in (301, 302, 303, 307, 308):
                server.send = elsewhere(f"{other.url}/login", status)
                asked = len(server.requests)
                person = stage.telegram.person(1000 + status)
                person.send(stage.platform.cookie_for(STUDENT.stu_id))
                await settled(server, asked + 1)
                await stage.telegram.wait_for(lambda: from_bot(person.chat), PATIENCE)  # noqa: B023
            await stage.stop_bot()
        assert other.requests == []
