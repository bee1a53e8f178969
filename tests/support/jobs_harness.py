"""Everything below the chat, real, before the stand-in of the platform, whose time runs fast."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.courses.plan import OpenDraft
from bot.jobs.answers import Answer
from bot.login.service import LoggedIn
from demo.platform import STUDENT, Endpoint, PlatformServer, Request, School
from storage import jobs, notices
from storage.accounts import Account
from storage.enums import JobState, Pace
from storage.jobs import Job, JobEvent, JobItem
from storage.notices import Notice
from tests.support.in_process_transport import PlatformTransport
from tests.support.open_bot import Bot, Floor
from tests.support.platform_view import PlatformView

SPEED = 2000.0
PATIENCE = 60.0


class JobsHarness(Bot, PlatformView):
    """One process of the bot, without its conversation. Made by :func:`open_jobs`."""

    def __init__(self, folder: Path, platform: PlatformServer, speed: float, most: int) -> None:
        self.platform = platform
        self.transport = PlatformTransport(platform, latency=0.0)
        super().__init__(
            folder, upto=Floor.JOBS, platform=self.transport, speed=speed, max_running=most
        )

    async def kill_and_start(self) -> None:
        """As after kill -9: nothing was ended in order, and a new process starts."""
        await self.close(orderly=False)
        await self.open()
        self.begin()

    async def log_in(self, chat_id: int, stu_id: str = STUDENT.stu_id) -> LoggedIn:
        """The chat pastes a new cookie of the student."""
        logged_in = await self.paste(chat_id, self.platform.cookie_for(stu_id))
        assert logged_in is not None
        return logged_in

    async def draft(self, account: Account, *, course: int = 0, pace: Pace = Pace.NORMAL) -> int:
        """Pick all unfinished modules of a course and read them; the draft's id."""
        name = self.platform.school.courses[course].name
        draft_id = await self.read_preview(account, name, pace)
        assert draft_id is not None
        return draft_id

    async def draft_now(self, opened: OpenDraft) -> OpenDraft:
        now = await self.drafts.get(opened.draft.chat_id, opened.draft.id)
        assert now is not None
        return now

    async def start(self, account: Account, *, course: int = 0, pace: Pace = Pace.NORMAL) -> int:
        """Start a job of the whole course; its id."""
        draft_id = await self.draft(account, course=course, pace=pace)
        result = await self.control.start(account.chat_id, draft_id, 7)
        assert result.answer is Answer.STARTED, result
        assert result.job is not None
        return result.job.id

    async def job(self, job_id: int) -> Job:
        row = await self.db.read(lambda conn: jobs.get(conn, job_id))
        assert row is not None
        return row

    async def items(self, job_id: int) -> list[JobItem]:
        return await self.db.read(lambda c: jobs.items(c, job_id))

    async def history(self, job_id: int) -> list[JobEvent]:
        return await self.db.read(lambda conn: jobs.history(conn, job_id))

    async def states(self, job_id: int) -> list[str]:
        return [row.state for row in await self.history(job_id)]

    async def told(self, chat_id: int | None = None) -> list[Notice]:
        return await self.db.read(lambda conn: notices.pending(conn, chat_id))

    async def until(self, condition: Callable[[], Awaitable[object]]) -> None:
        """Wait until the condition holds. Raises TimeoutError after a long time."""
        async with asyncio.timeout(PATIENCE):
            while not await condition():  # noqa: ASYNC110 - a row, or a stand-in, changes
                await asyncio.sleep(0.002)

    async def until_so(self, condition: Callable[[], object]) -> None:
        async def so() -> object:
            return condition()

        await self.until(so)

    async def until_state(self, job_id: int, *states: JobState) -> Job:
        """Wait until the job is in one of the states."""

        async def there() -> bool:
            return (await self.job(job_id)).state in states

        await self.until(there)
        return await self.job(job_id)

    async def until_ended(self, job_id: int) -> Job:
        return await self.until_state(job_id, *(state for state in JobState if state.is_ended))

    async def until_reports(self, count: int, stu_id: str | None = None) -> None:
        """Wait until so many reports came."""
        await self.until_so(lambda: len(self.sent(Endpoint.REPORT, student=stu_id)) >= count)

    def reports_of(self, cell_id: str) -> list[Request]:
        return self.sent(Endpoint.REPORT, cell=cell_id)

    def outcomes_agree(self, items: Sequence[JobItem], stu_id: str = STUDENT.stu_id) -> bool:
        """Whether exactly the cells that the platform shows at 100 are called done."""
        return all(
            (item.outcome == "done") == (self.platform.shown(stu_id, item.cell.cell_id) == 100)
            for item in items
        )


@asynccontextmanager
async def open_jobs(
    folder: Path, school: School, *, max_running: int = 200, speed: float = SPEED
) -> AsyncIterator[JobsHarness]:
    """A bot at work, with a stand-in that outlives its kills."""
    loop = asyncio.get_running_loop()
    platform = PlatformServer(school, speed=speed, monotonic=loop.time)
    async with JobsHarness(folder, platform, speed, max_running) as harness:
        harness.begin()
        yield harness
