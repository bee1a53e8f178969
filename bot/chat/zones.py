"""Time zones for people: short lists by region, their cities and offsets.

City names are Babel's (CLDR's). A zone is listed only under its canonical IANA name, so that no
city appears twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import MappingProxyType
from zlib import crc32
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.core import Locale, get_global

from bot.chat.i18n import Translator

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")


class Region(Enum):
    """A short list of zones; the order is that of the buttons."""

    EAST_ASIA = "east_asia"
    SOUTHEAST_ASIA = "southeast_asia"
    REST_OF_ASIA = "rest_of_asia"
    EUROPE = "europe"
    AMERICA = "america"
    AFRICA = "africa"
    OCEANIA = "oceania"


_LISTED = {
    Region.EAST_ASIA: (
        "Asia/Shanghai Asia/Urumqi Asia/Hong_Kong Asia/Macau Asia/Taipei Asia/Tokyo Asia/Seoul"
        " Asia/Ulaanbaatar"
    ),
    Region.SOUTHEAST_ASIA: (
        "Asia/Singapore Asia/Kuala_Lumpur Asia/Bangkok Asia/Ho_Chi_Minh Asia/Phnom_Penh"
        " Asia/Vientiane Asia/Yangon Asia/Manila Asia/Jakarta Asia/Brunei"
    ),
    Region.REST_OF_ASIA: (
        "Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Colombo Asia/Karachi Asia/Kabul Asia/Tashkent"
        " Asia/Almaty Asia/Tehran Asia/Dubai Asia/Riyadh Asia/Jerusalem"
    ),
    Region.EUROPE: (
        "Europe/London Europe/Paris Europe/Berlin Europe/Madrid Europe/Rome Europe/Amsterdam"
        " Europe/Zurich Europe/Stockholm Europe/Warsaw Europe/Athens Europe/Istanbul Europe/Moscow"
    ),
    Region.AMERICA: (
        "America/New_York America/Chicago America/Denver America/Los_Angeles America/Toronto"
        " America/Vancouver America/Mexico_City America/Bogota America/Lima America/Santiago"
        " America/Argentina/Buenos_Aires America/Sao_Paulo"
    ),
    Region.AFRICA: (
        "Africa/Cairo Africa/Lagos Africa/Nairobi Africa/Johannesburg Africa/Casablanca"
        " Africa/Algiers Africa/Accra Africa/Addis_Ababa"
    ),
    Region.OCEANIA: (
        "Australia/Sydney Australia/Melbourne Australia/Brisbane Australia/Adelaide Australia/Perth"
        " Pacific/Auckland Pacific/Fiji Pacific/Port_Moresby"
    ),
}
REGIONS: Mapping[Region, Sequence[str]] = MappingProxyType(
    {region: tuple(names.split()) for region, names in _LISTED.items()}
)
PLACE_IN_LISTS = {
    name: place for place, name in enumerate(name for names in REGIONS.values() for name in names)
}


@cache
def all_zones() -> tuple[str, ...]:
    """The canonical names of all zones that this machine knows, sorted."""
    known = available_timezones()
    return tuple(sorted({canonical(name) for name in known if "/" in name} & known))


def canonical(name: str) -> str:
    """A zone's present name: ``Asia/Kolkata`` for ``Asia/Calcutta``."""
    return str(get_global("zone_aliases").get(name, name))


def find(name: str) -> ZoneInfo | None:
    """The zone of that IANA name; None if this machine has no such zone."""
    try:
        return ZoneInfo(canonical(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # The name of a folder, such as Asia, raises an OSError.
        return None


def number(name: str) -> int:
    """A number for buttons that stays the same when zones are added or removed."""
    return crc32(name.encode())


def by_number(wanted: int) -> str | None:
    """The zone whose :func:`number` this is; None if there is none."""
    return _numbers().get(wanted)


@cache
def _numbers() -> Mapping[int, str]:
    return {number(name): name for name in all_zones()}


def label(name: str, language: str, moment: datetime) -> str:
    """``上海 (UTC+8)``: the zone's city, and its offset from UTC at that moment."""
    zone = find(name)
    away = offset_of(zone, moment) if zone is not None else timedelta()
    minutes = round(away.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return offset if name.startswith("Etc/") else f"{city(name, language)} ({offset})"


@dataclass(frozen=True, slots=True)
class Now:
    """The moment at which a screen is rendered, and the person's zone: both are needed to write a
    clock time."""

    moment: datetime
    zone: ZoneInfo

    def clock_time(self, tr: Translator, moment: datetime) -> str:
        """A moment on the person's clock, with the day if it is not today."""
        return tr.clock_time(moment, self.zone, self.moment)

    def zone_label(self, tr: Translator) -> str:
        return label(self.zone.key, tr.language, self.moment)


def city(name: str, language: str) -> str:
    """The zone's city in that language; in English if CLDR has no name in it."""
    return cities(language).get(name) or last_part(name)


@cache
def cities(language: str) -> Mapping[str, str]:
    """Zones that have a name in the language → that name."""
    zones = Locale.parse(language).time_zones
    # CLDR uses the original names of the zones.
    return {canonical(name): each["city"] for name, each in zones.items() if "city" in each}


def last_part(name: str) -> str:
    """The city in an IANA name."""
    return name.rpartition("/")[2].replace("_", " ")


def offset_of(zone: ZoneInfo, moment: datetime) -> timedelta:
    """The zone's offset from UTC at that moment, counted eastwards."""
    return moment.astimezone(zone).utcoffset() or timedelta()
