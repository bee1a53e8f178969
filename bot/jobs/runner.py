"""Runs one claimed job: iterates its study, stores each outcome before it is shown, and turns the
end of the run into the job's next state."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta

from aiosqlite import Connection

from bot.accounts import Accounts
from bot.clock import PlatformClock
from bot.courses.course_names import keep_courses_after
from bot.jobs.ended_cells import end_item
from bot.jobs.endings import Endings
from bot.jobs.items import snapshot_of
from bot.jobs.listener import JobListener
from bot.jobs.running import RunningJobs
from bot.jobs.work import Work
from bot.logs import get_log, new_reference
from bot.platforms import Studying
from bot.study.attempt import Verdict
from bot.study.events import BarMet, CellEnded, CellOpened, CellSuspect, StudyEvent
from bot.study.run import Study
from bot.zjy.errors import Barred, CookieLocked, CookieUnreadable, SessionExpired, ZjyError
from bot.zjy.gate import Priority
from bot.zjy.models import CourseList, CourseRef
from storage import job_changes, jobs, lengths
from storage.database import Database, Unit
from storage.enums import JobState, Outcome
from storage.jobs import Job

OUTLINE_LIVES = timedelta(minutes=30)
"""A tree that was read within this time is not read again."""

_log = get_log(__name__)


class JobRunner:
    def __init__(
        self,
        db: Database,
        accounts_: Accounts,
        clock: PlatformClock,
        running: RunningJobs,
        listener: JobListener,
    ) -> None:
        self._db = db
        self._accounts = accounts_
        self._clock = clock
        self._running = running
        self._listener = listener
        self._endings = Endings(clock)

    async def run(self, job: Job) -> None:
        """Work on a job that was just claimed, until it ends, waits or must stop.

        Trouble becomes a state; after an unexpected error, which is logged under a reference, the
        job is tried again later. Raises only what storing that state raises: the job is then stored
        as running, and :meth:`take_back` is for it.
        """
        with self._running.entered(job.id) as stop:
            self._listener.job_changed(job.id)
            account = await self._accounts.get(job.chat_id, job.account_id)
            work = Work(job, account, stop)
            try:
                await self._study(work)
            except SessionExpired as error:
                keep = isinstance(error, CookieUnreadable)
                await self._db.write(
                    lambda c: self._endings.session_expired(c, job, account, keep_cookie=keep)
                )
            except CookieLocked as error:
                # The dispatcher claims it again once the key is here.
                _log.error("a job waits for its cookie's key", job=job.id, trouble=str(error))
                await self._db.write(lambda conn: self._endings.locked(conn, job))
            except Barred as bar:
                await self._barred(work, bar)
            except ZjyError as trouble:
                _log.warning("the platform is away", job=job.id, trouble=str(trouble))
                await self._away(work, trouble)
            except Exception:  # noqa: BLE001 - logged with its reference
                reference = new_reference()
                _log.exception("a job broke off", job=job.id, reference=reference)
                await self._broke_off(work, reference)
        self._listener.job_changed(job.id)
        self._listener.notices_waiting()

    async def take_back(self, job: Job) -> None:
        """Let a job wait, as after an unexpected error, that is stored as running without a run,
        because the end of its run could not be stored."""
        reference = new_reference()
        _log.warning("a job was stored as running without a run", job=job.id, reference=reference)
        is_last = await self._db.read(lambda c: self._endings.is_last_trouble(c, job))
        await self._db.write(lambda c: self._endings.lost(c, job, reference, is_last=is_last))

    async def _study(self, work: Work) -> None:
        session = await self._prepare(work)
        if session is None or work.study is None:
            return
        look_first = self._must_look_first(work.job)
        await self._follow(work, work.study.run(work.snapshot.open_cells, look_first=look_first))
        if not work.snapshot.open_cells:
            work.listed = await self._courses_after(session, work.job)
            await self._store_end(work, lambda conn: self._endings.finished(conn, work.job))
        else:
            await self._stopped(work.job)

    async def _prepare(self, work: Work) -> Studying | None:
        """Read the job's items into the study, and open its session. None if there is nothing to
        study: a job whose items all have an outcome is ended. The rows are let go with the end of
        this method, because thousands of jobs run at once."""
        job = work.job
        row = await self._db.read(lambda conn: jobs.get(conn, job.id))
        if row is None or row.state is not JobState.RUNNING:
            return None  # removed or ended between the claim and the flag's creation
        if row.requested is not None:
            # A request between the claim and the flag's creation could not raise the flag.
            work.stop.raise_()
        items = await self._db.read(lambda c: jobs.items(c, job.id))
        still_open = [item for item in items if item.outcome is None]
        if not still_open:
            # The last process ended before it stored the job's end, which needs no cookie.
            work.listed = await self._courses_without_study(work)
            await self._store_end(work, lambda conn: self._endings.finished(conn, job))
            return None
        session = await self._session(work)
        known = await self._db.read(lambda c: lengths.of_job(c, job, items))
        work.snapshot = snapshot_of(items, known)
        work.study = Study(
            session,
            CourseRef(job.course_open_id, job.open_class_id),
            self._clock,
            pace=job.pace,
            stop=work.stop,
            refused={item.cell.cell_id: item.msg for item in still_open if item.msg},
            proved={i.msg for i in items if i.outcome is Outcome.REFUSED and i.msg},
        )
        return session

    async def _courses_after(self, session: Studying, job: Job) -> CourseList | None:
        """The student's courses as the platform shows them after the job; None if they cannot be
        read: the summary is then sent without them."""
        try:
            return await session.courses()
        except Barred as bar:
            await self._keep_late_bar(job, bar)
        except ZjyError as trouble:
            _log.info("the course's percent was not read", job=job.id, trouble=str(trouble))
        return None

    async def _keep_late_bar(self, job: Job, bar: Barred) -> None:
        _log.info("a bar came after the study", job=job.id, trouble=str(bar))
        until = self._endings.bar_end(bar)
        await self._db.write(lambda conn: job_changes.set_barred(conn, job.id, until))

    async def _courses_without_study(self, work: Work) -> CourseList | None:
        """As :meth:`_courses_after`, for a job that may have no session any more."""
        try:
            session = await self._session(work)
        except (SessionExpired, CookieLocked) as trouble:
            _log.info("the course's percent was not read", job=work.job.id, trouble=str(trouble))
            return None
        return await self._courses_after(session, work.job)

    async def _store_end(self, work: Work, unit: Unit[None]) -> None:
        """Store a job's end together with the courses as the platform shows them by then. If those
        cannot be stored, the job ends without them."""

        async def both(conn: Connection) -> None:
            # The end is stored first, so that the courses are no older than it.
            await unit(conn)
            if work.listed is not None:
                await keep_courses_after(conn, work.job, work.listed, self._clock.now())

        try:
            await self._db.write(both)
        except Exception:
            if work.listed is None:
                raise
            _log.exception("the courses could not be stored at a job's end", job=work.job.id)
            work.listed = None
            await self._db.write(both)

    async def _stopped(self, job: Job) -> None:
        """Store the job's stop. At a shutdown the job stays stored as running, so that the next
        start continues it."""
        if not self._running.closing:
            await self._db.write(lambda conn: self._endings.stopped(conn, job))

    async def _follow(self, work: Work, study: AsyncGenerator[StudyEvent, None]) -> None:
        """Store each event of the study before it is shown."""
        job_id = work.job.id
        async with aclosing(study) as events:
            async for event in events:
                match event:
                    case CellEnded() as end:
                        if not await self._store(job_id, end):
                            work.stop.raise_()
                    case CellSuspect(cell, code, msg):
                        await self._keep_words(job_id, cell.cell_id, code, msg)
                    case BarMet(bar):
                        await self._keep_bar(work, bar)
                    case CellOpened() if event.kind.is_media and event.length > 0:
                        if work.snapshot.lengths.get(event.cell.cell_id) != event.length:
                            await self._keep_length(work.job, event)
                work.snapshot = work.snapshot.after(event)
                self._listener.progress_changed(job_id, work.snapshot)

    async def _broke_off(self, work: Work, reference: str) -> None:
        """Let the job wait as after an outage; a second error in the last look changes nothing."""
        # Read before the look, which resets the count of troubles if it finds a cell done.
        is_last = await self._db.read(lambda c: self._endings.is_last_trouble(c, work.job))
        try:
            if work.bar is not None:
                await self._keep_bar(work, work.bar)
            if is_last and not await self._looked_a_last_time(work):
                await self._stopped(work.job)
                return
        except Exception:  # noqa: BLE001 - logged with its reference
            _log.exception("the last look broke off", job=work.job.id, reference=reference)
        await self._store_end(
            work,
            lambda conn: self._endings.broke_off(
                conn,
                work.job,
                reference,
                work.known,
                is_last=is_last,
                barred_until=work.barred_until,
            ),
        )

    async def _barred(self, work: Work, bar: Barred) -> None:
        until = await self._keep_bar(work, bar)
        if self._endings.is_second_bar(work.job) and not await self._looked_a_last_time(work):
            await self._stopped(work.job)
            return
        await self._store_end(
            work,
            lambda conn: self._endings.barred(conn, work.job, bar, work.known, until=until),
        )

    async def _keep_bar(self, work: Work, bar: Barred) -> datetime:
        """Store a bar, once, before any further request: after a crash the next process must not
        study during the bar. Returns when the bar ends."""
        if work.bar is None or work.barred_until is None:
            # Kept before it is stored: a run whose write fails must not forget the bar.
            work.bar, work.barred_until = bar, self._endings.bar_end(bar)
        met, until = work.bar, work.barred_until
        if not work.is_bar_stored:
            await self._db.write(lambda conn: self._endings.bar_met(conn, work.job, met, until))
            work.is_bar_stored = True
        return until

    async def _away(self, work: Work, trouble: ZjyError) -> None:
        is_last = await self._db.read(lambda c: self._endings.is_last_trouble(c, work.job))
        if is_last and not await self._looked_a_last_time(work):
            await self._stopped(work.job)
            return
        verdict = Verdict.of(Outcome.TEMPORARY, trouble)
        await self._store_end(
            work,
            lambda conn: self._endings.platform_away(
                conn, work.job, verdict, work.known, is_last=is_last
            ),
        )

    async def _looked_a_last_time(self, work: Work) -> bool:
        """Read the cells still open before the job ends: those that the platform shows at 100 are
        done. Then read the courses once more. A bar allows reading. False after a stop."""
        if work.study is not None:
            work.snapshot = work.snapshot.before_a_look()
            await self._follow(work, work.study.look(work.snapshot.open_cells))
        if not work.stop.is_raised:
            work.listed = await self._courses_without_study(work)
        return not work.stop.is_raised

    async def _session(self, work: Work) -> Studying:
        """The job's own session. Raises SessionExpired if there is no usable cookie, and
        CookieLocked if its key is not here."""
        if work.account is None:
            raise SessionExpired("vault", detail="no account is stored")
        return await self._accounts.study_session(
            work.account, Priority.JOB, stopped=lambda: work.stop.is_raised
        )

    def _must_look_first(self, job: Job) -> bool:
        return job.outline_at is None or self._clock.now() - job.outline_at > OUTLINE_LIVES

    async def _keep_length(self, job: Job, event: CellOpened) -> None:
        cell_id, seconds, now = event.cell.cell_id, str(event.length), self._clock.now()
        await self._db.write(lambda c: lengths.keep(c, job.course_open_id, cell_id, seconds, now))

    async def _store(self, job_id: int, end: CellEnded) -> bool:
        return await self._db.write(lambda conn: end_item(conn, job_id, end))

    async def _keep_words(self, job_id: int, cell_id: str, code: str | None, msg: str) -> None:
        await self._db.write(
            lambda conn: job_changes.keep_words(conn, job_id, cell_id, code=code, msg=msg)
        )
