"""The values that the columns of the schema can hold. Tests hold each equal to its CHECK."""

from enum import StrEnum


class Pace(StrEnum):
    """A player's speed: 1×, 1.5× or 2×."""

    NORMAL = "1"
    FAST = "1.5"
    DOUBLE = "2"


class Awaiting(StrEnum):
    """What the next text of a chat is meant as."""

    COOKIE = "cookie"
    ZONE = "zone"
    DIGEST_TIME = "digest_time"


class DraftState(StrEnum):
    """How far a person is with a draft, in this order; ``DROPPED`` ends it without a job."""

    CHOOSING = "choosing"
    READING = "reading"
    READY = "ready"
    STARTED = "started"
    DROPPED = "dropped"


class JobState(StrEnum):
    """The states of a job and which may follow which.

    ::

        queued → running → succeeded | partly_failed | failed | cancelled
                   ├─ paused        by the person
                   ├─ needs_login   the session expired: a new cookie of the same student resumes it
                   └─ waiting       barred, or the platform away; goes on by itself at ``resume_at``
    """

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

    @property
    def has_summary(self) -> bool:
        """Whether the job sends a final message of its own; a cancelled one does not."""
        return self.is_ended and self is not JobState.CANCELLED


ENDED = frozenset({JobState.SUCCEEDED, JobState.PARTLY_FAILED, JobState.FAILED, JobState.CANCELLED})
UNFINISHED = frozenset(JobState) - ENDED
RESTING = frozenset({JobState.PAUSED, JobState.NEEDS_LOGIN, JobState.WAITING, JobState.QUEUED})
"""Unfinished, and no runner is at work on it."""


class JobReason(StrEnum):
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


class JobRequest(StrEnum):
    """What a person asked of a running job; the runner follows between two reports."""

    PAUSE = "pause"
    CANCEL = "cancel"


class OutcomeGroup(StrEnum):
    """The three groups of outcomes that a person counts in: 完成, 失败, 跳过."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """Why a cell of a job is no longer open. ``DONE`` means: the platform shows 100."""

    DONE = "done"
    BY_HAND = "by_hand"
    LOCKED = "locked"
    UNSUPPORTED = "unsupported"
    NOT_COUNTED = "not_counted"
    REFUSED = "refused"
    TEMPORARY = "temporary"
    UNREAD = "unread"
    """The platform never let its percent be read, so it may be at 100."""
    OWN_FAULT = "own_fault"
    """The bot itself broke, each time that the job was tried."""

    @property
    def group(self) -> OutcomeGroup:
        return _GROUPS[self]


_GROUPS = {
    Outcome.DONE: OutcomeGroup.DONE,
    Outcome.BY_HAND: OutcomeGroup.SKIPPED,
    Outcome.LOCKED: OutcomeGroup.SKIPPED,
    Outcome.UNSUPPORTED: OutcomeGroup.SKIPPED,
    Outcome.NOT_COUNTED: OutcomeGroup.FAILED,
    Outcome.REFUSED: OutcomeGroup.FAILED,
    Outcome.TEMPORARY: OutcomeGroup.FAILED,
    Outcome.UNREAD: OutcomeGroup.FAILED,
    Outcome.OWN_FAULT: OutcomeGroup.FAILED,
}


class Days(StrEnum):
    """On which days a digest comes."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


class NoNews(StrEnum):
    """What a digest does on a day on which nothing happened."""

    ONE_LINE = "one_line"
    SILENT = "silent"


class DigestKind(StrEnum):
    """Of what there is one per chat and local date; ``START`` is the job that starts by itself."""

    DIGEST = "digest"
    START = "start"


class SkipReason(StrEnum):
    """Why a digest was not sent."""

    DOWN = "down"
    BROKEN = "broken"
    UNSAID = "unsaid"
    NO_NEWS = "no_news"
    BLOCKED = "blocked"
    NOTHING_TO_START = "nothing_to_start"


class NoticeKind(StrEnum):
    """What the bot tells a chat by itself, without being asked."""

    JOB_ENDED = "job_ended"
    NEEDS_LOGIN = "needs_login"
    BARRED = "barred"
    PLATFORM_AWAY = "platform_away"
    EXPIRING = "expiring"
    NEW_LESSONS = "new_lessons"
