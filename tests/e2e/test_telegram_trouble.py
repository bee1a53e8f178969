"""Telegram answers «wait», «not found», garbage or nothing: nothing that matters is lost."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document, video
from demo.stage import Stage
from storage import notices
from tests.support.app_harness import PATIENCE, AppHarness, one_course

pytestmark = pytest.mark.process

Make = Callable[..., Any]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_one_404_to_polling_does_not_make_the_bot_deaf(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    polls = sum(call.method == "getUpdates" for call in harness.telegram.calls)
    harness.telegram.fail("getUpdates", 404, "Not Found")
    harness.person.send("/help")
    await harness.until(
        lambda: sum(call.method == "getUpdates" for call in harness.telegram.calls) > polls
    )

    harness.person.send("/start")

    await harness.see_button("登录")


@pytest.mark.parametrize(
    ("code", "words"),
    [(429, "Too Many Requests: retry after 1"), (403, "Forbidden: odd"), (400, TOO_OLD)],
)
async def test_a_press_counts_though_its_answer_is_refused(
    open_app: Make, code: int, words: str
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")
    await harness.see_button("测试模块")
    harness.telegram.fail(
        "answerCallbackQuery", code, words, retry_after=1 if code == 429 else None
    )

    harness.person.press("测试模块")

    await harness.see("已勾选 1 个模块")


async def test_pressing_the_same_tick_twice_ticks_once(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")
    message = await harness.see_button("测试模块")
    data = next(b.data for row in message.buttons for b in row if "测试模块" in b.text and b.data)

    for _ in range(2):
        await harness.person.press_data(message.message_id, data).answered()

    await harness.see("已勾选 1 个模块")


async def test_the_pasted_cookie_is_deleted_though_telegram_says_wait_first(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    harness.telegram.fail("deleteMessage", 429, "Too Many Requests: retry after 1", retry_after=1)

    pasted = harness.person.send(harness.platform.cookie_for(STUDENT.stu_id))

    await harness.until(
        lambda: all(m.message_id != pasted.message_id for m in harness.person.chat.messages)
    )


async def test_a_cookie_that_cannot_be_deleted_is_told_of(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    harness.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted")

    harness.person.send(harness.platform.cookie_for(STUDENT.stu_id))

    await harness.see("请自己删除")


async def test_an_outage_delays_a_preview_and_does_not_lose_it(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")
    await harness.press("测试模块")
    await harness.see("已勾选")
    harness.telegram.fail("editMessageText", 502, "Bad Gateway", times=6)

    await harness.press("下一步")

    await harness.see_button("开始", patience=60)


async def test_after_an_outage_each_message_gets_its_last_state_alone(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(900), document(1)]))
    await harness.log_in()
    progress = await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    harness.telegram.away()
    async with asyncio.timeout(PATIENCE):
        while not await _notices(harness):  # noqa: ASYNC110 - a row is written, nobody tells
            await asyncio.sleep(0.02)
    edits = progress.edits

    harness.telegram.back()

    assert (await harness.final()).counts == (2, 0, 0)
    shrunk = await harness.see("已结束")
    assert shrunk.message_id == progress.message_id
    assert shrunk.edits == edits + 1
    assert len(harness.finals()) == 1


async def test_logging_out_ends_the_job_in_its_own_message(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(6000)]), speed=100.0)
    await harness.log_in()
    progress = await harness.start_job("测试科目", "测试模块")
    await harness.reported()

    harness.person.send("/logout")
    await harness.press(f"移除 {STUDENT.name}")

    ended = await harness.see("已取消")
    assert ended.message_id == progress.message_id


async def test_the_last_words_of_a_job_arrive_after_a_restart(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    progress = await harness.start_job("测试科目", "测试模块")
    harness.telegram.fail("editMessageText", 502, "Bad Gateway", times=1000)
    await harness.final()
    await harness.close()
    harness.telegram.trouble.clear()

    await harness.open()

    shrunk = await harness.see("已结束")
    assert shrunk.message_id == progress.message_id


async def test_jobs_go_on_while_telegram_is_away_at_the_start() -> None:
    async with Stage(one_course([video(900)]), speed=60) as stage:
        person = stage.telegram.person(1001)
        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        for label in ("📚 课程", "测试科目", "测试模块", "下一步", "开始"):
            await stage.telegram.wait_for(
                lambda label=label: person.press(label),  # type: ignore[misc]
                30,
            )
            await stage.telegram.wait_for(
                lambda label=label: label != "测试模块" or "☑" in _labels(stage),  # type: ignore[misc]
                30,
            )
        await stage.telegram.wait_for(lambda: any("▸" in m.text for m in person.chat.messages), 30)
        await stage.kill_bot()
        seen = len(stage.platform.requests)
        stage.telegram.away()

        await stage.start_process()

        await stage.telegram.wait_for(lambda: len(stage.platform.requests) >= seen + 3, 30)


async def test_sigterm_is_followed_while_the_start_waits_for_telegram() -> None:
    async with Stage(one_course([document(1)]), speed=60) as stage:
        await stage.stop_bot()
        stage.telegram.fail("deleteWebhook", 502, "Bad Gateway", times=10_000)
        await stage.start_bot()
        await stage.telegram.wait_for(
            lambda: any(c.method == "deleteWebhook" and not c.ok for c in stage.telegram.calls),
            30,
        )

        begun = time.monotonic()
        assert await stage.stop_bot() == 0
        assert time.monotonic() - begun < 8


@pytest.mark.parametrize(
    ("code", "words", "wait"), [(429, "Too Many Requests: retry after 1", 1), (500, "Oops", None)]
)
async def test_trouble_with_the_very_first_question_is_waited_for(
    code: int, words: str, wait: int | None
) -> None:
    async with Stage(one_course([document(1)]), speed=60) as stage:
        await stage.stop_bot()
        stage.telegram.fail("getMe", code, words, retry_after=wait)
        await stage.start_bot()
        person = stage.telegram.person(1001)

        person.send("/start")

        await stage.telegram.wait_for(lambda: len(person.chat.messages) > 1, 30)


async def _notices(harness: AppHarness) -> int:
    """How many notices wait to be sent."""
    assert harness.app is not None
    return len(await harness.app.db.read(notices.pending))


def _labels(stage: Stage) -> str:
    messages = stage.telegram.chat(1001).messages
    return " ".join(b.text for m in messages for row in m.buttons for b in row)
