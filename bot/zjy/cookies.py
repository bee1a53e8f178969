"""What people paste when they are asked for their cookie → the value of ``auth``.

The forms themselves are read in :mod:`bot.zjy.cookie_forms`; here it is decided whether what was
found can be the platform's cookie (``docs/platform.md``, section *Session*).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.zjy.cookie_forms import (
    Found,
    clean,
    in_bare_text,
    in_cookies_txt,
    in_json,
    in_labelled_text,
    in_powershell,
    requested_host,
)

SITE = "icve.com.cn"
SHORTEST = 32
LONGEST = 1024
MOST_CANDIDATES = 6
"""Each costs a request to the platform until one is proved."""

_MEANT = re.compile(r"""\bauth\b["']?\s{0,9}[:=]|["']auth["']|cookie|\bcurl\b""", re.IGNORECASE)
_LONG_TOKEN = re.compile(r"[\w.+/=%-]{20,}", re.ASCII)
_HEX = re.compile(r"[0-9A-Fa-f]+")


class NotACookieReason(StrEnum):
    """Why a text is no cookie of the platform."""

    EMPTY = "empty"
    NO_AUTH = "no_auth"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_HEX = "not_hex"
    OTHER_SITE = "other_site"


class NotACookie(ValueError):  # noqa: N818 -- it says what the text is
    """The text holds no usable cookie. Its own text names the reason, never what was pasted."""

    def __init__(self, reason: NotACookieReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PastedCookie:
    """The value of ``auth``, as it was written, and when it expires in UTC, where the paste says
    so (it may have passed already)."""

    auth: str = field(repr=False)
    expires_at: datetime | None = None


def find_cookies(text: str) -> list[PastedCookie]:
    """All values of ``auth`` that the text may hold, the likeliest first, at most
    :data:`MOST_CANDIDATES`. A value is there once, whatever expiry stands beside it."""
    return _search(text)[0]


def parse_cookie(text: str) -> PastedCookie:
    """The likeliest cookie of the text. Raises :class:`NotACookie`."""
    cookies, reason = _search(text)
    if not cookies:
        raise NotACookie(reason)
    return cookies[0]


def holds_cookie(text: str) -> bool:
    """Whether :func:`find_cookies` finds any."""
    return bool(find_cookies(text))


def looks_like_cookie(text: str) -> bool:
    """Whether somebody meant the text as a cookie, though none may be found in it: it speaks of
    one, or is one long word of the signs that tokens have."""
    cleaned = clean(text)
    return bool(_MEANT.search(cleaned) or _LONG_TOKEN.fullmatch(cleaned))


def _search(text: str) -> tuple[list[PastedCookie], NotACookieReason]:
    """The usable cookies, and why there are none where there are none."""
    cleaned = clean(text)
    if not cleaned:
        return [], NotACookieReason.EMPTY
    host = requested_host(cleaned)
    reasons: list[NotACookieReason] = []
    cookies: dict[str, PastedCookie] = {}
    for form in (in_json, in_cookies_txt, in_powershell, in_labelled_text, in_bare_text):
        for found in form(cleaned):
            wrong = _wrong(found, host)
            if wrong is None:
                cookies.setdefault(found.value, PastedCookie(found.value, found.expires_at))
            else:
                reasons.append(wrong)
        if not cookies and NotACookieReason.OTHER_SITE in reasons:
            return [], NotACookieReason.OTHER_SITE
    reason = reasons[0] if reasons else NotACookieReason.NO_AUTH
    return list(cookies.values())[:MOST_CANDIDATES], reason


def _wrong(found: Found, host: str | None) -> NotACookieReason | None:
    domain = found.domain or host
    if domain is not None and domain != SITE and not domain.endswith("." + SITE):
        return NotACookieReason.OTHER_SITE
    if found.value and not _HEX.fullmatch(found.value):
        return NotACookieReason.NOT_HEX
    if len(found.value) < SHORTEST:
        return NotACookieReason.TOO_SHORT
    if len(found.value) > LONGEST:
        return NotACookieReason.TOO_LONG
    return None
