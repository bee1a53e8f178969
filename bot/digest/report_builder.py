"""Builds a report from what is stored, without a request to the platform."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from aiosqlite import Connection

from bot.digest.report import (
    AccountPart,
    CourseLine,
    JobLine,
    Left,
    Missed,
    MissedDigest,
    ModuleLine,
    NewLessons,
    Standing,
)
from bot.jobs.items import counts_of
from bot.study.estimate import estimate
from bot.study.methods import CellKind, kind_of
from bot.tracking import rate
from storage import courses, digests, jobs, known, lengths, snapshots
from storage.accounts import Account
from storage.cells import Cell
from storage.courses import Course, Module
from storage.enums import UNFINISHED, Pace, SkipReason
from storage.known import KnownCell, KnownCourse, KnownModule

FIRST_SINCE = timedelta(days=1)
"""The first digest lists the jobs that ended within this time."""
_SAME = 0.005
"""Percents have two decimals."""


async def account_part(
    conn: Connection,
    account: Account,
    standing: Standing,
    *,
    since: datetime | None,
    now: datetime,
    local_date: date,
    pace: Pace,
) -> AccountPart:
    """The account's part of a report, from what is stored."""
    listed = await courses.courses_of(conn, account.chat_id, account.id)
    lines = [await _course_line(conn, account, course, since, pace) for course in listed]
    if standing is Standing.READ:
        lines = await _with_ends(conn, account, lines, local_date)
    needs_cookie = standing is Standing.EXPIRED
    return AccountPart(
        account_id=account.id,
        name=account.name,
        standing=standing,
        as_of=min((line.as_of for line in lines), default=None),
        asks_for_cookie=needs_cookie and account.cookie_asked_on != local_date,
        courses=sorted(lines, key=lambda line: not line.is_current),
        jobs=await _job_lines(conn, account, since or now - FIRST_SINCE),
        homework=account.homework,
        exams=account.exams,
        unread=account.unread,
        more_homework=_more(account.homework, account.said_homework),
        more_exams=_more(account.exams, account.said_exams),
        can_study=account.can_study,
    )


async def _with_ends(
    conn: Connection, account: Account, lines: Sequence[CourseLine], today: date
) -> list[CourseLine]:
    """The lines with the day on which each course is complete at its present rate. The percent of
    the line is today's: the snapshot of today may be older."""
    first = today - timedelta(days=rate.DAYS)
    points: defaultdict[int, list[tuple[date, float]]] = defaultdict(list)
    for kept in await snapshots.of_account(conn, account.chat_id, account.id, first):
        if kept.local_date < today:
            points[kept.course_id].append((kept.local_date, kept.percent))
    return [
        replace(line, done_by=rate.done_by([*points[line.course_id], (today, line.percent)], today))
        if line.percent is not None and line.percent_at is None
        else line
        for line in lines
    ]


def _more(count: int, said: int | None) -> int:
    return 0 if said is None else max(0, count - said)


async def missed_digests(conn: Connection, chat_id: int, besides: date) -> list[MissedDigest]:
    """The missed digests, except that of the date ``besides``, that the student was not told of."""
    return [
        MissedDigest(row.local_date, _why(row.reason))
        for row in await digests.untold(conn, chat_id, besides)
    ]


def _why(reason: SkipReason | None) -> Missed:
    match reason:
        case SkipReason.DOWN | SkipReason.BLOCKED:
            return Missed.DOWN
        case SkipReason.BROKEN:
            return Missed.BROKEN
        case _:
            return Missed.LOST


async def _job_lines(conn: Connection, account: Account, since: datetime) -> list[JobLine]:
    found = await jobs.ended_since(conn, account.chat_id, since)
    found += await jobs.in_states(conn, UNFINISHED, chat_id=account.chat_id)
    return [
        JobLine(
            course_name=job.course_name,
            state=job.state,
            counts=counts_of(await jobs.items(conn, job.id)),
            resume_at=job.resume_at,
            is_news=await jobs.changed_since(conn, job.id, since),
        )
        for job in found
        if job.account_id == account.id
    ]


async def _course_line(
    conn: Connection, account: Account, course: Course, since: datetime | None, pace: Pace
) -> CourseLine:
    known_course = await known.course(conn, course.id)
    known_modules = {each.module_id: each for each in await known.modules(conn, course.id)}
    by_row: dict[int, list[KnownCell]] = {each.id: [] for each in known_modules.values()}
    for cell in await known.cells(conn, course.id):
        by_row[cell.module_row].append(cell)
    modules = await courses.modules_of(conn, account.chat_id, course.id)
    left = await _left(conn, account, course, modules, known_course, known_modules, by_row, pace)
    return CourseLine(
        course_id=course.id,
        name=course.name,
        is_current=course.current,
        is_new=_is_since(course.found_at, since),
        percent=course.percent,
        percent_at=course.percent_at if course.percent_at != course.seen_at else None,
        gained=_gained(course.percent, known_course.said_percent if known_course else None),
        cell_count=course.cell_count,
        studied_count=course.studied_count,
        modules=[_module_line(module, known_modules, since) for module in modules],
        left=left,
        news=_news(modules, known_modules, by_row, since),
        unnamed=_unnamed(known_course, since),
        as_of=_as_of(course, known_course),
    )


def _as_of(course: Course, known_course: KnownCourse | None) -> datetime:
    told_at = course.percent_at or course.seen_at
    if known_course is None or course.is_complete:
        return told_at
    return min(told_at, known_course.modules_at)


def _module_line(
    module: Module, known_modules: Mapping[str, KnownModule], since: datetime | None
) -> ModuleLine:
    held = known_modules.get(module.module_id)
    said = held.said_percent if held is not None else None
    if held is not None and said is None and since is not None and _is_since(held.found_at, since):
        said = 0.0  # it did not exist
    return ModuleLine(
        module_id=module.module_id,
        name=module.name,
        percent=module.percent,
        gained=_gained(module.percent, said),
    )


def _gained(percent: float | None, said: float | None) -> float | None:
    if percent is None or said is None:
        return None
    gained = round(percent - said, 2)
    return gained if abs(gained) > _SAME else 0.0


async def _left(
    conn: Connection,
    account: Account,
    course: Course,
    modules: Sequence[Module],
    known_course: KnownCourse | None,
    known_modules: Mapping[str, KnownModule],
    by_row: Mapping[int, Sequence[KnownCell]],
    pace: Pace,
) -> Left:
    unfinished = [] if course.is_complete else [m for m in modules if not m.is_complete]
    cells: list[Cell] = []
    read_at: list[datetime] = []
    if known_course is not None and known_course.modules_at < course.seen_at:
        # Its modules were read at another time than its percent.
        read_at.append(known_course.modules_at)
    unread = 0
    for module in unfinished:
        held = known_modules.get(module.module_id)
        if held is None or held.read_at is None:
            unread += 1
            continue
        if not held.is_as_read:
            read_at.append(held.read_at)
        cells += [each.cell for each in by_row[held.id] if not each.cell.is_complete]
    kinds = Counter(kind_of(cell.category) for cell in cells)
    found = await lengths.of_course(
        conn, account.chat_id, course.course_open_id, [cell.cell_id for cell in cells]
    )
    to_come = estimate(cells, pace, lengths=found.course, others=found.others)
    return Left(
        by_kind=[(kind, kinds[kind]) for kind in CellKind if kind.can_be_studied and kinds[kind]],
        by_hand=[cell.name for cell in cells if kind_of(cell.category) is CellKind.BY_HAND],
        unsupported=kinds[CellKind.UNSUPPORTED],
        estimate=to_come if account.can_study else None,
        unread_modules=unread,
        as_of=min(read_at, default=None),
    )


def _news(
    modules: Sequence[Module],
    known_modules: Mapping[str, KnownModule],
    by_row: Mapping[int, Sequence[KnownCell]],
    since: datetime | None,
) -> list[NewLessons]:
    """The lessons found since the last digest, in the platform's order."""
    news = []
    for module in modules:
        held = known_modules.get(module.module_id)
        if held is None:
            continue
        is_new = _is_since(held.found_at, since)
        cells = [each.cell for each in by_row[held.id] if _is_since(each.found_at, since)]
        if is_new or cells:
            news.append(NewLessons(module.module_id, module.name, is_new, cells))
    return news


def _unnamed(course: KnownCourse | None, since: datetime | None) -> int:
    return course.unnamed if course is not None and _is_since(course.unnamed_at, since) else 0


def _is_since(found_at: datetime | None, since: datetime | None) -> bool:
    return found_at is not None and (since is None or found_at > since)
