"""Texts that are meant to hold up what reads them: the time stays linear, and nothing is raised."""

import contextlib
import time

import pytest

from bot.zjy.cookies import NotACookie, find_cookies, looks_like_cookie, parse_cookie

# What is measured here is time, and the branches are covered by the other tests.
pytestmark = pytest.mark.no_cover

FILE = 2**20
"""Characters of the longest file that is read."""
HEX = "9f" * 32
UNITS = [
    "a",
    "auth",
    "auth=",
    "auth =",
    "auth: ",
    "auth ",
    "auth\n\n",
    'Cookie("auth", ',
    'Cookie("auth","',
    "{",
    "[",
    '{"auth":',
    '"\\',
    "^",
    "`",
    "\\\n",
    "\\x4",
    "curl ",
    "-Uri https://",
    "Host: ",
    "TRUE / TRUE 0 auth ",
    "a TRUE / TRUE 0 auth " + "f" * 40 + " ",
    "\u200b",
    "ﷺ",
    " ",
    "；",
    HEX,
    HEX + " ",
    HEX + "，",
    HEX[:63] + "g",
    "9f3c0a9f ",
    "9f\n",
    "}",
    "]",
    "{}",
    '{"a":',
    '{"name":"auth","value":"',
    '{"request":{"url":"',
    '{"auth":{',
    "name:",
    "domain=",
    "; domain=a",
    "\\",
    "\\\\n",
    "%",
    "%3",
    "%3D",
    "&#x",
    "<b ",
    "<a xxxxx",
    "wget http://a.b ",
    "requests.get(",
    "https://a.b/",
    "a=b; ",
    "cookie",
    "eyJ.",
    "1 " + HEX[:16] + "\n",
    "1. ab\n",
    "① " + HEX[:48] + "\n",
    "=3D",
    "=\n",
    "=E6=88",
    "# 9f\n",
    "9" * 250 + " ",
    HEX[:60] * 4 + "x ",
    "&abcdefgh",
    "\x1b[0m",
]


def answer(text: str) -> None:
    looks_like_cookie(text)
    find_cookies(text)
    with contextlib.suppress(NotACookie):
        parse_cookie(text)


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length] + "\nauth=" + "z" * 40
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            answer(text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(20_000) < 16 * max(seconds(2_500), 0.004)


WIDE, DEEP = 2_000, 20_000


@pytest.mark.parametrize(
    "text",
    [
        "{" + "name:x," * DEEP + f"{{{HEX}}}" * WIDE,
        "{" + "request:{" * DEEP + f"{{{HEX}}}" * WIDE,
        "curl " + "-e http://a.b " * DEEP + f"{HEX}!" * WIDE,
        f"{HEX}!" * WIDE + "curl " * DEEP,
        "curl " * DEEP + f"curl {HEX}!" * WIDE,
        f"{HEX};domain=a.b," * WIDE,
        f"{HEX} 1\n" * WIDE,
    ],
)
def test_many_values_share_what_stands_around_them(text: str) -> None:
    started = time.process_time()
    answer(text)
    assert time.process_time() - started < 15  # 0.5 s; each for itself would take minutes


@pytest.mark.parametrize("unit", ["{", "9f ", '"', '[{"a":'])
def test_a_file_of_the_greatest_length_is_read_whatever_is_in_it(unit: str) -> None:
    text = (unit * FILE)[: FILE - 400] + "\nauth=" + HEX * 2 + "!"
    started = time.process_time()
    assert [cookie.auth for cookie in find_cookies(text)] == [HEX * 2]
    assert time.process_time() - started < 60  # 2 s; with its square it would take hours


def test_a_text_of_any_length_is_read_to_the_bound() -> None:
    assert find_cookies(" " * FILE + f" {HEX}") == []
