"""Shows jobs: every change of a job becomes an update of its progress message.

The jobs report each change after it is stored. The reporter keeps the newest snapshot of each
running job and queues the update in the outbox. The screen is rendered when it is sent, from the
table of jobs and that snapshot.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from aiosqlite import Connection

from bot.chat.background import Background
from bot.chat.notices import Notices
from bot.chat.people import People, Person
from bot.chat.start_edits import StartEdits
from bot.chat.views import job as views
from bot.clock import PlatformClock
from bot.jobs.items import snapshot_of
from bot.outbox.budget import Rank
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen
from bot.study.estimate import CurrentCell, Estimate
from bot.study.progress import Snapshot
from storage import chats, job_changes, jobs, lengths, outdated_messages
from storage.chats import Chat
from storage.database import Database
from storage.enums import JobState
from storage.job_queue import Place, place_of
from storage.jobs import Job
from storage.lengths import KnownLengths

EDIT_GAPS = ((60.0, 3.0), (600.0, 5.0), (3600.0, 10.0))
"""For each age of a job, up to so many real seconds: the least gap between edits of its message."""
OLD_EDIT_GAP = 30.0
SHOW_AGAIN = timedelta(days=1)
"""The time before an outage or an end of the process within which what was shown may be lost."""


class Reporter:
    """A :class:`~bot.jobs.listener.JobListener`."""

    def __init__(
        self,
        db: Database,
        clock: PlatformClock,
        people: People,
        outbox: Outbox,
        notices: Notices,
        background: Background,
        is_quiet: Callable[[int], Awaitable[bool]],
        *,
        places: int,
    ) -> None:
        """``places`` jobs run at a time."""
        self._places = places
        self._db = db
        self._clock = clock
        self._people = people
        self._outbox = outbox
        self._notices = notices
        self._background = background
        self._is_quiet = is_quiet
        self._snapshots: dict[int, Snapshot] = {}
        self._stopped_at: dict[int, CurrentCell | None] = {}
        """By job: the cell that was open when it last stopped. The estimate of a job that rests
        does not count again what was watched of it."""
        self._jobs: dict[int, Job] = {}
        self._asking: set[int] = set()
        self._replaced: set[int] = set()
        self._beginning: set[int] = set()
        self._start_edits = StartEdits(clock.clock, self.place_changed)

    def job_changed(self, job_id: int) -> None:
        self._background.start(None, None, self._show(job_id))

    def place_changed(self, job_id: int) -> None:
        self._background.start(None, None, self._show(job_id, Rank.PROGRESS))

    async def show_again(self, since: datetime, chat_id: int) -> None:
        """Update the chat's messages that may be out of date: those of jobs that have not ended, or
        that ended since ``since``, less :data:`SHOW_AGAIN`."""
        since -= SHOW_AGAIN
        for job_id in await self._db.read(lambda c: outdated_messages.of_chat(c, chat_id, since)):
            self._background.start(None, None, self._show(job_id, Rank.PROGRESS))

    def resume(self, job_ids: Collection[int]) -> None:
        """At the start: jobs that the last process left running go on, which is shown by
        :meth:`show_changed`."""
        self._start_edits.expect(job_ids)

    async def show_changed(self, since: datetime) -> None:
        """At the start: update the messages of jobs that changed since ``since``, less
        :data:`SHOW_AGAIN`. The others show what is so. Returns before that is done."""
        since -= SHOW_AGAIN
        ids = await self._db.read(lambda c: outdated_messages.of_all_chats(c, since))
        self._background.start(None, "start edits", self._start_edits.run(ids))

    def progress_changed(self, job_id: int, snapshot: Snapshot) -> None:
        self._snapshots[job_id] = snapshot
        job = self._jobs.get(job_id)
        if job is not None and job.message_id is not None:
            self._queue(job, job.message_id, Rank.PROGRESS)

    def notices_waiting(self) -> None:
        self._notices.wake()

    def ask(self, job_id: int, *, asking: bool) -> None:
        """Set whether the progress message asks for confirmation to cancel the job."""
        (self._asking.add if asking else self._asking.discard)(job_id)

    async def show_now(self, job_id: int) -> None:
        """Update the progress message at once, prompted by a press."""
        job = await self._db.read(lambda conn: jobs.get(conn, job_id))
        if job is None or job.message_id is None:
            return
        shown_in = await self.show_in(job.chat_id, job.message_id, job_id)
        if shown_in is not None and shown_in != job.message_id:
            await self._db.write(lambda conn: job_changes.set_message(conn, job_id, shown_in))
            # Updates in the meantime went to a message that no longer exists.
            self.job_changed(job_id)

    async def show_in(self, chat_id: int, message_id: int, job_id: int) -> int | None:
        """Show the job in a message of its chat; returns the id of the message that shows it."""
        return await self._outbox.edit(chat_id, message_id, lambda: self.screen(job_id))

    async def left(self, job: Job) -> Estimate | None:
        """The time left of an unfinished job; None for others."""
        found = None if job.state.is_ended else await self._shown(job.id)
        if found is None:
            return None
        _, shown = found
        return shown.snapshot.left(shown.job.pace)

    async def screen(self, job_id: int) -> Screen | None:
        """The current screen of the job's message; None if there is no such job or person."""
        found = await self._shown(job_id)
        if found is None:
            return None
        person, shown = found
        job, counts = shown.job, shown.snapshot.counts
        if job.state is JobState.CANCELLED:
            return views.cancelled(person.tr, job, counts.done, counts.total)
        if job.state.is_ended:
            return views.ended_line(person.tr, job, counts.done, counts.total)
        return views.progress(person.tr, shown)

    async def _show(self, job_id: int, rank: Rank = Rank.NOTICE) -> None:
        """Show what is stored of the job; a change of its state is news."""
        job = await self._db.read(lambda conn: jobs.get(conn, job_id))
        if job is None:
            self._forget(job_id)
            return
        goes_on = job.state in {JobState.QUEUED, JobState.RUNNING}
        if goes_on and self._start_edits.is_waiting(job_id):
            return
        self._jobs[job_id] = job
        if job.state is not JobState.RUNNING:
            last = self._snapshots.pop(job_id, None)
            if last is not None:
                self._stopped_at[job_id] = last.current
        if job.state.is_ended:
            self._asking.discard(job_id)
            self._stopped_at.pop(job_id, None)
        if job.message_id is None:
            await self._begin_message(job)
        else:
            self._queue(job, job.message_id, rank)
        if job.state.is_ended:
            self._jobs.pop(job_id, None)

    async def _begin_message(self, job: Job) -> None:
        """Send a progress message for a job that began without one, such as a retry."""
        if job.state.is_ended or job.id in self._beginning:
            return
        self._beginning.add(job.id)
        try:
            message_id = await self._outbox.say(
                job.chat_id,
                lambda: self._first_screen(job.id),
                silent=lambda: self._is_quiet(job.chat_id),
            )
            if message_id is not None:
                await self._db.write(lambda conn: job_changes.set_message(conn, job.id, message_id))
        finally:
            self._beginning.discard(job.id)
        if message_id is not None:
            self.job_changed(job.id)

    async def _first_screen(self, job_id: int) -> Screen | None:
        """The first screen; None if the job got a message meanwhile, or has ended."""
        screen = await self.screen(job_id)
        job = await self._db.read(lambda conn: jobs.get(conn, job_id))
        if job is None or job.message_id is not None or job.finished_at is not None:
            return None
        return screen

    def _queue(self, job: Job, message_id: int, rank: Rank) -> None:
        self._outbox.show(
            job.chat_id,
            message_id,
            lambda: self.screen(job.id),
            gap=self._gap(job),
            rank=rank,
            on_lost=lambda: self._lost(job.id, message_id),
        )

    def _gap(self, job: Job) -> float:
        """The least gap between edits: a change of state is shown sooner than a further step."""
        if job.state is not JobState.RUNNING:
            return EDIT_GAPS[0][1]
        age = (self._clock.now() - job.created_at).total_seconds()
        return next((gap for limit, gap in EDIT_GAPS if age < limit), OLD_EDIT_GAP)

    def _lost(self, job_id: int, message_id: int) -> None:
        """The person deleted the progress message: replace it, once per job."""
        self._background.start(None, ("lost", job_id), self._replace(job_id, message_id))

    async def _replace(self, job_id: int, message_id: int) -> None:
        may_replace = job_id not in self._replaced

        async def unit(conn: Connection) -> bool:
            job = await jobs.get(conn, job_id)
            if job is None or (job.message_id == message_id and not may_replace):
                return False
            if job.message_id == message_id:
                await job_changes.set_message(conn, job_id, None)
            return True

        if await self._db.write(unit):
            self._replaced.add(job_id)
            await self._show(job_id)

    async def _shown(self, job_id: int) -> tuple[Person, views.Shown] | None:
        """What the job's message shows, and to whom. The cells of a running job are not read: its
        newest snapshot is known."""

        async def unit(conn: Connection) -> tuple[Job, Chat, Snapshot, Place] | None:
            job = await jobs.get(conn, job_id)
            chat = await chats.get(conn, job.chat_id) if job is not None else None
            if job is None or chat is None:
                return None
            place = Place(0)
            if job.state is JobState.QUEUED:
                place = await place_of(conn, job, self._places)
            return job, chat, await self._snapshot(conn, job), place

        found = await self._db.read(unit)
        if found is None:
            return None
        job, chat, snapshot, place = found
        if not job.state.is_ended:
            self._jobs[job_id] = job
        person = self._people.person(chat)
        return person, views.Shown(
            job=job,
            # Newer than what was read meanwhile.
            snapshot=self._running_snapshot(job) or snapshot,
            now=self._clock.now(),
            zone=person.zone,
            speed=self._clock.speed,
            place=place,
            places=self._places,
            asking=job_id in self._asking,
        )

    def _running_snapshot(self, job: Job) -> Snapshot | None:
        return self._snapshots.get(job.id) if job.state is JobState.RUNNING else None

    async def _snapshot(self, conn: Connection, job: Job) -> Snapshot:
        """That of a running job, else the stored one, with the position at which the job last
        stopped."""
        running = self._running_snapshot(job)
        if running is not None:
            return running
        items, known = await jobs.items(conn, job.id), KnownLengths()
        if not job.state.is_ended:
            known = await lengths.of_job(conn, job, items)
        last = self._snapshots.get(job.id)
        current = last.current if last is not None else self._stopped_at.get(job.id)
        return replace(snapshot_of(items, known), current=current)

    def _forget(self, job_id: int) -> None:
        for known in (self._snapshots, self._stopped_at, self._jobs):
            known.pop(job_id, None)
        self._asking.discard(job_id)
