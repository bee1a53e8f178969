"""Archives, office files and mails: their texts come out, within bounds."""

import base64
import gzip
import io
import time
import zipfile
from collections.abc import Callable, Mapping

import pytest

from bot.chat.file_text import texts_of_file
from bot.chat.file_unpacking import LONGEST_PART, MOST_BYTES, unpacked
from bot.zjy.cookies import find_cookies
from tests.support.secret_reader import CANARY


def zipped(entries: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def word(*runs: str) -> bytes:
    """A Word file with one paragraph for each text; a bar parts two runs of one style."""
    body = "".join(
        "<w:p>"
        + "".join(f'<w:r><w:rPr/><w:t xml:space="preserve">{r}</w:t></w:r>' for r in run.split("|"))
        + "</w:p>"
        for run in runs
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/styles.xml": "<w:styles/>" * 1000,
            "word/document.xml": f"<w:document><w:body>{body}</w:body></w:document>",
        }
    )


def excel(*cells: str) -> bytes:
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/worksheets/sheet1.xml": "<row><c t='s'><v>0</v></c></row>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        }
    )


def mail(text: str, encoding: str) -> bytes:
    body = base64.encodebytes(text.encode()).decode()
    return (
        "From: a@qq.com\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=_x"\r\n\r\n--=_x\r\n'
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        + body.replace("\n", "\r\n")
        + "\r\n--=_x--\r\n"
    ).encode()


def found(content: bytes) -> list[str]:
    texts = [text for each in unpacked(content).contents for text in texts_of_file(each)]
    return [cookie.auth for text in texts for cookie in find_cookies(text)]


TEXT = f"我的职教云\nauth={CANARY}\n谢谢"


@pytest.mark.parametrize(
    "content",
    [
        zipped({"cookies.txt": TEXT}),
        zipped({"a/": b"", "a/图.png": b"\x89PNG", "a/我的.txt": TEXT.encode("gbk")}),
        zipped({"a.txt": TEXT}, zipfile.ZIP_STORED),
        zipped({"inner.zip": zipped({"a.txt": TEXT})}),
        gzip.compress(TEXT.encode()),
        zipped({"a.har.gz": gzip.compress(TEXT.encode())}),
        word("你好", f"auth={CANARY[:50]}|{CANARY[50:90]}|{CANARY[90:]}", "20210001"),
        excel("姓名", "张三", CANARY, "13800138000"),
        mail(TEXT, "base64"),
        mail(TEXT, "BASE64").replace(b"\r\n", b"\n"),
        gzip.compress(b"x" * (LONGEST_PART - 100) + TEXT.encode()),
        TEXT.encode("utf-16-le"),
        f"{'的' * 5000}\nauth={CANARY}".encode("utf-16-le"),
        b"SQLite format 3\0\x01\x02auth" + CANARY.encode() + b".icve.com.cn/\x01\0\x7f",
    ],
    ids=[
        *("zip", "zip with folders", "stored zip", "zip in a zip", "gzip", "gzip in a zip"),
        *("word", "excel", "mail", "mail of unix", "over the end of a part", "utf-16"),
        *("utf-16 in chinese", "a browser's own file"),
    ],
)
def test_the_cookie_is_found_in_the_file(content: bytes) -> None:
    assert CANARY in found(content)


def locked() -> bytes:
    content = bytearray(zipped({"a.txt": TEXT}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "is_packed"),
    [
        (locked(), True),
        (zipped({"a.txt": TEXT})[:200], True),
        (zipped({"a.txt": TEXT}, zipfile.ZIP_LZMA), True),
        (b"Rar!\x1a\x07\x01\0" + bytes(100), True),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), True),
        (gzip.compress(TEXT.encode())[:40], True),
        (zipped({str(n): b"a" for n in range(1000)}), True),
        (b"%PDF-1.7\n" + bytes(100), False),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), False),
        (b"\xd0\xcf\x11\xe0" + bytes(100), False),
    ],
    ids=[
        *("locked", "cut off", "lzma", "rar", "7z", "cut off gzip", "too many"),
        *("pdf", "png", "doc"),
    ],
)
def test_what_cannot_be_read_in_full_is_told(content: bytes, is_packed: bool) -> None:
    result = unpacked(content)
    assert not result.is_whole
    assert result.is_packed is is_packed


@pytest.mark.parametrize("content", [b"", b"hello", b"PK", b"auth=1", bytes(range(256))])
def test_an_ordinary_file_is_whole(content: bytes) -> None:
    assert unpacked(content).contents[0] == content
    assert unpacked(content).is_whole


BOMB = bytes(20_000_000)


@pytest.mark.parametrize(
    "bomb",
    [
        lambda: gzip.compress(BOMB),
        lambda: zipped({"a": BOMB}),
        lambda: zipped({str(n): bytes(10_000_000) for n in range(9)}),
        lambda: zipped({f"{n}.zip": zipped({"a": bytes(10_000_000)}) for n in range(9)}),
    ],
    ids=["gzip", "one entry", "many entries", "nested"],
)
def test_a_bomb_costs_no_more_than_the_bound(bomb: Callable[[], bytes]) -> None:
    content = bomb()
    assert len(content) < 1024 * 1024
    result = unpacked(content)
    assert sum(map(len, result.contents)) <= 2 * MOST_BYTES
    assert not result.is_whole


@pytest.mark.parametrize(
    "unit",
    [
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: base64\n\n",
        b"Content-Transfer-Encoding: base64\n\n--",
        b"Content-Transfer-Encoding: quoted-printable\n\n=",
        b"<",
        b"<w:p>",
        b"\0",
        b"PK\x03\x04",
    ],
)
def test_a_hostile_file_is_unpacked_in_linear_time(unit: bytes) -> None:
    content = (unit * 2**20)[: 2**20]
    started = time.process_time()
    unpacked(content)
    unpacked(zipped({"a.xml": content, "[Content_Types].xml": b""}))
    assert time.process_time() - started < 30  # a moment; its square would take hours
