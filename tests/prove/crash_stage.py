"""A stage on which the bot dies and is started again at once, and what is seen of each death."""

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from demo.platform import School
from demo.stage import Launch, Process
from demo.telegram import Chat, Message
from tests.prove.killable_stage import KillableStage
from tests.support.shown import COUNTS

WITHIN = 60.0
"""Real seconds after a start in which a job that had begun must go on."""
LAST_BOUNDARY = 0.5
"""Real seconds after the last thing that a person sees in which the last boundary is passed."""


@dataclass(slots=True)
class Death:
    """One death of the bot and what was so then; ``where`` is empty where no boundary was meant.

    ``went_on`` has the students whose jobs had begun and not ended, each with how many real
    seconds after the next start it went on: a request to the platform or a summary. None where it
    did not. ``unfinished`` is how many these were; ``unsure`` are the chats that had got a summary
    which no commit called sent yet.
    """

    where: str
    unsure: frozenset[int]
    went_on: dict[str, float | None]
    unfinished: int

    @property
    def slowest(self) -> float:
        return max((each for each in self.went_on.values() if each is not None), default=0.0)


class CrashStage(KillableStage):
    """``die_at`` is the boundary of the first process, if it shall die at one."""

    def __init__(
        self, school: School, launch: Launch[Process], *, speed: float, die_at: str | None = None
    ) -> None:
        super().__init__(school, launch, speed=speed)
        self._die_at = die_at
        self._ending = False
        self.ended_alone: int | None = None
        """The code with which the bot ended although nobody killed it; it must not."""
        self.deaths: list[Death] = []

    def _dies_at(self) -> str | None:
        return None if self.deaths else self._die_at

    async def start_bot(self) -> None:
        """Start the bot and, from now on, start it again whenever it dies."""
        await self.start_process()
        self._keeping = asyncio.create_task(self._keep_alive())

    async def stop_bot(self) -> int | None:
        """End the bot for good, as a power cut would."""
        self._ending = True
        await self.kill_bot()
        await self._keeping
        return None

    @property
    def restarts(self) -> int:
        return len(self.deaths)

    async def settled(self) -> None:
        """Wait until everything is sent and called so, and for the death that is still to come
        within moments where it shall be at one of the last boundaries."""
        await self._until_sent()
        if self._die_at not in (None, "0") and not self.deaths:
            try:
                await self.telegram.wait_for(lambda: self.restarts > 0, LAST_BOUNDARY)
            except TimeoutError:
                return
            await self._until_sent()

    async def _until_sent(self) -> None:
        while not (self.listens and self.has_sent_everything):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)

    def goes_on(self, stu_id: str) -> None:
        """Something was seen that shows it of the student's job."""
        death = self.deaths[-1] if self.deaths else None
        if death is not None and death.went_on.get(stu_id, 0.0) is None:
            death.went_on[stu_id] = time.monotonic() - self.started_at

    async def _keep_alive(self) -> None:
        while True:
            code = await self.bot_ended()
            if self._ending:
                return
            if code != -signal.SIGKILL:
                self.ended_alone = code
                self.telegram.world.changes.wake()
                return
            self._hold_the_platform()
            self._forgive()
            self.deaths.append(self._seen())
            await self.start_process()
            if self._is_over():
                # It died just before it was to be ended, and was born again.
                await self.kill_bot()
                return
            self.telegram.world.changes.wake()

    def _is_over(self) -> bool:
        return self._ending

    def _forgive(self) -> None:
        """Who died again soon had no time to go on."""
        if self.deaths and time.monotonic() - self.started_at < WITHIN:
            last = self.deaths[-1]
            last.went_on = {who: s for who, s in last.went_on.items() if s is not None}

    def _seen(self) -> Death:
        rows = self.rows()
        told = {chat.chat_id for chat in self.telegram.world.chats.values() if summaries(chat)}
        unfinished = [job.stu_id for job in rows.jobs if not job.ended]
        return Death(
            where="" if self.deaths else self.died_at(),
            unsure=frozenset(job.chat_id for job in rows.jobs if job.unsent) & told,
            went_on=dict.fromkeys(unfinished),
            unfinished=len(unfinished),
        )

    def rows(self) -> "Rows":
        """What stands in the database of a bot that is dead; the files themselves are left as
        they are."""
        with self.database() as file:
            return Rows.read(file)

    @property
    def has_sent_everything(self) -> bool:
        """Whether the running bot's database holds no unfinished job and no unsent notice."""
        return self.read_running(_all_sent) or False


def summaries(chat: Chat) -> list[Message]:
    """Every final message that the chat got."""
    return [each for each in chat.everything if each.from_bot and COUNTS.search(each.text)]


def _all_sent(conn: sqlite3.Connection) -> bool:
    left = conn.execute(
        "SELECT (SELECT count(*) FROM jobs WHERE finished_at IS NULL) + "
        "(SELECT count(*) FROM notices WHERE sent_at IS NULL AND dropped_at IS NULL)"
    ).fetchone()
    return bool(left[0] == 0)


@dataclass(frozen=True, slots=True)
class JobRow:
    """``unsent`` tells whether its summary waits to be sent, or to be called so."""

    id: int
    chat_id: int
    stu_id: str
    state: str
    message_id: int | None
    ended: bool
    unsent: bool
    items: tuple[tuple[str, str | None], ...]
    """Each cell with its outcome."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a database says of jobs."""

    jobs: tuple[JobRow, ...] = ()

    @classmethod
    def read(cls, file: Path) -> "Rows":
        with closing(sqlite3.connect(file)) as conn:
            if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'notices'").fetchone():
                return cls()
            jobs = conn.execute(
                "SELECT id, chat_id, stu_id, state, message_id, finished_at IS NOT NULL, EXISTS ("
                " SELECT 1 FROM notices WHERE job_id = jobs.id AND kind = 'job_ended'"
                " AND sent_at IS NULL) FROM jobs ORDER BY id"
            ).fetchall()
            items = conn.execute(
                "SELECT job_id, cell_id, outcome FROM job_items ORDER BY position"
            ).fetchall()
        return cls(
            tuple(
                JobRow(
                    *(job_id, chat_id, stu_id, state, message_id),
                    ended=bool(ended),
                    unsent=bool(unsent),
                    items=tuple((cell, outcome) for of, cell, outcome in items if of == job_id),
                )
                for job_id, chat_id, stu_id, state, message_id, ended, unsent in jobs
            )
        )
