"""Reads the text around the hex digits at one place: the name, domain and expiry of the value.

Does not judge values. The text read around a place is bounded, so that all places of a text are
read in time linear in its length.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.zjy.cookie_dates import moment
from bot.zjy.cookie_records import Record, Records
from bot.zjy.cookie_requests import Requests

NAME = "auth"
_BEFORE = 128
_AFTER = 600

LABEL = (
    # Only the whole name counts: xauth= and ?auth= are other names.
    r"(?:(?<![0-9A-Za-z_.?&/-])|(?<=\s-b))auth"
)
_AUTH = re.compile(
    LABEL
    + r"(?:[^0-9A-Za-z;&]{0,24}|[^0-9A-Za-z;&]{1,12}(?:value|cookie|is)[^0-9A-Za-z;&]{1,12})$",
    re.IGNORECASE,
)
_NAMED_AUTH = re.compile(
    r"""\bname\s{0,9}=\s{0,9}["']?auth["']?\s{0,9},\s{0,9}value\s{0,9}=\s{0,9}["']?$""",
    re.IGNORECASE,
)
_NAMED_OTHER = re.compile(
    r"""\bname\s{0,9}=\s{0,9}["'][^"']{1,64}["']\s{0,9},\s{0,9}value\s{0,9}=\s{0,9}["']$"""
    r"""|\bCookie\(\s{0,9}["'][^"']{1,64}["']\s{0,9},\s{0,9}["']$"""
    r"""|\bsha-?(?:1|224|256|384|512)\W{0,3}$""",
    re.IGNORECASE,
)
_AUTH_PAIR = re.compile(LABEL + r"[ \t]{0,9}=", re.IGNORECASE)
_COOKIE = re.compile(r"\b_{0,2}cookies?[^0-9A-Za-z;&]{0,12}$", re.IGNORECASE | re.ASCII)
_PAIR = re.compile(
    r"""(?P<header>cookie["']?\s{0,9}[:=(]\s{0,9}["'$]{0,3}|(?:[\w.-]=|[^;=\s]{40})[^;=\s]{0,64};\s{0,9})?
    (?<![\w.-])[\w.-]{1,64}=["']?$""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_NEXT_PAIR = re.compile(r"""["']?;\s{0,9}[\w.-]{1,64}=""", re.ASCII)
_WORD = re.compile(
    r"""(?:\b[A-Za-z][\w.-]{0,63}|["'][^"']{1,64}["'])\s{0,9}[:=]\s{0,9}["']?$""", re.ASCII
)

ROW = re.compile(
    r"\b(?:TRUE|FALSE)\s{1,9}+\S{1,256}+\s{1,9}+(?:TRUE|FALSE)\s{1,9}+(-?[\d.]{1,24}+)\s{1,9}+"
    r"(\S{1,256}+)\s{1,9}+",
    re.IGNORECASE,
)
_HOST = r"""((?:[\w-]{1,63}\.){1,9}[A-Za-z]{2,24})"""
_DOMAIN_AFTER = (
    re.compile(
        r"""[;,\n]\s{0,9}["']?domain["']?\s{0,9}[=:]\s{0,9}["']?([^\s;"',{}]{1,255})""",
        re.IGNORECASE,
    ),
    re.compile(rf"""\s{{0,9}}\t\s{{0,9}}\.?{_HOST}\s"""),
    re.compile(rf"""\s{{1,9}}for\s{{1,9}}\.?{_HOST}[\s/>]"""),
    re.compile(
        rf"""["']\s{{0,9}},\s{{0,9}}["'][^"']{{0,256}}["']\s{{0,9}},\s{{0,9}}["']\.?{_HOST}["']"""
    ),
)
_EXPIRES_AFTER = re.compile(
    r"""[;,\n]\s{0,9}["']?expires(?:\s?/\s?max-age)?["']?\s{0,9}[=:]\s{0,9}["']?([^;"'\n]{1,40})""",
    re.IGNORECASE,
)
_IN_PARAMETER = re.compile(r"[?&][\w-]{1,20}=(?:[^?&=\s]{0,20}\W)?auth=\Z", re.IGNORECASE)
"""A text that a link shares, such as ``?text=auth=…``."""
_A_HOST = re.compile(
    r"(?:[\w-]{1,63}\.){1,9}[A-Za-z][\w-]{1,62}|\d{1,3}(?:\.\d{1,3}){3}|localhost", re.ASCII
)
_OTHERS = re.compile(
    r"""(?<![\w.-])(?:acw_tc|\w{0,9}token|\w{0,9}sid|\w{0,9}sess(?:ion)?(?:_?id)?|__?\w{1,64}"""
    r"""|(?:hm|um|gr|ga|cna|cnzz)\w{0,64}|x?s?rf\w{0,64}|x-\S{1,64})=["']?$""",
    re.IGNORECASE | re.ASCII,
)
"""The names of other cookies."""
_PLACE_ENDS = re.compile(r"[{}]|\bauth\b|\n\s*\n", re.IGNORECASE)


class Name(IntEnum):
    """The kinds of names of a value, the likeliest cookie first."""

    AUTH = 0
    COOKIE = 1
    NONE = 2
    OTHER_WORD = 3
    OTHER_COOKIE = 4
    """A cookie or digest that certainly has another name."""


@dataclass(frozen=True, slots=True)
class ValueContext:
    """The context of a value; ``domain`` is in lower case without a leading dot."""

    name: Name
    domain: str | None = None
    expires_at: datetime | None = None


class Contexts:
    """The contexts of the values in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._records = Records(text)
        self._requests = Requests(text)
        self._rows = {match.end(): match for match in ROW.finditer(text)}
        self._names_auth = _AUTH_PAIR.search(text) is not None

    def context(self, start: int, end: int) -> ValueContext:
        """The context of the digits from ``start`` to before ``end``."""
        row = self._rows.get(start)
        if row is not None:
            return self._in_row(row)
        record = self._records.around(start)
        after = self._text[end : end + _AFTER]
        ends = _PLACE_ENDS.search(after)
        after = after[: ends.start()] if ends else after
        return ValueContext(
            self._name(record, start, end),
            self._domain(record, start, after),
            self._expiry(record, after),
        )

    def _in_row(self, row: re.Match[str]) -> ValueContext:
        before = self._text[max(0, row.start() - 300) : row.start()].split()
        domain = known_host(before[-1].removeprefix("#HttpOnly_")) if before else None
        name = Name.AUTH if row.group(2).lower() == NAME else Name.OTHER_COOKIE
        return ValueContext(name, domain, moment(row.group(1)))

    def _name(self, record: Record, start: int, end: int) -> Name:
        before = self._text[max(0, start - _BEFORE) : start]
        if _AUTH.search(before) or _NAMED_AUTH.search(before):
            return Name.AUTH
        if _NAMED_OTHER.search(before):
            return Name.OTHER_COOKIE
        if record.is_object and record.fields.key_before(start) == "value":
            name = self._records.name_of(record)
            if name is not None and name.lower() == NAME:
                return Name.AUTH
            if name is not None and name.isascii() and "cookie" not in name.lower():
                return Name.OTHER_COOKIE
        return self._loose_name(before, end)

    def _loose_name(self, before: str, end: int) -> Name:
        if _COOKIE.search(before):
            return Name.COOKIE
        pair = _PAIR.search(before)
        if pair and (pair["header"] or _NEXT_PAIR.match(self._text, end)):
            # In a header each name is a cookie's; a note can name values freely.
            in_header = (pair["header"] or "").lower().startswith("cookie")
            is_other = in_header or self._names_auth or _OTHERS.search(before) is not None
            return Name.OTHER_COOKIE if is_other else Name.OTHER_WORD
        return Name.OTHER_WORD if _WORD.search(before) else Name.NONE

    def _domain(self, record: Record, start: int, after: str) -> str | None:
        url = self._requests.url_host_at(start)
        if url is not None and not _IN_PARAMETER.search(self._text, max(0, start - 48), start):
            return url
        own = self._records.domain_of(record) if record.is_object else None
        search, *matches = _DOMAIN_AFTER
        found = search.search(after) or next((m for p in matches if (m := p.match(after))), None)
        said = (own, found.group(1) if found else None, self._requests.host_at(start))
        return next((host for each in said if each and (host := known_host(each))), None)

    def _expiry(self, record: Record, after: str) -> datetime | None:
        written = record.fields.first("expires") if record.is_object else None
        if written is None:
            found = _EXPIRES_AFTER.search(after)
            written = found.group(1) if found else None
        return moment(written) if written else None


def known_host(text: str) -> str | None:
    """The host that a domain or an address names; None if it names none (null, a dash, prose)."""
    host = host_of(text)
    return host if _A_HOST.fullmatch(host) else None


def host_of(text: str) -> str:
    """The host of a domain or an address, in lower case without a leading dot."""
    host = text.strip().lower().rpartition("//")[2]
    return re.split(r"[/:?#]", host, maxsplit=1)[0].rpartition("@")[2].strip(".")
