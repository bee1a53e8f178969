"""A caller that waits for an edit gets an answer, also when another edit replaces it."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.outbox.unreachable import ChatUnreachable
from tests.chat.post import ANNA, Mail, Post, Text

pytestmark = pytest.mark.looptime(start=0)


def bring(mail: Mail, text: str) -> "asyncio.Task[int | None]":
    return asyncio.create_task(mail.outbox.bring(ANNA, 5, Text(text)))


async def answer_of(waiting: "asyncio.Task[int | None]") -> int | None:
    async with asyncio.timeout(600):
        return await waiting


@pytest.mark.parametrize("trouble", [RetryAfter(timedelta(seconds=2)), NetworkError("away")])
async def test_an_edit_that_a_pressed_edit_replaces_is_answered(
    mail: Mail, post: Post, trouble: RetryAfter | NetworkError
) -> None:
    post.trouble[ANNA].append(trouble)
    waiting = bring(mail, "replaced")
    await asyncio.sleep(0.5)
    pressed = mail.edit(5, "pressed")
    assert await answer_of(waiting) == 5
    assert await answer_of(pressed) == 5
    assert post.texts() == ["pressed"]


async def test_an_edit_that_a_newer_edit_replaces_is_answered(mail: Mail, post: Post) -> None:
    await mail.edit(5, "before")
    waiting = bring(mail, "replaced")
    await asyncio.sleep(0.5)
    newer = bring(mail, "newer")
    assert [await answer_of(each) for each in (waiting, newer)] == [5, 5]
    assert post.texts() == ["before", "newer"]


@pytest.mark.parametrize("is_pressed", [True, False])
async def test_an_edit_that_is_replaced_during_its_own_call_is_answered(
    mail: Mail, post: Post, *, is_pressed: bool
) -> None:
    post.latency = 1.0
    post.trouble[ANNA].append(RetryAfter(timedelta(seconds=2)))
    waiting = bring(mail, "replaced")
    await asyncio.sleep(0.5)
    newer = mail.edit(5, "newer") if is_pressed else bring(mail, "newer")
    assert [await answer_of(each) for each in (waiting, newer)] == [5, 5]


async def test_a_replaced_edit_is_answered_when_it_is_sent_after_the_pressed_one_was_given_up(
    mail: Mail, post: Post
) -> None:
    post.away_until = 60.0
    waiting = bring(mail, "replaced")
    await asyncio.sleep(0.5)
    pressed = mail.edit(5, "pressed")
    assert await answer_of(pressed) is None
    assert await answer_of(waiting) == 5, "the last state arrives after the outage"
    assert post.texts() == ["replaced"]


async def test_edits_of_an_unreachable_chat_are_answered_once_the_person_returns(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].append(RetryAfter(timedelta(seconds=2)))
    post.trouble[ANNA].append(ChatUnreachable("Forbidden: bot was blocked by the user"))
    waiting = bring(mail, "replaced")
    await asyncio.sleep(0.5)
    pressed = mail.edit(5, "pressed")
    assert await answer_of(pressed) is None
    await mail.heard_from()
    assert await answer_of(waiting) == 5
