"""Words for a duration or a moment that is known only as a range.

The bounds are rounded outwards, so that the range shown holds the range given; only a duration
never begins at 0.
"""

from datetime import datetime, timedelta, tzinfo
from math import ceil, floor

from bot.chat.i18n import Translator

MINUTE, HOUR = 60, 3600

_STEPS = (
    (MINUTE, 10),
    (10 * MINUTE, MINUTE),
    (HOUR, 5 * MINUTE),
    (3 * HOUR, HOUR // 2),
    (20 * HOUR, HOUR),
    (100 * HOUR, 5 * HOUR),
)
"""Below so many seconds, a bound is a multiple of the second number."""
_LARGEST_STEP = 10 * HOUR

_CLOCK_STEPS = ((5 * MINUTE, MINUTE), (HOUR, 5 * MINUTE), (6 * HOUR, 30 * MINUTE))
"""The same for the moments of a range, by its width."""
_LARGEST_CLOCK_STEP = HOUR


def duration_range(tr: Translator, low: float, high: float) -> str:
    """``20–35 min``, ``2–3 h``, ``45 min–1.5 h``; one duration if both bounds, in seconds, are
    alike."""
    if low >= high:
        return tr.duration(high)
    lowest, highest = _down(low), _up(high)
    if lowest == highest:
        return _duration(tr, highest)
    if _unit(lowest) == _unit(highest):
        number = f"{lowest / _unit(lowest):g}"
        return tr("{low}–{high}", low=number, high=_duration(tr, highest))
    return tr("{low}–{high}", low=_duration(tr, lowest), high=_duration(tr, highest))


def clock_range(
    tr: Translator, first: datetime, last: datetime, zone: tzinfo, now: datetime
) -> str:
    """``21:30–22:30`` on the person's clock; the day is named where it is not today, or not that of
    ``first``. One moment if both are alike."""
    if first >= last:
        return tr.clock_time(last, zone, now)
    step = _step((last - first).total_seconds(), _CLOCK_STEPS, _LARGEST_CLOCK_STEP)
    # Multiples of the local clock's steps: some zones are half an hour off.
    shift = (first.astimezone(zone).utcoffset() or timedelta()).total_seconds()
    begin = floor((first.timestamp() + shift) / step) * step - shift
    end = ceil((last.timestamp() + shift) / step) * step - shift
    begin = max(begin, floor(now.timestamp() / MINUTE) * MINUTE)
    lowest, highest = (datetime.fromtimestamp(moment, zone) for moment in (begin, end))
    shown = tr.clock_time(lowest, zone, now)
    return tr("{low}–{high}", low=shown, high=tr.clock_time(highest, zone, lowest))


def _down(seconds: float) -> int:
    step = _step(seconds, _STEPS, _LARGEST_STEP)
    return max(floor(seconds / step) * step, step)


def _up(seconds: float) -> int:
    step = _step(seconds, _STEPS, _LARGEST_STEP)
    return max(ceil(seconds / step) * step, step)


def _step(seconds: float, steps: tuple[tuple[int, int], ...], largest: int) -> int:
    return next((step for below, step in steps if seconds < below), largest)


def _unit(seconds: int) -> int:
    """Seconds of the unit in which a rounded bound is shown."""
    return next((unit for unit in (HOUR, MINUTE) if seconds >= unit), 1)


def _duration(tr: Translator, seconds: int) -> str:
    unit = _unit(seconds)
    number = f"{seconds / unit:g}"
    if unit == HOUR:
        return tr("{hours} h", hours=number)
    return (
        tr("{minutes} min", minutes=number)
        if unit == MINUTE
        else tr("{seconds} s", seconds=seconds)
    )
