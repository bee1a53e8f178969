"""A month of fifty chats, in process, on one clock: every digest there, none twice, and its numbers
the platform's."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.platform import (
    School,
    Student,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from bot.digest.agenda import NoNews
from bot.digest.due import Days, due_on
from bot.digest.report import AccountPart, DigestReport, Missed, Standing

from .campus import Campus, Said, local, on_campus

CHATS, STUDENTS, COURSES, DAYS = 50, 30, 2, 31
BEGIN = "2026-02-28 12:29"
IN_FULL = os.environ.get("DIGEST_MONTH") == "full"
LOOK = timedelta(minutes=5 if IN_FULL else 30)
"""Between two looks; twenty seconds in the bot itself."""
LOG_IN = (1, 2, 5) if IN_FULL else (4, 9, 15)
"""Every how many days a person pastes a new cookie, which lives for ten hours."""
ZONES = (
    *["Asia/Shanghai"] * 6,
    "America/New_York",  # changes on 8 March
    "Europe/Berlin",  # changes on 29 March
    "America/Nuuk",  # changes on 28 March, into the next date
    "Africa/Casablanca",  # changes on 22 March
)
TIMES = ("21:00", "21:00", "21:00", "07:30", "00:00", "02:30", "23:30", "12:15")
COOKIE_LIVES = 10 * 3600.0


def a_school() -> School:
    courses = []
    for n in range(COURSES):
        modules = [
            module([topic([video(60), document(3), picture(), quiz(name="测验")])], name=f"模块{m}")
            for m in range(2)
        ]
        courses.append(course(modules, name=f"课程{n}"))
    people = [Student(f"student-{n}", f"学生{n}") for n in range(STUDENTS)]
    return school_of(courses=courses, students=people)


@dataclass
class Person:
    """One chat, and what it set. ``logs_in`` is every how many days it pastes a new cookie."""

    chat_id: int
    stu_id: str
    zone: str
    at: str
    days: Days
    silent: bool
    logs_in: int

    def dues(self, first: datetime, last: datetime) -> Iterator[tuple[date, datetime]]:
        zone = ZoneInfo(self.zone)
        day = first.astimezone(zone).date() - timedelta(days=1)
        while day <= last.astimezone(zone).date():
            due = due_on(day, time.fromisoformat(self.at), zone)
            wanted = self.days is Days.DAILY or day.weekday() < 5
            if due is not None and wanted and first <= due.at < last:
                yield day, due.at
            day += timedelta(days=1)


@dataclass
class Month:
    """What was published and when, and which digests were lost on purpose."""

    rng: Random
    people: list[Person]
    published: list[tuple[datetime, str]] = field(default_factory=list)
    lost: set[tuple[int, date]] = field(default_factory=set)
    checked: Counter[Standing] = field(default_factory=Counter)
    read_at: dict[int, datetime] = field(default_factory=dict)
    """When the first digest was made that said what the platform showed then, by chat."""
    told: dict[int, set[str]] = field(default_factory=dict)
    """The new modules that were named, by chat."""


def some_people(rng: Random) -> list[Person]:
    return [
        Person(
            chat_id=2000 + n,
            stu_id=f"student-{n % STUDENTS}",
            zone=ZONES[n % len(ZONES)],
            at=TIMES[n % len(TIMES)],
            days=Days.WEEKDAYS if n % 9 == 8 else Days.DAILY,
            silent=n % 7 == 6,
            logs_in=rng.choice(LOG_IN),
        )
        for n in range(CHATS)
    ]


async def move_in(campus: Campus, person: Person) -> None:
    await campus.log_in(person.chat_id, person.stu_id, lifetime=COOKIE_LIVES)
    await campus.wants(person.chat_id, person.at, person.days, person.zone)
    if person.silent:
        await campus.wishes.set_no_news(person.chat_id, NoNews.SILENT)


def study_and_teach(campus: Campus, month: Month, hours: int) -> None:
    """Students do cells in the browser, and now and then a teacher publishes something."""
    rng, school = month.rng, campus.platform.school
    for _ in range(2):
        student, cell = rng.choice(school.students), rng.choice(school.leaves())
        if cell.category != "测验":
            campus.study(student.stu_id, cell.id)
    if hours % 53 == 50:
        name = f"新模块{hours}"
        cell = replace(video(30, name=f"新课{hours}"), id=f"new-{hours}")
        added = module([topic([cell], id=f"t{hours}")], name=name, id=f"m{hours}")
        campus.publish(rng.randrange(COURSES), added)
        month.published.append((campus.clock.now(), name))


async def log_in_some(campus: Campus, month: Month, day: int) -> None:
    for person in month.people:
        if (day + person.chat_id) % person.logs_in == 0:
            await campus.log_in(person.chat_id, person.stu_id, lifetime=COOKIE_LIVES)


async def look_and_kill(campus: Campus, month: Month) -> None:
    """The process is killed while a digest is being sent, and begins anew."""
    held: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def never_done(report: DigestReport) -> None:
        if not held.done():
            held.set_result(None)
        month.lost.add((report.chat_id, report.local_date))
        await asyncio.Event().wait()

    campus.telegram.before = never_done
    await campus.digests.tick()
    served = asyncio.ensure_future(campus.digests.idle())
    await asyncio.wait({held, served}, return_when=asyncio.FIRST_COMPLETED)
    served.cancel()
    await campus.restart()
    campus.telegram.before = None


def check_numbers(campus: Campus, month: Month, said: Said) -> None:
    """Nobody studies while digests are sent, so the platform still shows what was read."""
    person = month.people[said.report.chat_id - 2000]
    part = said.part
    month.checked[part.standing] += 1
    named = {each.module_name for line in part.courses for each in line.news if each.is_new}
    told = month.told.setdefault(person.chat_id, set())
    assert not named & told, "what is new is told once"
    told |= named
    if part.standing is Standing.READ:
        check_part(campus, person.stu_id, part)
        first = month.read_at.setdefault(person.chat_id, said.report.made_at)
        assert told >= {name for at, name in month.published if at > first}
        assert told <= {name for _, name in month.published}
    else:
        assert part.standing is Standing.EXPIRED
        assert part.asks_for_cookie


def check_part(campus: Campus, stu_id: str, part: AccountPart) -> None:
    school = campus.platform.school
    assert [line.name for line in part.courses] == [each.name for each in school.courses]
    for line, shown in zip(part.courses, school.courses, strict=True):
        assert line.percent == campus.percent(stu_id, shown)
        assert line.cell_count == len(shown.leaves())
        done = [cell for cell in shown.leaves() if campus.platform.shown(stu_id, cell.id) == 100]
        assert line.studied_count == len(done)
        assert [(m.name, m.percent) for m in line.modules] == [
            (m.name, campus.percent(stu_id, m)) for m in shown.modules
        ]
    assert (part.homework, part.exams) == (70, 6)


async def live(campus: Campus, month: Month) -> datetime:
    for person in month.people:
        await move_in(campus, person)
    first = campus.clock.now()
    last = first + timedelta(days=DAYS)
    await campus.sleep_until(local("2026-02-28 12:30"))
    hours = 0
    while campus.clock.now() < last:
        moment = campus.clock.now()
        if moment.minute == 0:
            hours += 1
            study_and_teach(campus, month, hours)
            if hours % 24 == 3:
                await log_in_some(campus, month, hours // 24)
            if hours % 71 == 70:
                await campus.restart()
        if hours % 149 == 105 and moment.minute == 0:
            await look_and_kill(campus, month)
        for said in await campus.tick():
            check_numbers(campus, month, said)
        await campus.sleep_until(moment + LOOK)
    return first


def check_dates(campus: Campus, month: Month, first: datetime) -> None:
    said: dict[int, list[Said]] = {person.chat_id: [] for person in month.people}
    for each in campus.telegram.said:
        said[each.report.chat_id].append(each)
    for person in month.people:
        mine = said[person.chat_id]
        at = {each.report.local_date: each.at for each in mine}
        assert len(at) == len(mine), "twice for one date"
        owed = dict(person.dues(first, campus.clock.now()))
        lost = {day for chat_id, day in month.lost if chat_id == person.chat_id}
        late = {day: moment - owed[day] for day, moment in at.items()}
        assert min(late.values()) >= timedelta(), (person, "early")
        # A look, one that was killed, and what the others' digests and logins take.
        assert max(late.values()) <= 2 * LOOK + timedelta(minutes=5), (person, late)
        assert at.keys() <= owed.keys() - lost
        if not person.silent:
            over = {day for day, due in owed.items() if due < campus.clock.now() - LOOK}
            assert at.keys() >= over - lost
        told = [missed for each in mine for missed in each.report.missed]
        assert all(missed.why is Missed.LOST for missed in told), (person, told)
        assert len(told) == len({missed.local_date for missed in told}), "told twice"
        last_said = max(at)
        assert {missed.local_date for missed in told} == {day for day in lost if day < last_said}


def test_a_month_of_fifty_chats(tmp_path: Path) -> None:
    month = Month(Random(20260301), some_people(Random(7)))

    async def story(campus: Campus) -> None:
        first = await live(campus, month)
        check_dates(campus, month, first)
        assert len(campus.telegram.said) > CHATS * DAYS * 0.8
        assert month.checked[Standing.READ] > 100
        assert month.checked[Standing.EXPIRED] > 300
        assert month.published
        assert month.lost
        assert campus.platform.violations == []
        assert campus.clock.now() > datetime(2026, 3, 30, tzinfo=UTC)

    on_campus(tmp_path, a_school(), story, BEGIN)
