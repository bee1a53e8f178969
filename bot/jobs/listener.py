"""The interface through which jobs report changes to the chat layer."""

from typing import Protocol

from bot.study.progress import Snapshot


class JobListener(Protocol):
    """Called after a change is stored; its methods neither block nor raise."""

    def job_changed(self, job_id: int) -> None:
        """The job's state changed."""

    def place_changed(self, job_id: int) -> None:
        """A queued job stands at another place."""

    def progress_changed(self, job_id: int, snapshot: Snapshot) -> None:
        """The study of a running job progressed."""

    def notices_waiting(self) -> None:
        """There are new rows in the table of notices."""
