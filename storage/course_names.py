"""The names by which the courses of a chat, and the jobs of them, are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiosqlite import Connection

from storage.rows import record, rows, run, run_many


@dataclass(frozen=True, slots=True)
class Listed:
    """A course as the platform names it, and what else is known of it. ``student`` is the name of
    its account."""

    id: int
    account_id: int
    student: str
    name: str
    term: str
    teacher: str


@dataclass(frozen=True, slots=True)
class Names:
    """``full_name`` is unlike that of the student's other courses, ``chat_name`` unlike that of
    every other course of the chat."""

    course_id: int
    full_name: str
    chat_name: str


async def listed_of_chat(conn: Connection, chat_id: int) -> list[Listed]:
    """The chat's courses in the order in which they were found, those of former terms too."""
    found = await rows(
        conn,
        "SELECT courses.id, account_id, accounts.name AS student, courses.name, term, teacher"
        " FROM courses JOIN accounts ON accounts.id = account_id"
        " WHERE chat_id = ? ORDER BY courses.id",
        (chat_id,),
    )
    return [record(Listed, row) for row in found]


async def keep(conn: Connection, chat_id: int, names: Sequence[Names]) -> None:
    """Stores the names, and gives the chat's jobs those of their courses."""
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
