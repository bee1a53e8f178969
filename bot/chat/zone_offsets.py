"""Parses offsets from UTC as people write them: ``UTC+8``, ``+05:30``, ``8``, 东八区, 西5区."""

import re
import unicodedata
from datetime import timedelta

_SIGNED = re.compile(
    r"(?:utc/gmt|gmt/utc|utc|gmt|cst|z)? ?(?P<sign>[+-]) ?(?P<hours>\d{1,2})"
    r"(?::?(?P<minutes>[0-5]\d)|(?P<part>\.\d{1,2}))?(?: ?h)? ?(?:小时|时间|时?区)?"
)
_UNSIGNED = re.compile(r"(?:utc|gmt) ?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))? ?(?:时?区)?")
_BARE = re.compile(r"第?(?P<hours>\d{1,2}|[一二三四五六七八九]|十[一二]?) ?(?:小时|时?区)")
_ALONE = re.compile(r"(?P<hours>\d{1,2})")
_SPOKEN = re.compile(
    r"(?P<side>[东西]) ?(?P<hours>\d{1,2}|[一二三四五六七八九]|十[一二三四]?)"
    r" ?(?P<part>\.\d{1,2})?(?P<half>半)?个?(?: ?时?区)?(?P<after>半)?(?:时间)?"
)
_ZERO = re.compile(r"(?:零|〇|0|中)时?区|z|zulu")
_SIGNS = str.maketrans("−–—﹢東區時個", "---+东区时个")
_POSIX_CHINA = frozenset({"cst-8", "cst -8", "cst-08"})
"""China's clock as servers write it: POSIX counts westwards."""
_DIGITS = " 一二三四五六七八九"
_MOST = timedelta(hours=14)
"""The largest offset of any clock from UTC."""


def read_offset(text: str) -> timedelta | None:
    """The offset in a text, counted eastwards; None if the text is no offset."""
    typed = unicodedata.normalize("NFKC", text).strip().strip("()[]").casefold().translate(_SIGNS)
    if _ZERO.fullmatch(typed):
        return timedelta()
    if typed in _POSIX_CHINA:
        return timedelta(hours=8)
    written = (_SIGNED, _UNSIGNED, _SPOKEN, _BARE, _ALONE)
    match = next((found for each in written if (found := each.fullmatch(typed))), None)
    if match is None:
        return None
    parts = match.groupdict()
    away = timedelta(hours=_number(parts["hours"]), minutes=int(parts.get("minutes") or 0))
    away += timedelta(hours=float(parts.get("part") or 0))
    if parts.get("half") or parts.get("after"):
        away += timedelta(minutes=30)
    if away > _MOST:
        return None
    return -away if parts.get("sign") == "-" or parts.get("side") == "西" else away


def _number(text: str) -> int:
    """The number in ``8``, ``八``, ``十二``."""
    if text.isdecimal():
        return int(text)
    return 10 * text.startswith("十") + _DIGITS.find(text[-1]) * (text != "十")
