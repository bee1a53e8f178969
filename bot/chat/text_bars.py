"""Progress as text: bars, percents, gains and positions."""

import math
from decimal import Decimal

FULL, EMPTY = "■", "□"
"""Both are in the oldest Chinese character sets, so one font draws both, equally wide."""


def bar(part: float, whole: float, width: int = 10) -> str:
    """A bar of ``width`` marks. It is full only at the whole, and empty only at zero."""
    share = min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0
    marks = int(share * width)
    if share > 0 and marks == 0:
        marks = 1
    return FULL * marks + EMPTY * (width - marks)


def percent_bar(value: float | None, width: int) -> str:
    """The bar of a percent, and a space; empty if it is unknown."""
    return "" if value is None else f"{bar(value, 100.0, width)} "


def percent(value: float | None) -> str:
    """``0%``, ``52%``, ``100%``; a value below 100 never reads as 100, and ``–`` means unknown."""
    if value is None:
        return "–"
    return f"{int(value) if value < 100 else 100}%"


def exact_percent(value: float) -> str:
    """``0``, ``52.39``, ``99.999``, without a sign: three decimals, and never rounded up."""
    return f"{math.floor(value * 1000) / 1000:g}"


def gain(points: float) -> str:
    """``+4.5``, ``+12``, ``−0.3``: points of percent, one decimal below ten."""
    size = abs(points)
    sign = "+" if points >= 0 else "−"
    return sign + (f"{size:.0f}" if size >= 9.95 else f"{size:.1f}".removesuffix(".0"))


def position(seconds: Decimal) -> str:
    """A position in a video: ``07:10``, ``1:02:03``."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
