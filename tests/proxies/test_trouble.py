"""What goes wrong at a proxy is told apart, told of as surely not sent, and costs no place."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import trustme
from aiohttp import web
from telegram.error import NetworkError, TelegramError

import bot.proxies.transport
from bot.chat.telegram_application import request_for
from bot.outbox.telegram_calls import says_unsent
from bot.proxies.address import Proxy
from bot.proxies.request import ProxiedRequest
from bot.proxies.routes import Route
from bot.proxies.transport import ProxiedTransport
from bot.zjy.client import Client
from bot.zjy.errors import Unreachable
from tests.proxies.servers import HOST, PATIENCE, http_proxy, socks_proxy

pytestmark = pytest.mark.process

LOGIN = "anna:geheim"
WRONG = "anna:falsch@"
NOWHERE = "telegram.test:9"
PASSWORD_ASKED = "the proxy asks for another user or password"
AUTH = "0123456789abcdef" * 15

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """A server of a few bytes; yields its port. In the end every connection must be closed."""
    tasks: list[asyncio.Task[None]] = []

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.create_task(closing(reader, writer)))

    server = await asyncio.start_server(accept, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)


@asynccontextmanager
async def asking(proxy: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ProxiedRequest]:
    """The application's own kind of request, with one place as for polling."""
    monkeypatch.setattr(bot.proxies.transport, "HANDSHAKE_WITHIN", 0.2)
    made = request_for(Route(Proxy.parse(proxy), "TELEGRAM_PROXY"), None, 1, 0.2)
    assert isinstance(made, ProxiedRequest)
    yield made
    await made.shutdown()


async def trouble(request: ProxiedRequest, url: str) -> TelegramError:
    with pytest.raises(NetworkError) as raised:
        await request.do_request(url, "POST", read_timeout=0.5, connect_timeout=0.5)
    return raised.value


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("login", ["", WRONG])
@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_a_missing_or_wrong_password_is_told_and_nothing_was_sent(
    kind: str, login: str, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = http_proxy(tmp_path, LOGIN) if kind == "http" else socks_proxy(LOGIN)
    async with running as proxy, asking(proxy.url(login), monkeypatch) as request:
        error = await trouble(request, f"{scheme}://{NOWHERE}/")

    assert PASSWORD_ASKED in str(error)
    assert "falsch" not in str(error)
    assert says_unsent(error)


@pytest.mark.parametrize("kind", ["http", "https", "socks5", "socks5h"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_is_not_there_is_told(
    kind: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(f"{kind}://{HOST}:9", monkeypatch) as request:
        error = await trouble(request, f"{scheme}://{NOWHERE}/")

    assert str(error) == "the proxy itself cannot be reached"
    assert says_unsent(error)


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_a_proxy_that_does_not_reach_telegram_is_told(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = http_proxy(tmp_path) if kind == "http" else socks_proxy()
    async with running as proxy, asking(proxy.url(), monkeypatch) as request:
        error = await trouble(request, f"https://{NOWHERE}/")

    assert str(error).startswith("the proxy let nothing through: ")
    assert says_unsent(error)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes, and answer nothing."""
    await reader.read()


async def web_page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def tunnel_to_nowhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As many proxy programs do: they say yes before they know whether they can."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")


async def socks_to_nowhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    writer.write(b"\x05\x00")
    await reader.read(300)
    writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")


@pytest.mark.parametrize(
    ("serve", "kind", "told"),
    [
        (silent, "socks5", "let nothing through: no answer to the handshake of SOCKS5"),
        (web_page, "socks5", "let nothing through: what answers does not speak SOCKS5"),
        (silent, "http", "neither the proxy nor Telegram behind it answers"),
        (tunnel_to_nowhere, "http", "no safe connection through the proxy: it was closed"),
        (socks_to_nowhere, "socks5", "no safe connection through the proxy: it was closed"),
    ],
)
async def test_a_connection_that_breaks_costs_no_place_in_the_pool(
    serve: Serve, kind: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(serve) as port, asking(f"{kind}://{HOST}:{port}", monkeypatch) as request:
        for _ in range(3):
            assert told in str(await trouble(request, f"https://{NOWHERE}/"))


@pytest.mark.parametrize(
    ("serve", "kind"), [(silent, "socks5"), (silent, "http"), (tunnel_to_nowhere, "http")]
)
async def test_a_request_that_is_cancelled_on_its_way_costs_no_place_in_the_pool(
    serve: Serve, kind: str
) -> None:
    async with listening(serve) as port:
        transport = ProxiedTransport(Proxy.parse(f"{kind}://{HOST}:{port}"), connections=1)
        async with httpx.AsyncClient(transport=transport, timeout=5) as client:
            for _ in range(3):
                with pytest.raises((TimeoutError, httpx.ConnectError)):
                    async with asyncio.timeout(0.1):
                        await client.get(f"https://{NOWHERE}/")


@asynccontextmanager
async def safe_site(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str
) -> AsyncIterator[tuple[int, list[web.Request]]]:
    """A server with a certificate for these names; yields its port and what it gets."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    monkeypatch.setattr("certifi.where", lambda: str(folder / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    got: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        got.append(request)
        me = {"id": 1, "is_bot": True, "first_name": "bot", "username": "a_bot"}
        return web.json_response({"ok": True, "result": me, "code": 1})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0, ssl_context=context).start()
    yield runner.addresses[0][1], got
    await runner.cleanup()


@pytest.mark.parametrize("login", ["", LOGIN])
@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_an_https_address_is_reached_through_a_tunnel_by_the_authorities_that_are_set(
    kind: str, login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = http_proxy(tmp_path, login) if kind == "http" else socks_proxy(login)
    async with (
        safe_site(tmp_path, monkeypatch, "telegram.test") as (port, got),
        running as proxy,
        asking(proxy.url(f"{login}@" if login else ""), monkeypatch) as request,
    ):
        status, _ = await request.do_request(f"https://telegram.test:{port}/bot1:a/getMe", "POST")

    assert status == 200
    assert [each.path for each in got] == ["/bot1:a/getMe"]
    assert set(proxy.passed) == {f"telegram.test:{port}"}


async def test_a_certificate_of_another_name_is_refused_within_the_tunnel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        safe_site(tmp_path, monkeypatch, "another.test") as (port, got),
        socks_proxy() as proxy,
        asking(proxy.url(), monkeypatch) as request,
    ):
        error = await trouble(request, f"https://telegram.test:{port}/bot1:a/getMe")

    assert "no safe connection" in str(error)
    assert "CERTIFICATE_VERIFY_FAILED" in str(error)
    assert got == []


async def test_the_cookie_passes_the_proxy_within_the_tunnel_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = bytearray()

    async with safe_site(tmp_path, monkeypatch, "platform.test") as (port, got):

        async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.extend(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back, on = await asyncio.open_connection(HOST, port)

            async def pass_on() -> None:
                while data := await back.read(65536):
                    writer.write(data)

            passing = asyncio.create_task(pass_on())
            while data := await reader.read(65536):
                seen.extend(data)
                on.write(data)
            on.close()
            await passing

        async with listening(tunnel) as proxy_port:
            proxy = Proxy.parse(f"http://{LOGIN}@{HOST}:{proxy_port}")
            client = Client(f"https://platform.test:{port}", proxy=proxy)
            with pytest.raises(Exception, match="stuId"):
                await client.me(AUTH)
            await client.aclose()

    assert [each.headers["Cookie"] for each in got] == [f"auth={AUTH}"]
    assert seen.startswith(f"CONNECT platform.test:{port} HTTP/1.1\r\n".encode())
    assert AUTH.encode() not in seen
    assert b"ookie" not in seen


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_a_platform_behind_a_proxy_that_refuses_was_not_reached(
    kind: str, tmp_path: Path
) -> None:
    running = http_proxy(tmp_path, LOGIN) if kind == "http" else socks_proxy(LOGIN)
    async with running as proxy:
        client = Client("https://platform.test:9", proxy=Proxy.parse(proxy.url(WRONG)))
        with pytest.raises(Unreachable):
            await client.me(AUTH)
        await client.aclose()
