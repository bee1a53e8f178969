"""Courses of one name are told apart wherever they stand: in lists, jobs, and between accounts."""

from dataclasses import replace
from pathlib import Path

import pytest
from aiosqlite import Connection

from bot.jobs.answers import Answer
from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Course,
    course,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage import courses
from storage.accounts import Account
from storage.courses import Course as StoredCourse
from storage.enums import Pace
from storage.jobs import Job
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA

ENGLISH = "大学英语"


def english(term: str = "2021春", teacher: str = "陈剑英", name: str = ENGLISH) -> Course:
    made = course([module([topic([picture()])], name="模块")], name=name)
    return replace(made, term=term, teacher=teacher)


async def listed(harness: JobsHarness, account: Account) -> list[StoredCourse]:
    """The account's courses in the platform's order."""
    await harness.drafts.read_courses(account)
    return await harness.db.read(lambda conn: courses.courses_of(conn, ANNA, account.id))


async def job_of(harness: JobsHarness, account: Account, chosen: StoredCourse) -> Job:
    opened = await harness.drafts.begin(account, chosen, 5, Pace.NORMAL)
    assert opened is not None
    await harness.drafts.tick_all(ANNA, opened.draft.id)
    assert await harness.drafts.claim_reading(opened.draft.id)
    async for _ in harness.drafts.read(account, await harness.draft_now(opened)):
        pass
    plan = await harness.drafts.plan(await harness.draft_now(opened))
    result = await harness.control.start(ANNA, opened.draft.id, 7)
    assert result.answer is Answer.STARTED
    assert result.job is not None
    assert plan.course_name == result.job.course_name
    return result.job


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (english("2020秋"), english(), [f"{ENGLISH} · 2020秋", f"{ENGLISH} · 2021春"]),
        (english(), english(teacher="李健"), [f"{ENGLISH} · 陈剑英", f"{ENGLISH} · 李健"]),
        (english(), english(), [f"{ENGLISH} (1)", f"{ENGLISH} (2)"]),
        (english(), english(name=f"{ENGLISH} \u200b"), [f"{ENGLISH} (1)", f"{ENGLISH} (2)"]),
        (english(), english(name="英语"), [ENGLISH, "英语"]),
    ],
    ids=["terms", "teachers", "classes", "blanks", "names"],
)
async def test_two_courses_of_a_student_have_names_that_tell_them_apart(
    tmp_path: Path, first: Course, second: Course, names: list[str]
) -> None:
    async with open_jobs(tmp_path, school_of(courses=[first, second])) as harness:
        account = (await harness.log_in(ANNA)).account
        found = await listed(harness, account)
        assert [each.name for each in found] == names
        for each, name in zip(found, names, strict=True):
            opened = await harness.drafts.course(ANNA, each.id)
            assert opened is not None
            assert opened.name == name
        made = [await job_of(harness, account, each) for each in found]
        assert [job.course_name for job in made] == names


async def test_a_course_of_a_former_term_keeps_apart_from_the_one_of_this_term(
    tmp_path: Path,
) -> None:
    """The job of before is still listed, and gets the name that it needs by now."""
    school = school_of(courses=[english("2020秋"), english()])
    before, now = school.courses
    school.courses = (before,)
    async with open_jobs(tmp_path, school) as harness:
        account = (await harness.log_in(ANNA)).account
        (old,) = await listed(harness, account)
        job = await job_of(harness, account, old)
        assert job.course_name == ENGLISH
        await harness.until_ended(job.id)
        harness.platform.school.courses = (now,)
        (new,) = await listed(harness, account)
        assert new.name == f"{ENGLISH} · 2021春"
        assert (await harness.job(job.id)).course_name == f"{ENGLISH} · 2020秋"


async def test_the_jobs_of_two_students_in_a_chat_name_the_student(tmp_path: Path) -> None:
    school = school_of(courses=[english(), english(name="体育")])
    async with open_jobs(tmp_path, school) as harness:
        mine = (await harness.log_in(ANNA)).account
        (first, _) = await listed(harness, mine)
        job = await job_of(harness, mine, first)
        assert job.course_name == ENGLISH
        theirs = (await harness.log_in(ANNA, OTHER_STUDENT.stu_id)).account
        (second, _) = await listed(harness, theirs)
        assert second.name == ENGLISH, "a list stands under the student's name"
        other = await job_of(harness, theirs, second)
        assert other.course_name == f"{ENGLISH} · {OTHER_STUDENT.name}"
        assert (await harness.job(job.id)).course_name == f"{ENGLISH} · {STUDENT.name}"
        await harness.until_ended(job.id)
        await harness.login.log_out(ANNA, theirs.id)
        assert (await harness.job(job.id)).course_name == ENGLISH


async def test_modules_and_topics_of_one_name_have_numbers(tmp_path: Path) -> None:
    twice = [module([topic([video(30)], name="小结")] * 2, name="单元")] * 2
    async with open_jobs(tmp_path, school_of(modules=twice)) as harness:
        account = (await harness.log_in(ANNA)).account
        (only,) = await listed(harness, account)
        job = await job_of(harness, account, only)
        opened = await harness.drafts.begin(account, only, 5, Pace.NORMAL)
        assert opened is not None
        assert [each.name for each in opened.modules] == ["单元 (1)", "单元 (2)"]
        places = [
            (each.cell.module_name, each.cell.topic_name) for each in await harness.items(job.id)
        ]
        assert places == [
            (f"单元 ({number})", f"小结 ({each})") for number in (1, 2) for each in (1, 2)
        ]


async def test_a_name_that_the_platform_changes_is_shown_at_once(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(courses=[english(), english()])) as harness:
        account = (await harness.log_in(ANNA)).account
        await listed(harness, account)
        first, second = harness.platform.school.courses
        harness.platform.school.courses = (first, replace(second, name="大学英语（二）"))
        assert [each.name for each in await listed(harness, account)] == [ENGLISH, "大学英语（二）"]

        async def raw(conn: Connection) -> list[str]:
            cursor = await conn.execute("SELECT name FROM courses ORDER BY id")
            return [row[0] for row in await cursor.fetchall()]

        assert await harness.db.read(raw) == [ENGLISH, "大学英语（二）"]
