"""Finds the time zones that a typed text may mean: a city, a country, an IANA name, an offset, an
abbreviation, or the common name of a clock."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from difflib import get_close_matches

from bot.chat.zone_names import Called, abbreviations, city_index, iana_names, place_index
from bot.chat.zone_offsets import read_offset
from bot.chat.zone_text import folded, is_chinese
from bot.chat.zones import DEFAULT_ZONE, PLACE_IN_LISTS, all_zones, find, offset_of

MAX_FOUND = 8
_LONGEST_TEXT = 100
_TRADITIONAL_CHINESE = "zh_Hant"
_LEAST_TO_MEND, _MOST_TO_MEND = 5, 30
_ALMOST = 0.78
"""The least similarity, of 1, between a known name and a mistyped one."""
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_PARTS = re.compile(r"[,，、;；]")
_WORDS = re.compile(r"[\s/]+")
_LABEL = re.compile(r"^(?:我的)?时区(?:是|为)?[:：]?\s*(?=.)")
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{1,8}(?:区|县|镇|乡|街道|路|大学|学院|学校)")
_SHORT_DISTRICT = 2
"""The characters of a district without its last word."""
_OFFSET_BESIDE = re.compile(
    r"((?i:(?:utc|gmt)\s?)?[+-]\s?\d[\d:.]*|[东東西]\s?[\d一二三四五六七八九十]{1,2}\s?(?:时?[区區])?)"
    r"|(?<=[A-Za-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z])"
)
"""Parts a place from the offset or the English name beside it: 北京时间UTC+8, EST-5."""
_SAID_AFTER = re.compile(r"(?<=..)(?:(?:那|这)(?:边|里|儿)|附近|呢|吧|啊|呀|哦|的)+[。.!?~]*$")
_SAID_BEFORE = re.compile(r"^我?(?:现在|目前|人)?(?:就?(?:住|呆|待)?在|是)(?=.)")
"""Words that people type before the place: 我在深圳, 我现在住在东京."""


def search(text: str, languages: Iterable[str], moment: datetime) -> list[str]:
    """Zones that a typed text may mean, best first, at most :data:`MAX_FOUND`.

    The text is a city or country in any of the languages, an IANA name, an abbreviation such as
    ``CST``, or an offset such as ``UTC+8``, ``+05:30`` or 东八区. For an offset: only the zone of
    that offset, then the cities of the short lists that have it now; if there is no such zone, any
    cities that have it now. For a list such as Windows shows, the first part that is found counts.
    """
    if len(text) > _LONGEST_TEXT:
        return []
    spoken = (*languages, _TRADITIONAL_CHINESE)
    typed = unicodedata.normalize("NFKC", text).strip()
    outside = _IN_BRACKETS.sub(" ", typed).strip()
    place = _SAID_AFTER.sub("", _SAID_BEFORE.sub("", _LABEL.sub("", outside)))
    beside = sorted(filter(None, _OFFSET_BESIDE.split(place)), key=_has_digit)
    beside.sort(key=str.isascii)
    parts = (*_PARTS.split(place), place.replace(" ", "_"), *_WORDS.split(place), *beside)
    for each in dict.fromkeys((typed, outside, place, *parts)):
        if found := _search(each.strip(), spoken, moment):
            return found[:MAX_FOUND]
    return []


def _search(typed: str, languages: tuple[str, ...], moment: datetime) -> list[str]:
    away = read_offset(typed)
    if away is not None:
        return _at_offset(away, moment, in_chinese=not typed.isascii())
    if called := abbreviations(moment.year).get(typed.upper()):
        return sorted(called, key=lambda name: _by_use(name, called[name]))
    if named := iana_names().get(typed.casefold()):
        return [named]
    query = folded(typed)
    ranks = _ranked(query, languages) or _mended(query, languages)
    return sorted(ranks, key=lambda name: (ranks[name], *_order(name)))


def _has_digit(text: str) -> bool:
    return any(sign.isdecimal() for sign in text)


def _order(name: str) -> tuple[int, str]:
    """A sort key that puts zones of the short lists first."""
    return PLACE_IN_LISTS.get(name, len(PLACE_IN_LISTS)), name


def _by_use(name: str, called: Called) -> tuple[bool, bool, bool, bool, int, str]:
    """A sort key: the default zone first, then those of the short lists, the most usual meaning
    first."""
    others = name != DEFAULT_ZONE.key, name not in PLACE_IN_LISTS
    return *others, not called.by_database, not called.by_cldr, *_order(name)


def _at_offset(away: timedelta, moment: datetime, *, in_chinese: bool) -> list[str]:
    """The zones at an offset. ``in_chinese``: the text is Chinese, and 东八区 means Beijing's
    clock."""
    hours, rest = divmod(away, timedelta(hours=1))
    # POSIX counts westwards: UTC+8 is Etc/GMT-8.
    fixed = "Etc/UTC" if not away else f"Etc/GMT{-hours:+d}"
    alone = [fixed] if not rest and fixed in all_zones() else []
    if in_chinese and offset_of(DEFAULT_ZONE, moment) == away:
        alone.insert(0, DEFAULT_ZONE.key)
    names = PLACE_IN_LISTS if alone else sorted(all_zones(), key=_order)
    zones = ((name, find(name)) for name in names)
    found = [name for name, zone in zones if zone and offset_of(zone, moment) == away]
    return list(dict.fromkeys([*alone, *found]))


def _ranked(query: str, languages: tuple[str, ...]) -> dict[str, int]:
    """The matching zones → their rank; the lowest is the best match."""
    ranks: dict[str, int] = {}
    if not query:
        return ranks
    by_city, by_place = city_index(languages), place_index(languages)
    for index, grades in ((by_city, (0, 2, 3)), (by_place, (1, 4, None))):
        for known, names in index.items():
            rank = _grade(query, known, grades)
            if rank is not None:
                for name in names:
                    ranks[name] = min(rank, ranks.get(name, rank))
    return ranks


def _grade(query: str, known: str, grades: tuple[int, int, int | None]) -> int | None:
    equal, beginning, inside = grades
    if known == query:
        return equal
    if query.isascii() and len(query) < 3:
        return None  # two letters are a code, not a part of a name
    if query.isascii() and len(query) < 4:
        inside = None
    if known.startswith(query):
        return beginning
    return inside if query in known else None


def _mended(query: str, languages: tuple[str, ...]) -> dict[str, int]:
    """The meaning of a text that is no known name: nested places, as in 广东省深圳市, or a mistyped
    name."""
    known = {**place_index(languages), **city_index(languages)}
    if is_chinese(query):
        inner = _innermost(query, known) or _with_district(query, known)
        if inner is not None:
            return dict.fromkeys(known[inner], 0)
        near = _mistyped(query, known)
        ranks = [(rank, zone) for name, rank in near.items() for zone in known[name]]
        return {zone: rank for rank, zone in sorted(ranks, reverse=True)}
    if not _LEAST_TO_MEND <= len(query) <= _MOST_TO_MEND:
        return {}
    close = get_close_matches(query, known, n=3, cutoff=_ALMOST)
    return {name: rank for rank, each in reversed([*enumerate(close)]) for name in known[each]}


def _innermost(query: str, known: Iterable[str]) -> str | None:
    """The last of the known names that make up a text."""
    if query in known:
        return query
    for end in range(2, len(query) - 1):
        if folded(query[:end]) in known and (inner := _innermost(query[end:], known)):
            return inner
    return None


def _mistyped(query: str, known: Iterable[str]) -> dict[str, int]:
    """The known names of as many characters of which at most half differ, with their ranks: a name
    that begins with the same character comes first. Else the nearest of other lengths."""
    most = len(query) // 2
    found: dict[str, int] = {}
    for name in known:
        if len(name) != len(query) or len(name) < 2:
            continue
        differing = sum(a != b for a, b in zip(name, query, strict=True))
        is_turned_round = sorted(name) == sorted(query)
        if is_turned_round or (differing <= most and (name[0] == query[0] or differing == 1)):
            found[name] = 2 * differing + (name[0] != query[0]) if not is_turned_round else 0
    if not found and len(query) > 2:
        return dict.fromkeys(get_close_matches(query, known, n=3, cutoff=_ALMOST), 0)
    return found


def _with_district(query: str, known: Iterable[str]) -> str | None:
    """The place in a text that ends with a district that no list has: 深圳市南山区, 深圳南山."""
    for end in range(len(query) - 2, 1, -1):
        rest = query[end:]
        if (place := folded(query[:end])) in known and (
            _DISTRICT.fullmatch(rest) or len(rest) == _SHORT_DISTRICT
        ):
            return place
    return None
