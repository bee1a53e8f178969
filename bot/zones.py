"""Time zones by their names, and the dates of a zone."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FALLBACK = "Asia/Shanghai"


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; the platform's own zone if this machine does not know the name (a
    database can come from a machine that knows more zones)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(FALLBACK)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date in ``zone`` at ``moment``."""
    return moment.astimezone(zone).date()
