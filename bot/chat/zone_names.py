"""Names of time zones: cities, places, clocks and abbreviations.

The sources are Babel's (CLDR's) names in Chinese, traditional too, and in English; the time zone
database's abbreviations; and the cities of ``cities.txt``, which no zone is named after.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import chain
from types import MappingProxyType
from zoneinfo import available_timezones

from babel.core import Locale, get_global

from bot.chat.zone_text import folded
from bot.chat.zones import all_zones, canonical, cities, find, last_part

Index = Mapping[str, frozenset[str]]
"""Names in the form of :func:`folded` → zones."""

_ALSO = MappingProxyType(
    {
        "Asia/Shanghai": (
            *("BJT", "Peking", "中国大陆", "大陆", "国内", "内地"),
            *("顺德", "延边", "西双版纳", "浦东", "雄安", "帝都", "魔都"),
            *("BJ", "SH", "GZ", "SZ"),  # as students write Beijing and its like
        ),
        "America/New_York": ("美东", "美国东部", "东海岸", "华盛顿特区", "NYC"),
        "America/Chicago": ("美中", "美国中部", "德克萨斯", "得克萨斯", "德州"),
        "America/Denver": ("美国山区", "山地时间"),
        "America/Los_Angeles": ("美西", "美国西部", "西海岸", "加利福尼亚", "加州", "LA"),
        "Asia/Dubai": ("阿联酋",),
        "Asia/Seoul": ("汉城",),
        "Asia/Tokyo": ("东京都",),
        "Etc/UTC": ("世界标准时间", "utc时间"),
        "Europe/Berlin": ("中欧", "欧洲中部"),
        "Europe/London": ("UK", "英国夏令时"),
        "Europe/Paris": ("中欧", "欧洲中部"),
    }
)
"""Names that CLDR lacks."""
_ENGLISH = ("en", "en_AU", "en_CA", "en_GB", "en_HK", "en_IN", "en_MY", "en_NZ", "en_SG", "en_ZA")
"""Each locale has the abbreviations of its own country."""


@cache
def iana_names() -> Mapping[str, str]:
    """Every present and former name of a zone, in lower case → its present name."""
    there = set(all_zones())
    named = ((name.casefold(), canonical(name)) for name in available_timezones())
    return {small: name for small, name in named if name in there}


@cache
def city_index(languages: tuple[str, ...]) -> Index:
    """Cities that zones are named after, in all languages and under former names too."""
    return _index(chain(_former_cities(), _cities(languages)))


@cache
def place_index(languages: tuple[str, ...]) -> Index:
    """Countries, other cities, and the clocks' own names."""
    others = ((name, zone) for zone, names in _ALSO.items() for name in names)
    return _index(chain(others, _other_cities(), _countries(languages), _clocks(languages)))


@dataclass(frozen=True, slots=True)
class Called:
    """The sources in which an abbreviation names a zone's clock."""

    by_database: bool
    """Whether the time zone database uses the abbreviation, at some time of the year."""
    by_cldr: bool
    """Whether CLDR has it as an English name."""


@cache
def abbreviations(year: int) -> Mapping[str, Mapping[str, Called]]:
    """``CST`` → the zones whose clock has this abbreviation within the year."""
    found: defaultdict[str, dict[str, Called]] = defaultdict(dict)
    own = {zone: _own_abbreviations(zone, year) for zone in all_zones()}
    known = frozenset(chain.from_iterable(own.values()))
    english = _english_abbreviations()
    for zone, shorts in own.items():
        spoken = english.get(zone, frozenset())
        # CLDR gives EDT to all zones with New York's clock in winter: the database is exact.
        for short in shorts | (spoken - known if shorts else spoken):
            found[short][zone] = Called(by_database=short in shorts, by_cldr=short in spoken)
    return found


def _own_abbreviations(name: str, year: int) -> frozenset[str]:
    zone = find(name)
    if zone is None or name.startswith("Etc/"):
        return frozenset()
    shorts = (datetime(year, month, 1, 12, tzinfo=zone).tzname() for month in range(1, 13))
    return frozenset(short.upper() for short in shorts if short and short.isalpha())


@cache
def _english_abbreviations() -> Mapping[str, frozenset[str]]:
    by_meta: defaultdict[str, set[str]] = defaultdict(set)
    for language in _ENGLISH:
        for meta, each in Locale.parse(language).meta_zones.items():
            by_meta[meta] |= {short.upper() for short in each.get("short", {}).values()}
    return {zone: frozenset(by_meta[meta]) for zone, meta in _metas()}


def _metas() -> Iterator[tuple[str, str]]:
    """Zones, each with CLDR's name for the clock that it shares with others."""
    metas: Mapping[str, str] = get_global("meta_zones")
    for former, meta in metas.items():
        yield canonical(former), meta


def _index(named: Iterable[tuple[str, str]]) -> Index:
    there = set(all_zones())
    index: defaultdict[str, set[str]] = defaultdict(set)
    for known, zone in named:
        if zone in there and (name := folded(known)):
            index[name].add(zone)
    return {name: frozenset(zones) for name, zones in index.items()}


def _former_cities() -> Iterator[tuple[str, str]]:
    for former, zone in iana_names().items():
        if "/" in former and not zone.startswith("Etc/"):
            yield last_part(former), zone


def _cities(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    for language in languages:
        yield from ((name, zone) for zone, name in cities(language).items())


def _other_cities() -> Iterator[tuple[str, str]]:
    """The entries of ``cities.txt``: a zone, and below it ``西安 Xi'an, …``."""
    zone = ""
    for line in files("bot.chat").joinpath("cities.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            zone = line
            continue
        for entry in line.strip().removesuffix(",").split(", "):
            chinese, _, english = entry.partition(" ")
            yield chinese, zone
            yield english, zone


def _countries(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    country_of: Mapping[str, str] = get_global("zone_territories")
    for language in languages:
        territories = Locale.parse(language).territories
        for zone in all_zones():
            country = country_of.get(zone, "")
            if country.isalpha() and (known := territories.get(country)):
                yield known, zone
                yield country, zone


def _clocks(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names of clocks: ``北美东部标准时间``, ``Pacific Time``."""
    for language in languages:
        names = Locale.parse(language).meta_zones
        for zone, meta in _metas():
            for known in names.get(meta, {}).get("long", {}).values():
                yield known, zone
