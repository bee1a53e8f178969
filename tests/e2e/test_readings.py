"""A reading of modules that a restart cuts off goes on by itself, in its message."""

from collections.abc import Callable
from typing import Any

from bot.jobs.recovery import forget_old_drafts
from demo.platform import STUDENT, Endpoint, Fault, course, document, module, school_of, topic
from storage import batch_readings
from storage.rows import first_row, run
from tests.e2e.house import PERSON_ID, House

Make = Callable[..., Any]
TOPICS = 30


def long_school() -> Any:  # noqa: ANN401 - a school of one course that takes time to read
    topics = [topic([document(1)]) for _ in range(TOPICS)]
    return school_of(courses=[course([module(topics, name="测试模块")], name="测试科目")])


async def reading(houses: Make) -> tuple[House, int]:
    """A house in the midst of reading, and the id of the message that says so."""
    house: House = await houses(long_school(), speed=10.0)
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")
    await house.press("测试模块")
    await house.press("下一步")
    message = await house.see("正在读取")
    seen = house.platform.requests
    await house.until(lambda: sum(each.endpoint is Endpoint.CELLS for each in seen) > 2)
    return house, message.message_id


async def test_a_reading_cut_off_by_a_restart_goes_on_in_its_message(houses: Make) -> None:
    house, message_id = await reading(houses)
    await house.close()
    assert house.with_button("开始") is None

    await house.open()

    preview = await house.see_button("开始")
    assert preview.message_id == message_id
    await house.press("开始")
    assert (await house.see_button("暂停")).message_id == message_id
    house.person.send("/cancel")
    await house.press("确认取消")
    await house.see("已取消")


async def test_a_reading_that_was_stopped_stays_so_over_a_restart(houses: Make) -> None:
    house, _ = await reading(houses)
    await house.press("取消")
    await house.see_button("下一步")
    await house.close()
    await house.open()
    await house.press("下一步")
    await house.see("正在读取")


async def test_a_reading_goes_on_into_the_question_for_a_cookie_that_has_expired(
    houses: Make,
) -> None:
    house, message_id = await reading(houses)
    await house.close()
    house.platform.expire(STUDENT.stu_id)
    await house.open()
    assert (await house.see("过期")).message_id == message_id


async def test_drafts_of_more_than_a_month_ago_are_forgotten_and_jobs_stay(houses: Make) -> None:
    house: House = await houses(long_school())
    await house.log_in()
    await house.start_job("测试科目", "测试模块")
    await house.preview("测试科目", "测试模块")
    assert house.app is not None
    db = house.app.db
    await db.write(
        lambda conn: run(
            conn, "UPDATE drafts SET created_at = '2020-01-01T00:00:00.000000+00:00' WHERE id = 1"
        )
    )

    await forget_old_drafts(db, house.app.clock.now())

    row = await db.read(
        lambda conn: first_row(
            conn,
            "SELECT (SELECT count(*) FROM drafts) AS drafts,"
            " (SELECT count(DISTINCT draft_id) FROM draft_cells) AS trees,"
            " (SELECT count(*) FROM jobs WHERE chat_id = ?) AS jobs",
            (PERSON_ID,),
        )
    )
    assert row is not None
    assert dict(row) == {"drafts": 1, "trees": 1, "jobs": 1}


async def test_a_reading_of_all_courses_cut_off_between_two_goes_on_in_its_message(
    houses: Make,
) -> None:
    two = [course([module([topic([document(1)])])], name=name) for name in ("甲", "乙")]
    house: House = await houses(school_of(courses=two))
    await house.log_in()
    house.person.send("/courses")
    await house.see_button("🎓 全部课程")
    house.platform.faults.add(Endpoint.MODULES, Fault.hang(60))
    await house.press("🎓 全部课程")
    message = await house.see("正在读取")
    await house.until(lambda: not house.platform.faults.pending())
    await house.close()
    house.platform.faults.clear()

    await house.open()
    preview = await house.see_button("开始")
    assert preview.message_id == message.message_id
    assert "甲" in preview.text
    assert "乙" in preview.text
    assert house.app is not None
    assert await house.app.db.read(batch_readings.cut_off) == []
