"""Finds the time zones that a typed text may mean: a city, a country, an IANA name, an offset.

Names of cities and countries are Babel's (CLDR's) in whatever languages are asked for, beside those
in the zones' own IANA names.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from babel.core import Locale, get_global

from bot.chat.zones import (
    PLACE_IN_LISTS,
    all_zones,
    canonical,
    cities,
    find,
    last_part,
    offset_of,
)

MAX_FOUND = 8
_LONGEST_TEXT = 100

_ALSO = MappingProxyType(
    {
        "Asia/Shanghai": "北京 Beijing 重庆 哈尔滨 新疆 Xinjiang 乌鲁木齐 Urumqi 喀什 Kashgar",
        "Asia/Urumqi": "新疆 Xinjiang 喀什",
    }
)
"""What CLDR does not say: the name by which people call China's time, the Chinese of names that
IANA has in English alone, and that both clocks are in use in Xinjiang."""

_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-]) ?([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)
_SUFFIX = re.compile(r"(?<=.)(?:市|时间|時間)$")


def search(text: str, languages: Iterable[str], moment: datetime) -> list[str]:
    """Zones that a typed text may mean, best first, at most :data:`MAX_FOUND`.

    A city or country in any of the languages, an IANA name, or an offset such as ``UTC+8`` or
    ``+05:30``: the zone of that offset alone, then the cities of the short lists that have it now;
    where there is no such zone, any cities that have it now.
    """
    if len(text) > _LONGEST_TEXT:
        return []
    typed = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    if offset := _OFFSET.fullmatch(typed):
        sign, hours, minutes = offset.groups(default="0")
        away = timedelta(hours=int(hours), minutes=int(minutes))
        return _atoffset_of(-away if sign == "-" else away, moment)[:MAX_FOUND]
    if named := _iana_names().get(typed.casefold()):
        return [named]
    ranks = _ranked(_plain(_SUFFIX.sub("", typed)), tuple(languages))
    return sorted(ranks, key=lambda name: (ranks[name], *_order(name)))[:MAX_FOUND]


def _order(name: str) -> tuple[int, str]:
    """Zones of the short lists come before others."""
    return PLACE_IN_LISTS.get(name, len(PLACE_IN_LISTS)), name


def _atoffset_of(away: timedelta, moment: datetime) -> list[str]:
    hours, rest = divmod(away, timedelta(hours=1))
    # POSIX counts westwards: UTC+8 is Etc/GMT-8.
    fixed = "Etc/UTC" if not away else f"Etc/GMT{-hours:+d}"
    alone = [fixed] if not rest and fixed in all_zones() else []
    names = PLACE_IN_LISTS if alone else sorted(all_zones(), key=_order)
    zones = ((name, find(name)) for name in names)
    return alone + [name for name, zone in zones if zone and offset_of(zone, moment) == away]


@cache
def _iana_names() -> Mapping[str, str]:
    """Every name and former name of a zone, in small letters → its name of today."""
    there = set(all_zones())
    named = ((name.casefold(), canonical(name)) for name in available_timezones())
    return {small: name for small, name in named if name in there}


def _ranked(wanted: str, languages: tuple[str, ...]) -> dict[str, int]:
    """The zones that fit at all → how well; the least is the best."""
    ranks: dict[str, int] = {}
    if not wanted:
        return ranks
    by_city, by_place = _city_index(languages), _place_index(languages)
    for index, grades in ((by_city, (0, 2, 3)), (by_place, (1, 4, None))):
        for known, names in index.items():
            rank = _grade(wanted, known, grades)
            if rank is not None:
                for name in names:
                    ranks[name] = min(rank, ranks.get(name, rank))
    return ranks


def _grade(wanted: str, known: str, grades: tuple[int, int, int | None]) -> int | None:
    equal, beginning, inside = grades
    if known == wanted:
        return equal
    if known.startswith(wanted):
        return beginning
    return inside if wanted in known else None


@cache
def _city_index(languages: tuple[str, ...]) -> Mapping[str, set[str]]:
    """City names as :func:`_plain` leaves them → their zones."""
    index: dict[str, set[str]] = {}
    for known, name in _city_names(languages):
        index.setdefault(_plain(known), set()).add(name)
    index.pop("", None)
    return index


def _city_names(languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for former, name in _iana_names().items():
        if "/" in former and not name.startswith("Etc/"):
            yield last_part(former), name
    for language in languages:
        yield from ((cities(language).get(name, ""), name) for name in all_zones())


@cache
def _place_index(languages: tuple[str, ...]) -> Mapping[str, set[str]]:
    """Countries, and what else zones are called, as :func:`_plain` leaves it → their zones."""
    index: dict[str, set[str]] = {}
    for name, others in _ALSO.items():
        for other in others.split():
            index.setdefault(_plain(other), set()).add(name)
    country_of: Mapping[str, str] = get_global("zone_territories")
    for language in languages:
        territories = Locale.parse(language).territories
        for name in all_zones():
            country = country_of.get(name, "")
            if country.isalpha() and (known := territories.get(country)):
                index.setdefault(_plain(known), set()).add(name)
    return index


def _plain(text: str) -> str:
    """Small letters and digits without accents, in words; everything else is as a space."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        sign if sign.isalnum() else " "
        for sign in apart
        if not unicodedata.combining(sign) and sign not in "'’ʻ."
    )
    return " ".join("".join(kept).split())
