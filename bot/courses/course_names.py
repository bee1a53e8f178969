"""Stores courses under distinct names, for every screen that shows them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from aiosqlite import Connection

from bot.naming import one_line, told_apart
from bot.zjy.models import CourseList, CourseRef
from storage import accounts, course_names, courses, job_changes
from storage.accounts import Account
from storage.course_names import Listed, Names
from storage.courses import Course, CourseEntry
from storage.jobs import Job


def entries_of(found: CourseList) -> list[CourseEntry]:
    """The entries to store for a list of courses."""
    current = {term.name for term in found.terms if term.current}
    return [
        CourseEntry(
            course_open_id=course.course_open_id,
            open_class_id=course.open_class_id,
            name=course.name,
            teacher=course.teacher,
            term=course.term,
            percent=course.percent,
            score=course.score,
            current=course.term in current,
        )
        for course in found.courses
    ]


async def keep_courses(
    conn: Connection,
    account: Account,
    entries: Sequence[CourseEntry],
    now: datetime,
    *,
    whole: bool = True,
) -> list[Course]:
    """Makes ``entries`` the account's courses and returns them, named; ``whole`` as in
    ``courses.replace_courses``. Runs within a unit of work."""
    await courses.replace_courses(conn, account.id, entries, now, whole=whole)
    await name_courses(conn, account.chat_id)
    return await courses.courses_of(conn, account.chat_id, account.id)


async def keep_courses_after(conn: Connection, job: Job, listed: CourseList, now: datetime) -> None:
    """Makes ``listed`` the courses of the job's account, and keeps the job's own course's percent
    as the one after the job. Runs within a unit of work."""
    account = await accounts.get(conn, job.chat_id, job.account_id)
    if account is None:
        return
    await keep_courses(conn, account, entries_of(listed), now, whole=not listed.unreadable)
    ref = CourseRef(job.course_open_id, job.open_class_id)
    for course in listed.courses:
        if course.ref == ref and course.percent is not None:
            await job_changes.set_percent_after(conn, job.id, course.percent)


async def name_courses(conn: Connection, chat_id: int) -> None:
    """Renames the chat's courses and jobs after a course or an account was added or removed."""
    listed = await course_names.listed_of_chat(conn, chat_id)
    await course_names.keep(conn, chat_id, names_of(listed))


def names_of(listed: Sequence[Listed]) -> list[Names]:
    """Distinct names: equal names get the term, then the teacher, and in the chat also the student.
    The platform has no name for a class, so names that are still equal get numbers."""
    by_account = sorted(listed, key=lambda course: course.account_id)
    full: list[str] = []
    for _, group in groupby(by_account, key=lambda course: course.account_id):
        own = list(group)
        full += told_apart(
            [one_line(course.name) for course in own],
            [(course.term, course.teacher) for course in own],
        )
    in_chat = told_apart(full, [[course.student] for course in by_account])
    return [
        Names(course.id, full_name, chat_name)
        for course, full_name, chat_name in zip(by_account, full, in_chat, strict=True)
    ]
