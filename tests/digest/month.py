"""A month at a small school: who lives there, what they do, and what goes wrong on the way.

A seed draws all of it. Nobody studies and nothing is published while digests are sent.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.digest.service import TICK
from demo.platform import (
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
from storage.enums import Days, NoNews
from tests.support.digest_chat_harness import DigestChatHarness, DrawnAtOnce
from tests.support.digest_harness import local

from .mishaps import Mishap, strike
from .zone_rules import DAY, Minutes

IN_FULL = os.environ.get("DIGEST_MONTH") == "full"
CHATS, STUDENTS = (50, 30) if IN_FULL else (20, 12)
DAYS = 31
COURSES = ("护理学基础", "C & C++ <一>")
BEGIN = local("2026-02-28 12:29")
FIRST_LOOK = local("2026-02-28 12:30")
LOOK = timedelta(minutes=5 if IN_FULL else 30)
"""Between two looks; twenty seconds in the bot itself."""
DRAWN = 1.0 if IN_FULL else 0.1
"""The share of the pictures that are drawn."""
LOG_IN = (1, 2, 5) if IN_FULL else (1, 4, 9)
"""Every how many days a person pastes a new cookie."""
COOKIE_LIVES = timedelta(hours=9, minutes=50)
"""So that none ends while digests are sent."""
ZONES = (
    *["Asia/Shanghai"] * 6,
    "Asia/Kolkata",
    "America/New_York",  # changes on 8 March
    "Europe/Berlin",  # changes on 29 March
    "America/Nuuk",  # changes on 28 March, into the next date
    "Africa/Casablanca",  # changes on 22 March
)
TIMES = ("21:00", "21:00", "21:00", "07:30", "00:00", "02:30", "23:30", "12:15")
QUIET = (*[("22:30", "07:30")] * 3, ("00:00", "00:00"), ("12:00", "21:30"))
"""The first are those of a chat that never set any; two equal times: never."""
MISHAPS_OF_A_KIND = 3

Check = Callable[[datetime, Mishap | None], None]
"""Told of the moment of a look, and of what struck in it."""


@dataclass(frozen=True)
class Person:
    """One chat, and what it set. Times are its own, but ``logs_in``: every how many days, and at
    which hour since the month's begin, it pastes a new cookie."""

    chat_id: int
    stu_id: str
    language: str
    zone: ZoneInfo
    at: time
    days: Days
    quiet: tuple[time, time]
    silent: bool
    """Whether it wants nothing on a day without news."""
    logs_in: tuple[int, int]

    def dues(self, first: datetime, last: datetime) -> Iterator[tuple[date, datetime]]:
        """The dates of which a digest is owed then, and the moments of them."""
        clocks = _clocks(self.zone.key)
        for day in (FIRST_LOOK.date() + n * DAY for n in range(-1, DAYS + 2)):
            at = clocks.first(day, self.at)
            wanted = self.days is Days.DAILY or day.weekday() < 5
            if wanted and first <= at < last:
                yield day, at


@cache
def _clocks(zone: str) -> Minutes:
    return Minutes(ZoneInfo(zone), FIRST_LOOK.date() - DAY, DAYS + 3)


def a_person(rng: Random, number: int) -> Person:
    zone, at = ZoneInfo(rng.choice(ZONES)), time.fromisoformat(rng.choice(TIMES))
    due = datetime.combine(date(2026, 3, 2), at, zone)
    # Some hours before the digest, so that some cookies live that long and some do not.
    hour = (due - timedelta(hours=rng.uniform(0.5, 14)) - FIRST_LOOK) // timedelta(hours=1) % 24
    quiet_from, quiet_until = map(time.fromisoformat, rng.choice(QUIET))
    return Person(
        chat_id=2000 + number,
        stu_id=f"student-{number % STUDENTS}",
        language=rng.choice(("zh", "zh", "en")),
        zone=zone,
        at=at,
        days=rng.choice((*[Days.DAILY] * 8, Days.WEEKDAYS)),
        quiet=(quiet_from, quiet_until),
        silent=rng.random() < 1 / 7,
        logs_in=(rng.choice(LOG_IN), hour),
    )


@dataclass
class Month:
    """What is to be, and what came of it: modules that were published, until when cookies work,
    and which digests were lost on purpose."""

    seed: int
    rng: Random = field(init=False)
    people: list[Person] = field(init=False)
    mishaps: list[tuple[datetime, Mishap]] = field(init=False)
    first: datetime = FIRST_LOOK
    last: datetime = FIRST_LOOK + timedelta(days=DAYS)
    published: list[tuple[datetime, str]] = field(default_factory=list)
    works_until: dict[int, datetime] = field(default_factory=dict)
    struck: list[Mishap] = field(default_factory=list)
    lost: dict[tuple[int, date], Mishap] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.people = [a_person(self.rng, number) for number in range(CHATS)]
        self.mishaps = list(self._some_mishaps())

    def _some_mishaps(self) -> Iterator[tuple[datetime, Mishap]]:
        """Each on a day of its own, when a digest is due that is sent in any case."""
        dues = {
            at: person
            for person in self.people
            if not person.silent
            for _, at in person.dues(self.first, self.last)
        }
        kinds = [*Mishap] * MISHAPS_OF_A_KIND
        self.rng.shuffle(kinds)
        days = sorted(self.rng.sample(range(1, DAYS - 2), len(kinds)))
        for day, mishap in zip(days, kinds, strict=True):
            begin = self.first + timedelta(days=day)
            yield (
                self.rng.choice([at for at in dues if begin <= at < begin + timedelta(hours=20)]),
                mishap,
            )

    def strikes_now(self, moment: datetime) -> Mishap | None:
        if not self.mishaps or moment < self.mishaps[0][0]:
            return None
        self.struck.append(self.mishaps[0][1])
        return self.mishaps.pop(0)[1]

    def cookie_works(self, person: Person, moment: datetime) -> bool:
        return moment < self.works_until[person.chat_id]


def a_harness(folder: Path, seed: int) -> DigestChatHarness:
    drawing = DrawnAtOnce(Random(seed), DRAWN)
    return DigestChatHarness(folder, a_school(), BEGIN, drawing, seed=seed)


def a_school() -> School:
    courses = []
    for name in COURSES:
        modules = [
            module([topic([video(60), document(3), picture(), quiz(name="测验")])], name=f"模块{m}")
            for m in range(2)
        ]
        courses.append(course(modules, name=name))
    people = [Student(f"student-{n}", f"学生{n}") for n in range(STUDENTS)]
    return school_of(courses=courses, students=people)


async def live(harness: DigestChatHarness, month: Month, check: Check) -> None:
    """The month, look by look; ``check`` is called after each."""
    for person in month.people:
        await move_in(harness, month, person)
    moment, hours = month.first, 0
    while moment < month.last:
        await until(harness, moment)
        if moment.minute == 0:
            hours += 1
            study_and_teach(harness, month, hours)
            await log_in_some(harness, month, hours)
            if hours % 71 == 70:
                await harness.restart()
        await look(harness, month, check)
        moment += LOOK
        # Before the next ones are due: what is early comes now.
        await until(harness, moment - TICK)
        await look(harness, month, check)


async def until(harness: DigestChatHarness, moment: datetime) -> None:
    """Sleep, unless what was sent took longer than that."""
    await harness.sleep_until(max(moment, harness.clock.now()))


async def look(harness: DigestChatHarness, month: Month, check: Check) -> None:
    """Serve who is due; after a mishap the next look follows at once."""
    moment = harness.clock.now()
    if (mishap := month.strikes_now(moment)) is not None:
        for lost in await strike(harness, mishap):
            month.lost[lost.chat_id, lost.local_date] = mishap
        check(moment, mishap)
    await harness.tick()
    check(moment, None)


async def move_in(harness: DigestChatHarness, month: Month, person: Person) -> None:
    chat_id = person.chat_id
    harness.server.person(chat_id, language_code=person.language).send("/start")
    await harness.people.meet(chat_id, chat_id, person.language)
    await log_in(harness, month, person)
    await harness.wants(chat_id, f"{person.at:%H:%M}", person.days, person.zone.key)
    await harness.wishes.set_quiet(chat_id, *person.quiet)
    if person.silent:
        await harness.wishes.set_no_news(chat_id, NoNews.SILENT)


async def log_in(harness: DigestChatHarness, month: Month, person: Person) -> None:
    month.works_until[person.chat_id] = harness.clock.now() + COOKIE_LIVES
    lifetime = COOKIE_LIVES.total_seconds()
    await harness.log_in(person.chat_id, person.stu_id, lifetime=lifetime)


async def log_in_some(harness: DigestChatHarness, month: Month, hours: int) -> None:
    day, hour = divmod(hours, 24)
    for person in month.people:
        every, at = person.logs_in
        if hour == at and (day + person.chat_id) % every == 0:
            await log_in(harness, month, person)


def study_and_teach(harness: DigestChatHarness, month: Month, hours: int) -> None:
    """Students do cells in the browser, and now and then a teacher publishes something."""
    rng, school = month.rng, harness.platform.school
    for _ in range(2):
        student, cell = rng.choice(school.students), rng.choice(school.leaves())
        if cell.category != "测验":
            harness.finish(cell.id, student=student.stu_id)
    if rng.random() < 1 / 53:
        name = f"新模块{hours}"
        cell = replace(video(30, name=f"新课{hours}"), id=f"new-{hours}")
        added = module([topic([cell], id=f"t{hours}")], name=name, id=f"m{hours}")
        harness.publish(rng.randrange(len(COURSES)), added)
        month.published.append((harness.clock.now(), name))
