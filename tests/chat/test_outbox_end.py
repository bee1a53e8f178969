"""The end of the outbox: what waits is said without spacing, within its time, and no longer."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from bot.outbox.screen import Screen
from tests.chat.post import ANNA, BORIS, Mail, Post, Text, all_of

pytestmark = pytest.mark.looptime(start=0)


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_the_end_says_what_waits_without_spacing(mail: Mail, post: Post) -> None:
    await mail.edit(5, "before")
    waiting = [mail.say(f"{n}") for n in range(5)]
    mail.show(5, "last state", gap=30)
    await asyncio.sleep(0.25)
    await mail.outbox.close(1.5)
    assert post.texts() == ["before", "0", "1", "2", "3", "4", "last state"]
    assert now() == 0.25
    assert await all_of(*waiting) == [100, 101, 102, 103, 104]


async def test_the_end_keeps_within_its_time_and_lets_go_of_the_rest(
    mail: Mail, post: Post
) -> None:
    post.latency = 1.0
    before = asyncio.all_tasks()
    waiting = [mail.say(f"{n}") for n in range(5)]
    await asyncio.sleep(0)
    await mail.outbox.close(2.5)
    assert now() == 2.5
    assert await all_of(*waiting) == [100, 101, None, None, None]
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("close_within", [0.0, 1.5])
async def test_nobody_is_left_waiting_after_the_end(
    mail: Mail, post: Post, close_within: float
) -> None:
    post.trouble[ANNA].append(RetryAfter(timedelta(seconds=60)))
    post.away_until = 0.5
    told, away = mail.say("told to wait"), mail.send("away", chat_id=BORIS)
    at_once = mail.send("began just now", chat_id=3)
    await asyncio.sleep(0)
    await mail.outbox.close(close_within)
    async with asyncio.timeout(1):
        await asyncio.gather(told, away, at_once)
    assert now() == close_within


async def test_a_wait_that_telegram_asked_for_is_kept_at_the_end_too(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].append(RetryAfter(timedelta(seconds=1)))
    mail.say("told to wait")
    await asyncio.sleep(0)
    await mail.outbox.close(2)
    assert post.moments() == [1]


async def test_what_a_last_word_leads_to_is_said_too(mail: Mail, post: Post) -> None:
    async def render() -> Screen:
        for message_id in (5, 6):
            mail.show(message_id, f"end of {message_id}", chat_id=BORIS)
        return Screen("a job's last event")

    post.latency = 0.25
    await mail.outbox.say(ANNA, Text("before"))
    mail.outbox.show(ANNA, 7, render)
    await mail.outbox.close(1.5)
    assert post.texts(BORIS) == ["end of 5", "end of 6"]
    assert post.moments(BORIS)[-1] + post.latency == now()


async def test_nothing_is_taken_after_the_end(mail: Mail, post: Post) -> None:
    await mail.outbox.close(1)
    assert await mail.send("pressed") is None
    assert await mail.say("notice") is None
    mail.show(5, "progress")
    await asyncio.sleep(5)
    assert post.said == []
