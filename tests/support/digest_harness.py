"""Chats with digests, in virtual time: all real before the stand-in platform, but for the sending,
which is a list here (in ``digest_chat_harness.py`` it is not)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from bot.delivery_status import DeliveryStatus
from bot.digest.build import build_digests
from bot.digest.delivery import Send
from bot.digest.report import AccountPart, CourseLine, DigestReport
from bot.digest.service import Digests
from bot.jobs.listener import JobListener
from bot.tracking.history import History
from demo.platform import PlatformServer, School
from storage import chats, digests, notices
from storage.accounts import Account
from storage.digests import DigestRow
from storage.enums import Days, DigestKind
from storage.notices import Notice
from tests.support.clocks import LoopClock, VirtualQueue, standing_loop, virtual_runner
from tests.support.in_process_transport import PlatformTransport, TelegramTransport
from tests.support.names import ANNA
from tests.support.open_bot import Bot, Floor
from tests.support.platform_view import PlatformView

T = TypeVar("T")
C = TypeVar("C", bound="DigestHarness")
SHANGHAI = "Asia/Shanghai"


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


class DigestHarness(Bot, PlatformView):
    """Made by :func:`play_digests`. Platform, Telegram and folder outlive :meth:`restart`."""

    clock: LoopClock

    def __init__(
        self,
        folder: Path,
        school: School,
        begin: datetime,
        *,
        upto: Floor = Floor.JOBS,
        telegram: TelegramTransport | None = None,
        clock: LoopClock | None = None,
        seed: int = 0,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.platform = PlatformServer(school, monotonic=loop.time, seed=seed)
        self.platform_transport = PlatformTransport(self.platform)
        self.telegram = Telegram()
        super().__init__(
            folder,
            upto=upto,
            platform=self.platform_transport,
            telegram=telegram,
            clock=clock or LoopClock(begin),
            requests_per_second=20,
            job_queue=VirtualQueue(),
        )

    async def open(self) -> None:
        await super().open()
        with standing_loop():
            # The power does not fail here, and a month has many writes.
            await self.db._writer.execute_fetchall("PRAGMA synchronous = OFF")
        self.history = History(self.db, self.clock)
        self.digests: Digests = build_digests(
            self.db,
            self.accounts,
            self.platform_clock,
            self.control,
            self._prepare,
            self.heard.notices_waiting,
        )

    def _job_listener(self) -> JobListener:
        return self.heard

    async def close(self, *, orderly: bool = True) -> None:
        """End the process wherever it is."""
        await self.digests.close()
        await self.digests.settle()
        await super().close(orderly=orderly)

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
        cookie = self.platform.cookie_for(stu_id, lifetime=lifetime)
        logged_in = await self.paste(chat_id, cookie)
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
        draft_id = await self.read_preview(account, self.platform.school.courses[number].name)
        assert draft_id is not None
        return draft_id

    def waits_at_school(self, stu_id: str, *, homework: int, exams: int) -> None:
        """So much waits for the student now."""
        school = self.platform.school
        school.students = tuple(
            replace(each, homework=homework, exams=exams) if each.stu_id == stu_id else each
            for each in school.students
        )
        school.__post_init__()


async def until_served(digests: Digests) -> None:
    """Wait until no chat is being served or read."""
    while digests._tasks:
        await asyncio.wait(digests._tasks)


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

    with virtual_runner() as runner:
        return runner.run(whole())


def learns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a crowd that lasts: nobody is read ahead, and no digest reads deeper than it must."""
    monkeypatch.setattr("bot.digest.service.BACKFILL", 0)
    monkeypatch.setattr("bot.digest.reading_ahead.ALLOWANCE", 0)


def names(lines: Sequence[Any]) -> list[str]:
    return [line.name for line in lines]
