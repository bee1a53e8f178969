"""The address of a proxy: parsed strictly, and shown without its user and password."""

import base64
import ipaddress
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import SplitResult, quote, unquote, urlsplit


class ProxyScheme(StrEnum):
    """The kinds of proxies that the HTTP library supports."""

    HTTP = "http"
    HTTPS = "https"
    SOCKS5 = "socks5"
    SOCKS5H = "socks5h"


FORM = (
    "must be http://, https://, socks5:// or socks5h:// with a host and a port, as in "
    "http://127.0.0.1:7890; user:password@ may stand before the host, with signs other than "
    "letters and digits percent-encoded"
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_LONGEST_HOST = 253
_LONGEST_LOGIN = 255
"""The most bytes of a user or a password: SOCKS5 encodes each length in one byte (RFC 1929)."""
_SHORTEST_SECRET = 4
"""The fewest characters of a password that is hidden in the log: hiding a shorter one would hide
half of each line."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that can be used. ``host`` is a name or an address without brackets; ``port`` None
    means the scheme's own."""

    scheme: ProxyScheme
    host: str
    port: int | None = None
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError(FORM), which quotes nothing of the text, for anything else."""
        try:
            proxy = cls._read(text.strip())
        except ValueError:
            proxy = None
        # Raised outside the handler, because the parser's own message can quote the password.
        if proxy is None:
            raise ValueError(FORM)
        return proxy

    @classmethod
    def _read(cls, text: str) -> Self:
        parts = urlsplit(text)
        host = _host(parts)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if parts.path not in ("", "/") or "?" in text or "#" in text:
            raise ValueError
        if parts.port == 0 or parts.netloc.endswith(":"):
            raise ValueError
        if max(len(user.encode()), len(password.encode())) > _LONGEST_LOGIN:
            raise ValueError
        return cls(ProxyScheme(parts.scheme), host, parts.port, user, password)

    @property
    def shown(self) -> str:
        """The address for people and for the log."""
        return f"{self.scheme.value}://{self._place}"

    @property
    def url(self) -> str:
        """The address for the HTTP library: a secret, if there is a password."""
        if not self.user and not self.password:
            return self.shown
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{self.scheme.value}://{login}@{self._place}"

    @property
    def _place(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def secrets(self) -> frozenset[str]:
        """Each form in which the password can occur in a log line."""
        if not self.password:
            return frozenset()
        login = f"{self.user}:{self.password}"
        forms = (
            self.password,
            quote(self.password, safe=""),
            json.dumps(self.password, ensure_ascii=False)[1:-1],
            json.dumps(self.password)[1:-1],
            *_as_repr(self.password),
            *_as_repr(self.password.encode()),
            login,
            base64.b64encode(login.encode()).decode(),
        )
        return frozenset(form for form in forms if len(form) >= _SHORTEST_SECRET)


def _as_repr(value: str | bytes) -> tuple[str, str]:
    """The value as ``repr`` shows it, also in a JSON line."""
    shown = repr(value).removeprefix("b")[1:-1]
    return shown, json.dumps(shown)[1:-1]


def _host(parts: SplitResult) -> str:
    """The address's host, if it can be resolved. Raises ValueError."""
    host = parts.hostname or ""
    if "[" in parts.netloc:
        return ipaddress.IPv6Address(host).compressed
    labels = host.removesuffix(".").split(".")
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError
    if labels[-1].isdecimal():
        return str(ipaddress.IPv4Address(host))
    return host


def is_host(parts: SplitResult) -> bool:
    """Whether an address's host can be resolved."""
    try:
        return bool(_host(parts))
    except ValueError:
        return False
