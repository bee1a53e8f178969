"""How a cell ended: one value per cell, and the three groups that a person counts in."""

from enum import StrEnum


class OutcomeGroup(StrEnum):
    """完成, 失败, 跳过."""

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
