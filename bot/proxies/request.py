"""The library's requests to Telegram through a proxy, with errors of the proxy told apart.

The errors are the library's and keep the transport's error as their cause, which decides whether a
message may have been sent.
"""

import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

_LOGIN_REFUSED = "the proxy asks for another user or password"
_CLOSED = "it was closed"
_LOGIN = ("407", "Invalid username/password", "Requested")
"""The beginning of the transport's ``ProxyError`` if a user or a password is missing or wrong."""


class ProxyRefusedError(NetworkError):
    """The proxy accepted no request: nothing has reached Telegram."""


class ProxiedRequest(HTTPXRequest):
    """The library's requests; ``httpx_kwargs`` must bring a transport through a proxy."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """One call of the Bot API. Raises NetworkError, or ProxyRefusedError if the proxy refused
        it."""
        try:
            status, body = await super().do_request(url, method, request_data, *timeouts, **named)
        except NetworkError as error:
            raise _told_apart(error) from error.__cause__
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            raise ProxyRefusedError(_LOGIN_REFUSED)
        return status, body


def _told_apart(error: NetworkError) -> NetworkError:
    cause = error.__cause__
    kind, said = type(cause).__name__, str(cause)
    if kind == "ProxyError":
        trouble = _LOGIN_REFUSED if said.startswith(_LOGIN) else "the proxy let nothing through"
        return ProxyRefusedError(f"{trouble}: {said}")
    if kind == "ConnectError":
        if any(isinstance(each, OSError) for each in _below(cause)):
            return NetworkError("the proxy itself cannot be reached")
        return NetworkError(f"no safe connection through the proxy: {said or _CLOSED}")
    if kind in ("ConnectTimeout", "ReadTimeout"):
        return TimedOut("neither the proxy nor Telegram behind it answers")
    return error


def _below(error: BaseException | None) -> Iterator[BaseException]:
    """The causes of an error, without certificate errors."""
    while error is not None:
        if not isinstance(error, ssl.SSLError):
            yield error
        error = error.__cause__ or error.__context__
