"""A student's commands on jobs: start, pause, resume, cancel, retry.

Each call names its chat and acts on that chat's jobs only; a repeated call has no further effect.
The answer gives the state after the call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from aiosqlite import Connection

from bot.clock import Clock
from bot.jobs.answers import Answer, Result
from bot.jobs.listener import JobListener
from bot.jobs.reads import RETRIED, JobReads, may_be_retried, unfinished_of
from bot.jobs.running import RunningJobs
from bot.limits import MOST, Limit
from bot.logs import get_log
from storage import drafts, job_changes, jobs, planned
from storage.database import Database, Unit
from storage.enums import RESTING, UNFINISHED, DraftState, JobReason, JobRequest, JobState
from storage.jobs import Job

_log = get_log(__name__)

STOP_WITHIN = 3.0
"""Real seconds to wait for a running job before it is removed."""


class JobControl(JobReads):
    """``wake`` makes the dispatcher look for work; it must not block."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        running: RunningJobs,
        listener: JobListener,
        wake: Callable[[], None],
    ) -> None:
        super().__init__(db)
        self._clock = clock
        self._running = running
        self._listener = listener
        self._wake = wake

    async def start(self, chat_id: int, draft_id: int, message_id: int | None) -> Result:
        """Make the draft a job whose progress message is ``message_id``, the preview's own; None
        lets the job send a new one. What another unfinished job will study is left to that job."""

        async def unit(conn: Connection) -> Result:
            draft = await drafts.get(conn, chat_id, draft_id)
            if draft is None:
                return Result(Answer.UNKNOWN)
            there = await jobs.of_draft(conn, draft_id)
            if there is not None:
                return Result(Answer.ALREADY_STARTED, there)
            cells = await drafts.cells(conn, draft_id)
            if draft.state is DraftState.READY and all(cell.is_complete for cell in cells):
                return Result(Answer.NOTHING_TO_DO)
            taken = await planned.cells_of_draft(conn, draft_id)
            if taken and all(cell.is_complete or cell.cell_id in taken for cell in cells):
                return Result(Answer.PLANNED, await self._job(conn, max(taken.values())))
            if await _is_full(conn, chat_id):
                return Result(Answer.TOO_MANY)
            await drafts.set_message(conn, draft_id, message_id)
            job_id = await jobs.create_from_draft(conn, draft_id, self._clock.now())
            if job_id is None:
                return Result(Answer.NOT_READY)
            return Result(Answer.STARTED, await self._job(conn, job_id))

        return await self._written(unit)

    async def cancel(self, chat_id: int, job_id: int) -> Result:
        """End a job for good. A running job obeys before its next report."""

        async def unit(conn: Connection, job: Job) -> Result:
            if await self._change(conn, job, RESTING, JobState.CANCELLED):
                return Result(Answer.CANCELLED, await self._job(conn, job_id))
            asked = await job_changes.request(conn, job_id, JobRequest.CANCEL)
            return Result(Answer.ASKED if asked else Answer.ALREADY, job)

        return await self._on_unfinished(chat_id, job_id, unit)

    async def pause(self, chat_id: int, job_id: int) -> Result:
        """Pause a job until the student resumes it."""

        async def unit(conn: Connection, job: Job) -> Result:
            if job.state is JobState.PAUSED:
                return Result(Answer.ALREADY, job)
            if await self._change(conn, job, RESTING, JobState.PAUSED):
                return Result(Answer.PAUSED, await self._job(conn, job_id))
            asked = await job_changes.request(conn, job_id, JobRequest.PAUSE)
            return Result(Answer.ASKED if asked else Answer.ALREADY, job)

        return await self._on_unfinished(chat_id, job_id, unit)

    async def resume(self, chat_id: int, job_id: int) -> Result:
        """Resume a paused job. A job that waits for a cookie or the end of a bar keeps waiting."""

        async def unit(conn: Connection, job: Job) -> Result:
            if job.state is JobState.NEEDS_LOGIN:
                return Result(Answer.NEEDS_LOGIN, job)
            if job.state is JobState.WAITING:
                return Result(Answer.WAITS, job)
            if await job_changes.withdraw_pause(conn, job_id):
                return Result(Answer.RESUMED, job)
            if await self._back_to_bar(conn, job):
                return Result(Answer.WAITS, await self._job(conn, job_id))
            if await self._change(conn, job, (JobState.PAUSED,), JobState.QUEUED):
                return Result(Answer.RESUMED, await self._job(conn, job_id))
            return Result(Answer.ALREADY, job)

        return await self._on_unfinished(chat_id, job_id, unit)

    async def retry(self, chat_id: int, job_id: int) -> Result:
        """Start a new job of the failed cells of an ended one; a second call returns the same new
        job."""

        async def unit(conn: Connection) -> Result:
            job = await jobs.of_chat(conn, chat_id, job_id)
            if job is None:
                return Result(Answer.UNKNOWN)
            there = await jobs.retry_of(conn, job_id)
            if there is not None:
                return Result(Answer.ALREADY_STARTED, there)
            if await _is_full(conn, chat_id):
                return Result(Answer.TOO_MANY)
            new_id = await jobs.create_retry(conn, job_id, RETRIED, self._clock.now())
            if new_id is None:
                items = await jobs.items(conn, job_id)
                is_open = job.state.is_ended and any(map(may_be_retried, items))
                return Result(Answer.PLANNED if is_open else Answer.NOTHING_TO_DO, job)
            return Result(Answer.STARTED, await self._job(conn, new_id))

        return await self._written(unit)

    async def tell_resumed(self, resumed: Sequence[Job]) -> None:
        """Show and run jobs that were queued because their cookie was pasted."""
        for job in resumed:
            self._listener.job_changed(job.id)
        self._wake()

    async def cancel_all(self, chat_id: int, stu_id: str | None = None) -> list[Job]:
        """Cancel the chat's unfinished jobs, or one student's of them, before they are removed.

        Returns them with the state cancelled. A run that did not end within :data:`STOP_WITHIN`
        stops before its next report. Jobs begun meanwhile are not among them.
        """
        stopped = await self._db.read(lambda conn: unfinished_of(conn, chat_id, stu_id))
        for job in stopped:
            await self.cancel(chat_id, job.id)
        await self._running.gone({job.id for job in stopped}, STOP_WITHIN)

        async def unit(conn: Connection) -> list[Job]:
            for job in stopped:
                await self._change(conn, job, UNFINISHED, JobState.CANCELLED)
            return [await self._job(conn, job.id) for job in stopped]

        return await self._db.write(unit)

    async def suspend(self, chat_id: int) -> None:
        """Pause the jobs of a chat whose person may no longer use the bot. A run that did not end
        within :data:`STOP_WITHIN` stops before its next report."""
        unfinished = await self.unfinished(chat_id)
        stopped = [each for each in unfinished if each.state is not JobState.PAUSED]
        for job in stopped:
            await self.pause(chat_id, job.id)
        await self._running.gone({job.id for job in stopped}, STOP_WITHIN)

        async def unit(conn: Connection) -> None:
            for job in stopped:
                paused = (JobState.PAUSED,)
                await self._change(conn, job, paused, JobState.PAUSED, JobReason.NO_ACCESS)

        await self._db.write(unit)
        for job in stopped:
            self._listener.job_changed(job.id)

    async def remove(self, chat_id: int, stu_id: str | None, remove: Unit[object]) -> None:
        """Run a unit that removes the chat's jobs, or one student's of them, and stop those that
        had not ended: they began after :meth:`cancel_all`."""

        async def unit(conn: Connection) -> list[Job]:
            begun = await unfinished_of(conn, chat_id, stu_id)
            await remove(conn)
            return begun

        begun = {job.id for job in await self._db.write(unit)}
        for job_id in begun:
            self._running.stop(job_id)
        await self._running.gone(begun, STOP_WITHIN)

    async def _job(self, conn: Connection, job_id: int) -> Job:
        job = await jobs.get(conn, job_id)
        if job is None:
            raise LookupError(f"job {job_id} vanished within its own transaction")
        return job

    async def _back_to_bar(self, conn: Connection, job: Job) -> bool:
        """Let a job that was paused during a bar wait for the end of the bar again. False if no bar
        lasts."""
        now, until = self._clock.now(), job.barred_until
        if until is None or until <= now:
            return False
        return await job_changes.change_state(
            conn,
            job.id,
            expected=(JobState.PAUSED,),
            state=JobState.WAITING,
            reason=JobReason.BARRED,
            resume_at=until,
            now=now,
        )

    async def _on_unfinished(
        self, chat_id: int, job_id: int, act: Callable[[Connection, Job], Awaitable[Result]]
    ) -> Result:
        async def unit(conn: Connection) -> Result:
            job = await jobs.of_chat(conn, chat_id, job_id)
            if job is None:
                return Result(Answer.UNKNOWN)
            return Result(Answer.ENDED, job) if job.state.is_ended else await act(conn, job)

        return await self._written(unit)

    async def _change(
        self,
        conn: Connection,
        job: Job,
        expected: Collection[JobState],
        state: JobState,
        reason: JobReason = JobReason.BY_PERSON,
    ) -> bool:
        now = self._clock.now()
        return await job_changes.change_state(
            conn, job.id, expected=expected, state=state, reason=reason, now=now
        )

    async def _written(self, unit: Unit[Result]) -> Result:
        """Store a command and report its result. A cancelled caller returns at once; the command is
        still stored and reported to a running job."""
        writing = asyncio.ensure_future(self._db.write(unit))
        try:
            return self._told(await asyncio.shield(writing))
        except asyncio.CancelledError:
            writing.add_done_callback(self._tell_late)
            raise

    def _tell_late(self, writing: asyncio.Task[Result]) -> None:
        if writing.cancelled():
            return
        error = writing.exception()
        if error is None:
            self._told(writing.result())
        else:
            _log.error("a pressed change of a job could not be stored", exc_info=error)

    def _told(self, result: Result) -> Result:
        """Report the result to the running job, the listener and the dispatcher."""
        if result.job is not None and result.answer in _CHANGES:
            if result.answer is Answer.ASKED:
                self._running.stop(result.job.id)
            self._listener.job_changed(result.job.id)
            self._wake()
        return result


async def _is_full(conn: Connection, chat_id: int) -> bool:
    return len(await unfinished_of(conn, chat_id, None)) >= MOST[Limit.JOBS]


_CHANGES = frozenset(
    {
        Answer.STARTED,
        Answer.PAUSED,
        Answer.RESUMED,
        Answer.CANCELLED,
        Answer.ASKED,
        Answer.WAITS,
    }
)
