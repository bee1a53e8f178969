"""What an address of a server is, and which addresses are this machine's own."""

import ipaddress
import re
from urllib.parse import urlsplit

import httpx

from bot.proxies.address import is_host

_PLAIN = re.compile(r"[!-~]+")
"""Printable ASCII without spaces: what a server's address consists of."""


def is_server(address: str) -> bool:
    """Whether the address is one of a server that the HTTP library can send requests to."""
    if not _PLAIN.fullmatch(address) or any(sign in address for sign in "?#\\"):
        return False
    try:
        parts, url = urlsplit(address), httpx.URL(address)
    except (ValueError, httpx.InvalidURL):
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(url.host)
        and is_host(parts)
        and parts.port != 0
        and not parts.netloc.endswith(":")
    )


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own; asks no name server."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # ::ffff:127.0.0.1 is 127.0.0.1; Python's is_loopback knows that only from 3.13 on.
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
