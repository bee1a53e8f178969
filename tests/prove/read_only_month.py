"""A month of students of today's site, in virtual time: who they are, what they and their teachers
do, and what the site does to them. A seed draws all of it; the checks are beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from demo.platform import Fault, school_of
from demo.spoc import (
    ANTI_BOT,
    DAY,
    ELSEWHERE,
    FORBIDDEN_BODY,
    FORBIDDEN_HTTP,
    OTHER_CODE,
    WEEK,
    Envelope,
    Form,
    Node,
    SpocSchool,
    SpocSite,
    folder,
    lesson,
    spoc_course,
    spoc_school,
)
from storage.accounts import Account
from storage.enums import Platform
from tests.support.digest_chat_harness import DigestChatHarness, DrawnAtOnce
from tests.support.digest_harness import local

BEGIN = local("2026-11-01 12:00")
LOOK = timedelta(minutes=30)
TIMES = ("21:00", "20:15", "07:30", "12:30")
INCOMPLETE = 0.05
TROUBLE = (ANTI_BOT, OTHER_CODE, FORBIDDEN_BODY, FORBIDDEN_HTTP, ELSEWHERE, Fault.HTTP_502)
KINDS = ("video", "pdf", "pptx", "图文", "链接", "知识点讲解", "audio")


@dataclass(frozen=True)
class Reader:
    """A chat and its student: when its digest is due, how long its tokens live, and how many hours
    after their end a new one is pasted. ``watches`` times a day new lessons are looked for."""

    chat_id: int
    user_id: str
    at: time
    lifetime: float
    pauses: int
    watches: int


@dataclass
class Published:
    """A lesson, or a module with a lesson, that a teacher added; ``within`` are the ids of all
    folders above it."""

    at: datetime
    name: str
    lesson: str
    within: frozenset[str]


@dataclass
class ReadOnlyMonth:
    """What is to be, and what came of it. Moments are UTC."""

    seed: int
    days: int
    chats: int
    rng: Random = field(init=False)
    published: list[Published] = field(default_factory=list)
    works_until: dict[int, datetime] = field(default_factory=dict)
    pasted: int = 0
    troubles: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    @property
    def last(self) -> datetime:
        return BEGIN + timedelta(days=self.days)


class ReadOnlyHarness(DigestChatHarness):
    """Digests of students of today's site: everything is real but the two stand-ins."""

    def __init__(self, folder: Path, month: ReadOnlyMonth) -> None:
        drawing = DrawnAtOnce(Random(month.seed), 0.02)
        super().__init__(folder, school_of([]), BEGIN, drawing, seed=month.seed)
        school = a_school(month)
        self.site = SpocSite(
            school,
            monotonic=asyncio.get_running_loop().time,
            wall=self.clock.now,
            lag=3.0,
            incomplete=INCOMPLETE,
            seed=month.seed,
        )
        self.platform_transport.site = self.site
        self.readers = [a_reader(month, number, school) for number in range(month.chats)]

    async def log_in_today(self, month: ReadOnlyMonth, reader: Reader) -> Account:
        """The chat pastes a new token."""
        month.pasted += 1
        month.works_until[reader.chat_id] = self.clock.now() + timedelta(seconds=reader.lifetime)
        token = self.site.token_for(reader.user_id, lifetime=reader.lifetime)
        logged_in = await self.paste(reader.chat_id, token, Platform.SPOC)
        assert logged_in is not None
        return logged_in.account


def a_school(month: ReadOnlyMonth) -> SpocSchool:
    """Two courses that are taken now, one deep and one flat, one in which no student does anything,
    and one that is over."""
    deep = [
        folder(
            [
                folder(
                    [lesson(f"课{u}.{n}.{k}", month.rng.choice(KINDS)) for k in range(4)],
                    name=f"第{u}.{n}节",
                    file_type=("任务", "子节点", "文件夹")[n],
                )
                for n in range(3)
            ],
            name=f"项目{u}",
            file_type="项目",
        )
        for u in range(4)
    ]
    flat = [
        folder([lesson(f"讲{u}.{k}") for k in range(5)], name=f"单元{u}", file_type="单元")
        for u in range(3)
    ]
    quiet = [folder([lesson(f"静{u}.{k}") for k in range(3)], name=f"静单元{u}") for u in range(3)]
    over = [folder([lesson("旧课", speed=100)], name="旧单元")]
    pupils = [(f"学生{n}", f"student{n}") for n in range(month.chats)]
    return spoc_school(
        [
            spoc_course(deep, name="基础护理学"),
            spoc_course(flat, name="实用英语", created="2026-08-25 09:30:00"),
            spoc_course(quiet, name="职业素养", created="2026-08-20 10:00:00"),
            spoc_course(over, name="信息技术", term="2026春", created="2026-02-20 10:00:00"),
        ],
        pupils=pupils,
    )


def a_reader(month: ReadOnlyMonth, number: int, school: SpocSchool) -> Reader:
    rng = month.rng
    return Reader(
        chat_id=3000 + number,
        user_id=school.pupils[number].user_id,
        at=time.fromisoformat(rng.choice(TIMES)),
        lifetime=(WEEK, DAY)[number % 2],
        pauses=rng.choice((1, 5, 30)),
        watches=(0, 2)[number % 3 == 2],
    )


async def live(
    harness: ReadOnlyHarness, month: ReadOnlyMonth, check: Callable[[], Awaitable[None]]
) -> None:
    """The month, look by look; ``check`` is awaited after each."""
    for reader in harness.readers:
        await move_in(harness, month, reader)
    moment = BEGIN + LOOK
    while moment < month.last:
        await harness.sleep_until(max(moment, harness.clock.now()))
        await harness.tick()
        await check()
        if moment.minute == 0:  # behind the look: percents lag, and digests are of the full hour
            hour = (moment - BEGIN) // timedelta(hours=1)
            await an_hour(harness, month, hour)
        moment += LOOK


async def move_in(harness: ReadOnlyHarness, month: ReadOnlyMonth, reader: Reader) -> None:
    harness.server.person(reader.chat_id, language_code="zh-hans").send("/start")
    await harness.people.meet(reader.chat_id, reader.chat_id, "zh")
    await harness.log_in_today(month, reader)
    await harness.wants(reader.chat_id, f"{reader.at:%H:%M}")
    await harness.wishes.set_watch(reader.chat_id, reader.watches)


async def an_hour(harness: ReadOnlyHarness, month: ReadOnlyMonth, hour: int) -> None:
    """What students and teachers do, and what becomes of the site, at the full hour."""
    rng, now = month.rng, harness.clock.now()
    harness.site.faults.clear()
    for reader in harness.readers:
        if now - month.works_until[reader.chat_id] >= timedelta(hours=reader.pauses):
            await harness.log_in_today(month, reader)
        if rng.random() < 0.15:
            study(harness, rng, reader)
    if hour % 19 == 7:
        publish(harness, month, hour)
    if hour % 24 == 3:
        speak_otherwise(harness, rng)
    if hour % 101 == 8:
        month.troubles += 1
        harness.site.faults.add("*", rng.choice(TROUBLE), times=None)
    if hour % 150 == 149:
        await harness.restart()


def study(harness: ReadOnlyHarness, rng: Random, reader: Reader) -> None:
    """The student does a lesson in the browser."""
    school = harness.site.school
    node = rng.choice([leaf for course in school.courses[:2] for leaf in course.leaves()])
    school.study(reader.user_id, node.id, harness.site.now(), rng.choice((40.0, 100.0, 100.0)))


def publish(harness: ReadOnlyHarness, month: ReadOnlyMonth, hour: int) -> None:
    """A teacher adds a lesson to a folder, or a module with one; mostly no percent moves."""
    rng, school = month.rng, harness.site.school
    course = rng.choice(school.courses[:3])
    new: Node = lesson(f"新课{hour}", rng.choice(KINDS))
    if rng.random() < 0.4:
        node, parent = folder([new], name=f"新模块{hour}", file_type="模块"), "0"
    else:
        folders = [each for each in course.nodes() if any(not c.is_folder for c in each.children)]
        node, parent = new, rng.choice(folders).id
    school.publish(course.course_id, parent, node, counted=rng.random() < 0.2)
    within = {each.id for each in course.nodes() if any(n.id == parent for n in each.nodes())}
    above = frozenset({"0", *within})
    month.published.append(Published(harness.clock.now(), node.name, new.name, above))


def speak_otherwise(harness: ReadOnlyHarness, rng: Random) -> None:
    dialect = harness.site.dialect
    dialect.courses, dialect.record = rng.choice([*Envelope]), rng.choice([*Envelope])
    dialect.numbers, dialect.booleans = rng.choice([*Form]), rng.choice([*Form])
