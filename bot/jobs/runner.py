"""Runs one claimed job: iterates its study, stores every outcome before it is shown, and turns
whatever ends the run into the job's next state."""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

from aiosqlite import Connection

from bot.clock import PlatformClock
from bot.jobs.drafts import entries_of
from bot.jobs.endings import Endings
from bot.jobs.listener import JobListener
from bot.jobs.records import Item, Job, snapshot_of
from bot.jobs.running import RunningJobs
from bot.logs import get_log, new_reference
from bot.study.events import CellEnded, CellOpened
from bot.study.run import Study
from bot.study.stop import StopFlag
from bot.zjy.errors import Barred, SessionExpired, ZjyError
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.models import CourseRef
from storage import accounts, courses, job_changes, jobs, lengths
from storage.courses import CourseEntry
from storage.database import Database
from storage.vault import Vault, VaultError

OUTLINE_LIVES = timedelta(minutes=30)
"""A tree that was read so lately is not read again."""

_log = get_log(__name__)


class JobRunner:
    def __init__(
        self,
        db: Database,
        vault: Vault,
        gate: Gate,
        clock: PlatformClock,
        running: RunningJobs,
        listener: JobListener,
    ) -> None:
        self._db = db
        self._vault = vault
        self._gate = gate
        self._clock = clock
        self._running = running
        self._listener = listener
        self._endings = Endings(clock)

    async def run(self, job: Job) -> None:
        """Work on a job that was just claimed, until it ends, rests or must stop.

        Raises nothing of its own boundary: trouble becomes a state, and what nobody foresaw is
        logged under a reference and tried again later.
        """
        with self._running.entered(job.id) as stop:
            self._listener.job_changed(job.id)
            account = await self._db.read(lambda c: accounts.get(c, job.chat_id, job.account_id))
            pasted_at = account.pasted_at if account is not None else None
            try:
                await self._study(job, stop)
            except SessionExpired:
                await self._db.write(lambda c: self._endings.session_expired(c, job, pasted_at))
            except Barred as bar:
                error = bar
                await self._db.write(lambda conn: self._endings.barred(conn, job, error))
            except ZjyError as trouble:
                away = trouble
                _log.warning("the platform is away", job=job.id, trouble=str(trouble))
                await self._db.write(lambda conn: self._endings.platform_away(conn, job, away))
            except Exception as unforeseen:  # noqa: BLE001 - logged with its reference
                reference = new_reference()
                _log.exception("a job broke off", job=job.id, reference=reference)
                broken = ZjyError("bot", f"{type(unforeseen).__name__} · {reference}")
                await self._db.write(lambda conn: self._endings.platform_away(conn, job, broken))
        self._listener.job_changed(job.id)
        self._listener.notices_waiting()

    async def _study(self, job: Job, stop: StopFlag) -> None:
        row = await self._db.read(lambda conn: jobs.get(conn, job.id))
        if row is not None and row.wanted is not None:
            # Asked between the claim and the flag: nobody could raise it then.
            stop.raise_()
        session = await self._session(job, stop)
        items = [Item.of(row) for row in await self._db.read(lambda c: jobs.items(c, job.id))]
        ids = [item.cell.cell_id for item in items if item.outcome is None]
        snapshot = snapshot_of(items, await self._db.read(lambda c: lengths.of_cells(c, ids)))
        study = Study(session, job.course, self._clock, pace=job.pace, stop=stop)
        look_first = self._must_look_first(job)
        async with aclosing(study.run(snapshot.open_cells, look_first=look_first)) as events:
            async for event in events:
                if isinstance(event, CellEnded):
                    await self._store(job, event)
                elif isinstance(event, CellOpened) and event.kind.is_media and event.length > 0:
                    await self._keep_length(event)
                snapshot = snapshot.after(event)
                self._listener.job_moved(job.id, snapshot)
        if not snapshot.open_cells:
            listed = await self._courses_after(session, job)
            await self._db.write(lambda conn: self._finished(conn, job, listed))
        elif not self._running.closing:
            await self._db.write(lambda conn: self._endings.stopped(conn, job))

    async def _courses_after(self, session: Session, job: Job) -> list[CourseEntry] | None:
        """What the platform shows for the student's courses now that the job is done; None where
        it does not tell: the summary goes out without it."""
        try:
            return entries_of(await session.courses())
        except ZjyError as trouble:
            _log.info("the course's percent was not read", job=job.id, trouble=str(trouble))
            return None

    async def _finished(
        self, conn: Connection, job: Job, listed: Sequence[CourseEntry] | None
    ) -> None:
        if listed is not None and await accounts.get(conn, job.chat_id, job.account_id) is not None:
            await courses.replace_courses(conn, job.account_id, listed, self._clock.clock.now())
            for entry in listed:
                if CourseRef(entry.course_open_id, entry.open_class_id) == job.course:
                    await job_changes.set_percent_after(conn, job.id, entry.percent)
        await self._endings.finished(conn, job)

    async def _session(self, job: Job, stop: StopFlag) -> Session:
        """The job's own session. Raises SessionExpired where there is no cookie to use."""
        try:
            cookie = await self._db.read(lambda c: accounts.cookie(c, self._vault, job.account_id))
        except VaultError as error:
            raise SessionExpired("vault", str(error)) from error
        if cookie is None:
            raise SessionExpired("vault", "no cookie is stored")
        return self._gate.session(
            cookie, stu_id=job.stu_id, priority=Priority.JOB, stopped=lambda: stop.is_raised
        )

    def _must_look_first(self, job: Job) -> bool:
        read_at = job.outline_at
        return read_at is None or self._clock.clock.now() - read_at > OUTLINE_LIVES

    async def _keep_length(self, event: CellOpened) -> None:
        cell_id, seconds, now = event.cell.cell_id, str(event.length), self._clock.clock.now()
        await self._db.write(lambda conn: lengths.keep(conn, cell_id, seconds, now))

    async def _store(self, job: Job, event: CellEnded) -> None:
        await self._db.write(
            lambda conn: job_changes.end_item(
                conn,
                job.id,
                event.cell.cell_id,
                outcome=event.outcome.value,
                percent=event.percent,
                code=event.code,
                msg=event.msg,
            )
        )
