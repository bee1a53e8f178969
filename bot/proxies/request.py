"""The library's requests to Telegram through a proxy: what the proxy refuses is told apart.

The errors stay the library's, with the transport's own error as their cause: whoever asks
whether a message can have left finds it there.
"""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from socksio import SOCKSError
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

from bot.proxies.address import Proxy

HANDSHAKE_WITHIN = 10.0
"""Real seconds for the words with a SOCKS proxy. The library waits for them without end, as it
would for ever where ``socks5://`` leads to a proxy of another kind."""

_bound: ContextVar[asyncio.Timeout] = ContextVar("bound")
"""The bound of the call that this task makes."""
_HANDSHAKE = "setup_socks5_connection"
_LOGIN = ("407", "Invalid username/password", "Requested")
"""How the transport's ``ProxyError`` begins where a user or a password is missing or wrong."""


class ProxyRefusedError(NetworkError):
    """The proxy took no request: nothing has reached Telegram."""


class ProxiedRequest(HTTPXRequest):
    """``proxy`` is used for every request; the other arguments are the library's."""

    def __init__(self, proxy: Proxy, *, httpx_kwargs: Mapping[str, Any], **others: Any) -> None:  # noqa: ANN401
        watched = {**httpx_kwargs, "event_hooks": {"request": [_watch]}}
        super().__init__(proxy=proxy.url, httpx_kwargs=watched, **others)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """One call of the Bot API. Raises NetworkError, told apart where the proxy is at fault."""
        try:
            async with asyncio.timeout(None) as bound:
                _bound.set(bound)
                status, body = await super().do_request(
                    url, method, request_data, *timeouts, **named
                )
        except (SOCKSError, TimeoutError) as error:
            raise ProxyRefusedError("the proxy does not speak SOCKS5") from error
        except TimedOut as error:
            raise TimedOut("the proxy, or Telegram behind it, gives no answer") from error.__cause__
        except NetworkError as error:
            raise _told_apart(error) from error.__cause__
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            raise ProxyRefusedError("the proxy asks for another user or password")
        return status, body


async def _watch(request: Any) -> None:  # noqa: ANN401 - the transport's own kind of request
    """Let the transport say when its words with a SOCKS proxy begin and end."""
    bound = _bound.get()

    async def step(name: str, _: object) -> None:
        if name.endswith(f"{_HANDSHAKE}.started"):
            bound.reschedule(asyncio.get_running_loop().time() + HANDSHAKE_WITHIN)
        elif name.endswith(f"{_HANDSHAKE}.complete"):
            bound.reschedule(None)

    request.extensions = {**request.extensions, "trace": step}


def _told_apart(error: NetworkError) -> NetworkError:
    cause = error.__cause__
    said = str(cause)
    if type(cause).__name__ == "ProxyError":
        if said.startswith(_LOGIN):
            return ProxyRefusedError(f"the proxy asks for another user or password: {said}")
        return ProxyRefusedError(f"the proxy refused to reach Telegram: {said}")
    if type(cause).__name__ == "ConnectError":
        if any(isinstance(each, OSError) for each in _below(cause)):
            return NetworkError("the proxy itself cannot be reached")
        return NetworkError(f"no safe connection through the proxy: {said}")
    return error


def _below(error: BaseException | None) -> Iterator[BaseException]:
    """What led to an error, without what is wrong with certificates."""
    while error is not None:
        if not isinstance(error, ssl.SSLError):
            yield error
        error = error.__cause__ or error.__context__
