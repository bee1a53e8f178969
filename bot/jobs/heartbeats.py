"""The heartbeats of running jobs: whether each shows that its study goes on."""

from collections.abc import Callable, Collection

SILENT_AFTER = 900.0
"""Real seconds without a sign of life, beyond a wait that was announced. A request that is retried,
behind a person's own long reading, takes a few minutes."""


class Heartbeats:
    """``monotonic`` is in real seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._due: dict[int, float] = {}
        """When each job's next sign is due."""

    def beat(self, job_id: int, wait: float = 0.0) -> None:
        """The job goes on, and now waits for ``wait`` real seconds."""
        self._due[job_id] = self._monotonic() + wait

    def forget(self, job_id: int) -> None:
        """The job's run has ended."""
        self._due.pop(job_id, None)

    def silent(self, running: Collection[int]) -> list[int]:
        """Which of the jobs stored as running show no sign of life. One that was claimed and has
        not begun counts from the first time it is asked about."""
        now = self._monotonic()
        for job_id in self._due.keys() - set(running):
            del self._due[job_id]
        return [
            job_id for job_id in running if now - self._due.setdefault(job_id, now) > SILENT_AFTER
        ]
