"""A database that holds every change of a job against the model, at the commit that makes it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from aiosqlite import Connection

from bot.jobs.control import RETRIED
from bot.jobs.endings import end_state
from bot.jobs.items import counts_of
from storage import jobs
from storage.connections import UnitConnection
from storage.database import Database
from storage.enums import ENDED, JobState
from storage.jobs import Job
from storage.rows import rows
from tests.support.clocks import LoopClock

from .model import Stand, may_become

T = TypeVar("T")
SUMMED_UP = ENDED - {JobState.CANCELLED}
"""States of jobs that send a final message of their own."""


@dataclass
class Press:
    """What a person does, for as long as it lasts; its unit leaves here how the jobs stood."""

    by: str
    before: Mapping[int, Job] = field(default_factory=dict)
    stands: Mapping[int, Stand] = field(default_factory=dict)
    after: Mapping[int, Job] = field(default_factory=dict)


PRESS: ContextVar[Press | None] = ContextVar("PRESS", default=None)


class Stock(NamedTuple):
    """What is stored of all jobs. ``to_retry``: those with cells that a retry would take up;
    ``planned``: those with such cells that other jobs have, all of them; ``retried``: those that
    have a retry; ``taken``: the cells that each student's unfinished jobs in each chat have."""

    jobs: Mapping[int, Job]
    to_retry: Collection[int]
    planned: Collection[int]
    retried: Collection[int]
    taken: Mapping[tuple[int, str], Collection[str]]

    @classmethod
    async def read(cls, conn: Connection) -> "Stock":
        found = {job.id: job for job in await jobs.in_states(conn, [*JobState])}
        items = await rows(conn, "SELECT job_id, cell_id, outcome FROM job_items")
        retried = await rows(conn, "SELECT retry_of FROM jobs")
        taken: dict[tuple[int, str], set[str]] = {}
        left: dict[int, set[str]] = {}
        for row in items:
            job = found[row["job_id"]]
            if not job.state.is_ended:
                taken.setdefault((job.chat_id, job.stu_id), set()).add(row["cell_id"])
            if row["outcome"] in (None, *RETRIED):
                left.setdefault(job.id, set()).add(row["cell_id"])
        planned = {
            job_id
            for job_id, cells in left.items()
            if cells <= taken.get((found[job_id].chat_id, found[job_id].stu_id), set())
        }
        return cls(
            found,
            left.keys() - planned,
            planned,
            {row["retry_of"] for row in retried},
            taken,
        )

    def stand(self, job_id: int) -> Stand:
        """How a job stands, as the model sees it."""
        job, now = self.jobs[job_id], LoopClock().now()
        return Stand(
            job.state,
            job.requested,
            barred=job.barred_until is not None and job.barred_until > now,
            retried=job_id in self.retried,
            to_retry=job_id in self.to_retry,
            planned=job_id in self.planned,
        )


@dataclass
class JobLog:
    """What all processes together did. ``broken`` says which promises were broken."""

    max_running: int
    stock: Stock = field(default_factory=lambda: Stock({}, (), (), (), {}))
    changes: int = 0
    reports: Counter[int] = field(default_factory=Counter)
    """Reports for a running job since the person last wanted something of it."""
    broken: list[str] = field(default_factory=list)

    @property
    def now(self) -> Mapping[int, Job]:
        return self.stock.jobs

    def studied(self, stu_id: str, course_open_id: str, *, is_report: bool) -> None:
        """The process sends a view or a report."""
        mine = [job for job in self.now.values() if job.stu_id == stu_id]
        job = next((job for job in mine if job.state is JobState.RUNNING), None)
        if job is None or job.course_open_id != course_open_id:
            self.broken.append(f"study by {stu_id} of {course_open_id}, while {job} runs")
            return
        now = LoopClock().now()
        if any(each.barred_until is not None and each.barred_until > now for each in mine):
            self.broken.append(f"study by {stu_id}, whose bar is known")
        self.reports[job.id] += is_report
        if job.requested is not None and self.reports[job.id] > 1:
            self.broken.append(f"{self.reports[job.id]} reports since {job.requested} of {job.id}")

    def opened(self, stock: Stock) -> None:
        """The next life begins with what is stored."""
        for job_id, job in self.now.items():
            there = stock.jobs.get(job_id)
            if there is None or (job.state.is_ended and there != job):
                self.broken.append(f"{job} became {there} between two processes")
        self.committed(stock)

    def committed(self, after: Stock) -> None:
        """A unit is stored."""
        for job_id, job in after.jobs.items():
            was = self.now.get(job_id)
            if was is None or was.requested != job.requested:
                self.reports[job_id] = 0
        self.changes += self.now != after.jobs
        # Whatever becomes of the new job: the old one has been tried again.
        self.stock = after._replace(retried={*self.stock.retried, *after.retried})


class WatchedDatabase(Database):
    """The only one that writes into its file. Set ``log`` once it is open."""

    log: JobLog | None = None

    async def _run(
        self,
        conn: UnitConnection,
        lock: asyncio.Lock,
        begin: str,
        unit: Callable[[Connection], Awaitable[T]],
    ) -> T:
        log = self.log
        if log is None or conn is not self._writer:
            return await super()._run(conn, lock, begin, unit)
        news: list[Stock] = []
        press = PRESS.get()

        async def witnessed(conn: Connection) -> T:
            changes = conn.total_changes
            before = log.stock
            stands = {job_id: before.stand(job_id) for job_id in before.jobs}
            result = await unit(conn)
            # Most units of a quiet hour change nothing, and need no second look.
            after = before if conn.total_changes == changes else await Stock.read(conn)
            news.append(after)
            by = press.by if press is not None else "itself"
            log.broken += _wrong_changes(before.jobs, stands, after.jobs, by)
            log.broken += _wrong_places(before.jobs, after.jobs, log.max_running)
            if after is not before:
                log.broken += await _wrong_ends(conn, before.jobs, after.jobs)
            if press is not None:
                press.stands, press.before, press.after = stands, before.jobs, after.jobs
            return result

        result = await super()._run(conn, lock, begin, witnessed)
        log.committed(news[0])
        return result


def _wrong_changes(
    before: Mapping[int, Job], stands: Mapping[int, Stand], after: Mapping[int, Job], by: str
) -> list[str]:
    wrong = [f"job {job_id} vanished" for job_id in before.keys() - after.keys()]
    wrong += [
        f"job {job_id} began as {after[job_id].state}"
        for job_id in after.keys() - before.keys()
        if after[job_id].state is not JobState.QUEUED
    ]
    for job_id in before.keys() & after.keys():
        was, job = before[job_id], after[job_id]
        if was.state is not job.state and not may_become(stands[job_id], job.state, by):
            wrong.append(f"job {job_id}: {was.state} ({was.requested}) → {job.state} by {by}")
        if was.state.is_ended and was != job:
            wrong.append(f"job {job_id} changed after its end: {was} → {job}")
        if job.state is not JobState.RUNNING and job.requested is not None:
            wrong.append(f"job {job_id} is {job.state}, and {job.requested} is still requested")
        if job.state.is_ended != (job.finished_at is not None):
            wrong.append(f"job {job_id} is {job.state}, finished at {job.finished_at}")
        if (job.state is JobState.WAITING) != (job.resume_at is not None):
            wrong.append(f"job {job_id} is {job.state} until {job.resume_at}")
    return wrong


def _wrong_places(
    before: Mapping[int, Job], after: Mapping[int, Job], max_running: int
) -> list[str]:
    running = [job for job in after.values() if job.state is JobState.RUNNING]
    students = Counter(job.stu_id for job in running)
    wrong = [f"{stu} has {count} running jobs" for stu, count in students.items() if count > 1]
    if len(running) > max_running:
        wrong.append(f"{len(running)} jobs run, where {max_running} may")
    wrong += [
        f"job {job.id} was begun, where the student waits"
        for job in running
        if (was := before.get(job.id)) is not None
        and was.state is JobState.QUEUED
        and not may_run(was, before)
    ]
    return wrong


def may_run(job: Job, among: Mapping[int, Job]) -> bool:
    """Whether nothing keeps a queued job from running but the bound on all running jobs."""
    now = LoopClock().now()
    return not any(
        other.state is JobState.RUNNING
        or (other.resume_at is not None and other.resume_at > now)
        or (other.barred_until is not None and other.barred_until > now)
        for other in among.values()
        if other.stu_id == job.stu_id
    )


async def _wrong_ends(
    conn: Connection, before: Mapping[int, Job], after: Mapping[int, Job]
) -> list[str]:
    """An end and what is told of it are one change: a summary each, of cells that all ended."""
    sql = "SELECT job_id FROM notices WHERE kind = 'job_ended' ORDER BY job_id"
    told = [int(row["job_id"]) for row in await rows(conn, sql)]
    ended = [job_id for job_id, job in sorted(after.items()) if job.state in SUMMED_UP]
    wrong = [] if told == ended else [f"{ended} ended, and the notices are of {told}"]
    for job_id in ended:
        if job_id in before and before[job_id].state.is_ended:
            continue
        counts = counts_of(await jobs.items(conn, job_id))
        if counts.open or end_state(counts) is not after[job_id].state:
            wrong.append(f"job {job_id} is {after[job_id].state} with {counts}")
    return wrong
