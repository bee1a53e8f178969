"""What one person may have at the same time: far more than a student needs, and little enough that
one person cannot fill the disk or take the bot's requests."""

from enum import StrEnum


class Limit(StrEnum):
    ACCOUNTS = "accounts"
    JOBS = "jobs"
    """Unfinished ones"""
    DRAFTS = "drafts"
    """Courses opened within the last hour"""
    LOGINS = "logins"
    """Messages with a cookie within the last minute"""


MOST = {Limit.ACCOUNTS: 20, Limit.JOBS: 60, Limit.DRAFTS: 200, Limit.LOGINS: 10}


class LimitReachedError(Exception):
    """A person has as many as they may."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"limit of {limit.value}")
        self.limit = limit
