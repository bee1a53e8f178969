"""Chats with digests, in virtual time: real storage, gate and client before the stand-in platform;
only whoever speaks to people is a list (in ``speaking.py`` it is not)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from bot.accounts import Accounts
from bot.clock import PlatformClock
from bot.courses.drafts import Drafts
from bot.delivery_status import DeliveryStatus
from bot.digest.build import build_digests
from bot.digest.delivery import Send
from bot.digest.report import AccountPart, CourseLine, DigestReport
from bot.digest.service import Digests
from bot.digest.settings import DigestSettingsService
from bot.jobs.control import JobControl
from bot.jobs.running import RunningJobs
from bot.login.pending_logins import PendingLogins
from bot.login.service import LoginService
from bot.tracking.history import History
from bot.zjy.client import Client
from bot.zjy.cookies import PastedCookie
from bot.zjy.gate import Gate
from demo.platform import Course, Endpoint, Module, PlatformServer, School
from storage import chats, digests, notices
from storage.accounts import Account
from storage.database import Database
from storage.digests import DigestRow
from storage.enums import Days, DigestKind, Pace
from storage.notices import Notice
from storage.vault import Vault
from tests.support.jobs_harness import Heard
from tests.support.logging_in import log_in
from tests.support.served import until_served
from tests.support.study_harness import PlatformTransport
from tests.support.virtual_time import VirtualLoop, database_at_once

T = TypeVar("T")
C = TypeVar("C", bound="DigestHarness")
ANNA, BORIS = 1001, 1002
SHANGHAI = "Asia/Shanghai"


class LoopClock:
    """The loop's time, set to any date; the wall clock alone can be put forward or back."""

    def __init__(self, begin: datetime) -> None:
        self.begin = begin
        self.jumped = timedelta()

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.monotonic()) + self.jumped

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class SentReport:
    """A report that somebody was sent, and when."""

    at: datetime
    report: DigestReport

    @property
    def part(self) -> AccountPart:
        (part,) = self.report.accounts
        return part

    def course(self, name: str) -> CourseLine:
        (line,) = [line for line in self.part.courses if line.name == name]
        return line


@dataclass
class Telegram:
    """Takes every report, unless ``delivery`` says otherwise; ``before`` is awaited with each."""

    said: list[SentReport] = field(default_factory=list)
    delivery: DeliveryStatus = DeliveryStatus.SENT
    before: Callable[[DigestReport], Awaitable[None]] | None = None


class DigestHarness:
    """Made by :func:`play_digests`. Platform, Telegram and folder outlive :meth:`restart`."""

    def __init__(self, folder: Path, school: School, begin: datetime, *, seed: int = 0) -> None:
        self.folder = folder
        self.clock = LoopClock(begin)
        loop = asyncio.get_running_loop()
        self.platform = PlatformServer(school, monotonic=loop.time, seed=seed)
        self.platform_transport = PlatformTransport(self.platform)
        self.telegram = Telegram()
        self._held = AsyncExitStack()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with loop.standing():
            opened = await Database.open(self.folder / "bot.sqlite3")
            self.db = await self._held.enter_async_context(opened)
            # Nobody pulls the plug of this machine, and a month has many writes.
            await self.db._writer.execute_fetchall("PRAGMA synchronous = OFF")
        vault = Vault.open(self.folder / "key")
        client = Client("http://127.0.0.1", transport=self.platform_transport)
        self._held.push_async_callback(client.aclose)
        clock = PlatformClock(self.clock)
        gate = Gate(client, clock, requests_per_second=20)
        self.heard = Heard()
        self.control = JobControl(self.db, self.clock, RunningJobs(), self.heard, lambda: None)
        self.accounts = Accounts(self.db, vault, gate, clock)
        self.login = LoginService(self.db, vault, gate, clock, self.accounts, self.control)
        self.pending = PendingLogins(self.db, vault, clock)
        self.drafts = Drafts(self.db, clock, self.accounts)
        self.wishes = DigestSettingsService(self.db, self.clock)
        self.history = History(self.db, self.clock)
        self.digests: Digests = build_digests(
            self.db, self.accounts, clock, self.control, self._prepare, self.heard.notices_waiting
        )

    async def close(self) -> None:
        await self.digests.close()
        await self.digests.settle()
        await self._held.aclose()

    async def restart(self) -> None:
        """End the process wherever it is, and begin the next one."""
        await self.close()
        self._held = AsyncExitStack()
        await self.open()

    async def _prepare(self, report: DigestReport) -> Send:
        async def send() -> DeliveryStatus:
            return await self._send(report)

        return send

    async def _send(self, report: DigestReport) -> DeliveryStatus:
        if self.telegram.before is not None:
            await self.telegram.before(report)
        if self.telegram.delivery is DeliveryStatus.SENT:
            self.telegram.said.append(SentReport(self.clock.now(), report))
        return self.telegram.delivery

    async def tick(self) -> list[SentReport]:
        """One look, served to its end; what was said of it."""
        before = len(self.telegram.said)
        await self.digests.tick()
        await until_served(self.digests)
        return self.telegram.said[before:]

    async def sleep_until(self, moment: datetime) -> None:
        left = (moment - self.clock.now()).total_seconds()
        assert left >= 0, "it is later than that"
        await asyncio.sleep(left)

    async def tick_at(self, moment: str) -> list[SentReport]:
        """Look at that moment, as a clock in Shanghai shows it."""
        await self.sleep_until(local(moment))
        return await self.tick()

    async def log_in(self, chat_id: int, stu_id: str, *, lifetime: float = 1e9) -> Account:
        """The chat pastes a new cookie; a lifetime of platform seconds."""
        now = self.clock.now()
        await self.db.write(lambda conn: chats.ensure(conn, chat_id, chat_id, now))
        cookie = PastedCookie(self.platform.cookie_for(stu_id, lifetime=lifetime))
        logged_in = await log_in(self.pending, self.login, chat_id, cookie)
        assert logged_in is not None
        return logged_in.account

    async def wants(
        self, chat_id: int, at: str = "21:00", days: Days = Days.DAILY, zone: str = SHANGHAI
    ) -> None:
        """The chat switches its digest on."""
        await self.db.write(lambda conn: chats.set_time_zone(conn, chat_id, zone))
        await self.wishes.set_at(chat_id, time.fromisoformat(at))
        await self.wishes.set_days(chat_id, days)
        await self.wishes.switch(chat_id, on=True)

    async def rows(
        self, chat_id: int = ANNA, kind: DigestKind = DigestKind.DIGEST
    ) -> list[DigestRow]:
        first = self.clock.begin.date() - timedelta(days=30)
        return await self.db.read(lambda conn: digests.since(conn, chat_id, kind, first))

    async def told(self) -> list[Notice]:
        return await self.db.read(notices.pending)

    async def preview(self, account: Account, number: int) -> int:
        """Read all of a course up to the preview, as a person does; the draft's id."""
        listed = {each.name: each for each in await self.drafts.read_courses(account)}
        wanted = listed[self.platform.school.courses[number].name]
        opened = await self.drafts.begin(account, wanted, 5, Pace.NORMAL)
        assert opened is not None
        chat_id, draft_id = account.chat_id, opened.draft.id
        await self.drafts.tick_all(chat_id, draft_id)
        assert await self.drafts.claim_reading(draft_id)
        ticked = await self.drafts.get(chat_id, draft_id)
        assert ticked is not None
        async for _ in self.drafts.read(account, ticked):
            continue
        return draft_id

    def asked(self, *endpoints: Endpoint) -> int:
        """How many requests came to these endpoints."""
        return sum(request.endpoint in endpoints for request in self.platform.requests)

    def publish(self, course: int, module: Module) -> None:
        """The teacher adds a module, or puts another in the place of the one of the same id."""
        school = self.platform.school
        changed = list(school.courses)
        modules = {each.id: each for each in (*changed[course].modules, module)}
        changed[course] = replace(changed[course], modules=tuple(modules.values()))
        school.courses = tuple(changed)
        school.__post_init__()

    def add_cell(self, course: int, module: int, cell: Any) -> None:  # noqa: ANN401 - a Cell
        """The teacher adds a cell to the first topic of a module."""
        old = self.platform.school.courses[course].modules[module]
        first, *rest = old.topics
        topics = (replace(first, cells=(*first.cells, cell)), *rest)
        self.publish(course, replace(old, topics=topics))

    def study(self, stu_id: str, cell_id: str) -> None:
        """The student does a cell in the browser."""
        self.platform.school.progress(stu_id, cell_id).raise_to(100.0, self.platform.now())

    def waits_at_school(self, stu_id: str, *, homework: int, exams: int) -> None:
        """So much waits for the student now."""
        school = self.platform.school
        school.students = tuple(
            replace(each, homework=homework, exams=exams) if each.stu_id == stu_id else each
            for each in school.students
        )
        school.__post_init__()

    def percent(self, stu_id: str, item: Course | Module) -> float:
        """What the platform shows for a course or module, by its own words."""
        return self.platform._service._wire.mean_percent(item.leaves(), stu_id, self.platform.now())


def local(moment: str) -> datetime:
    """``2026-03-02 21:00`` in Shanghai."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(SHANGHAI)).astimezone(UTC)


def play_digests(
    folder: Path,
    school: School,
    story: Callable[[DigestHarness], Coroutine[Any, Any, T]],
    begin: str = "2026-03-02 12:00",
) -> T:
    """Play the story from that moment in Shanghai on."""
    return play(lambda: DigestHarness(folder, school, local(begin)), story)


def play(make: Callable[[], C], story: Callable[[C], Coroutine[Any, Any, T]]) -> T:
    """Play the story on a harness that is made on its own loop."""

    async def whole() -> T:
        harness = make()
        await harness.open()
        try:
            return await story(harness)
        finally:
            await harness.close()

    with database_at_once(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(whole())


def learns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a crowd that lasts: nobody is read ahead, and no digest reads deeper than it must."""
    monkeypatch.setattr("bot.digest.service.BACKFILL", 0)
    monkeypatch.setattr("bot.digest.reading_ahead.ALLOWANCE", 0)


def names(lines: Sequence[Any]) -> list[str]:
    return [line.name for line in lines]
