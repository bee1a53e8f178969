"""A cookie in a file: read into memory, its message deleted."""

import gzip
import io
import json
import zipfile
from collections.abc import Awaitable, Callable

import pytest

from bot.chat.bounded_answers import LARGEST_FILE
from demo.platform import STUDENT, Endpoint
from demo.telegram import Message
from demo.telegram.server import DOWNLOAD
from tests.e2e.pasting import PastingHarness, export

Make = Callable[..., Awaitable[PastingHarness]]


def fresh(harness: PastingHarness) -> str:
    return harness.platform.cookie_for(STUDENT.stu_id)


def har(auth: str) -> str:
    request = {"url": "https://zjy2.icve.com.cn/api", "cookies": [{"name": "auth", "value": auth}]}
    return json.dumps({"log": {"version": "1.2", "entries": [{"request": request}]}})


def cookies_txt(auth: str) -> str:
    line = f"#HttpOnly_.icve.com.cn\tTRUE\t/\tFALSE\t1999999999\tauth\t{auth}"
    return f"# Netscape HTTP Cookie File\r\n\r\n{line}\r\n"


async def greeted(harness: PastingHarness, sent: Message) -> None:
    await harness.see("登录成功")
    await harness.until(lambda: sent.deleted)
    await harness.nothing_left()
    assert len(harness.answers()) == 1, harness.as_text()


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("cookies.json", export, "utf-8"),
        ("zjy2.har", har, "utf-8-sig"),
        ("cookies.txt", cookies_txt, "utf-16"),
        ("新建文本文档.txt", lambda auth: f"我的职教云：\r\nauth={auth}\r\n", "gb18030"),
        ("a.bin", lambda auth: auth, "utf-16-le"),
        (None, lambda auth: f"Cookie: acw_tc=1; auth={auth}", "utf-16-be"),
    ],
)
async def test_a_file_is_a_login_whatever_its_name_and_encoding(
    pasting: Make, name: str | None, text: Callable[[str], str], encoding: str
) -> None:
    harness = await pasting()
    content = text(fresh(harness)).encode(encoding)

    sent = harness.person.send_document(name, content, mime_type="image/x-odd")

    await greeted(harness, sent)
    written = [each for each in harness.folder.rglob("*") if each.is_file()]
    assert not [each for each in written if content in each.read_bytes()]


async def test_a_file_of_1_mb_is_read_to_its_end(pasting: Make) -> None:
    harness = await pasting()
    text = cookies_txt(fresh(harness))
    content = b"# a line of notes\n" * ((LARGEST_FILE - len(text)) // 18) + text.encode()

    await greeted(harness, harness.person.send_document("a.txt", content))


async def test_a_cookie_in_the_caption_of_a_file_is_found(pasting: Make) -> None:
    harness = await pasting()

    sent = harness.person.send_document("shot.txt", b"nothing", caption=f"auth={fresh(harness)}")

    await greeted(harness, sent)


@pytest.mark.parametrize("told", [None, 10])
async def test_a_file_that_is_too_large_is_not_read_whatever_size_is_told(
    pasting: Make, told: int | None
) -> None:
    harness = await pasting()
    content = b" " * LARGEST_FILE + b"auth=" + fresh(harness).encode()

    sent = harness.person.send_document("notes.txt", content, told_size=told)

    await harness.see("我最多读 1 MB")
    await harness.nothing_left()
    assert not sent.deleted
    assert ("getFile" in methods(harness)) is (told is not None)


async def test_a_file_over_what_telegram_gives_to_bots_is_told_of(pasting: Make) -> None:
    harness = await pasting()
    harness.telegram.fail("getFile", 400, "Bad Request: file is too big")

    harness.person.send_document("notes.txt", b"auth")

    await harness.see("我最多读 1 MB")


async def test_a_file_that_is_named_like_cookies_goes_though_it_is_not_read(
    pasting: Make,
) -> None:
    harness = await pasting()

    sent = harness.person.send_document("zjy2.icve.com.cn.HAR", bytes(LARGEST_FILE + 1))

    answer = await harness.see("我最多读 1 MB")
    assert "你的消息已删除" in answer.text
    assert sent.deleted


@pytest.mark.parametrize(
    ("name", "content", "goes"),
    [
        ("新建.rar", b"Rar!\x1a\x07\x01\0" + bytes(200), True),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(200), True),
        ("截图.png", b"\x89PNG\r\n\x1a\n" + bytes(200), False),
        ("cookie.pdf", b"%PDF-1.7\n" + bytes(200), True),
    ],
)
async def test_a_kind_of_file_that_is_not_read_is_told_which_to_send(
    pasting: Make, name: str, content: bytes, goes: bool
) -> None:
    harness = await pasting()

    sent = harness.person.send_document(name, content)

    answer = await harness.see("这种文件我读不了")
    await harness.nothing_left()
    assert ("你的消息已删除" in answer.text) is goes
    assert sent.deleted is goes


async def test_what_is_packed_in_a_file_is_read_and_never_written(pasting: Make) -> None:
    harness = await pasting()
    text = f"auth={fresh(harness)}".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("我的.har.gz", gzip.compress(text))

    await greeted(harness, harness.person.send_document("a.zip", packed.getvalue()))

    written = [each for each in harness.folder.rglob("*") if each.is_file()]
    assert not [each for each in written if text in each.read_bytes()]


@pytest.mark.parametrize("content", [b"hello", "今天的作业".encode("gb18030"), bytes(range(256))])
async def test_a_file_without_a_cookie_is_answered_and_stays(pasting: Make, content: bytes) -> None:
    harness = await pasting()

    sent = harness.person.send_document("homework.doc", content)

    await harness.see("文件里没有找到 cookie")
    await harness.nothing_left()
    assert not sent.deleted


async def test_a_file_with_another_sites_cookie_is_explained_and_deleted(pasting: Make) -> None:
    harness = await pasting()
    text = export("ab" * 60, domain=".example.org")

    sent = harness.person.send_document("cookies.json", text.encode())

    answer = await harness.see("别的网站")
    assert "你的消息已删除" in answer.text
    assert sent.deleted


def methods(harness: PastingHarness) -> list[str]:
    return [call.method for call in harness.telegram.calls]


@pytest.mark.parametrize("trouble", ["getFile", DOWNLOAD, "half"])
async def test_a_short_outage_is_waited_out(pasting: Make, trouble: str) -> None:
    harness = await pasting()
    if trouble == "half":
        harness.telegram.lose_answer(DOWNLOAD)
    else:
        harness.telegram.fail(trouble, 502, "Bad Gateway")
    sent = harness.person.send_document("a.json", export(fresh(harness)).encode())
    await harness.all_arrived()
    harness.clock.jump(1.0)

    await greeted(harness, sent)


@pytest.mark.parametrize(
    ("method", "code", "said"),
    [
        ("getFile", 500, "Internal Server Error"),
        (DOWNLOAD, 404, "Not Found"),
        ("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ],
)
async def test_what_cannot_be_fetched_is_told_with_what_to_do_and_no_token_is_said(
    pasting: Make,
    capsys: pytest.CaptureFixture[str],
    method: str,
    code: int,
    said: str,
) -> None:
    harness = await pasting()
    harness.telegram.fail(method, code, said, times=9)
    harness.person.send_document("cookies.json", b"[]")
    for _ in range(2):
        await harness.all_arrived()
        harness.clock.jump(5.0)

    answer = await harness.see("请过一分钟再发一次")

    assert "你的消息已删除" in answer.text
    told = capsys.readouterr()
    assert "123456:stand-in" not in told.out + told.err + harness.as_text()


async def test_a_slow_download_holds_back_neither_the_chat_nor_a_cancel(pasting: Make) -> None:
    harness = await pasting()
    harness.telegram.fail("getFile", 429, "Too Many Requests", retry_after=20)

    sent = harness.person.send_document("cookies.json", export(fresh(harness)).encode())

    await harness.all_arrived()
    assert not harness.answers()
    harness.clock.jump(20.0)
    await greeted(harness, sent)


async def test_a_file_that_was_being_read_is_deleted_by_the_next_start(pasting: Make) -> None:
    harness = await pasting()
    harness.telegram.fail("getFile", 429, "Too Many Requests", retry_after=20)
    sent = harness.person.send_document("cookies.json", export(fresh(harness)).encode())
    await harness.all_arrived()
    await harness.close()
    await harness.open()

    await harness.see("请再发一次")

    await harness.until(lambda: sent.deleted)
    await harness.nothing_left()


async def test_a_chat_that_is_erased_meanwhile_keeps_no_cookie_of_a_file(pasting: Make) -> None:
    harness = await pasting()
    harness.telegram.fail("getFile", 429, "Too Many Requests", retry_after=20)
    sent = harness.person.send_document("cookies.json", export(fresh(harness)).encode())
    harness.person.send("/erase")
    await harness.press("🗑 全部删除")
    await harness.see("已全部删除")
    harness.clock.jump(20.0)

    await harness.until(lambda: sent.deleted)
    assert not any(each.endpoint is Endpoint.ME for each in harness.platform.requests)


async def test_who_may_not_use_the_bot_costs_no_download(pasting: Make) -> None:
    harness = await pasting(allowed="7")

    harness.person.send_document("cookies.json", export(fresh(harness)).encode())

    await harness.until(lambda: harness.answers())
    assert "getFile" not in methods(harness)
    assert not any(each.endpoint is Endpoint.ME for each in harness.platform.requests)


async def test_a_file_in_a_group_is_read_and_deleted_where_the_bot_may(pasting: Make) -> None:
    harness = await pasting()
    group = harness.telegram.group(-1_000_000_000_005, "班级群", [harness.person])
    group.promote()
    text = export(fresh(harness)).encode()

    sent = harness.person.send_document("cookies.json", text, chat_id=group.chat_id)

    await harness.until(lambda: sent.deleted)
    await harness.until(lambda: "千万不要在群里发 cookie" in group.chat.last.text)
    assert not any(each.endpoint is Endpoint.ME for each in harness.platform.requests)
