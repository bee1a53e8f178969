"""Reports of digests for tests, made of any names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.digest.report import (
    AccountPart,
    CourseLine,
    DigestReport,
    JobLine,
    Left,
    Missed,
    MissedDigest,
    ModuleLine,
    NewLessons,
    Standing,
)
from bot.study.estimate import Estimate
from bot.study.methods import CellKind
from bot.study.progress import Counts
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from storage.cells import Cell
from storage.digest_settings import DigestSettings
from storage.enums import Days, JobState, NoNews, Pace

LARGEST = 2**63 - 1
MADE_AT = datetime(2021, 3, 8, 13, 0, tzinfo=UTC)
TODAY = date(2021, 3, 8)
NOTHING_LEFT = Left((), (), 0, Estimate(0.0, 0.0), 0, None)


def left(name: str, **changes: object) -> Left:
    made = Left(
        by_kind=[(CellKind.VIDEO, 20), (CellKind.DOCUMENT, 5)],
        by_hand=[name, "单元测验"],
        unsupported=2,
        estimate=Estimate(7200.0, 7200.0),
        unread_modules=3,
        as_of=MADE_AT,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def news(name: str) -> list[NewLessons]:
    cells = [Cell("m2", name, "t", "", f"c{n}", name, "视频", 0.0) for n in range(6)]
    return [NewLessons("m1", name, True, ()), NewLessons("m2", name, False, cells)]


def course(name: str, **changes: object) -> CourseLine:
    made = CourseLine(
        course_id=LARGEST,
        name=name,
        is_current=True,
        is_new=False,
        percent=52.39,
        percent_at=None,
        gained=None,
        cell_count=40,
        studied_count=12,
        modules=[ModuleLine("m1", name, 80.0, 3.0), ModuleLine("m2", name, 10.0, None)],
        left=left(name),
        news=(),
        unnamed=0,
        as_of=MADE_AT,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def full_course(name: str, number: int = 9) -> CourseLine:
    return course(name, course_id=number, percent=100.0, left=NOTHING_LEFT)


def job(name: str, state: JobState, **changes: object) -> JobLine:
    made = JobLine(
        course_name=name,
        state=state,
        counts=Counts(total=9, done=3, failed=2, skipped=1),
        resume_at=MADE_AT + timedelta(minutes=20) if state is JobState.WAITING else None,
        is_news=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def part(name: str, *courses: CourseLine, **changes: object) -> AccountPart:
    made = AccountPart(
        account_id=LARGEST,
        name=name,
        standing=Standing.READ,
        as_of=MADE_AT - timedelta(days=1),
        asks_for_cookie=False,
        courses=courses,
        jobs=(),
        homework=0,
        exams=0,
        unread=0,
        more_homework=0,
        more_exams=0,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def report(*parts: AccountPart, **changes: object) -> DigestReport:
    made = DigestReport(
        chat_id=LARGEST,
        local_date=TODAY,
        zone="Asia/Shanghai",
        made_at=MADE_AT,
        until=datetime(2021, 3, 8, 16, tzinfo=UTC),
        since=MADE_AT - timedelta(days=1),
        pace=Pace.NORMAL,
        accounts=parts,
        missed=(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def missed(days: int) -> list[MissedDigest]:
    return [
        MissedDigest(TODAY - timedelta(days=back), why)
        for why in Missed
        for back in range(days, 0, -1)
    ]


def reports(name: str) -> Iterator[tuple[str, DigestReport]]:
    """Reports of every form, from nothing at all to more than a message holds."""
    jobs = [job(name, state) for state in JobState]
    moved = course(name, gained=3.25, news=news(name), unnamed=4)
    # Of several courses each has its own row: no two buttons do the same.
    several = [course(f"{name}{n}", course_id=LARGEST - n, gained=float(n)) for n in range(12)]
    yield "no course", report(part(name))
    yield "first", report(part(name, course(name)), since=None)
    yield "one course", report(part(name, moved, jobs=jobs, homework=7, exams=1, unread=3))
    joined = course(name, is_new=True)
    yield "newly joined", report(part(name, joined, homework=7, more_homework=2, more_exams=1))
    yield "all complete", report(part(name, *[full_course(name, n) for n in range(3)]))
    yield "many courses", report(part(name, *several, full_course(name), jobs=jobs * 3))
    kept_from = MADE_AT - timedelta(days=2)
    unknown = course(name, percent=None, modules=[ModuleLine("m1", name, None, None)])
    yield "kept percent", report(part(name, replace(several[1], percent_at=kept_from)))
    yield "unknown percent", report(part(name, unknown))
    yield "unknown among others", report(part(name, unknown, *several[:2]))
    for standing in Standing:
        for asks in (True, False):
            told = part(name, moved, standing=standing, asks_for_cookie=asks)
            yield f"{standing}, asks {asks}", report(told)
    yield "never read", report(part(name, standing=Standing.EXPIRED, as_of=None))
    both = [
        part(name, *[replace(each, course_id=number * 100 + n) for n, each in enumerate(several)])
        for number in range(6)
    ]
    both = [replace(each, account_id=number) for number, each in enumerate(both, 1)]
    yield "several accounts", report(*both[:2])
    yield "many accounts", report(*both, missed=missed(9))
    yield "missed", report(part(name, moved), missed=missed(1))


def notice(name: str, modules: int, unnamed: int) -> NewLessonsNotice:
    taught = [TaughtModule(f"m{n}", name, n % 2 == 0, [name] * (n % 3) * 3) for n in range(modules)]
    return NewLessonsNotice(1, LARGEST, taught, unnamed)


def some_settings(**changes: object) -> DigestSettings:
    made = DigestSettings(
        chat_id=1,
        is_on=True,
        at=time(21),
        days=Days.DAILY,
        weekday=6,
        no_news=NoNews.ONE_LINE,
        quiet_from=time(22, 30),
        quiet_until=time(7, 30),
        watch_times=0,
        watched_at=None,
        start_hour=None,
        start_armed_at=None,
        zone="Asia/Shanghai",
        zone_since=MADE_AT,
        armed_at=MADE_AT,
        reported_until=None,
        time_zone="Asia/Shanghai",
        pace=Pace.NORMAL,
        blocked_at=None,
        has_account_since=MADE_AT,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def several_settings() -> Iterator[tuple[str, DigestSettings]]:
    yield "on", some_settings()
    yield "off", some_settings(is_on=False)
    yield "on without an account", some_settings(has_account_since=None)
    yield "weekdays, loud", some_settings(days=Days.WEEKDAYS, quiet_until=time(22, 30))
    yield "weekly, silent", some_settings(days=Days.WEEKLY, no_news=NoNews.SILENT, watch_times=3)
    yield "all by itself", some_settings(watch_times=1, start_hour=7, at=time(9, 41))
