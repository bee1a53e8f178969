"""Asks whether the platform can be reached, with a request that any visitor could send."""

import asyncio
from http import HTTPStatus

import httpx

from bot.proxies.address import Proxy
from bot.proxies.transport import ProxiedTransport
from bot.zjy.errors import Unreachable
from bot.zjy.exchange import TRANSLATION, USER_AGENT, translate

WITHIN = 15.0
"""Real seconds."""
FRONT_PAGE = "/"


async def probe(base_url: str, proxy: Proxy | None, *, within: float = WITHIN) -> int:
    """The HTTP status of the platform's front page: asked for without a cookie, following no
    redirect, and without reading the page. Raises Unreachable or AnswerLost."""
    transport = None if proxy is None else ProxiedTransport(proxy, connections=1)
    async with httpx.AsyncClient(
        base_url=base_url,
        transport=transport,
        headers={"User-Agent": USER_AGENT},
        timeout=within,
        follow_redirects=False,
        trust_env=False,
    ) as client:
        try:
            async with asyncio.timeout(within), client.stream("GET", FRONT_PAGE) as response:
                status = response.status_code
        except tuple(TRANSLATION) as error:
            raise translate(FRONT_PAGE, error) from error
    if proxy is not None and status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise Unreachable(FRONT_PAGE, detail="the proxy asks for another user or password")
    return status
