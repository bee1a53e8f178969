"""The keys of notices: each names one occasion, for which a chat gets one notice only.

Every notice takes its key from here, so that two parts of the bot build the same key for the same
occasion. Moments are in ISO format.
"""

from datetime import datetime

from storage.accounts import Account


def job_ended(job_id: int) -> str:
    """The end of a job."""
    return f"job:{job_id}:ended"


def barred(job_id: int, until: datetime) -> str:
    """A bar on the job's student that ends at ``until``."""
    return f"job:{job_id}:barred:{until.isoformat()}"


def platform_away(job_id: int, since: datetime) -> str:
    """An outage of the platform during a job, reported at ``since``."""
    return f"job:{job_id}:away:{since.isoformat()}"


def session_expired(account: Account) -> str:
    """The expiry of the account's cookie."""
    return f"account:{account.id}:expired:{account.cookie_number}"


def expiring(account: Account) -> str:
    """The warning before the expiry of the account's cookie."""
    return f"account:{account.id}:expiring:{account.cookie_number}"


def new_lessons(course_id: int, found_at: datetime) -> str:
    """The new lessons that were found in a course at ``found_at``."""
    return f"course:{course_id}:new:{found_at.isoformat()}"
