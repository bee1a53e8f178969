"""Parses typed times of day: ``21:30``, ``9点半``, ``9pm``, ``晚上9点``, ``二十一点``.

Pure, and never raises. An ambiguous text is not parsed.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import time
from types import MappingProxyType

LONGEST = 40
"""Characters; a longer text is not a time of day."""

_SIMPLER = str.maketrans("點時鐘後間兩〇", "点时钟后间两零")
_HALF = 12
_DAY = 24
_DIGITS = MappingProxyType({sign: number for number, sign in enumerate("零一二三四五六七八九")})

_EVENING = "晚上 夜晚 夜里 晚间 今晚 每晚 晚"
_PARTS: Mapping[str, Mapping[int, int]] = MappingProxyType(
    {
        word: MappingProxyType(hours)
        for words, hours in (
            ("凌晨", {12: 0, **{n: n for n in range(7)}}),
            ("清晨 清早 早晨 早上 大早 早", {n: n for n in range(4, 12)}),
            ("上午", {n: n for n in range(1, 12)}),
            ("中午 正午", {11: 11, 12: 12, 1: 13, 2: 14}),
            ("下午 午后", {12: 12, **{n: n + _HALF for n in range(1, 8)}}),
            ("傍晚", {n: n + _HALF for n in range(4, 9)}),
            (_EVENING, {12: 0, **{n: n + _HALF for n in range(6, 12)}}),
            ("半夜 深夜 午夜", {12: 0, 10: 22, 11: 23, **{n: n for n in range(5)}}),
        )
        for word in words.split()
    }
)
"""For each word before an hour: the hour of 24 that it gives for an hour of 0-12; an hour that is
missing here is ambiguous."""
_LATER = frozenset(f"中午 正午 下午 午后 傍晚 {_EVENING}".split())
"""Words that may also precede an hour after noon, counted up to 23."""

_ALONE = MappingProxyType(
    {
        "中午": time(12),
        "正午": time(12),
        "noon": time(12),
        "午夜": time(0),
        "半夜": time(0),
        "midnight": time(0),
    }
)

_NUMBER = r"[0-9]{1,2}|[零一二三四五六七八九十两]{1,3}"
_CHINESE = re.compile(
    rf"(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})?"
    rf"(?P<hour>{_NUMBER})(?:点钟?|时)"
    rf"(?P<rest>整|半|一刻|三刻|1刻|3刻|(?:{_NUMBER})分?)?"
)
_WITH_COLON = re.compile(
    rf"(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})?"
    r"(?P<hour>[0-9]{1,2})[:.h](?P<minute>[0-9]{2})(?::00)?(?P<half>am|pm)?"
)
_LOOKS_LIKE = re.compile(
    r"[0-9][0-9]?\s*(?:[:点时]|[ap]\.?m|h)|(?<![a-z0-9.])[0-9]{1,2}\.[0-9]{1,2}(?![0-9.])"
    r"|[零一二三四五六七八九十两]\s*[点时]"
)
_SWITCHES = MappingProxyType(
    {
        **dict.fromkeys(("on", "开", "开启", "打开"), True),
        **dict.fromkeys(("off", "关", "关闭", "关掉"), False),
    }
)
_BARE = re.compile(r"(?P<hour>[0-9]{1,2})(?P<half>am|pm|o'clock|h)?")
_FOUR = re.compile(r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<half>am|pm)?")
_EVERY = re.compile(r"^(?:每天|每日|天天|everyday(?:at)?|daily(?:at)?|at)")


def parse_clock(text: str) -> time | None:
    """The time of day in a typed text, to the minute; None for any other text, and for an ambiguous
    one. An hour without a word is of 24: ``9`` is in the morning."""
    if len(text) > LONGEST:
        return None
    typed = unicodedata.normalize("NFKC", text).casefold()
    typed = "".join(typed.split()).translate(_SIMPLER).replace("时间", "")
    typed = typed.replace("a.m.", "am").replace("p.m.", "pm").rstrip("。.!,;")
    typed = _EVERY.sub("", typed)
    if typed in _ALONE:
        return _ALONE[typed]
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(typed):
            return read(match)
    return None


def switch_of(text: str) -> bool | None:
    """Whether a text means on (True) or off (False); None if neither."""
    return _SWITCHES.get(text.strip().casefold())


def is_meant_as_clock(text: str) -> bool:
    """Whether a text is a time of day, or looks like an attempt at one. A bare number or a link
    does not count."""
    if len(text) > LONGEST:
        return False
    typed = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLER).strip()
    if "//" in typed or (typed.isdigit() and len(typed) < len("2130")):
        return False
    return bool(_LOOKS_LIKE.search(typed)) or parse_clock(text) is not None


def _chinese(match: re.Match[str]) -> time | None:
    hour = _number(match["hour"])
    minute = _minute(match["rest"] or "整")
    if hour is None or minute is None:
        return None
    return _made(_hour_by_word(hour, match["part"]), minute)


def _with_colon(match: re.Match[str]) -> time | None:
    hour = int(match["hour"])
    if match["part"] and match["half"]:
        return None
    if match["half"]:
        return _made(_hour_by_half(hour, match["half"]), int(match["minute"]))
    return _made(_hour_by_word(hour, match["part"]), int(match["minute"]))


def _bare(match: re.Match[str]) -> time | None:
    half = match["half"] or ""
    hour = int(match["hour"])
    return _made(_hour_by_half(hour, half) if half in {"am", "pm"} else hour, 0)


def _four(match: re.Match[str]) -> time | None:
    hour, half = int(match["hour"]), match["half"]
    return _made(_hour_by_half(hour, half) if half else hour, int(match["minute"]))


_FORMS = ((_WITH_COLON, _with_colon), (_CHINESE, _chinese), (_FOUR, _four), (_BARE, _bare))


def _hour_by_word(hour: int, word: str | None) -> int | None:
    """The hour of 24 for an hour with a word such as 晚上."""
    if word is None:
        return hour
    if hour > _HALF:
        return hour if word in _LATER else None
    return _PARTS[word].get(hour)


def _hour_by_half(hour: int, half: str) -> int | None:
    if hour > _HALF:
        # 21:30pm is redundant; 21:30am contradicts itself.
        return hour if half == "pm" else None
    if hour == 0:
        return 0 if half == "am" else None
    return hour % _HALF + (_HALF if half == "pm" else 0)


def _minute(rest: str) -> int | None:
    match rest:
        case "整":
            return 0
        case "半":
            return 30
        case "一刻" | "1刻":
            return 15
        case "三刻" | "3刻":
            return 45
        case _:
            pass
    digits = rest.removesuffix("分")
    if len(digits) == 1 and digits == rest:
        # 9点5 can be five past or, cut short, ten to.
        return None
    return _number(digits)


def _number(digits: str) -> int | None:
    """The number 0-99 in digits or Chinese numerals; None for any other text."""
    if digits.isascii() and digits.isdigit():
        return int(digits)
    plain = digits.replace("两", "二")
    if "十" in plain:
        tens, _, ones = plain.partition("十")
        if tens not in {"", *_DIGITS} or ones not in {"", *_DIGITS} or "零" in {tens, ones}:
            return None
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    if len(plain) == 1:
        return _DIGITS.get(plain)
    if len(plain) == 2 and plain[0] == "零":
        return _DIGITS.get(plain[1])
    return None


def _made(hour: int | None, minute: int) -> time | None:
    """The time of an hour and a minute; 24:00 is midnight."""
    if hour is None or not 0 <= minute < 60:
        return None
    if hour == _DAY and minute == 0:
        return time(0)
    return time(hour, minute) if hour < _DAY else None
