"""Any value in any form with any noise is found; any text at all is answered."""

import base64
import json
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.zjy.cookie_glued import BLOCK, MOST_GLUED
from bot.zjy.cookie_values import USUAL
from bot.zjy.cookies import (
    LONGEST,
    MOST_CANDIDATES,
    SHORTEST,
    NotACookie,
    PastedCookie,
    find_cookies,
    parse_cookie,
)

# A busy machine may take its time; how much is not what these tests are about.
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
URL = "https://zjy2.icve.com.cn/x"
# A first line of digits alone may as well be a number: a letter says that it is none.
auths = st.builds(
    lambda letter, rest: letter + rest,
    st.sampled_from("abcdefABCDEF"),
    st.text("0123456789abcdefABCDEF", min_size=SHORTEST - 1, max_size=LONGEST - 1),
)
names = st.sampled_from(
    ["acw_tc", "xauth", "my-auth", "auth2", "authx", "_auth", "AUTHOR", "token"]
)
others = st.lists(st.tuples(names, st.text("0123456789abcxyz%.-", max_size=40)), max_size=4)
FORMS: list[Callable[[str, str], str]] = [
    lambda value, _: f"auth={value}",
    lambda value, header: f"{header}auth={value};",
    lambda value, header: f"Cookie: {header}auth={value}; z=1",
    lambda value, header: f"curl '{URL}' \\\n -H 'Cookie: {header}auth={value}' --compressed",
    lambda value, header: f"curl '{URL}' -H $'cookie: {header}auth={value}; b=1'",
    lambda value, header: f'curl ^"{URL}^" ^\n -b ^"{header}auth={value}^" ^\n -X POST',
    lambda value, header: f'iwr -Uri "{URL}" -Headers @{{"cookie"="{header}auth={value}"}}',
    lambda value, _: f'System.Net.Cookie("auth", "{value}", "/", ".icve.com.cn")',
    lambda value, _: f'[{{"domain": ".icve.com.cn", "name": "auth", "value": "{value}"}}]',
    lambda value, _: f'{{"auth": "{value}"}}',
    lambda value, _: f"zjy2.icve.com.cn\tFALSE\t/\tFALSE\t0\tauth\t{value}",
    lambda value, _: f"#HttpOnly_zjy2.icve.com.cn TRUE / TRUE 0 auth {value}\n",
]
NOISE: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: f"  \n{text}\r\n ",
    lambda text: f"```\n{text}\n```",
    lambda text: f"\ufeff{text}\u200b",
    lambda text: text.replace('"', "“"),
    lambda text: "\u200b".join(text),
]


@settings(QUICK, max_examples=150)
@given(
    auths,
    others,
    st.sampled_from(FORMS),
    st.sampled_from(NOISE),
    st.lists(st.integers(1, SHORTEST - 1), max_size=2, unique=True),
)
def test_any_value_in_any_form_under_any_noise_is_found(
    auth: str,
    beside: list[tuple[str, str]],
    form: Callable[[str, str], str],
    noise: Callable[[str], str],
    breaks: list[int],
) -> None:
    written = auth
    for at in sorted(breaks, reverse=True):
        written = written[:at] + "\n" + written[at:]
    header = "".join(f"{name}={value}; " for name, value in beside)
    assert parse_cookie(noise(form(written, header))).auth == auth


HEX = "0123456789abcdefABCDEF"
values = st.one_of(
    st.text("0123456789ABCDEF", min_size=240, max_size=240),
    st.text("0123456789abcdef", min_size=64, max_size=LONGEST),
    st.text(HEX, min_size=64, max_size=LONGEST),
)
# Neither % nor \: before hex digits they may well belong to an escape.
SIGNS = " \n\t,.;:!?=+-_~*#@$&|/()[]{}<>\"'，。；：！？（）【】《》「」“”‘’…—、·🍪🙏"
around = st.text(
    st.sampled_from(SIGNS)
    | st.sampled_from("ghijkmnoqwyzGHKLMPQWYZ的是我你好张三谢课程账号学完职教云")
)
words = st.text(st.sampled_from(SIGNS + "abcdefxyz019ABCDEF的是我"), max_size=40)


@settings(QUICK, max_examples=200)
@given(around, values, around)
def test_a_value_comes_first_and_alone_within_any_words(before: str, auth: str, after: str) -> None:
    """Of a value a little longer than usual, its ends may be other things."""
    found = [cookie.auth for cookie in find_cookies(before + auth + after)]
    if USUAL < len(auth) <= USUAL + MOST_GLUED or len(auth) in range(2 * USUAL, LONGEST, USUAL):
        assert auth in found
    else:
        assert found == [auth]


glued = st.text("0123456789abcdefABCDEF", max_size=MOST_GLUED) | st.from_regex(
    r"(?:账号|学号|cookie|code|id|auth)?[0-9]{0,20}", fullmatch=True
)


@settings(QUICK, max_examples=200)
@given(around, glued, st.text("0123456789ABCDEF", min_size=240, max_size=240), st.booleans())
def test_a_usual_value_is_found_whatever_digits_and_letters_are_glued_to_one_end(
    before: str, beside: str, auth: str, is_behind: bool
) -> None:
    run = re.search(r"[0-9a-fA-F]*\Z" if is_behind else r"\A[0-9a-fA-F]*", beside)
    # Together with a whole block of other digits it is a value of another length.
    assume(run is not None and (not run[0] or len(run[0]) % BLOCK or run[0].isdecimal()))
    text = f"{before} {beside}{auth}，谢谢" if is_behind else f"{before} {auth}{beside}，谢谢"
    assert auth in [cookie.auth for cookie in find_cookies(text)]


@settings(QUICK, max_examples=200)
@given(words, values, words)
def test_a_value_is_among_the_candidates_whatever_groups_of_digits_stand_beside_it(
    before: str, auth: str, after: str
) -> None:
    """Groups right beside it may be its own: then the value is one of several readings."""
    text = f"{before}，{auth} {after}"
    assert auth in [cookie.auth for cookie in find_cookies(text)]


@settings(QUICK, max_examples=150)
@given(st.lists(values, min_size=2, max_size=3, unique=True), around, around)
def test_each_of_several_values_is_found(several: list[str], first: str, second: str) -> None:
    more = len(several[0] + several[1]) - USUAL
    # Two that together are a usual value and a little take the room of a third.
    assume(len(several) == 2 or not 0 < more <= MOST_GLUED)
    between = [first + "\n" + second, " " + second + "。" + first]
    text = several[0] + "".join(
        gap + value for gap, value in zip(between, several[1:], strict=False)
    )
    assert set(several) <= {cookie.auth for cookie in find_cookies(text)}


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n。"])
@pytest.mark.parametrize("digits", ["0", "f", "9A"])
def test_two_values_are_found_where_together_they_are_a_usual_one_and_a_little(
    digits: str, between: str
) -> None:
    """One value of a few more digits than usual has further readings, of which few are told."""
    for more in range(MOST_GLUED + 1):
        for width in range(113, 133, 3):
            one, other = (width * digits)[: width - 1] + "a", (200 * digits)[: USUAL + more - width]
            found = [cookie.auth for cookie in find_cookies(one + between + other)]
            assert {one, other} <= set(found), (more, width)


@pytest.mark.parametrize("ends", [(2, 1), (7, 8), (8, 11)])
@pytest.mark.parametrize("columns", [64, 76, 80, 100])
def test_a_value_in_lines_is_found_with_digits_at_both_ends(
    columns: int, ends: tuple[int, int]
) -> None:
    auth = ("9A3f" * 60).upper()
    before, after = ("7" * each for each in ends)
    written = f"{before}{auth}{after}"
    lines = "\n".join(written[at : at + columns] for at in range(0, len(written), columns))
    assert auth in [cookie.auth for cookie in find_cookies(lines)]


@settings(QUICK, max_examples=200)
@given(
    st.sampled_from([4, 8, 16, 40, 64, 76, 120]),
    st.sampled_from([" ", "\n", "\r\n  ", "\n> ", "\u00ad", "\\\n"]),
    st.text("0123456789ABCDEF", min_size=238, max_size=238).map(lambda rest: "A1" + rest),
    st.sampled_from(["", "auth=", "我的cookie：", "张三\n"]),
)
def test_a_value_in_even_groups_is_found(width: int, between: str, auth: str, before: str) -> None:
    """It comes first, unless blanks part so wide runs, or its short end may be a number."""
    groups = [auth[at : at + width] for at in range(0, len(auth), width)]
    found = [cookie.auth for cookie in find_cookies(before + between.join(groups))]
    assert auth in found
    if not (groups[-1].isdecimal() or (between == " " and width >= 64)):
        assert found[0] == auth


without = st.one_of(
    st.text(SIGNS + "abcdefxyzABCDEF的是我", max_size=40),
    st.integers(0, 10**20).map(str),
    st.uuids().map(str),
    st.uuids().map(lambda each: f"https://example.com/{each.hex}?id={each}"),
    st.binary(min_size=20, max_size=20).map(lambda each: f"commit {each.hex()}"),
    st.binary(max_size=200).map(lambda each: base64.b64encode(each).decode()),
    st.from_regex(r"auth[:=] ?[0-9a-f]{0,31}", fullmatch=True),
)


@settings(QUICK, max_examples=200)
@given(st.lists(without, max_size=8), st.sampled_from(["，", " x ", "。\n我"]))
def test_a_text_without_a_value_gives_none(parts: list[str], between: str) -> None:
    assert find_cookies(between.join(parts)) == []


def found_or_refused(text: str) -> None:
    assert len(find_cookies(text)) <= MOST_CANDIDATES
    try:
        found = parse_cookie(text)
    except NotACookie:
        return
    assert isinstance(found, PastedCookie)
    assert SHORTEST <= len(found.auth) <= LONGEST


fragments = st.sampled_from(
    [
        *("auth", "=", "auth=", '"', "'", "{", "}", "[", "]", ":", "curl ", "^", "\\", "`", "\n"),
        *("\t", "Cookie(", "TRUE", " / ", "0 ", "-Uri ", "https://", "\\x", "\\u00", "é", "\ud800"),
        "f" * 40,
    ]
)


@settings(QUICK, max_examples=100)
@given(st.text(max_size=300) | st.lists(fragments, max_size=40).map("".join))
def test_any_text_is_a_cookie_or_is_not(text: str) -> None:
    found_or_refused(text)


@settings(QUICK, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["name", "auth", "value", "cookie", "domain", "expires", "host"]),
                inner | st.just("auth") | st.just("f" * 40),
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_cookie_or_is_not(tree: object) -> None:
    found_or_refused(json.dumps(tree))
