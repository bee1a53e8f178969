"""How jobs speak to whoever shows them, without knowing who that is."""

from typing import Protocol

from bot.study.progress import Snapshot


class JobListener(Protocol):
    """Told after the change is stored; never waits and never raises."""

    def job_changed(self, job_id: int) -> None:
        """The job's state changed."""
        ...

    def progress_changed(self, job_id: int, snapshot: Snapshot) -> None:
        """The study of a running job went on."""
        ...

    def notices_waiting(self) -> None:
        """There are new rows in the table of notices."""
        ...
