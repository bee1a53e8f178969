"""Telegram answers «wait», «not found», garbage or nothing: nothing that matters is lost."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document, video
from demo.stage import Stage
from storage import notices
from tests.e2e.house import PATIENCE, House, one_course

pytestmark = pytest.mark.process

Make = Callable[..., Any]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_one_404_to_polling_does_not_make_the_bot_deaf(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    polls = sum(call.method == "getUpdates" for call in house.telegram.calls)
    house.telegram.fail("getUpdates", 404, "Not Found")
    house.person.send("/help")
    await house.until(
        lambda: sum(call.method == "getUpdates" for call in house.telegram.calls) > polls
    )

    house.person.send("/start")

    await house.see_button("登录")


@pytest.mark.parametrize(
    ("code", "words"),
    [(429, "Too Many Requests: retry after 1"), (403, "Forbidden: odd"), (400, TOO_OLD)],
)
async def test_a_press_counts_though_its_answer_is_refused(
    houses: Make, code: int, words: str
) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")
    await house.see_button("测试模块")
    house.telegram.fail("answerCallbackQuery", code, words, retry_after=1 if code == 429 else None)

    house.person.press("测试模块")

    await house.see("已勾选 1 个模块")


async def test_pressing_the_same_tick_twice_ticks_once(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")
    message = await house.see_button("测试模块")
    data = next(b.data for row in message.buttons for b in row if "测试模块" in b.text and b.data)

    for _ in range(2):
        await house.person.press_data(message.message_id, data).answered()

    await house.see("已勾选 1 个模块")


async def test_the_pasted_cookie_is_deleted_though_telegram_says_wait_first(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    house.telegram.fail("deleteMessage", 429, "Too Many Requests: retry after 1", retry_after=1)

    pasted = house.person.send(house.platform.cookie_for(STUDENT.stu_id))

    await house.until(
        lambda: all(m.message_id != pasted.message_id for m in house.person.chat.messages)
    )


async def test_a_cookie_that_cannot_be_deleted_is_told_of(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    house.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted")

    house.person.send(house.platform.cookie_for(STUDENT.stu_id))

    await house.see("请自己删除")


async def test_an_outage_delays_a_preview_and_does_not_lose_it(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")
    await house.press("测试模块")
    await house.see("已勾选")
    house.telegram.fail("editMessageText", 502, "Bad Gateway", times=6)

    await house.press("下一步")

    await house.see_button("开始", patience=60)


async def test_after_an_outage_each_message_gets_its_last_state_alone(houses: Make) -> None:
    house: House = await houses(one_course([video(900), document(1)]))
    await house.log_in()
    progress = await house.start_job("测试科目", "测试模块")
    await house.reported()
    house.telegram.away()
    async with asyncio.timeout(PATIENCE):
        while not await _notices(house):  # noqa: ASYNC110 - a row is written, nobody tells
            await asyncio.sleep(0.02)
    edits = progress.edits

    house.telegram.back()

    assert (await house.final()).counts == (2, 0, 0)
    shrunk = await house.see("已结束")
    assert shrunk.message_id == progress.message_id
    assert shrunk.edits == edits + 1
    assert len(house.finals()) == 1


async def test_logging_out_ends_the_job_in_its_own_message(houses: Make) -> None:
    house: House = await houses(one_course([video(6000)]), speed=100.0)
    await house.log_in()
    progress = await house.start_job("测试科目", "测试模块")
    await house.reported()

    house.person.send("/logout")
    await house.press(f"移除 {STUDENT.name}")

    ended = await house.see("已取消")
    assert ended.message_id == progress.message_id


async def test_the_last_words_of_a_job_arrive_after_a_restart(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    progress = await house.start_job("测试科目", "测试模块")
    house.telegram.fail("editMessageText", 502, "Bad Gateway", times=1000)
    await house.final()
    await house.close()
    house.telegram.trouble.clear()

    await house.open()

    shrunk = await house.see("已结束")
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


async def _notices(house: House) -> int:
    """How many notices wait to be sent."""
    assert house.app is not None
    return len(await house.app.db.read(notices.pending))


def _labels(stage: Stage) -> str:
    messages = stage.telegram.chat(1001).messages
    return " ".join(b.text for m in messages for row in m.buttons for b in row)
