"""A cookie in a file: read into memory, its message deleted."""

import gzip
import io
import json
import zipfile
from collections.abc import Awaitable, Callable

import pytest

from bot.chat.downloads import LARGEST
from demo.platform import STUDENT, Endpoint
from demo.telegram import Message
from demo.telegram.server import DOWNLOAD
from tests.e2e.pasting import PastingHouse, export

Make = Callable[..., Awaitable[PastingHouse]]


def fresh(house: PastingHouse) -> str:
    return house.platform.cookie_for(STUDENT.stu_id)


def har(auth: str) -> str:
    request = {"url": "https://zjy2.icve.com.cn/api", "cookies": [{"name": "auth", "value": auth}]}
    return json.dumps({"log": {"version": "1.2", "entries": [{"request": request}]}})


def cookies_txt(auth: str) -> str:
    line = f"#HttpOnly_.icve.com.cn\tTRUE\t/\tFALSE\t1999999999\tauth\t{auth}"
    return f"# Netscape HTTP Cookie File\r\n\r\n{line}\r\n"


async def greeted(house: PastingHouse, sent: Message) -> None:
    await house.see("登录成功")
    await house.until(lambda: sent.deleted)
    await house.nothing_left()
    assert len(house.answers()) == 1, house.as_text()


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
    house = await pasting()
    content = text(fresh(house)).encode(encoding)

    sent = house.person.send_document(name, content, mime_type="image/x-odd")

    await greeted(house, sent)
    written = [each for each in house.folder.rglob("*") if each.is_file()]
    assert not [each for each in written if content in each.read_bytes()]


async def test_a_file_of_1_mb_is_read_to_its_end(pasting: Make) -> None:
    house = await pasting()
    text = cookies_txt(fresh(house))
    content = b"# a line of notes\n" * ((LARGEST - len(text)) // 18) + text.encode()

    await greeted(house, house.person.send_document("a.txt", content))


async def test_a_cookie_in_the_caption_of_a_file_is_found(pasting: Make) -> None:
    house = await pasting()

    sent = house.person.send_document("shot.txt", b"nothing", caption=f"auth={fresh(house)}")

    await greeted(house, sent)


@pytest.mark.parametrize("told", [None, 10])
async def test_a_file_that_is_too_large_is_not_read_whatever_size_is_told(
    pasting: Make, told: int | None
) -> None:
    house = await pasting()
    content = b" " * LARGEST + b"auth=" + fresh(house).encode()

    sent = house.person.send_document("notes.txt", content, told_size=told)

    await house.see("我最多读 1 MB")
    await house.nothing_left()
    assert not sent.deleted
    assert ("getFile" in methods(house)) is (told is not None)


async def test_a_file_over_what_telegram_gives_to_bots_is_told_of(pasting: Make) -> None:
    house = await pasting()
    house.telegram.fail("getFile", 400, "Bad Request: file is too big")

    house.person.send_document("notes.txt", b"auth")

    await house.see("我最多读 1 MB")


async def test_a_file_that_is_named_like_cookies_goes_though_it_is_not_read(
    pasting: Make,
) -> None:
    house = await pasting()

    sent = house.person.send_document("zjy2.icve.com.cn.HAR", bytes(LARGEST + 1))

    answer = await house.see("我最多读 1 MB")
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
    house = await pasting()

    sent = house.person.send_document(name, content)

    answer = await house.see("这种文件我读不了")
    await house.nothing_left()
    assert ("你的消息已删除" in answer.text) is goes
    assert sent.deleted is goes


async def test_what_is_packed_in_a_file_is_read_and_never_written(pasting: Make) -> None:
    house = await pasting()
    text = f"auth={fresh(house)}".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("我的.har.gz", gzip.compress(text))

    await greeted(house, house.person.send_document("a.zip", packed.getvalue()))

    written = [each for each in house.folder.rglob("*") if each.is_file()]
    assert not [each for each in written if text in each.read_bytes()]


@pytest.mark.parametrize("content", [b"hello", "今天的作业".encode("gb18030"), bytes(range(256))])
async def test_a_file_without_a_cookie_is_answered_and_stays(pasting: Make, content: bytes) -> None:
    house = await pasting()

    sent = house.person.send_document("homework.doc", content)

    await house.see("文件里没有找到 cookie")
    await house.nothing_left()
    assert not sent.deleted


async def test_a_file_with_another_sites_cookie_is_explained_and_deleted(pasting: Make) -> None:
    house = await pasting()
    text = export("ab" * 60, domain=".example.org")

    sent = house.person.send_document("cookies.json", text.encode())

    answer = await house.see("别的网站")
    assert "你的消息已删除" in answer.text
    assert sent.deleted


def methods(house: PastingHouse) -> list[str]:
    return [call.method for call in house.telegram.calls]


@pytest.mark.parametrize("trouble", ["getFile", DOWNLOAD, "half"])
async def test_a_short_outage_is_waited_out(pasting: Make, trouble: str) -> None:
    house = await pasting()
    if trouble == "half":
        house.telegram.lose_answer(DOWNLOAD)
    else:
        house.telegram.fail(trouble, 502, "Bad Gateway")
    sent = house.person.send_document("a.json", export(fresh(house)).encode())
    await house.all_arrived()
    house.clock.jump(1.0)

    await greeted(house, sent)


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
    house = await pasting()
    house.telegram.fail(method, code, said, times=9)
    house.person.send_document("cookies.json", b"[]")
    for _ in range(2):
        await house.all_arrived()
        house.clock.jump(5.0)

    answer = await house.see("请过一分钟再发一次")

    assert "你的消息已删除" in answer.text
    told = capsys.readouterr()
    assert "123456:stand-in" not in told.out + told.err + house.as_text()


async def test_a_slow_download_holds_back_neither_the_chat_nor_a_cancel(pasting: Make) -> None:
    house = await pasting()
    house.telegram.fail("getFile", 429, "Too Many Requests", retry_after=20)

    sent = house.person.send_document("cookies.json", export(fresh(house)).encode())

    await house.all_arrived()
    assert not house.answers()
    house.clock.jump(20.0)
    await greeted(house, sent)


async def test_a_file_that_was_being_read_is_deleted_by_the_next_start(pasting: Make) -> None:
    house = await pasting()
    house.telegram.fail("getFile", 429, "Too Many Requests", retry_after=20)
    sent = house.person.send_document("cookies.json", export(fresh(house)).encode())
    await house.all_arrived()
    await house.close()
    await house.open()

    await house.see("请再发一次")

    await house.until(lambda: sent.deleted)
    await house.nothing_left()


async def test_a_chat_that_is_erased_meanwhile_keeps_no_cookie_of_a_file(pasting: Make) -> None:
    house = await pasting()
    house.telegram.fail("getFile", 429, "Too Many Requests", retry_after=20)
    sent = house.person.send_document("cookies.json", export(fresh(house)).encode())
    house.person.send("/erase")
    await house.press("🗑 全部删除")
    await house.see("已全部删除")
    house.clock.jump(20.0)

    await house.until(lambda: sent.deleted)
    assert not any(each.endpoint is Endpoint.ME for each in house.platform.requests)


async def test_who_may_not_use_the_bot_costs_no_download(pasting: Make) -> None:
    house = await pasting(allowed="7")

    house.person.send_document("cookies.json", export(fresh(house)).encode())

    await house.until(lambda: house.answers())
    assert "getFile" not in methods(house)
    assert not any(each.endpoint is Endpoint.ME for each in house.platform.requests)


async def test_a_file_in_a_group_is_read_and_deleted_where_the_bot_may(pasting: Make) -> None:
    house = await pasting()
    group = house.telegram.group(-1_000_000_000_005, "班级群", [house.person])
    group.promote()
    text = export(fresh(house)).encode()

    sent = house.person.send_document("cookies.json", text, chat_id=group.chat_id)

    await house.until(lambda: sent.deleted)
    await house.until(lambda: "千万不要在群里发 cookie" in group.chat.last.text)
    assert not any(each.endpoint is Endpoint.ME for each in house.platform.requests)
