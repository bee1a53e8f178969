"""When a course would be complete if it went on as in the last days."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

from storage.cells import COMPLETE

DAYS = 14
"""The local dates that the rate is counted from."""
LEAST_SPAN = 3
"""Days between the first and the last percent; fewer say nothing about a rate."""
FARTHEST = 180
"""A day further ahead is no forecast: by then the course has ended."""


def done_by(points: Sequence[tuple[date, float]], today: date) -> date | None:
    """The local date on which the percent reaches 100 at the rate of the last :data:`DAYS` dates.

    ``points`` are local dates with a percent, oldest first, and the last is today's. None if the
    rate is unknown or not above 0, if the course is complete, or if the date is too far away.
    """
    kept = [(day, value) for day, value in points if day > today - timedelta(days=DAYS)]
    if not kept or kept[-1][0] != today:
        return None
    (begun, before), (_, now) = kept[0], kept[-1]
    span = (today - begun).days
    if span < LEAST_SPAN or now >= COMPLETE or now <= before:
        return None
    # Compared before the division: a rate near 0 gives a day that no calendar has.
    if (COMPLETE - now) * span > FARTHEST * (now - before):
        return None
    return today + timedelta(days=ceil((COMPLETE - now) * span / (now - before)))
