"""The whole bot between both stand-ins, of which one stands behind a real proxy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.platform import document
from tests.proxies.servers import RunningProxy, http_proxy, named, socks_proxy
from tests.support.app_harness import AppHarness, one_course

pytestmark = pytest.mark.process

LOGIN = "anna:geheim"
KINDS = ["http", "socks5", "socks5h"]


@asynccontextmanager
async def proxy_of(kind: str, folder: Path, login: str = "") -> AsyncIterator[RunningProxy]:
    running = http_proxy(folder, login) if kind == "http" else socks_proxy(login, scheme=kind)
    async with running as proxy:
        yield proxy


def harness(folder: Path) -> AppHarness:
    """A bot whose platform may have a name: there its clock must not run fast."""
    return AppHarness(folder, one_course([document(1)]), speed=1)


@asynccontextmanager
async def opened(
    made: AppHarness, telegram: str = "", platform: str = ""
) -> AsyncIterator[AppHarness]:
    """The bot at work, with its servers under these names."""
    await made.listen()
    if telegram:
        made.settings["telegram_api_url"] = named(made.telegram.url, telegram)
    if platform:
        made.settings["zjy_base_url"] = named(made.platform.url, platform)
    try:
        await made.open()
        yield made
    finally:
        await made.close()
        await made.telegram.stop()
        await made.platform.stop()


def place(url: str, name: str) -> str:
    """How a proxy is asked for a server that has a name."""
    return f"{name}:{urlsplit(url).port}"


@pytest.mark.parametrize("login", ["", LOGIN])
@pytest.mark.parametrize("kind", KINDS)
async def test_telegram_goes_through_its_proxy_and_the_platform_does_not(
    kind: str, login: str, tmp_path: Path
) -> None:
    async with proxy_of(kind, tmp_path, login) as proxy:
        made = harness(tmp_path)
        made.settings["telegram_proxy"] = proxy.url(f"{login}@" if login else "")
        async with opened(made, telegram="telegram.test"):
            await made.log_in()

    assert made.platform.requests
    assert set(proxy.passed) == {place(made.telegram.url, "telegram.test")}


@pytest.mark.parametrize("login", ["", LOGIN])
@pytest.mark.parametrize("kind", KINDS)
async def test_the_platform_goes_through_its_proxy_and_telegram_does_not(
    kind: str, login: str, tmp_path: Path
) -> None:
    async with proxy_of(kind, tmp_path, login) as proxy:
        made = harness(tmp_path)
        made.settings["platform_proxy"] = proxy.url(f"{login}@" if login else "")
        async with opened(made, platform="platform.test"):
            await made.log_in()

    assert made.platform.requests
    assert set(proxy.passed) == {place(made.platform.url, "platform.test")}


@pytest.mark.parametrize("kind", KINDS)
async def test_the_usual_variables_lead_to_telegram_alone(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxy_of(kind, tmp_path) as proxy:
        monkeypatch.setenv("HTTP_PROXY" if kind == "http" else "all_proxy", proxy.url())
        async with opened(harness(tmp_path), telegram="telegram.test") as made:
            await made.log_in()

    assert set(proxy.passed) == {place(made.telegram.url, "telegram.test")}


async def test_a_server_on_loopback_is_reached_directly_whatever_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with socks_proxy() as proxy:
        for name in ("http_proxy", "HTTPS_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        made = harness(tmp_path)
        made.settings |= {"telegram_proxy": proxy.url(), "platform_proxy": proxy.url()}
        async with opened(made):
            await made.log_in()
            assert made.app is not None
            sent = made.person.send_document("cookie.json", b"{}")
            file_id = sent.document.file_id if sent.document else ""
            file = await made.app.application.bot.get_file(file_id)
            assert bytes(await file.download_as_bytearray()) == b"{}"

    assert proxy.passed == []


async def test_a_file_goes_through_the_proxy_as_every_call_does(tmp_path: Path) -> None:
    async with socks_proxy() as proxy:
        made = harness(tmp_path)
        made.settings["telegram_proxy"] = proxy.url()
        async with opened(made, telegram="telegram.test"):
            assert made.app is not None
            bot = made.app.application.bot
            sent = made.person.send_document("cookie.json", b"{}")
            file = await bot.get_file(sent.document.file_id if sent.document else "")
            assert bytes(await file.download_as_bytearray()) == b"{}"
            assert file.file_path is not None
            assert "telegram.test" in file.file_path
