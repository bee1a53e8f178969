"""Moments as texts: UTC, ISO 8601, always with microseconds, so that the texts sort as the times.

``2021-03-01T07:30:00.000000+00:00`` and nothing else is written.
"""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The machine's time, aware and in UTC: the clock that callers get when they pass none."""
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """The stored form of an aware datetime of any zone. Raises ValueError on a naive one."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """The moment that a stored text says, in UTC. Raises ValueError if it names no zone."""
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError("a stored moment has no time zone")
    return moment.astimezone(UTC)


def maybe_to_text(moment: datetime | None) -> str | None:
    """As :func:`to_text`, with None for a column that is empty."""
    return None if moment is None else to_text(moment)
