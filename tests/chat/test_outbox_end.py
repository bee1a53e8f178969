"""The end of the outbox: what waits is said without spacing, within its time, and no longer."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from bot.outbox.screen import Screen
from tests.support.fake_bot_api import FakeBotApi, OutboxHarness, Text, all_of
from tests.support.names import ANNA, BORIS

pytestmark = pytest.mark.looptime(start=0)


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_the_end_says_what_waits_without_spacing(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.edit(5, "before")
    waiting = [sending.say(f"{n}") for n in range(5)]
    sending.show(5, "last state", gap=30)
    await asyncio.sleep(0.25)
    await sending.outbox.close(1.5)
    assert bot_api.texts() == ["before", "0", "1", "2", "3", "4", "last state"]
    assert now() == 0.25
    assert await all_of(*waiting) == [100, 101, 102, 103, 104]


async def test_the_end_does_not_wait_for_the_budget(bot_api: FakeBotApi) -> None:
    sending = OutboxHarness(bot_api, per_second=1)
    waiting = [sending.say(f"{chat_id}", chat_id=chat_id) for chat_id in (1, 2)]
    await asyncio.sleep(0.25)
    assert [bot_api.texts(chat_id) for chat_id in (1, 2)] == [["1"], []]
    await sending.outbox.close(1.5)
    assert now() == 0.25
    assert await all_of(*waiting) == [100, 101]


async def test_the_end_keeps_within_its_time_and_lets_go_of_the_rest(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 1.0
    before = asyncio.all_tasks()
    waiting = [sending.say(f"{n}") for n in range(5)]
    await asyncio.sleep(0)
    await sending.outbox.close(2.5)
    assert now() == 2.5
    assert await all_of(*waiting) == [100, 101, None, None, None]
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("close_within", [0.0, 1.5])
async def test_nobody_is_left_waiting_after_the_end(
    sending: OutboxHarness, bot_api: FakeBotApi, close_within: float
) -> None:
    bot_api.trouble[ANNA].append(RetryAfter(timedelta(seconds=60)))
    bot_api.away_until = 0.5
    told, away = sending.say("told to wait"), sending.send("away", chat_id=BORIS)
    at_once = sending.send("began just now", chat_id=3)
    await asyncio.sleep(0)
    await sending.outbox.close(close_within)
    async with asyncio.timeout(1):
        await asyncio.gather(told, away, at_once)
    assert now() == close_within


async def test_a_wait_that_telegram_asked_for_is_kept_at_the_end_too(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(RetryAfter(timedelta(seconds=1)))
    sending.say("told to wait")
    await asyncio.sleep(0)
    await sending.outbox.close(2)
    assert bot_api.moments() == [1]


async def test_what_a_last_word_leads_to_is_said_too(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    async def render() -> Screen:
        for message_id in (5, 6):
            sending.show(message_id, f"end of {message_id}", chat_id=BORIS)
        return Screen("a job's last event")

    bot_api.latency = 0.25
    await sending.outbox.say(ANNA, Text("before"))
    sending.outbox.show(ANNA, 7, render)
    await sending.outbox.close(1.5)
    assert bot_api.texts(BORIS) == ["end of 5", "end of 6"]
    assert bot_api.moments(BORIS)[-1] + bot_api.latency == now()


async def test_nothing_is_taken_after_the_end(sending: OutboxHarness, bot_api: FakeBotApi) -> None:
    await sending.outbox.close(1)
    assert await sending.send("pressed") is None
    assert await sending.say("notice") is None
    sending.show(5, "progress")
    await asyncio.sleep(5)
    assert bot_api.said == []
