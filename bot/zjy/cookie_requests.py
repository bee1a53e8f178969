"""Which host a copied request goes to: commands of shells, PowerShell, code and raw requests."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_METHODS = "get|post|put|patch|delete|head|options|request"
_START = re.compile(
    rf"""(?P<shell>\b(?:curl(?:\.exe)?|wget)(?=\s))
    |(?P<code>\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b|\bfetch\(|\baxios\(
      |\b(?:requests?|session|sess|s|client|httpx|axios)\.(?:{_METHODS})\()
    |(?P<raw>^(?:{_METHODS})[ ](?=/|https?://))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SHELL_END = re.compile(r"\n\s*\n|\n[ \t]*(?:[^\x00-\x7f]|\[|\{|auth\b|cookie)", re.IGNORECASE)
_HEADER = re.compile(
    r"""^[ \t"']{0,4}(?:Host|:authority):[ \t]{0,4}([^\s:"']{1,255})""",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER_OPTION = re.compile(r"""(?:-H|--header)[ \t=]?["'$]{0,2}Host:[ \t]{0,4}([^\s:"']{1,255})""")
_URL = re.compile(
    r"https?://(?:[^/\s\"'@]{1,128}@)?(?P<host>[\w.-]{1,255})"
    r"(?::\d{1,5}(?![0-9A-Fa-f]))?(?:[/?#][^\x80-\U0010ffff\s\"'<>,;()\[\]{}|:!]{0,8192})?",
    re.IGNORECASE | re.ASCII,
)
_BARE_HOST = re.compile(
    r"""\s+["']?((?:[\w-]{1,63}\.){1,9}[a-z]{2,24})(?=[/\s"':?])""", re.IGNORECASE
)
_ITS_ADDRESS = re.compile(r"""\b(?:url|uri)["']?\s*[:=]?\s*["'$]*$""", re.IGNORECASE)
_NOT_ITS_ADDRESS = re.compile(
    r"""(?:(?<!\S)(?:-x|-e|--?proxy|--preproxy|--socks\S{1,12}|--?referer|--doh-url|--?origin)[\s=]*"""
    r"""|[:=]\s*)["'$]*$""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Request:
    start: int
    end: int
    kind: str


class Requests:
    """The requests of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._hosts: dict[int, str | None] = {}

    def host_at(self, at: int) -> str | None:
        """The host of the request that the place belongs to; None if none is known."""
        index = bisect_right(self._starts, at) - 1
        if index >= 0:
            return self._host(index) if at < self._requests[index].end else None
        if self._first_code is not None:  # the cookies of a script stand before its request
            return self._host(self._first_code)
        return None if self._requests else self._host_header

    def url_host_at(self, at: int) -> str | None:
        """The host of the URL that the place is within."""
        index = bisect_right(self._url_starts, at) - 1
        if index < 0:
            return None
        start, end, host = self._urls[index]
        return host if start < at < end else None

    @cached_property
    def _requests(self) -> list[_Request]:
        starts = [(m.start(), m.lastgroup or "") for m in _START.finditer(self._text)]
        ends = [start for start, _ in starts[1:]] + [len(self._text)]
        return [
            _Request(start, self._end(start, end) if kind == "shell" else end, kind)
            for (start, kind), end in zip(starts, ends, strict=False)
        ]

    def _end(self, start: int, end: int) -> int:
        match = _SHELL_END.search(self._text, start, end)
        return match.start() if match else end

    @cached_property
    def _starts(self) -> list[int]:
        return [request.start for request in self._requests]

    @cached_property
    def _first_code(self) -> int | None:
        return next((at for at, each in enumerate(self._requests) if each.kind == "code"), None)

    @cached_property
    def _urls(self) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), m["host"].lower()) for m in _URL.finditer(self._text)]

    @cached_property
    def _url_starts(self) -> list[int]:
        return [start for start, _, _ in self._urls]

    @cached_property
    def _host_header(self) -> str | None:
        header = _HEADER.search(self._text)
        return header.group(1) if header else None

    def _host(self, index: int) -> str | None:
        if index not in self._hosts:
            self._hosts[index] = self._find_host(self._requests[index])
        return self._hosts[index]

    def _find_host(self, request: _Request) -> str | None:
        for pattern in (_HEADER, _HEADER_OPTION):
            header = pattern.search(self._text, request.start, request.end)
            if header:
                return header.group(1)
        first = bisect_right(self._url_starts, request.start)
        for start, _, host in self._urls[first:]:
            if start >= request.end:
                break
            before = self._text[max(request.start, start - 64) : start]
            if _ITS_ADDRESS.search(before) or not _NOT_ITS_ADDRESS.search(before):
                return host
        word = _START.match(self._text, request.start)
        bare = _BARE_HOST.match(self._text, word.end()) if word else None
        return bare.group(1) if bare and request.kind == "shell" else None
