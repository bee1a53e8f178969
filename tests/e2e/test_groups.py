"""Groups: the bot takes no cookie there, and answers where it was asked."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
GROUP = -1_000_000_000_005


async def test_in_a_group_no_cookie_is_taken(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    group = harness.telegram.group(-100123, "同学群", [harness.person])
    group.promote()

    posted = harness.person.send(harness.platform.cookie_for(STUDENT.stu_id), chat_id=-100123)

    answer = await harness.telegram.wait_for(
        lambda: next((m for m in group.chat.messages if m.from_bot), None)
    )
    assert answer.buttons[0][0].url == "https://t.me/zjy_demo_bot"
    assert all(m.message_id != posted.message_id for m in group.chat.messages)
    assert harness.platform.requests == []


@pytest.mark.parametrize("what", ["command", "cookie"])
async def test_in_a_forum_the_hint_comes_in_the_topic_of_the_message(
    open_app: Make, what: str
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    group = harness.telegram.group(GROUP, "同学群", [harness.person])
    group.promote()
    topics = [group.open_topic(), None, group.open_topic()]
    text = "/start" if what == "command" else harness.platform.cookie_for(STUDENT.stu_id)

    for topic in topics:
        harness.person.send(text, chat_id=GROUP, topic=topic)

    def answered() -> list[int | None]:
        return [each.topic for each in group.chat.messages if each.from_bot]

    await harness.until(lambda: len(answered()) == len(topics))
    assert set(answered()) == set(topics)


async def test_in_a_group_without_topics_the_thread_of_an_answer_is_left_out(
    open_app: Make,
) -> None:
    """Telegram refuses a message to such a thread."""
    harness: AppHarness = await open_app(one_course([document(1)]))
    group = harness.telegram.group(GROUP, "同学群", [harness.person])

    harness.person.send("/start", chat_id=GROUP, message_thread_id=7)

    await harness.until(lambda: group.chat.last.from_bot)
