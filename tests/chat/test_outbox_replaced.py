"""A caller that waits for an edit gets an answer, also when another edit replaces it."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.outbox.unreachable import ChatUnreachable
from tests.support.fake_bot_api import FakeBotApi, OutboxHarness, Text
from tests.support.names import ANNA

pytestmark = pytest.mark.looptime(start=0)


def bring(sending: OutboxHarness, text: str) -> "asyncio.Task[int | None]":
    return asyncio.create_task(sending.outbox.bring(ANNA, 5, Text(text)))


async def answer_of(waiting: "asyncio.Task[int | None]") -> int | None:
    async with asyncio.timeout(600):
        return await waiting


@pytest.mark.parametrize("trouble", [RetryAfter(timedelta(seconds=2)), NetworkError("away")])
async def test_an_edit_that_a_pressed_edit_replaces_is_answered(
    sending: OutboxHarness, bot_api: FakeBotApi, trouble: RetryAfter | NetworkError
) -> None:
    bot_api.trouble[ANNA].append(trouble)
    waiting = bring(sending, "replaced")
    await asyncio.sleep(0.5)
    pressed = sending.edit(5, "pressed")
    assert await answer_of(waiting) == 5
    assert await answer_of(pressed) == 5
    assert bot_api.texts() == ["pressed"]


async def test_an_edit_that_a_newer_edit_replaces_is_answered(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.edit(5, "before")
    waiting = bring(sending, "replaced")
    await asyncio.sleep(0.5)
    newer = bring(sending, "newer")
    assert [await answer_of(each) for each in (waiting, newer)] == [5, 5]
    assert bot_api.texts() == ["before", "newer"]


@pytest.mark.parametrize("is_pressed", [True, False])
async def test_an_edit_that_is_replaced_during_its_own_call_is_answered(
    sending: OutboxHarness, bot_api: FakeBotApi, *, is_pressed: bool
) -> None:
    bot_api.latency = 1.0
    bot_api.trouble[ANNA].append(RetryAfter(timedelta(seconds=2)))
    waiting = bring(sending, "replaced")
    await asyncio.sleep(0.5)
    newer = sending.edit(5, "newer") if is_pressed else bring(sending, "newer")
    assert [await answer_of(each) for each in (waiting, newer)] == [5, 5]


async def test_a_replaced_edit_is_answered_when_it_is_sent_after_the_pressed_one_was_given_up(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 60.0
    waiting = bring(sending, "replaced")
    await asyncio.sleep(0.5)
    pressed = sending.edit(5, "pressed")
    assert await answer_of(pressed) is None
    assert await answer_of(waiting) == 5, "the last state arrives after the outage"
    assert bot_api.texts() == ["replaced"]


async def test_edits_of_an_unreachable_chat_are_answered_once_the_person_returns(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(RetryAfter(timedelta(seconds=2)))
    bot_api.trouble[ANNA].append(ChatUnreachable("Forbidden: bot was blocked by the user"))
    waiting = bring(sending, "replaced")
    await asyncio.sleep(0.5)
    pressed = sending.edit(5, "pressed")
    assert await answer_of(pressed) is None
    await sending.heard_from()
    assert await answer_of(waiting) == 5
