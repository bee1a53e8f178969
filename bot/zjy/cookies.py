"""Finds the value of ``auth`` in what students paste as their cookie.

:mod:`bot.zjy.cookie_context` reads the text around a value; this module decides whether the value
can be the platform's cookie (``docs/platform.md``, section *Session*).
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain as chained
from itertools import islice

from bot.zjy.cookie_context import Contexts, Name, ValueContext
from bot.zjy.cookie_glued import with_glued
from bot.zjy.cookie_lines import blocks
from bot.zjy.cookie_reasons import (
    LONGEST,
    SHORTEST,
    NotACookieReason,
    is_meant_as_cookie,
    reason,
)
from bot.zjy.cookie_requests import is_of_site
from bot.zjy.cookie_text import clean, unescape
from bot.zjy.cookie_values import LONG, Doubt, Reading, chains, readings

__all__ = [
    "LONGEST",
    "MOST_CANDIDATES",
    "SHORTEST",
    "NotACookie",
    "NotACookieReason",
    "PastedCookie",
    "find_cookies",
    "looks_like_cookie",
    "parse_cookie",
]

MOST_CANDIDATES = 6
"""The most candidates of one text: each costs a request until one is proved."""

_NAMED = (Name.AUTH, Name.COOKIE)


class NotACookie(ValueError):  # noqa: N818 -- it says what the text is
    """The text holds no usable cookie. The error's text names the reason and never quotes the
    paste."""

    def __init__(self, reason: NotACookieReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PastedCookie:
    """The value of ``auth`` as written, and its expiry in UTC if the paste gives one, which may be
    in the past."""

    auth: str = field(repr=False)
    expires_at: datetime | None = None


def find_cookies(text: str) -> list[PastedCookie]:
    """The distinct values of ``auth`` that the text may hold, the likeliest first, at most
    :data:`MOST_CANDIDATES`. Takes time linear in the text."""
    return _search(unescape(clean(text)))[0]


def parse_cookie(text: str) -> PastedCookie:
    """The likeliest cookie of the text. Raises :class:`NotACookie`."""
    cleaned = unescape(clean(text))
    cookies, is_other_sites = _search(cleaned)
    if cookies:
        return cookies[0]
    raise NotACookie(NotACookieReason.OTHER_SITE if is_other_sites else reason(cleaned))


def looks_like_cookie(text: str) -> bool:
    """Whether a text is meant as a cookie or contains a similar value, usable or not. Ordinary text
    about cookies, numbers and URLs is not."""
    plain = unescape(clean(text))
    return is_meant_as_cookie(plain) or bool(_search(plain)[0])


def _search(text: str) -> tuple[list[PastedCookie], bool]:
    """The usable cookies, and whether the text has one of another site."""
    contexts = Contexts(text)
    ranked: list[tuple[tuple[float, ...], PastedCookie]] = []
    is_other_sites = False
    for chain in chains(text):
        context = contexts.context(chain[0].start, chain[-1].end)
        if context.name is Name.OTHER_COOKIE:
            continue
        if not _is_of_site(context.domain):
            is_other_sites = is_other_sites or context.name in _NAMED
            continue
        named = context.name in _NAMED
        is_alone = text[chain[0].start : chain[-1].end] == text.strip("\"'; \n\t")
        for reading in chained.from_iterable(map(with_glued, readings(chain, named=named))):
            is_first = reading.pieces[0].start < chain[0].end
            own = context if is_first else ValueContext(Name.NONE)
            if _is_usable(reading, own, is_alone=is_alone):
                cookie = PastedCookie(reading.value, own.expires_at)
                ranked.append((_rank(reading, own), cookie))
    for block in blocks(text):
        context = contexts.context(block.start, block.end)
        if context.name is not Name.OTHER_COOKIE and _is_of_site(context.domain):
            ranked.append(((-1, context.name), PastedCookie(block.value, context.expires_at)))
    ranked.sort(key=lambda each: each[0])
    cookies: dict[str, PastedCookie] = {}
    for _, cookie in ranked:
        cookies.setdefault(cookie.auth, cookie)
    return list(islice(cookies.values(), MOST_CANDIDATES)), is_other_sites


def _rank(reading: Reading, context: ValueContext) -> tuple[float, ...]:
    """The sort key: whole values before possibly truncated ones, then values named ``auth``, then
    those known to be the platform's, then the latest expiry, else the order in the text."""
    expiry = context.expires_at.timestamp() if context.expires_at else 0.0
    return (reading.doubt, context.name, context.domain is None, -expiry)


def _is_of_site(domain: str | None) -> bool:
    return domain is None or is_of_site(domain)


def _is_usable(reading: Reading, context: ValueContext, *, is_alone: bool) -> bool:
    """Whether a reading can be a value. With ``is_alone`` the text holds nothing else, so a short
    value without a name counts too."""
    if not SHORTEST <= reading.width <= LONGEST:
        return False
    if context.name in _NAMED and reading.doubt is not Doubt.FRAGMENT:
        return True
    is_meant = is_alone and reading.doubt is not Doubt.FRAGMENT
    return (reading.width >= LONG or is_meant) and reading.looks_random
