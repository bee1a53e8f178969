"""Downloads pass their bound in no way."""

import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot, Document
from telegram.request import HTTPXRequest

from bot.chat.bounded_answers import BOUNDED, LARGEST_FILE
from bot.chat.downloads import Downloads, FileTooLarge, FileUnreachable
from bot.chat.telegram_request import TelegramRequest
from tests.support.clocks import FastClock

TOKEN = "123456:a-secret-token"
DOCUMENT = Document("f", "u")


class Body(httpx.AsyncByteStream):
    """Gives chunks for ever, and counts them."""

    def __init__(self) -> None:
        self.given = 0
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.given += 1
            yield bytes(64 * 1024)

    async def aclose(self) -> None:
        self.is_closed = True


class Telegram(httpx.AsyncBaseTransport):
    def __init__(self, content: httpx.Response | Exception, path: str = "documents/f.txt") -> None:
        self.content = content
        self.path = path
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            file = {"file_id": "f", "file_unique_id": "u", "file_path": self.path}
            return httpx.Response(200, json={"ok": True, "result": file})
        self.asked.append(request)
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


async def read(telegram: Telegram, request: type[HTTPXRequest] = HTTPXRequest) -> bytes:
    through: dict[str, Any] = {"transport": telegram, **BOUNDED}
    urls: dict[str, Any] = {
        "base_url": "http://127.0.0.1/bot",
        "base_file_url": "http://127.0.0.1/file/bot",
    }
    bot = Bot(TOKEN, request=request(httpx_kwargs=through), **urls)
    async with bot.request:
        return await Downloads(bot, FastClock()).read(DOCUMENT)


async def test_a_file_as_large_as_is_read_is_read() -> None:
    content = bytes(LARGEST_FILE)
    assert await read(Telegram(httpx.Response(200, content=content))) == content


async def test_a_body_without_an_end_is_cut_at_the_bound_and_closed() -> None:
    body = Body()
    with pytest.raises(FileTooLarge):
        await read(Telegram(httpx.Response(200, stream=body)))
    assert body.given == LARGEST_FILE // (64 * 1024) + 1
    assert body.is_closed


async def test_a_small_body_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    packed = gzip.compress(bytes(100 * LARGEST_FILE))
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Once(packed))
    telegram = Telegram(answer)
    with pytest.raises(FileUnreachable):
        await read(telegram)
    assert {request.headers["Accept-Encoding"] for request in telegram.asked} == {"identity"}


class Once(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


async def test_no_path_on_this_machines_disk_is_read() -> None:
    telegram = Telegram(httpx.Response(200), path=__file__)
    with pytest.raises(FileUnreachable):
        await read(telegram)
    assert not telegram.asked


async def test_a_file_in_the_servers_folder_of_this_bot_is_read_and_removed(tmp_path: Path) -> None:
    for folder in (TOKEN, TOKEN.replace(":", "~"), f"{TOKEN}:T"):
        path = tmp_path / folder / "documents" / "file_1.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"content")
        assert await read(Telegram(httpx.Response(200), str(path))) == b"content"
        assert not path.exists()


async def test_what_is_no_file_of_the_servers_folder_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "key"
    outside.write_bytes(b"k" * 32)
    folder = tmp_path / TOKEN / "documents"
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    (folder / "large").write_bytes(bytes(LARGEST_FILE + 1))
    os.mkfifo(folder / "pipe")
    for name in ("link", "../../key", "pipe", "large"):
        path = f"{folder}/{name}"
        with pytest.raises(FileTooLarge if name == "large" else FileUnreachable):
            await read(Telegram(httpx.Response(404), path))
    assert outside.read_bytes() == b"k" * 32
    assert {each.name for each in folder.iterdir()} == {"link", "large", "pipe"}


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError(f"no way to http://127.0.0.1/file/bot{TOKEN}/f"),
        httpx.ReadTimeout(""),
        httpx.Response(404, content=TOKEN.encode()),
        httpx.Response(500, json={"ok": False, "description": TOKEN}),
    ],
)
async def test_trouble_is_tried_again_and_says_nothing_of_the_address(
    trouble: httpx.Response | Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    telegram = Telegram(trouble)
    with pytest.raises(FileUnreachable) as failed:
        await read(telegram)
    assert len(telegram.asked) == 3
    assert (failed.value.__cause__, failed.value.__context__, str(failed.value)) == (None, None, "")
    said = capsys.readouterr()
    assert "could not be fetched" in said.out + said.err
    assert TOKEN not in said.out + said.err


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502])
@pytest.mark.parametrize("content", [b"", b"no", b"<html>Bad Gateway</html>", b'{"ok": false}'])
async def test_a_refused_download_is_no_trouble_with_the_token_and_logs_no_traceback(
    status: int,
    content: bytes,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(FileUnreachable):
        await read(Telegram(httpx.Response(status, content=content)), TelegramRequest)
    assert [each for each in caplog.records if each.name.startswith("telegram")] == []
    said = capsys.readouterr()
    assert "could not be fetched" in said.out + said.err
    assert "InvalidToken" not in said.out + said.err
