"""Rows that many tests need, and short ways to make them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import DATABASE_NAME, KEY_NAME
from storage import accounts, chats, courses, drafts
from storage.accounts import Account
from storage.cells import Cell
from storage.courses import Course, CourseEntry, Module, ModuleEntry
from storage.database import Database
from storage.drafts import Draft
from storage.enums import Pace
from storage.key_file import open_vault
from storage.rows import first_row
from storage.vault import Vault
from tests.support.names import ANNA

NOW = datetime(2021, 3, 1, 7, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
COOKIE = "5EC4E7C00C1E0F00D"


async def chat_of(db: Database, chat_id: int = ANNA) -> chats.Chat:
    return await db.write(lambda conn: chats.ensure(conn, chat_id, chat_id, NOW))


async def account_of(
    db: Database,
    vault: Vault,
    chat_id: int = ANNA,
    *,
    stu_id: str = "stu-1",
    cookie: str = COOKIE,
    pasted_at: datetime = NOW,
) -> Account:
    await chat_of(db, chat_id)
    return await db.write(
        lambda conn: accounts.save(
            conn,
            vault,
            chat_id=chat_id,
            stu_id=stu_id,
            name="张三",
            number="99",
            cookie=cookie,
            pasted_at=pasted_at,
            expires_at=pasted_at + timedelta(hours=10),
        )
    )


def course_entry(name: str, percent: float | None = 0) -> CourseEntry:
    return CourseEntry(
        course_open_id=f"open-{name}",
        open_class_id=f"class-{name}",
        name=name,
        teacher="陈剑英",
        term="2021春",
        percent=percent,
        score=0,
        current=True,
    )


async def course_of(db: Database, account: Account, *names: str) -> list[Course]:
    entries = [course_entry(name) for name in names or ("java",)]
    return await db.write(lambda conn: courses.replace_courses(conn, account.id, entries, NOW))


async def modules_of(db: Database, course: Course, **percents: float | None) -> list[Module]:
    entries = [ModuleEntry(name, name.title(), percent) for name, percent in percents.items()]
    return await db.write(lambda conn: courses.replace_modules(conn, course.id, entries))


async def draft_of(
    db: Database,
    account: Account,
    course: Course,
    *,
    now: datetime = NOW,
    message_id: int | None = None,
) -> Draft:
    draft = await db.write(
        lambda conn: drafts.create(
            conn,
            chat_id=account.chat_id,
            account_id=account.id,
            course_id=course.id,
            pace=Pace.NORMAL,
            now=now,
            message_id=message_id,
        )
    )
    assert draft is not None
    return draft


def draft_cell(cell_id: str, percent: float | None = 0) -> Cell:
    return Cell("m", "Module", "t", "Topic", cell_id, f"Cell {cell_id}", "视频", percent)


async def job_of(db: Database, account: Account, course: Course | None) -> int:
    row = await db.write(
        lambda conn: first_row(
            conn,
            "INSERT INTO jobs (chat_id, account_id, stu_id, course_id, course_open_id,"
            " open_class_id, course_name, pace, state, created_at)"
            " VALUES (?, ?, ?, ?, 'o', 'c', 'java', '1', 'queued', '') RETURNING id",
            (account.chat_id, account.id, account.stu_id, course.id if course else None),
        )
    )
    assert row is not None
    return int(row["id"])


async def count(db: Database, table: str) -> int:
    row = await db.read(lambda conn: first_row(conn, f"SELECT count(*) FROM {table}"))  # noqa: S608
    assert row is not None
    return int(row[0])


async def leave_data(folder: Path) -> None:
    """What a bot leaves that ended in order: a chat, and its sealed cookie."""
    async with await Database.open(folder / DATABASE_NAME) as db:
        await account_of(db, open_vault(folder / KEY_NAME))
