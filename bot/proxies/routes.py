"""Decides once at the start which proxies lead to Telegram and to the platform.

A setting takes precedence. The usual variables (``https_proxy``, ``no_proxy`` and so on) apply to
Telegram only: the platform gets a cookie, which goes through a proxy only if ``PLATFORM_PROXY``
says so. An address on this machine is never reached through a proxy. The system settings of macOS
and Windows are not read.
"""

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies_environment

from bot.addresses import is_loopback
from bot.proxies.address import Proxy
from bot.settings import Settings

_PORTS = {"http": 80, "https": 443}
_PORT_BEHIND = re.compile(r"(\[.*\]|[^:]*):(\d+)")


@dataclass(frozen=True, slots=True)
class Route:
    """How one server is reached: directly, or through the proxy that ``source`` names, which is
    a setting or a variable."""

    proxy: Proxy | None = None
    source: str = ""

    @property
    def facts(self) -> Mapping[str, str]:
        """The route's fields for a log line."""
        if self.proxy is None:
            return {}
        return {"proxy": self.proxy.shown, "proxy_from": self.source}


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of a process; ``unusable`` names the variables with unusable values, ``secrets``
    are texts that must not be logged."""

    telegram: Route
    platform: Route
    unusable: tuple[str, ...]
    secrets: frozenset[str]


def find_routes(settings: Settings) -> Routes:
    """The routes that the settings and this process's environment ask for."""
    variables: dict[str, Proxy] = {}
    unusable: list[str] = []
    if settings.telegram_proxy is None:
        for name, scheme, value in _variables():
            try:
                variables[scheme] = _of_variable(value)
            except ValueError:
                unusable.append(name)
    named = [settings.telegram_proxy, settings.platform_proxy, *variables.values()]
    return Routes(
        telegram=_telegram(settings, variables),
        platform=_set(settings.platform_proxy, "PLATFORM_PROXY", settings.zjy_base_url),
        unusable=tuple(unusable),
        secrets=frozenset(text for proxy in named if proxy is not None for text in proxy.secrets),
    )


def _set(proxy: Proxy | None, source: str, url: str) -> Route:
    return Route() if proxy is None or is_loopback(url) else Route(proxy, source)


def _telegram(settings: Settings, variables: Mapping[str, Proxy]) -> Route:
    url = settings.telegram_api_url
    if settings.telegram_proxy is not None:
        return _set(settings.telegram_proxy, "TELEGRAM_PROXY", url)
    parts = urlsplit(url)
    if is_loopback(url) or _is_exempt(parts, getproxies_environment().get("no", "")):
        return Route()
    scheme = parts.scheme if parts.scheme in variables else "all"
    proxy = variables.get(scheme)
    return Route() if proxy is None else Route(proxy, _name(scheme))


def _variables() -> Iterator[tuple[str, str, str]]:
    """The name, scheme and value of each variable that is set. A blank variable counts as unset."""
    given = getproxies_environment()
    for scheme in ("http", "https", "all"):
        if given.get(scheme, "").strip():
            yield _name(scheme), scheme, given[scheme]


def _name(scheme: str) -> str:
    """The variable's name as it is set: lower case takes precedence."""
    small = f"{scheme}_proxy"
    return small if os.environ.get(small) else small.upper()


def _of_variable(value: str) -> Proxy:
    """The proxy of a variable's value; as in other programs, ``host:port`` is an HTTP proxy. Raises
    ValueError."""
    value = value.strip()
    return Proxy.parse(value if "://" in value or ":" not in value else f"http://{value}")


def _is_exempt(url: SplitResult, listed: str) -> bool:
    """Whether ``no_proxy`` names the host: ``*``, a domain with all below it, an address or a
    range of them, each with a port or without."""
    host = (url.hostname or "").removesuffix(".")
    port = url.port or _PORTS[url.scheme]
    for entry in re.split(r"[\s,]+", listed.lower()):
        name = entry.rpartition("://")[2]
        behind = _PORT_BEHIND.fullmatch(name)
        if behind:
            name = behind[1]
        if (behind is None or int(behind[2]) == port) and _names(name.strip("[]"), host):
            return True
    return False


def _names(name: str, host: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        domain = name.removeprefix("*").strip(".")
        return name == "*" or (domain != "" and f".{host}".endswith(f".{domain}"))
