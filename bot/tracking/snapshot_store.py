"""Units of work that store what was read of a course and mark what in it is new."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aiosqlite import Connection

from bot.jobs import notice_keys
from bot.tracking.changes import (
    Before,
    Trees,
    explained,
    is_unread_news,
    new_cells,
    risen,
    waits_to_be_read,
)
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from bot.zjy.models import ModuleList
from storage import courses, digest_settings, known, known_changes
from storage.accounts import Account
from storage.cells import Cell
from storage.courses import Course, ModuleEntry
from storage.enums import NoticeKind
from storage.known import KnownModule
from storage.notices import insert_notice


async def before_look(conn: Connection, course_id: int) -> Before:
    """What is known of the course before the next look."""
    return Before(
        await known.course(conn, course_id),
        {module.module_id: module for module in await known.all_modules(conn, course_id)},
        await known.cell_ids(conn, course_id, listed=True),
        await known.cell_ids(conn, course_id, listed=False),
    )


async def catch_up(conn: Connection, account: Account, now: datetime) -> None:
    """Store what previews read and what jobs did since the last look, without a request."""
    for course in await courses.courses_of(conn, account.chat_id, account.id):
        if await known.course(conn, course.id) is not None:
            await _catch_up(conn, course.id, now)


async def _catch_up(conn: Connection, course_id: int, now: datetime) -> None:
    before = await before_look(conn, course_id)
    found = 0
    for module_id, read_at, cells in await known.read_since(conn, course_id):
        module = before.modules.get(module_id)
        if module is None:
            continue
        new = new_cells(before, module, cells, just_read=False)
        await known_changes.keep_cells(
            conn, module, cells, new, read_at=read_at, read_percent=None, now=now
        )
        # The course's count rose by a new module's cells when the module appeared.
        found += 0 if is_unread_news(module) else len(new)
    if found:
        await known_changes.add_to_count(conn, course_id, found)
    await known_changes.note_done(conn, course_id)


async def absorb(
    conn: Connection,
    account: Account,
    course: Course,
    listing: ModuleList,
    trees: Trees,
    *,
    now: datetime,
    tell: bool,
    whole: bool = True,
) -> None:
    """Store the course's listing and the modules whose cells were read. With ``tell`` new lessons
    leave a notice. Modules that the listing lacks stay if it is not the ``whole`` one."""
    before = await before_look(conn, course.id)
    entries = [ModuleEntry(each.id, each.name, each.percent) for each in listing.modules]
    whole = whole and not listing.unreadable
    await courses.replace_modules(conn, course.id, entries, whole=whole)
    await courses.set_counts(conn, course.id, listing.cell_count, listing.studied_count)
    found_at = None if before.course is None else now
    modules = await known_changes.keep_modules(conn, course.id, entries, found_at, whole=whole)
    news: dict[str, Sequence[Cell]] = {}
    for module in modules:
        if module.module_id in trees:
            cells = trees[module.module_id]
            held = before.modules.get(module.module_id)
            news[module.module_id] = await _keep_read(conn, before, held, module, cells, now)
    unnamed = _unnamed(before, listing, modules, trees)
    await known_changes.keep_course(
        conn, course.id, listing.cell_count, listing.studied_count or 0, now
    )
    if unnamed:
        settings = await digest_settings.get(conn, account.chat_id)
        since = settings.reported_until if settings is not None else None
        await known_changes.add_unnamed(conn, course.id, unnamed, now, since)
    is_first = before.course is None
    if is_first:
        await _catch_up(conn, course.id, now)
    if tell:
        told = NewLessonsNotice(
            account_id=account.id,
            course_id=course.id,
            modules=[] if is_first else _taught(before, modules, news),
            unnamed=unnamed,
            is_new=is_first and course.found_at is not None,
        )
        await _leave_notice(conn, account.chat_id, told, now)


async def keep_cells(
    conn: Connection, course_id: int, module_id: str, cells: Sequence[Cell], now: datetime
) -> None:
    """Store the cells of a known module as they were read just now."""
    before = await before_look(conn, course_id)
    module = before.modules.get(module_id)
    if module is not None:
        await _keep_read(conn, before, module, module, cells, now)


async def _keep_read(
    conn: Connection,
    before: Before,
    held: KnownModule | None,
    module: KnownModule,
    cells: Sequence[Cell],
    now: datetime,
) -> list[Cell]:
    """Store the cells of a module; returns the new ones. ``held`` is the module as known before,
    None for a new one."""
    new = new_cells(before, held, cells, just_read=True)
    await known_changes.keep_cells(
        conn, module, cells, new, read_at=now, read_percent=module.percent, now=now
    )
    return [cell for cell in cells if cell.cell_id in new]


def _unnamed(
    before: Before,
    listing: ModuleList,
    modules: Sequence[KnownModule],
    trees: Trees,
) -> int:
    """How many new cells the platform counts that cannot be named. They include the cells of new
    modules that wait to be read; those get their names later."""
    waits = any(
        module.module_id not in trees and waits_to_be_read(before.modules.get(module.module_id))
        for module in modules
    )
    return 0 if waits else max(0, risen(before, listing) - explained(before, trees))


def _taught(
    before: Before, modules: Sequence[KnownModule], news: Mapping[str, Sequence[Cell]]
) -> list[TaughtModule]:
    """The modules that are new or have new cells, in the platform's order."""
    return [
        TaughtModule(
            module_id=module.module_id,
            name=module.name,
            is_new=module.module_id not in before.modules,
            cells=[cell.name for cell in news.get(module.module_id, ())],
            cell_ids=[cell.cell_id for cell in news.get(module.module_id, ())],
        )
        for module in modules
        if module.module_id not in before.modules or news.get(module.module_id)
    ]


async def _leave_notice(
    conn: Connection, chat_id: int, told: NewLessonsNotice, now: datetime
) -> None:
    if told.is_empty:
        return
    await insert_notice(
        conn,
        chat_id=chat_id,
        kind=NoticeKind.NEW_LESSONS,
        once=notice_keys.new_lessons(told.course_id, now),
        payload=told.payload(),
        now=now,
    )
