"""A reading of modules that a restart cuts off goes on by itself, in its message."""

from collections.abc import Callable
from typing import Any

from bot.jobs.recovery import forget_old_drafts
from demo.platform import STUDENT, Endpoint, Fault, course, document, module, school_of, topic
from storage import loading_screens
from storage.rows import first_row, run
from tests.support.app_harness import AppHarness
from tests.support.names import ANNA

Make = Callable[..., Any]
TOPICS = 30


def long_school() -> Any:  # noqa: ANN401 - a school of one course that takes time to read
    topics = [topic([document(1)]) for _ in range(TOPICS)]
    return school_of(courses=[course([module(topics, name="测试模块")], name="测试科目")])


async def reading(open_app: Make) -> tuple[AppHarness, int]:
    """A bot in the midst of reading, and the id of the message that says so."""
    harness: AppHarness = await open_app(long_school(), speed=10.0)
    await harness.log_in()
    harness.person.send("/courses")
    await harness.see("想学哪一门")
    await harness.press("测试科目")
    await harness.press("测试模块")
    await harness.press("下一步")
    message = await harness.see("正在查看")
    seen = harness.platform.requests
    await harness.until(lambda: sum(each.endpoint is Endpoint.CELLS for each in seen) > 2)
    return harness, message.message_id


async def test_a_reading_cut_off_by_a_restart_goes_on_in_its_message(open_app: Make) -> None:
    harness, message_id = await reading(open_app)
    await harness.close()
    assert harness.with_button("开始") is None

    await harness.open()

    preview = await harness.see_button("开始")
    assert preview.message_id == message_id
    await harness.press("开始")
    assert (await harness.see_button("暂停")).message_id == message_id
    harness.person.send("/cancel")
    await harness.press("确认取消")
    await harness.see("已取消")


async def test_a_reading_that_was_stopped_stays_so_over_a_restart(open_app: Make) -> None:
    harness, _ = await reading(open_app)
    await harness.press("取消")
    await harness.see_button("下一步")
    await harness.close()
    await harness.open()
    await harness.press("下一步")
    await harness.see("正在查看")


async def test_a_reading_goes_on_into_the_question_for_a_cookie_that_has_expired(
    open_app: Make,
) -> None:
    harness, message_id = await reading(open_app)
    await harness.close()
    harness.platform.expire(STUDENT.stu_id)
    await harness.open()
    assert (await harness.see("过期")).message_id == message_id


async def test_drafts_of_more_than_a_month_ago_are_forgotten_and_jobs_stay(open_app: Make) -> None:
    harness: AppHarness = await open_app(long_school())
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.press("取消")
    await harness.press("确认取消")
    await harness.see("已取消")
    await harness.preview("测试科目", "测试模块")
    assert harness.app is not None
    db = harness.app.db
    await db.write(
        lambda conn: run(
            conn, "UPDATE drafts SET created_at = '2020-01-01T00:00:00.000000+00:00' WHERE id = 1"
        )
    )

    await forget_old_drafts(db, harness.app.clock.now())

    row = await db.read(
        lambda conn: first_row(
            conn,
            "SELECT (SELECT count(*) FROM drafts) AS drafts,"
            " (SELECT count(DISTINCT draft_id) FROM draft_cells) AS trees,"
            " (SELECT count(*) FROM jobs WHERE chat_id = ?) AS jobs",
            (ANNA,),
        )
    )
    assert row is not None
    assert dict(row) == {"drafts": 1, "trees": 1, "jobs": 1}


async def test_a_reading_of_all_courses_cut_off_between_two_goes_on_in_its_message(
    open_app: Make,
) -> None:
    two = [course([module([topic([document(1)])])], name=name) for name in ("甲", "乙")]
    harness: AppHarness = await open_app(school_of(courses=two))
    await harness.log_in()
    harness.person.send("/courses")
    await harness.see("想学哪一门")
    harness.platform.faults.add(Endpoint.MODULES, Fault.hang(60))
    await harness.press("🎓 学剩下的")
    message = await harness.see("正在查看")
    await harness.until(lambda: not harness.platform.faults.pending())
    await harness.close()
    harness.platform.faults.clear()

    await harness.open()
    preview = await harness.see_button("开始")
    assert preview.message_id == message.message_id
    assert "甲" in preview.text
    assert "乙" in preview.text
    assert harness.app is not None
    background = harness.app.background
    await harness.until(lambda: not background.is_running(("batch", ANNA)))
    assert await harness.app.db.read(loading_screens.left_over) == []
