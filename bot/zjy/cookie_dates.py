"""Reads a cookie's expiry in the formats of exports."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def moment(text: str) -> datetime | None:
    """The UTC moment of seconds, milliseconds or microseconds since 1970, an ISO moment or an HTTP
    date; None for other texts and for a session cookie (0 or less)."""
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        return _written(text)
    try:
        if not seconds > 0:
            return None
        for per_second in (1000, 1_000_000):
            if seconds > 1e11:
                seconds = float(text) / per_second
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _written(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
