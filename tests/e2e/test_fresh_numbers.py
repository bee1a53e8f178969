"""What the chat shows of a course is of now, or says from when it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.platform import (
    Endpoint,
    Fault,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from demo.telegram import Message
from storage.moments import from_text, to_text
from storage.rows import rows
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]


async def _age(harness: AppHarness, by: timedelta) -> datetime:
    """What is kept of the courses was read so long ago; when that was."""
    assert harness.app is not None
    seen_at = harness.app.clock.now() - by
    stored = to_text(seen_at)

    async def unit(conn: Any) -> None:  # noqa: ANN401 - a connection
        await conn.execute("UPDATE courses SET seen_at = ?1, percent_at = ?1", (stored,))

    await harness.app.db.write(unit)
    return seen_at


def _says(caption: Message, at: datetime, *, is_away: bool = False) -> bool:
    """Whether the caption says that its numbers are from that moment, by a clock in Shanghai."""
    clock = at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
    words = "🕰 平台暂时连不上，这是" if is_away else "🕰 这是"
    # Before midnight the day stands before the time.
    return any(
        line.startswith(words) and line.endswith(f"{clock} 的进度。")
        for line in caption.text.splitlines()
    )


async def test_a_summary_tells_how_far_the_course_is_now(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([picture(finished=True), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    final = await harness.final()
    assert "📈 课程进度 50% → 100%" in final.message.text
    harness.person.send("/start")
    await harness.see("100%")


@pytest.mark.parametrize("trouble", [None, Fault.HTTP_502, Fault.EXPIRED_TEXT])
async def test_progress_asks_the_platform_or_says_from_when_it_is(
    open_app: Make, trouble: Fault | None
) -> None:
    harness: AppHarness = await open_app(one_course([picture(), document(2)]))
    await harness.log_in()
    await harness.see_button("📖")
    harness.finish("cell-1")
    read_at = await _age(harness, timedelta(minutes=6))
    if trouble is not None:
        harness.platform.faults.add(Endpoint.COURSES, trouble, times=None)
    asked = _asked(harness)
    harness.person.send("/progress")
    caption = await harness.see("📈")
    assert ("🕰" in caption.text) == (trouble is not None)
    assert _says(caption, read_at, is_away=True) == (trouble is not None)
    assert _asked(harness) > asked


@pytest.mark.parametrize("odd", [None, "--"])
async def test_progress_says_from_when_it_is_where_the_platform_tells_no_percent(
    open_app: Make, odd: object
) -> None:
    harness: AppHarness = await open_app(one_course([picture(finished=True), document(2)]))
    await harness.log_in()
    await harness.see_button("📖")
    read_at = await _age(harness, timedelta(minutes=6))
    harness.platform.faults.add(Endpoint.COURSES, Fault.percents(odd), times=None)
    asked = _asked(harness)
    harness.person.send("/progress")
    caption = await harness.see("📈")
    assert _says(caption, read_at)
    assert _asked(harness) > asked


async def test_a_percent_that_is_no_number_never_reads_as_lost_progress(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([picture(finished=True), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    harness.platform.faults.add(Endpoint.COURSES, Fault.percents("--"), times=None)
    final = await harness.final()
    assert final.counts == (1, 0, 0)
    assert "📈" not in final.message.text
    harness.person.send("/start")
    await harness.see("50%")
    assert harness.shown(" 0%") is None


async def test_a_course_that_cannot_be_read_makes_no_list_old(open_app: Make) -> None:
    courses = [course([module([topic([picture()])])], name=f"科目{n}", id=n) for n in "ab"]
    harness: AppHarness = await open_app(school_of(courses=courses))
    await harness.log_in()
    await harness.see_button("📖")
    before = await _age(harness, timedelta(minutes=6))
    harness.platform.faults.add(Endpoint.COURSES, Fault.without_id("a-open"), times=None)
    harness.person.send("/courses")
    await harness.see("有 1 项读不出来")
    asked = _asked(harness)
    harness.person.send("/progress")
    caption = await harness.see("📈")
    assert "🕰" in caption.text
    assert not _says(caption, before)
    assert _asked(harness) == asked


async def test_progress_of_a_moment_ago_asks_nothing_and_says_from_when_it_is(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(one_course([picture(), document(2)]))
    await harness.log_in()
    await harness.see_button("📖")
    read_at = await _age(harness, timedelta(minutes=3))
    asked = _asked(harness)
    harness.person.send("/progress")
    caption = await harness.see("📈")
    assert _says(caption, read_at)
    assert _asked(harness) == asked


async def test_progress_after_a_job_is_of_the_jobs_end(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([picture(finished=True), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    final = await harness.final()
    assert "100%" in final.message.text
    assert harness.app is not None
    asked = _asked(harness)
    harness.person.send("/progress")
    caption = await harness.see("🕰")
    (ended_at,) = await harness.app.db.read(_percents_at)
    assert _says(caption, ended_at)
    assert _asked(harness) == asked


async def _percents_at(conn: Any) -> list[datetime]:  # noqa: ANN401 - a connection
    found = await rows(conn, "SELECT percent_at FROM courses WHERE percent = 100")
    return [from_text(row["percent_at"]) for row in found]


def _asked(harness: AppHarness) -> int:
    return sum(each.endpoint is Endpoint.COURSES for each in harness.platform.requests)


async def test_preview_progress_and_summary_count_the_same_cells(open_app: Make) -> None:
    cells = [video(60), document(2), quiz(), unsupported("直播"), picture(finished=True)]
    harness: AppHarness = await open_app(one_course(cells))
    await harness.log_in()
    preview = await harness.preview("测试科目", "测试模块")
    assert "4 节（其中 1 节要你自己做、1 节我学不了）：视频 1 · 文档 1" in preview.text
    await harness.press("开始")
    await harness.see("/4")
    final = await harness.final()
    assert final.counts == (2, 0, 2)
