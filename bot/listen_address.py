"""The address on which the bot listens: a host and a port of this machine."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Self

FORM = "must be a host and a port of this machine, as in 127.0.0.1:8080 or [::1]:8080"
_LARGEST_PORT = 65535
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """``host`` is a name or an address without brackets."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``host:port``, an IPv6 address in brackets. Raises ValueError(FORM)."""
        written, colon, port = text.strip().rpartition(":")
        if not colon or not re.fullmatch(r"[0-9]{1,5}", port):
            raise ValueError(FORM)
        if not 0 < int(port) <= _LARGEST_PORT:
            raise ValueError(FORM)
        return cls(_host(written), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _host(written: str) -> str:
    if written.startswith("[") and written.endswith("]"):
        try:
            return ipaddress.IPv6Address(written[1:-1]).compressed
        except ValueError:
            raise ValueError(FORM) from None
    if not _NAME.fullmatch(written):
        raise ValueError(FORM)
    return written
