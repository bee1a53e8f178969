"""Stores courses under distinct names, for every screen that shows them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from aiosqlite import Connection

from bot.naming import one_line, told_apart
from storage import course_names, courses
from storage.accounts import Account
from storage.course_names import Listed, Names
from storage.courses import Course, CourseEntry


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
