"""Names of time zones as the zones they are."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FALLBACK = "Asia/Shanghai"


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; the platform's own where this machine has no such zone (a
    database can come from a machine that knew more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(FALLBACK)
