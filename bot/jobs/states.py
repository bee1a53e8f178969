"""The states of a job and which may follow which.

::

    queued → running → succeeded | partly_failed | failed | cancelled
               ├─ paused        by the person
               ├─ needs_login   the session expired: a new cookie of the same student resumes it
               └─ waiting       barred, or the platform away; goes on by itself at ``resume_at``
"""

from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    NEEDS_LOGIN = "needs_login"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        return self in ENDED


ENDED = frozenset({JobState.SUCCEEDED, JobState.PARTLY_FAILED, JobState.FAILED, JobState.CANCELLED})
UNFINISHED = frozenset(JobState) - ENDED
RESTING = frozenset({JobState.PAUSED, JobState.NEEDS_LOGIN, JobState.WAITING, JobState.QUEUED})
"""Unfinished, and no runner is at work on it."""


class Wanted(StrEnum):
    """What a person asked of a running job; the runner follows between two reports."""

    PAUSE = "pause"
    CANCEL = "cancel"


class NoticeKind(StrEnum):
    """What the bot tells a chat by itself, without being asked."""

    JOB_ENDED = "job_ended"
    NEEDS_LOGIN = "needs_login"
    BARRED = "barred"
    PLATFORM_AWAY = "platform_away"
    EXPIRING = "expiring"
    NEW_LESSONS = "new_lessons"


class Reason(StrEnum):
    """Why a job is in its state, where the state alone does not say."""

    BARRED = "barred"
    PLATFORM_AWAY = "platform_away"
    BROKE_OFF = "broke_off"
    """The bot itself broke while it studied."""
    SESSION_EXPIRED = "session_expired"
    BY_PERSON = "by_person"
    BARRED_AGAIN = "barred_again"
    RESTARTED = "restarted"
    NEW_COOKIE = "new_cookie"
    TIME = "time"
    NO_ACCESS = "no_access"
