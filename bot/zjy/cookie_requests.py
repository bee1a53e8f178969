"""Finds the host of a copied request: shell commands, PowerShell, code and raw requests."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

SITE = "icve.com.cn"
_METHODS = "get|post|put|patch|delete|head|options|request"
_START = re.compile(
    rf"""(?P<shell>\b(?:curl(?:\.exe)?|wget)(?=\s))
    |(?P<code>\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b|\bfetch\(|\baxios\(
      |\b(?:requests?|session|sess|s|client|httpx|axios)\.(?:{_METHODS})\()
    |(?P<raw>^(?:{_METHODS})[ ](?=/|https?://))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SHELL_END = re.compile(r"\n\s*\n|[^\x00-\x7f]|\n[ \t]*(?:\[|\{|auth\b|cookie)", re.IGNORECASE)
"""A command ends where prose begins: a value after it may belong to another request."""
_STRING = re.compile(r"""\"(?:[^"\\]|\\.){0,8192}+"|'(?:[^'\\]|\\.){0,8192}+'|[()]""", re.DOTALL)
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


def is_of_site(host: str) -> bool:
    """Whether a host, in lower case, is the platform's."""
    return host == SITE or host.endswith("." + SITE)


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
        """The host of the request that the place belongs to; None if it is unknown."""
        index = bisect_right(self._starts, at) - 1
        if index >= 0:
            return self._host(index) if at < self._requests[index].end else None
        if self._first_code is not None:  # a script's cookies precede its request
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
            _Request(start, self._end(start, end, kind), kind)
            for (start, kind), end in zip(starts, ends, strict=False)
        ]

    def _end(self, start: int, end: int, kind: str) -> int:
        word = _START.match(self._text, start)
        if kind == "code" and word is not None and word.group().endswith("("):
            return self._closed(word.end(), end)
        match = _SHELL_END.search(self._text, start, end) if kind != "raw" else None
        return match.start() if match else end

    def _closed(self, start: int, end: int) -> int:
        """The place where the bracket opened before ``start`` is closed."""
        depth = 1
        for match in _STRING.finditer(self._text, start, end):
            depth += {"(": 1, ")": -1}.get(match.group(), 0)
            if not depth:
                return match.end()
        return end

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
        hosts = [host for start, host in self._addresses(request) if start < request.end]
        if hosts:
            # Some hosts may be of a proxy, an agent or a body; the platform's own takes precedence.
            return next((host for host in hosts if is_of_site(host)), hosts[0])
        word = _START.match(self._text, request.start)
        bare = _BARE_HOST.match(self._text, word.end()) if word else None
        return bare.group(1) if bare and request.kind == "shell" else None

    def _addresses(self, request: _Request) -> Iterator[tuple[int, str]]:
        """The URLs of a request, except those of options or headers that name other servers."""
        for start, _, host in self._urls[bisect_right(self._url_starts, request.start) :]:
            if start >= request.end:
                return
            before = self._text[max(request.start, start - 64) : start]
            if _ITS_ADDRESS.search(before) or not _NOT_ITS_ADDRESS.search(before):
                yield start, host
