"""Parses when a digest is wished for: a time of day, and perhaps the days: ``工作日21:30``."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

from bot.chat.clock_words import parse_clock
from storage.enums import Days

_DAYS = (
    (
        re.compile(
            r"工作日|平日|上班日|周一[到至~-]周五|星期一[到至~-]星期五"
            r"|(?:on|every)?weekdays?(?:at)?|mon(?:day)?(?:-|to)fri(?:day)?(?:at)?"
        ),
        Days.WEEKDAYS,
    ),
    (re.compile(r"每天|每日|天天|everyday(?:at)?|daily(?:at)?"), Days.DAILY),
)
_WISHED = re.compile(r"(?:的时候)?(?:请?发给我|请?发我|给我发|提醒我|汇报|发)+\Z")


@dataclass(frozen=True, slots=True)
class DigestWish:
    """``days`` is None if the text names only a time."""

    at: time
    days: Days | None = None


def wish_of(text: str) -> DigestWish | None:
    """What a typed text wishes for; None if it is no single time of day, with or without days."""
    at = parse_clock(text)
    said = "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("。.!,;")
    days = None
    for pattern, named in _DAYS:
        match = pattern.match(said)
        if match is not None:
            days, said = named, said[match.end() :].lstrip(",、的")
            break
    at = at or parse_clock(_WISHED.sub("", said))
    return DigestWish(at, days) if at is not None else None
