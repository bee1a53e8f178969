"""The results of a student's commands on jobs."""

from dataclasses import dataclass
from enum import StrEnum

from storage.jobs import Job


class Answer(StrEnum):
    """The result of a command on a job."""

    STARTED = "started"
    ALREADY_STARTED = "already_started"
    NOT_READY = "not_ready"
    NOTHING_TO_DO = "nothing_to_do"
    PLANNED = "planned"
    """An unfinished job will study all of it."""
    TOO_MANY = "too_many"
    """The chat has as many unfinished jobs as it may."""
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    ASKED = "asked"
    """A running job obeys before its next report."""
    ALREADY = "already"
    """The job is already in the requested state."""
    NEEDS_LOGIN = "needs_login"
    WAITS = "waits"
    """The job waits for a bar or the platform and goes on by itself."""
    ENDED = "ended"
    UNKNOWN = "unknown"
    """No such job in this chat."""


@dataclass(frozen=True, slots=True)
class Result:
    answer: Answer
    job: Job | None = None
