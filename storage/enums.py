"""The values that the columns of the schema can hold. Tests hold each equal to its CHECK."""

from enum import StrEnum


class Pace(StrEnum):
    """A player's speed: 1×, 1.5× or 2×."""

    NORMAL = "1"
    FAST = "1.5"
    DOUBLE = "2"


class Platform(StrEnum):
    """Where a student is at home."""

    ZJY = "zjy"
    """The API of 2021."""
    SPOC = "spoc"
    """The site since 2023, which is only read."""

    @property
    def can_study(self) -> bool:
        return self is Platform.ZJY


class Awaiting(StrEnum):
    """What the bot expects a chat's next text to be."""

    COOKIE = "cookie"
    ZONE = "zone"
    DIGEST_TIME = "digest_time"


class DraftState(StrEnum):
    """The stages of a draft, in this order."""

    CHOOSING = "choosing"
    READING = "reading"
    READY = "ready"
    STARTED = "started"


class JobState(StrEnum):
    """The states of a job and the transitions between them.

    ::

        queued → running → succeeded | partly_failed | failed | cancelled
                   ├─ paused        by the student
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


ENDED = frozenset({JobState.SUCCEEDED, JobState.PARTLY_FAILED, JobState.FAILED, JobState.CANCELLED})
UNFINISHED = frozenset(JobState) - ENDED
RESTING = frozenset({JobState.PAUSED, JobState.NEEDS_LOGIN, JobState.WAITING, JobState.QUEUED})
"""The states of unfinished jobs without a run."""


class JobReason(StrEnum):
    """Why a job is in its state, if the state alone does not tell."""

    BARRED = "barred"
    PLATFORM_AWAY = "platform_away"
    BROKE_OFF = "broke_off"
    """An unexpected error of the bot interrupted the study."""
    SESSION_EXPIRED = "session_expired"
    BY_PERSON = "by_person"
    BARRED_AGAIN = "barred_again"
    RESTARTED = "restarted"
    NEW_COOKIE = "new_cookie"
    TIME = "time"
    NO_ACCESS = "no_access"


class JobRequest(StrEnum):
    """A student's request to a running job; the runner follows it between two reports."""

    PAUSE = "pause"
    CANCEL = "cancel"


class OutcomeGroup(StrEnum):
    """The three groups in which outcomes are counted for students: 完成, 失败, 跳过."""

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
    """The cell's percent could never be read, so it may be at 100."""
    OWN_FAULT = "own_fault"
    """An unexpected error of the bot interrupted each try of the job."""

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
    """What a digest does on a day without news."""

    ONE_LINE = "one_line"
    SILENT = "silent"


class DigestKind(StrEnum):
    """The kinds of digest rows, each one per chat and local date; ``START`` is for automatic
    jobs."""

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
    """The kinds of messages that the bot sends a chat unasked."""

    JOB_ENDED = "job_ended"
    NEEDS_LOGIN = "needs_login"
    BARRED = "barred"
    PLATFORM_AWAY = "platform_away"
    EXPIRING = "expiring"
    NEW_LESSONS = "new_lessons"


class Origin(StrEnum):
    """What let a person in: the one-time link of the log, an invite, or the settings."""

    CLAIM = "claim"
    INVITE = "invite"
    SETTINGS = "settings"


class AuditAction(StrEnum):
    """The actions that the audit keeps."""

    CLAIMED = "claimed"
    INVITE_MADE = "invite_made"
    INVITE_USED = "invite_used"
    INVITE_REVOKED = "invite_revoked"
    REMOVED = "removed"
    LET_IN_AGAIN = "let_in_again"
    LOGGED_IN = "logged_in"
    LIMITED = "limited"
    """A limit per person refused something."""


class OwnerCause(StrEnum):
    """What the owner of the bot is told."""

    TELEGRAM_AWAY = "telegram_away"
    PLATFORM_AWAY = "platform_away"
    DISK = "disk"
    BACKUP = "backup"
    FAULT = "fault"
    UPGRADE = "upgrade"
