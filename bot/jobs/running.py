"""The jobs that this process runs, with a stop flag and a task each."""

import asyncio
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial

from bot.jobs.heartbeats import Heartbeats
from bot.study.stop import StopFlag


class RunningJobs:
    """Shared by the runner, which enters jobs, and by the control, which stops them."""

    def __init__(self, heartbeats: Heartbeats | None = None) -> None:
        self._heartbeats = heartbeats or Heartbeats(time.monotonic)
        self._flags: dict[int, StopFlag] = {}
        self._tasks: dict[int, asyncio.Task[object]] = {}
        self.closing = False

    def __len__(self) -> int:
        return len(self._flags)

    @contextmanager
    def entered(self, job_id: int) -> Iterator[StopFlag]:
        """The running job's stop flag, for as long as it runs in the current task."""
        flag = StopFlag(partial(self._heartbeats.beat, job_id))
        self._heartbeats.beat(job_id)
        if self.closing:
            flag.raise_()
        self._flags[job_id] = flag
        task = asyncio.current_task()
        if task is not None:
            self._tasks[job_id] = task
        try:
            yield flag
        finally:
            # The next run of the same job can have entered before this one leaves.
            if self._flags.get(job_id) is flag:
                self._flags.pop(job_id)
                self._tasks.pop(job_id, None)
                self._heartbeats.forget(job_id)

    def stop(self, job_id: int) -> bool:
        """Raise one job's stop flag; False if the job does not run here."""
        flag = self._flags.get(job_id)
        if flag is not None:
            flag.raise_()
        return flag is not None

    async def gone(self, job_ids: Collection[int], seconds: float) -> None:
        """Wait until the runs of these jobs that were entered have ended, at most ``seconds`` of
        real time. A claimed job that enters later is not waited for: it reads its row first."""
        tasks = {task for job_id, task in self._tasks.items() if job_id in job_ids}
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def stop_all(self, seconds: float) -> None:
        """Raise all stop flags, and cancel the jobs that still run after ``seconds`` of real time.
        Jobs left stored as running are queued again at the next start."""
        self.closing = True
        for flag in self._flags.values():
            flag.raise_()
        tasks = set(self._tasks.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1)
