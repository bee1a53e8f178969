"""Chats, accounts and jobs, written into a bot's folder before it starts: what people would have
done in the chat, by the storage's own functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosqlite import Connection

from bot.app import DATABASE_NAME, KEY_NAME
from demo.platform import Course, PlatformServer, Student
from demo.platform import School as PlatformSchool
from demo.telegram import TelegramServer
from demo.telegram.state import BotStatus
from storage import accounts, chats, courses, digest_settings, drafts, jobs
from storage.cells import Cell
from storage.courses import CourseEntry, ModuleEntry
from storage.database import Database
from storage.enums import DraftState, JobReason, JobState, Pace
from storage.job_changes import change_state
from storage.key_file import open_vault
from storage.vault import Vault

FIRST_CHAT = 3001
LONG_AGO = timedelta(days=2)
COOKIE_LIVES = timedelta(days=400)
FOR_EVER = 1e15
"""Platform seconds for which the platform takes a cookie, whatever the speed of its clock."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A person of a chat who is the student, with a job in this state; None for none. With
    ``digest`` one comes each day at 21:00 in China."""

    chat_id: int
    student: Student
    job: JobState | None = None
    digest: bool = False


def people(
    school: PlatformSchool, running: int, paused: int
) -> tuple[Sequence[Seed], Sequence[Seed]]:
    """So many with a job that runs, then so many whose job rests, as the school has them."""
    made = [
        Seed(FIRST_CHAT + number, student, JobState.QUEUED if number < running else JobState.PAUSED)
        for number, student in enumerate(school.students[: running + paused])
    ]
    return made[:running], made[running:]


async def sow(
    folder: Path, platform: PlatformServer, telegram: TelegramServer, seeds: Iterable[Seed]
) -> None:
    """Write it all into ``folder``, which no bot uses now, in one unit. All of it happened
    :data:`LONG_AGO`."""
    cells = tuple(cells_of(platform.school))
    async with await Database.open(folder / DATABASE_NAME) as db:
        vault = open_vault(folder / KEY_NAME)

        async def write(conn: Connection) -> None:
            for seed in seeds:
                await _sow_one(conn, vault, platform, telegram, seed, cells)

        await db.write(write)


async def _sow_one(
    conn: Connection,
    vault: Vault,
    platform: PlatformServer,
    telegram: TelegramServer,
    seed: Seed,
    cells: Sequence[Cell],
) -> None:
    now = datetime.now(UTC) - LONG_AGO
    telegram.person(seed.chat_id).chat.bot = BotStatus.MEMBER
    await chats.ensure(conn, seed.chat_id, seed.chat_id, now, language_code="zh-hans")
    account = await accounts.save(
        conn,
        vault,
        chat_id=seed.chat_id,
        stu_id=seed.student.stu_id,
        name=seed.student.name,
        number=seed.student.number,
        cookie=platform.cookie_for(seed.student.stu_id, lifetime=FOR_EVER),
        pasted_at=now,
        expires_at=now + COOKIE_LIVES,
    )
    await chats.set_active_account(conn, seed.chat_id, account.id)
    entries = [entry_of(course) for course in platform.school.courses]
    stored = await courses.replace_courses(conn, account.id, entries, now)
    for kept, course in zip(stored, platform.school.courses, strict=True):
        modules = [ModuleEntry(each.id, each.name, 0) for each in course.modules]
        await courses.replace_modules(conn, kept.id, modules)
    if seed.digest:
        await digest_settings.ensure(conn, seed.chat_id, now)
        await digest_settings.switch(conn, seed.chat_id, now, on=True)
    if seed.job is None:
        return
    draft = await drafts.create(
        conn,
        chat_id=seed.chat_id,
        account_id=account.id,
        course_id=stored[0].id,
        pace=Pace.NORMAL,
        now=now,
        message_id=progress_message(telegram, seed.chat_id),
    )
    if draft is None:
        raise LookupError(f"no draft of chat {seed.chat_id}")
    await drafts.store_cells(conn, draft.id, cells, now, whole=True)
    await drafts.set_state(conn, draft.id, DraftState.CHOOSING, DraftState.READY)
    job_id = await jobs.create_from_draft(conn, draft.id, now)
    if seed.job is JobState.PAUSED and job_id is not None:
        await change_state(
            conn,
            job_id,
            expected=(JobState.QUEUED,),
            state=JobState.PAUSED,
            reason=JobReason.BY_PERSON,
            now=now,
        )


def entry_of(course: Course) -> CourseEntry:
    """The course as the platform lists it, nothing studied."""
    return CourseEntry(
        course_open_id=course.course_open_id,
        open_class_id=course.open_class_id,
        name=course.name,
        teacher="陈剑英",
        term="2021春",
        percent=0,
        score=0,
        current=True,
    )


def cells_of(school: PlatformSchool) -> Iterable[Cell]:
    """The cells of the first course, as a reading of it stores them."""
    for module in school.courses[0].modules:
        for topic in module.topics:
            for cell in topic.cells:
                yield Cell(
                    module.id, module.name, topic.id, topic.name, cell.id, cell.name,
                    cell.category, 0.0,
                )  # fmt: skip


def progress_message(telegram: TelegramServer, chat_id: int) -> int:
    """A message of the bot that the chat shows already."""
    world = telegram.world
    message = world.new_message(world.chats[chat_id], world.bot, from_bot=True)
    message.text = message.html = "…"
    return world.show(message).message_id
