"""Finds the site's token in what students paste (``docs/platform.md``, section *The site since
2023*).

The token is one site's alone. That of the central login, which is good at every site and for
writing too, is never taken: a value of another host, of all hosts, or under another name.
"""

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.spoc.token_lines import with_joined_lines
from bot.zjy.cookie_context import Contexts
from bot.zjy.cookie_reasons import NotACookieReason
from bot.zjy.cookie_records import Records
from bot.zjy.cookie_text import clean, unescape

HOST = "zjy2.icve.com.cn"
NAME = "Token"
MOST_TOKENS = 3
"""The most candidates of one text: each costs a request until one is proved."""

_BEFORE = 128
_JWT = re.compile(
    r"(?:(?<![\w.%-])|(?<=[Bb]earer))"
    r"eyJ[\w-]{8,2000}+\.[\w-]{8,4000}+\.[\w-]{4,1000}+(?!\.?[\w-])",
    re.ASCII,
)
_SECRET = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}|eyJ[\w.-]{32,}|\bbearer\s{1,9}[\w.-]{24}", re.IGNORECASE | re.ASCII
)
"""A token or a piece of one: each of its first two parts begins like that."""
_AUTHORIZATION = re.compile(
    r"""(?:\bBearer["']?[\s:=]{0,9}["']?|\bauthorization["']?\s{0,9}[:=]\s{0,9}["']?)$""",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"""(?<![\w.?&/-]){NAME}["']?(?:\s{{0,9}}[=:]\s{{0,9}}|\s{{1,9}})["']?$""")
_OTHER_NAME = re.compile(r"""[\w.-]{1,64}["']?\s{0,9}[=:]\s{0,9}["']?$""", re.ASCII)
_COLUMN = re.compile(r"""(?:^|[\s"'])([\w.-]{1,64})\t["']?$""", re.ASCII)


@dataclass(frozen=True, slots=True)
class PastedToken:
    """A token as written, and its expiry in UTC if the paste or the token itself gives one."""

    token: str = field(repr=False)
    expires_at: datetime | None = None


def find_tokens(text: str) -> list[PastedToken]:
    """The distinct values that may be the site's token, those under its name first, then those that
    tell the latest expiry, at most :data:`MOST_TOKENS`. Takes time linear in the text."""
    return _search(_plain(text))


def looks_like_token(text: str) -> bool:
    """Whether a text holds a token of any site, or a piece of one: it is secret as well."""
    return _SECRET.search(_plain(text)) is not None


def fault_of(text: str) -> NotACookieReason | None:
    """Why a text without the site's token has none, if it holds another one or a piece."""
    plain = _plain(text)
    if _JWT.search(plain):
        return NotACookieReason.OTHER_JWT
    return NotACookieReason.CUT_JWT if _SECRET.search(plain) else None


def _plain(text: str) -> str:
    return with_joined_lines(unescape(clean(text)))


def _search(text: str) -> list[PastedToken]:
    values = list(_JWT.finditer(text))
    if not values:
        return []
    contexts, records = Contexts(text), Records(text)
    ranked: list[tuple[bool, PastedToken]] = []
    for value in values:
        context = contexts.context(value.start(), value.end())
        is_named = _is_named(text, records, value.start())
        if is_named is None or context.domain not in (None, HOST):
            continue
        expires_at = context.expires_at or _own_expiry(value.group())
        ranked.append((not is_named, PastedToken(value.group(), expires_at)))
    ranked.sort(key=lambda each: (each[0], -_stamp(each[1].expires_at)))
    distinct: dict[str, PastedToken] = {}
    for _, token in ranked:
        distinct.setdefault(token.token, token)
    return list(distinct.values())[:MOST_TOKENS]


def _is_named(text: str, records: Records, start: int) -> bool | None:
    """Whether the value at the place has the token's name; None if it has another one."""
    before = text[max(0, start - _BEFORE) : start]
    if _AUTHORIZATION.search(before) or _TOKEN.search(before):
        return True
    record = records.around(start)
    if record.is_object and record.fields.key_before(start) == "value":
        name = records.name_of(record)
        if name is not None:
            return True if name == NAME or name.lower() == "authorization" else None
    if _OTHER_NAME.search(before) or _COLUMN.search(before):
        return None
    return False


def _stamp(expires_at: datetime | None) -> float:
    return expires_at.timestamp() if expires_at else 0.0


def _own_expiry(token: str) -> datetime | None:
    """The expiry that the token itself names."""
    payload = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
        return None
