"""What became of a person's wish about a job."""

from dataclasses import dataclass
from enum import StrEnum

from storage.jobs import Job


class Answer(StrEnum):
    """What became of a person's wish."""

    STARTED = "started"
    ALREADY_STARTED = "already_started"
    NOT_READY = "not_ready"
    NOTHING_TO_DO = "nothing_to_do"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    ASKED = "asked"
    """A running job follows before its next report."""
    ALREADY = "already"
    """It is so already."""
    NEEDS_LOGIN = "needs_login"
    WAITS = "waits"
    """It waits for a bar or the platform and goes on by itself."""
    ENDED = "ended"
    UNKNOWN = "unknown"
    """No such job in this chat."""


@dataclass(frozen=True, slots=True)
class Result:
    answer: Answer
    job: Job | None = None
