"""Decides why a text has no cookie, and whether it was meant as one."""

import re
from enum import StrEnum

from bot.zjy.cookie_context import LABEL, NAME, ROW
from bot.zjy.cookie_records import Records
from bot.zjy.cookie_requests import Requests
from bot.zjy.cookie_values import chains, readings

SHORTEST = 32
"""The fewest digits of a named value; a value without a name has at least 64."""
LONGEST = 1024

_PLACE = re.compile(
    LABEL + r"""(?:["']\s{0,9},\s{0,9}["']?(?:value|content)["']?)?"""
    r"""(?:["']?\s{0,9}[:=]\s{0,9}["']{0,2}|["']\s{0,9},\s{0,9}["']"""
    r"""|[^0-9A-Za-z;=&]{1,12}(?=[0-9A-Fa-f]{16}))([^\s;"',(){}\[\]<>|&]{0,2000})""",
    re.IGNORECASE,
)
_HEX = re.compile(r"[0-9A-Fa-f]+")
_TOKEN = re.compile(r"[\w.+-]{32,}", re.ASCII)
_MEANT = re.compile(
    LABEL + r"""(?:["']?\s{0,9}=\s{0,9}(?:["']|(?=[\w%+/-]{0,60}\d)[\w%+/-]|[\w%+/-]{16}|$)"""
    r"""|["']\s{0,9}[:,]\s{0,9}["'\d]"""
    r"""|\s{0,9}:\s{0,9}(?:$|[0-9a-f]{3,}+(?![\w\u0080-\U0010ffff])|(?=[\w-]{0,40}\d)[\w-]{6}))"""
    r"""|cookies?["']?\s{0,9}[:=]\s{0,9}["']?(?:[\w.-]{1,64}=|[0-9a-f]{8})"""
    # Text about the command has no address and no option.
    r"""|^[ \t$>]{0,9}curl(?:\.exe)?(?=(?:[^\n]|\s\n\s{0,9}-){0,400}?"""
    r"""(?:https?://|\s-[bH]|--cookie|--header))"""
    r"""|\bSystem\.Net\.Cookie\(""",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_LONG_WORD = re.compile(
    r"(?![0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-)[\w+/=%-]{20,}|eyJ[\w-]{8,}\.[\w.-]+", re.ASCII
)
_CHANGE = re.compile(r"\d[A-Za-z]|[A-Za-z]\d")


class NotACookieReason(StrEnum):
    """Why a text is no cookie of the platform, and no token of its site since 2023."""

    EMPTY = "empty"
    NO_AUTH = "no_auth"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_HEX = "not_hex"
    OTHER_SITE = "other_site"
    OTHER_JWT = "other_jwt"
    """It holds a token, of another site or under another name than the site's."""
    CUT_JWT = "cut_jwt"


def reason(text: str) -> NotACookieReason:
    """The reason for a plain text without a cookie of the platform or another site."""
    bare = text.strip("\"'; \n\t")
    if not bare:
        return NotACookieReason.EMPTY
    named = _PLACE.search(text)
    if named:
        return _of_value(named.group(1))
    records = Records(text)
    for record in records.with_values():
        if (records.name_of(record) or "").lower() == NAME:
            return _of_value(record.fields.first("value") or "")
    joined = "".join(bare.split())
    if _HEX.fullmatch(joined) and (joined == bare or not joined.isdecimal()):
        is_number = joined.isdecimal() and len(joined) < SHORTEST
        return NotACookieReason.NO_AUTH if is_number else _of_value(joined)
    return NotACookieReason.NOT_HEX if _TOKEN.fullmatch(bare) else NotACookieReason.NO_AUTH


def _of_value(value: str) -> NotACookieReason:
    if value and not _HEX.fullmatch(value.rstrip("。.")):
        return NotACookieReason.NOT_HEX
    return NotACookieReason.TOO_LONG if len(value) > LONGEST else NotACookieReason.TOO_SHORT


def is_meant_as_cookie(text: str) -> bool:
    """Whether a plain text is meant as a cookie or contains a similar value, usable or not.

    32 hex digits or more count, except in a URL. So a git sha counts: it looks like the rest of a
    truncated value, and a deleted sha does less harm than a value that stays in the chat.
    """
    word = text.strip("\"'; \n\t")
    if _LONG_WORD.fullmatch(word) and len(_CHANGE.findall(word)) >= 3:
        return True
    if _MEANT.search(text) or ROW.search(text) or _has_named_value(text):
        return True
    requests = Requests(text)
    return any(
        each.width >= SHORTEST and each.is_mixed and each.looks_random
        for chain in chains(text)
        if requests.url_host_at(chain[0].start) is None
        for each in readings(chain, named=False)
    )


def _has_named_value(text: str) -> bool:
    return any(each.fields.place("name") is not None for each in Records(text).with_values())
