"""The reporter and the notices at work: a real database, a real bot, Telegram's stand-in."""

import asyncio
import json
from itertools import pairwise
from pathlib import Path

from aiosqlite import Connection

from demo.platform import PlatformServer, school_of
from demo.telegram import Call, Message, Person, TelegramServer
from storage import chats, courses, drafts, job_changes, jobs
from storage.accounts import Account
from storage.courses import Course
from storage.enums import UNFINISHED, DraftState, JobReason, JobState, NoticeKind, Outcome
from storage.jobs import Job
from storage.notices import insert_notice
from storage.rows import first_row
from tests.support.clocks import FastClock
from tests.support.in_process_transport import PlatformTransport, TelegramTransport
from tests.support.names import ANNA, TOKEN
from tests.support.open_bot import Bot, Floor
from tests.support.shown import from_bot
from tests.support.stored_rows import account_of, course_entry, draft_cell, draft_of

COURSE = "网络基础"


class ChatHarness(Bot):
    """One process of the bot that only speaks. Its stand-in of Telegram outlives restarts."""

    def __init__(self, folder: Path, *, max_running: int = 200) -> None:
        self.telegram = TelegramServer(TOKEN)
        # No job begins here, so nothing is asked of the platform.
        platform = PlatformTransport(PlatformServer(school_of(())))
        super().__init__(
            folder,
            upto=Floor.CHAT,
            platform=platform,
            telegram=TelegramTransport(self.telegram, latency=0.0),
            clock=FastClock(),
            speed=600.0,
            max_running=max_running,
        )

    # what is stored

    async def student(self, chat_id: int = ANNA) -> Account:
        """Somebody who wrote to the bot and is logged in."""
        self.telegram.person(chat_id).send("/start")
        account = await account_of(self.db, self.vault, chat_id, stu_id=f"stu-{chat_id}")
        await self.db.write(
            lambda c: chats.ensure(c, chat_id, chat_id, self.clock.now(), language_code="zh")
        )
        return account

    def person(self, chat_id: int = ANNA) -> Person:
        return self.telegram.person(chat_id)

    async def course(self, account: Account, name: str = COURSE) -> Course:
        now = self.clock.now()
        entries = [course_entry(name)]
        found = await self.db.write(lambda c: courses.replace_courses(c, account.id, entries, now))
        return found[0]

    async def job(
        self,
        account: Account,
        *,
        message_id: int | None = None,
        cells: int = 4,
        state: JobState = JobState.RUNNING,
        course_name: str = COURSE,
    ) -> int:
        """A job of some cells, in the message given; its id."""
        course, now = await self.course(account, course_name), self.clock.now()
        draft = await draft_of(self.db, account, course, now=now, message_id=message_id)

        async def unit(conn: Connection) -> int:
            rows = [draft_cell(f"c{number}") for number in range(cells)]
            await drafts.store_cells(conn, draft.id, rows, now, whole=True)
            for before, after in pairwise([*DraftState][:3]):
                await drafts.set_state(conn, draft.id, before, after)
            job_id = await jobs.create_from_draft(conn, draft.id, now)
            assert job_id is not None
            return job_id

        job_id = await self.db.write(unit)
        if state is not JobState.QUEUED:
            await self.change(job_id, state)
        return job_id

    async def change(self, job_id: int, state: JobState, *, reason: str | None = None) -> None:
        """Put a job that has not ended into a state."""
        now = self.clock.now()

        async def unit(conn: Connection) -> None:
            if state is JobState.RUNNING:
                await job_changes.claim_next(conn, now, 100)
            await job_changes.change_state(
                conn,
                job_id,
                expected=UNFINISHED,
                state=state,
                reason=JobReason(reason) if reason else None,
                resume_at=now if state is JobState.WAITING else None,
                now=now,
            )

        await self.db.write(unit)

    async def end_cells(self, job_id: int, **outcomes: str) -> None:
        """Write how cells ended: ``c0="done"``."""

        async def unit(conn: Connection) -> None:
            for cell, outcome in outcomes.items():
                await job_changes.end_item(
                    conn, job_id, cell, outcome=Outcome(outcome), percent=100, code=None, msg=None
                )

        await self.db.write(unit)

    async def row(self, job_id: int) -> Job:
        found = await self.db.read(lambda conn: jobs.get(conn, job_id))
        assert found is not None
        return found

    async def notice(self, job_id: int, kind: str = "job_ended", **facts: object) -> int:
        """Leave a notice about a job; its id."""
        row = await self.row(job_id)
        payload, now = json.dumps(facts), self.clock.now()
        notice_id = await self.db.write(
            lambda conn: insert_notice(
                conn,
                chat_id=row.chat_id,
                job_id=job_id,
                kind=NoticeKind(kind),
                once=f"{job_id}:{kind}",
                payload=payload,
                now=now,
            )
        )
        assert notice_id is not None
        return notice_id

    async def fate(self, notice_id: int) -> str:
        """What became of a notice: ``sent``, ``dropped`` or ``waits``."""
        row = await self.db.read(
            lambda conn: first_row(
                conn, "SELECT sent_at, dropped_at FROM notices WHERE id = ?", (notice_id,)
            )
        )
        assert row is not None
        if row["sent_at"] is not None:
            return "sent"
        return "waits" if row["dropped_at"] is None else "dropped"

    # what the person sees

    def said(self, chat_id: int = ANNA) -> list[Message]:
        return from_bot(self.telegram.chat(chat_id))

    def calls(self, method: str) -> list[Call]:
        return [each for each in self.telegram.calls if each.method.lower() == method.lower()]

    def message(self, message_id: int | None, chat_id: int = ANNA) -> Message:
        found = next((m for m in self.said(chat_id) if m.message_id == message_id), None)
        if found is None:
            raise LookupError(f"no message {message_id} is shown")
        return found

    async def waits_in_the_outbox(self) -> None:
        """Wait until something was tried in vain, and is not on its way but will be tried again."""
        async with asyncio.timeout(10):
            queues = self.outbox._queues
            while not any(each.failures for queue in queues.values() for each in queue):  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def held(self) -> int:
        """How many new messages are held, each with a task that waits for it."""
        return sum(len(queue.sends) for queue in self.outbox._queues.values() if queue.is_held)

    async def quiet(self) -> None:
        """Wait until nothing is on its way: no task of the bot, no message in the outbox, but for
        what is held for the return of a person."""
        async with asyncio.timeout(10):
            while len(
                tasks := [*self.background._tasks.values(), *self.outbox._dispatcher.workers()]
            ) > (self.held()):
                # What is held ends with no task: look again.
                await asyncio.wait(tasks, timeout=0.02)
        assert self.broken == []
