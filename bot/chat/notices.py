"""Sends the rows of the table of notices, each at least once, rendered when it is sent."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiosqlite import Connection

from bot.chat.background import Background
from bot.chat.cards.drawing import Drawing
from bot.chat.finished_course import FinishedCourses
from bot.chat.optional_notices import is_switched_off
from bot.chat.people import People, Person
from bot.chat.views import digest as digest_views
from bot.chat.views import login as login_views
from bot.chat.views import summary as summary_views
from bot.clock import PlatformClock
from bot.delivery_status import DeliveryStatus
from bot.logs import get_log
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen
from bot.tracking.new_lessons import NewLessonsNotice
from storage import accounts, courses, jobs, notices
from storage.accounts import Account
from storage.database import Database
from storage.enums import JobState, NoticeKind
from storage.errors import StorageError
from storage.jobs import Job, JobItem
from storage.notices import Notice

OVER_AFTER = timedelta(minutes=1)
"""Real time after the end of a bar in which the notice of it is still sent."""


_log = get_log(__name__)


class Notices:
    """:meth:`wake` it when there are new rows; a notice that is being sent is not sent a second
    time. ``is_quiet`` tells whether unprompted messages to a chat make no sound now."""

    def __init__(
        self,
        db: Database,
        clock: PlatformClock,
        people: People,
        outbox: Outbox,
        background: Background,
        is_quiet: Callable[[int], Awaitable[bool]],
        drawing: Drawing,
    ) -> None:
        self._db = db
        self._clock = clock
        self._people = people
        self._outbox = outbox
        self._background = background
        self._is_quiet = is_quiet
        self._finished = FinishedCourses(db, clock, people, outbox, drawing)
        self._looking = asyncio.Lock()
        self._on_the_way: set[int] = set()

    def wake(self) -> None:
        """Look for notices to send, in the background."""
        self._background.start(None, None, self._look())

    async def new_lessons(self, chat_id: int, notice_id: int) -> NewLessonsNotice | None:
        """The content of a notice of new lessons; None if the chat has no such notice."""
        notice = await self._db.read(lambda conn: notices.get(conn, chat_id, notice_id))
        if notice is None or notice.kind is not NoticeKind.NEW_LESSONS:
            return None
        return NewLessonsNotice.of(notice.payload)

    async def _look(self) -> None:
        async with self._looking:
            for notice in await self._db.read(notices.pending):
                if notice.id not in self._on_the_way:
                    self._on_the_way.add(notice.id)
                    work = self._deliver(notice)
                    self._background.start(notice.chat_id, ("notice", notice.id), work)

    async def _deliver(self, notice: Notice) -> None:
        try:
            rendered = is_storage_away = False

            async def render() -> Screen | None:
                nonlocal rendered, is_storage_away
                rendered = True
                try:
                    return await self._render(notice)
                except StorageError:
                    is_storage_away = True
                    raise

            async def is_quiet() -> bool:
                return await self._is_quiet(notice.chat_id)

            if notice.kind is NoticeKind.JOB_ENDED:
                await self._finished.send_card(notice, is_quiet)
            status = await self._outbox.say_surely(notice.chat_id, render, silent=is_quiet)
            now = self._clock.now()
            if status is DeliveryStatus.SENT:
                await self._db.write(lambda conn: notices.mark_sent(conn, notice.id, now))
            elif is_storage_away:
                _log.warning("a notice could not be read", notice=notice.id)
            elif status is DeliveryStatus.REFUSED:
                _log.error("a notice is given up", notice=notice.id, kind=notice.kind.value)
                await self._db.write(lambda conn: notices.mark_dropped(conn, notice.id, now))
            elif rendered and await self._render(notice) is None:
                await self._db.write(lambda conn: notices.mark_dropped(conn, notice.id, now))
        finally:
            # A look that began before the row was marked must still find the notice among those
            # being sent.
            async with self._looking:
                self._on_the_way.discard(notice.id)

    async def _render(self, notice: Notice) -> Screen | None:
        """The current message of a notice; None if it is no longer worth sending."""
        person = await self._people.of_chat(notice.chat_id)
        if person is None:
            return None
        if notice.kind is NoticeKind.NEW_LESSONS:
            return await self._news_screen(notice, person)
        if notice.job_id is None:
            return await self._expired_screen(notice, person)
        job_id = notice.job_id

        async def unit(conn: Connection) -> tuple[Job, list[JobItem], Account | None] | None:
            job = await jobs.get(conn, job_id)
            if job is None:
                return None
            account = await accounts.get(conn, job.chat_id, job.account_id)
            return job, await jobs.items(conn, job_id), account

        found = await self._db.read(unit)
        return None if found is None else self._screen(notice, person, *found)

    async def _expired_screen(self, notice: Notice, person: Person) -> Screen | None:
        """The notice that an account's cookie has expired, and no job waits for it. None if the
        account has another cookie."""
        account_id = _facts(notice).get("account_id")
        if notice.kind is not NoticeKind.NEEDS_LOGIN or not isinstance(account_id, int):
            return None
        account = await self._db.read(lambda c: accounts.get(c, notice.chat_id, account_id))
        if account is None or account.has_cookie:
            return None
        return login_views.session_expired(person.tr, account.name, [])

    async def _news_screen(self, notice: Notice, person: Person) -> Screen | None:
        news = NewLessonsNotice.of(notice.payload)
        chat_id = notice.chat_id
        course = await self._db.read(lambda c: courses.course(c, chat_id, news.course_id))
        account = await self._db.read(lambda c: accounts.get(c, chat_id, news.account_id))
        if course is None or account is None or news.is_empty:
            return None
        return digest_views.new_lessons(
            person.tr, course.name, news, notice.id, can_study=account.can_study
        )

    def _screen(
        self,
        notice: Notice,
        person: Person,
        job: Job,
        items: list[JobItem],
        account: Account | None,
    ) -> Screen | None:
        if is_switched_off(person.chat, notice.kind):
            return None
        tr, facts = person.tr, _facts(notice)
        student = account.name if account is not None else ""
        minutes = int(facts.get("minutes") or 0)
        match notice.kind:
            case NoticeKind.JOB_ENDED:
                return summary_views.summary(tr, job, items, self._clock.speed)
            case NoticeKind.NEEDS_LOGIN if job.state is JobState.NEEDS_LOGIN:
                return login_views.session_expired(tr, student, [job.course_name])
            case NoticeKind.BARRED if not self._is_over(notice, job, minutes):
                return summary_views.barred(
                    tr,
                    job.course_name,
                    minutes,
                    job.resume_at,
                    person.zone,
                    self._clock.now(),
                    msg=str(facts.get("msg") or ""),
                )
            case NoticeKind.EXPIRING if account is not None and not job.state.is_ended:
                return self._expiring(facts, person, job, account)
            case NoticeKind.PLATFORM_AWAY if job.state is JobState.WAITING:
                return summary_views.platform_away(tr, job.course_name, minutes)
            case _:
                return None

    def _is_over(self, notice: Notice, job: Job, minutes: int) -> bool:
        """Whether a bar has passed, as after the chat was unreachable for days."""
        ends = notice.created_at + timedelta(seconds=self._clock.real(minutes * 60))
        return job.state.is_ended or self._clock.now() > ends + OVER_AFTER

    def _expiring(
        self, facts: dict[str, Any], person: Person, job: Job, account: Account
    ) -> Screen | None:
        """The warning; None if the cookie was renewed since, or has ended: another notice tells
        that."""
        pasted_at, ends = account.pasted_at, account.expires_at
        now = self._clock.now()
        if pasted_at is None or ends is None or account.expired_at is not None or ends <= now:
            return None
        if facts.get("pasted_at") != pasted_at.isoformat():
            return None
        time = person.tr.moment(ends, person.zone, now)
        return login_views.expiring(person.tr, account.name, job.course_name, time)


def _facts(notice: Notice) -> dict[str, Any]:
    facts = json.loads(notice.payload)
    return facts if isinstance(facts, dict) else {}
