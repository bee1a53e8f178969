"""The keys of notices: each names one occasion, which a chat is told of one time only.

Every notice takes its key from here, so that two parts of the bot that meet the same occasion
build the same key. Moments stand in ISO format.
"""

from datetime import datetime


def job_ended(job_id: int) -> str:
    """The end of a job."""
    return f"job:{job_id}:ended"


def barred(job_id: int, until: datetime) -> str:
    """A bar on the job's student that ends at ``until``."""
    return f"job:{job_id}:barred:{until.isoformat()}"


def platform_away(job_id: int, since: datetime) -> str:
    """An outage of the platform under a job, told of at ``since``."""
    return f"job:{job_id}:away:{since.isoformat()}"


def session_expired(account_id: int, pasted_at: datetime | None) -> str:
    """The expiry of the account's cookie that was pasted then; None where none is kept."""
    return f"account:{account_id}:expired:{_moment(pasted_at)}"


def expiring(account_id: int, pasted_at: datetime | None) -> str:
    """The warning before the end of the account's cookie that was pasted then."""
    return f"account:{account_id}:expiring:{_moment(pasted_at)}"


def new_lessons(course_id: int, found_at: datetime) -> str:
    """What was found to be new in a course at that moment."""
    return f"course:{course_id}:new:{found_at.isoformat()}"


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else "never"
