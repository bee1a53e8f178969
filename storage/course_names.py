"""The distinct names of a chat's courses and of their jobs."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiosqlite import Connection

from storage.rows import records, run, run_many


@dataclass(frozen=True, slots=True)
class Listed:
    """A course as the platform names it, with its term and teacher. ``student`` is the name of its
    account."""

    id: int
    account_id: int
    student: str
    name: str
    term: str
    teacher: str


@dataclass(frozen=True, slots=True)
class Names:
    """``full_name`` is distinct among the student's courses, ``chat_name`` among all courses of the
    chat."""

    course_id: int
    full_name: str
    chat_name: str


async def listed_of_chat(conn: Connection, chat_id: int) -> list[Listed]:
    """The chat's courses in the order in which they were found, including those of former terms."""
    return await records(
        Listed,
        conn,
        "SELECT courses.id, account_id, accounts.name AS student, courses.name, term, teacher"
        " FROM courses JOIN accounts ON accounts.id = account_id"
        " WHERE chat_id = ? ORDER BY courses.id",
        (chat_id,),
    )


async def keep(conn: Connection, chat_id: int, names: Sequence[Names]) -> None:
    """Stores the names, for the courses and for the chat's jobs of them."""
    await run_many(
        conn,
        "UPDATE courses SET full_name = ?1, chat_name = ?2"
        " WHERE id = ?3 AND (full_name, chat_name) IS NOT (?1, ?2)",
        [(each.full_name, each.chat_name, each.course_id) for each in names],
    )
    await run(
        conn,
        "UPDATE jobs SET course_name = courses.chat_name FROM courses"
        " WHERE courses.id = jobs.course_id AND jobs.chat_id = ?"
        " AND course_name IS NOT courses.chat_name",
        (chat_id,),
    )
