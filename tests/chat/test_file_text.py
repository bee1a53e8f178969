"""A file's text in the encodings that browsers and Windows write."""

import pytest

from bot.chat.file_text import texts_of_file

TEXT = "我的 cookie：\r\nauth=0123abcd\r\n谢谢"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gbk", "gb18030"],
)
def test_a_text_reads_as_it_was_written(encoding: str) -> None:
    assert texts_of_file(TEXT.encode(encoding))[0] == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str) -> None:
    assert texts_of_file(f"auth={'ab' * 40}\r\n谢".encode(encoding))[0].startswith("auth=abab")


def test_a_mark_of_utf_16_in_the_other_order_counts() -> None:
    assert texts_of_file(b"\xfe\xff" + TEXT.encode("utf-16-be")) == (TEXT,)


@pytest.mark.parametrize("broken", [b"\xe4\xbd", b"\xff", b"\x81", b"caf\xe9"])
def test_a_broken_character_before_a_value_costs_none_of_it(broken: bytes) -> None:
    assert any("0123abcd" in text for text in texts_of_file(broken + b"0123abcd"))
    assert any("abcd0123" in text for text in texts_of_file(broken + b"abcd0123"))


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xfe", b"\xff\xfe\0", bytes(range(256))])
def test_no_content_breaks_the_reading(content: bytes) -> None:
    assert all(isinstance(text, str) for text in texts_of_file(content))
