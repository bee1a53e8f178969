"""Background tasks: which are started, and what is said of one that breaks."""

import asyncio
import inspect

import pytest

from bot.chat.background import Background
from tests.support.names import ANNA


class Failures:
    def __init__(self) -> None:
        self.chats: list[int | None] = []

    async def __call__(self, chat_id: int | None, reference: str) -> None:
        assert reference
        self.chats.append(chat_id)


async def turns() -> None:
    """Let tasks begin, or end, and be taken off the list."""
    for _ in range(5):
        await asyncio.sleep(0)


async def forever() -> None:
    await asyncio.Event().wait()


async def breaks() -> None:
    raise ZeroDivisionError


async def test_of_one_key_one_task_runs_at_a_time() -> None:
    background = Background(Failures())
    assert background.start(ANNA, "read", forever())
    await turns()
    assert not background.start(ANNA, "read", forever())
    assert background.cancel("read")
    await turns()
    assert background.start(ANNA, "read", forever())
    await turns()
    await background.close()


async def test_work_without_a_key_is_always_started_and_ends_with_the_others() -> None:
    background, ended = Background(Failures()), 0

    async def waits() -> None:
        nonlocal ended
        try:
            await forever()
        finally:
            ended += 1

    assert all(background.start(ANNA, None, waits()) for _ in range(3))
    await turns()
    await background.close()
    assert ended == 3


@pytest.mark.parametrize("chat_id", [ANNA, None])
async def test_a_failure_is_told_with_the_chat_that_it_belongs_to(chat_id: int | None) -> None:
    failures = Failures()
    background = Background(failures)
    background.start(chat_id, None, breaks())
    await turns()
    await background.close()
    assert failures.chats == [chat_id]


async def test_work_that_is_cancelled_before_its_first_step_is_closed() -> None:
    background, work = Background(Failures()), forever()
    background.start(ANNA, "read", work)
    assert background.cancel("read")
    await turns()
    assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED
