"""Finds what students paste to log in: the cookie of the API of 2021, or the token of the site
since 2023."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.spoc.tokens import find_tokens, looks_like_token
from bot.zjy.cookies import MOST_CANDIDATES, find_cookies, looks_like_cookie
from storage.enums import Platform

__all__ = ["MOST_CANDIDATES", "Credential", "find_credentials", "looks_like_credential"]


@dataclass(frozen=True, slots=True)
class Credential:
    """What lets the bot ask as a student, and its expiry in UTC if the paste gives one, which may
    be in the past."""

    secret: str = field(repr=False)
    expires_at: datetime | None = None
    platform: Platform = Platform.ZJY


def find_credentials(text: str) -> list[Credential]:
    """The distinct candidates in the text, at most :data:`MOST_CANDIDATES`: cookies before tokens,
    of each kind the likeliest first. A token is not crowded out by cookies."""
    tokens = [Credential(each.token, each.expires_at, Platform.SPOC) for each in find_tokens(text)]
    cookies = [Credential(each.auth, each.expires_at) for each in find_cookies(text)]
    return as_many_as_are_proved([*cookies, *tokens])


def as_many_as_are_proved(found: Iterable[Credential]) -> list[Credential]:
    """At most :data:`MOST_CANDIDATES`, cookies before tokens, each value once and where it came
    first. Half of the places are the tokens' if they need them."""
    distinct: dict[str, Credential] = {}
    for each in found:
        distinct.setdefault(each.secret, each)
    tokens = [each for each in distinct.values() if each.platform is not Platform.ZJY]
    cookies = [each for each in distinct.values() if each.platform is Platform.ZJY]
    kept = MOST_CANDIDATES - min(len(tokens), MOST_CANDIDATES // 2)
    return [*cookies[:kept], *tokens][:MOST_CANDIDATES]


def looks_like_credential(text: str) -> bool:
    """Whether a text is meant as a cookie or a token, usable or not."""
    return looks_like_cookie(text) or looks_like_token(text)
