"""What people paste: every form, every reason for a no, and never more than linear time."""

import json
from datetime import UTC, datetime

import pytest

from bot.zjy.cookies import (
    LONGEST,
    SHORTEST,
    NotACookie,
    NotACookieReason,
    PastedCookie,
    find_cookies,
    looks_like_cookie,
    parse_cookie,
)

AUTH = "9F3C0a" * 16
OTHER = "b1" * 40
EXPIRY = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
SECONDS = EXPIRY.timestamp()
URL = "https://zjy2.icve.com.cn/api/student/Studio/index"
LONG = 64
SHORT = AUTH[:40]


@pytest.mark.parametrize(
    "fields",
    [
        {"expirationDate": SECONDS},
        {"expirationDate": str(SECONDS)},
        {"expires": SECONDS},
        {"expiry": int(SECONDS)},
        {"expires": SECONDS * 1000},
        {"expires": "2026-03-01T20:00:00.000Z"},
        {"expires": "2026-03-02T04:00:00+08:00"},
        {"expires": "2026-03-01T20:00:00"},
        {"expires": "Sun, 01 Mar 2026 20:00:00 GMT"},
    ],
)
def test_an_expiry_in_json_is_understood_in_utc(fields: dict[str, object]) -> None:
    text = json.dumps([{"name": "auth", "value": AUTH, "domain": "zjy2.icve.com.cn", **fields}])
    found = parse_cookie(text)
    assert found == PastedCookie(AUTH, EXPIRY)
    assert found.expires_at is not None
    assert found.expires_at.tzinfo is UTC


@pytest.mark.parametrize(
    "expiry", [0, -1, None, "", "soon", True, [], 1e300, float("nan"), 10**400]
)
def test_an_expiry_that_is_none_is_none(expiry: object) -> None:
    text = json.dumps({"name": "auth", "value": AUTH, "expirationDate": expiry})
    assert parse_cookie(text) == PastedCookie(AUTH, None)


def test_cookies_txt_names_the_expiry() -> None:
    line = f"zjy2.icve.com.cn\tFALSE\t/\tFALSE\t{int(SECONDS)}\tauth\t{AUTH}"
    assert parse_cookie(line).expires_at == EXPIRY


def test_an_expiry_that_has_passed_is_given_as_it_is() -> None:
    found = parse_cookie(json.dumps({"name": "auth", "value": AUTH, "expirationDate": 1}))
    assert found.expires_at == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


R = NotACookieReason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", R.EMPTY),
        (" \n\t", R.EMPTY),
        ("\u200b\ufeff", R.EMPTY),
        ("``` ```", R.EMPTY),
        ("你好，我的课程怎么还没有完成？", R.NO_AUTH),
        ("How do I log in? " * 200, R.NO_AUTH),
        (
            "https://zjy2.icve.com.cn/study/process/process.html?courseOpenId=qra4ahurp4hh",
            R.NO_AUTH,
        ),
        (f"https://example.com/?auth={AUTH}", R.NO_AUTH),
        (f"https://file.icve.com.cn/doc/g@{AUTH[:32]}.docx", R.NO_AUTH),
        ("13800138000", R.NO_AUTH),
        ("13800138000 13900139000 13700137000", R.NO_AUTH),
        ("+86 138 0013 8000", R.NO_AUTH),
        ("/login", R.NO_AUTH),
        ("{}", R.NO_AUTH),
        ("[1, 2]", R.NO_AUTH),
        (f"xauth={AUTH[:63]}", R.NO_AUTH),
        (f"acw_tc={AUTH}; token=1", R.NO_AUTH),
        (json.dumps([{"name": "xauth", "value": AUTH, "domain": "a.cn"}]), R.NO_AUTH),
        (f"curl '{URL}' -H 'cookie: acw_tc={AUTH}'", R.NO_AUTH),
        (f"zjy2.icve.com.cn\tFALSE\t/\tFALSE\t0\tacw_tc\t{AUTH}", R.NO_AUTH),
        ("abc123", R.TOO_SHORT),
        (AUTH[: SHORTEST - 1], R.TOO_SHORT),
        (f"auth={AUTH[: SHORTEST - 1]}", R.TOO_SHORT),
        ("auth=", R.TOO_SHORT),
        ('{"auth": ""}', R.TOO_SHORT),
        ("a" * (LONGEST + 1), R.TOO_LONG),
        ("auth=" + "a" * (LONGEST + 1), R.TOO_LONG),
        ("auth=" + "a" * 9000, R.TOO_LONG),
        (f"auth={AUTH[:62]}g", R.NOT_HEX),
        (f"auth={AUTH[:40]}…", R.NOT_HEX),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijk", R.NOT_HEX),
        (json.dumps({"auth": "not hex " * 8}), R.NOT_HEX),
        (json.dumps({"name": "auth", "value": AUTH, "domain": ".example.com"}), R.OTHER_SITE),
        (
            json.dumps({"name": "auth", "value": AUTH, "domain": "icve.com.cn.evil.cn"}),
            R.OTHER_SITE,
        ),
        (json.dumps({"name": "auth", "value": AUTH, "domain": "evilicve.com.cn"}), R.OTHER_SITE),
        (f"example.com\tFALSE\t/\tFALSE\t0\tauth\t{AUTH}", R.OTHER_SITE),
        (f"curl 'https://example.com/' -H 'cookie: auth={AUTH}'", R.OTHER_SITE),
        (f"POST / HTTP/1.1\nHost: example.com\nCookie: auth={AUTH}", R.OTHER_SITE),
        (f'New-Object System.Net.Cookie("auth", "{AUTH}", "/", "example.com")', R.OTHER_SITE),
        (
            f'Invoke-WebRequest -Uri "https://a.cn/" -Headers @{{"cookie"="auth={AUTH}"}}',
            R.OTHER_SITE,
        ),
    ],
)
def test_what_is_no_cookie_is_refused_with_the_reason(text: str, reason: NotACookieReason) -> None:
    with pytest.raises(NotACookie) as caught:
        parse_cookie(text)
    assert caught.value.reason is reason
    assert str(caught.value) == reason.value
    assert not find_cookies(text)


@pytest.mark.parametrize("length", range(16, SHORTEST))
@pytest.mark.parametrize(
    "form",
    [
        "auth={}",
        "Auth : {}",
        "auth\t{}\tzjy2.icve.com.cn\t/",
        "auth 的值是：{}。",
        "Cookie: acw_tc=1f; auth={}; x=y",
        f"curl '{URL}' -b 'auth={{}}; x=y'",
        '{{"auth": "{}"}}',
        '[{{"name": "auth", "value": "{}", "domain": ".icve.com.cn"}}]',
        "zjy2.icve.com.cn\tFALSE\t/\tFALSE\t0\tauth\t{}",
        'New-Object System.Net.Cookie("auth", "{}", "/", "zjy2.icve.com.cn")',
    ],
)
def test_a_labelled_value_that_is_nearly_long_enough_is_called_too_short(
    form: str, length: int
) -> None:
    with pytest.raises(NotACookie) as caught:
        parse_cookie(form.format(AUTH[:length]))
    assert caught.value.reason is R.TOO_SHORT


@pytest.mark.parametrize("length", [SHORTEST, LONGEST])
def test_the_shortest_and_the_longest_value_are_taken(length: int) -> None:
    value = ("a1" * length)[:length]
    for text in (f"auth={value}", f"auth={value[:9]}\n{value[9:]};"):
        assert parse_cookie(text).auth == value


@pytest.mark.parametrize("length", [LONG, LONGEST])
def test_a_value_without_a_name_has_at_least_64_digits(length: int) -> None:
    value = ("a1" * length)[:length]
    assert parse_cookie(f"张三 {value} 谢谢").auth == value
    assert find_cookies(f"张三 {value[: LONG - 1]} 谢谢") == []


@pytest.mark.parametrize("length", [SHORTEST, LONG - 1, LONG])
@pytest.mark.parametrize("around", ["", " ", '"', "\n"])
def test_a_short_value_is_one_where_the_text_holds_nothing_else(length: int, around: str) -> None:
    value = ("a1" * length)[:length]
    assert parse_cookie(f"{around}{value}{around}").auth == value


@pytest.mark.parametrize("domain", ["icve.com.cn", ".ICVE.com.cn", "zjy2.icve.com.cn", URL, " "])
def test_every_host_of_the_site_is_its_own(domain: str) -> None:
    text = json.dumps({"name": "auth", "value": AUTH, "domain": domain})
    assert parse_cookie(text).auth == AUTH


def test_the_cookie_of_the_site_is_taken_where_another_site_has_one_of_that_name() -> None:
    text = json.dumps(
        [
            {"name": "auth", "value": OTHER, "domain": "example.com"},
            {"name": "auth", "value": AUTH, "domain": ".icve.com.cn"},
        ]
    )
    assert parse_cookie(text).auth == AUTH


def test_a_referer_of_another_site_does_not_make_the_request_its_own() -> None:
    text = f"curl '{URL}' -H 'referer: https://example.com/' -b 'auth={AUTH}'"
    assert parse_cookie(text).auth == AUTH


def test_neither_the_cookie_nor_the_error_shows_the_value() -> None:
    assert AUTH not in repr(parse_cookie(AUTH))
    with pytest.raises(NotACookie) as caught:
        parse_cookie(f"auth={SHORT}x")
    assert SHORT not in f"{caught.value!r} {caught.value!s}"
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "text",
    [
        "auth=",
        "AUTH : abc",
        '"auth": 12',
        '[{"name": "auth", "value": ""}]',
        "Cookie: a=b",
        "curl https://example.org",
        "3f9a27c4e08b51d63f9a",
        f"commit {AUTH[:40]}",  # a sha, or what is left of a value that was cut
        f"这是 {AUTH[:32]} 吗",
        f"{AUTH}{AUTH * 10}",
        "Set-Cookie: a=b",
        '[{"name": "x", "value": "1"}]',
        "a.cn\tTRUE\t/\tTRUE\t0\tSID\tx\n",
        "\u200beyJhbGciOiJIUzI1NiJ9.e30.x\u200b",
    ],
)
def test_a_text_that_was_meant_as_a_cookie_is_known(text: str) -> None:
    assert not find_cookies(text)
    assert looks_like_cookie(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "author: me",
        "authentic",
        "13800138000",
        "学习" * 30,
        "我的cookie过期了怎么办",
        "cookie: 在哪里",
        "auth 是什么",
        "auth：2小时就过期了",
        "curl怎么用",
        "20210001 张三",
        "internationalization" * 2,
        "550e8400-e29b-41d4-a716-446655440000",
        URL,
        f"https://file.icve.com.cn/doc/g@{AUTH[:32]}.docx?x={AUTH[:40]}",
        "138 0013 8000，139 0013 9000，137 0013 7000",
        "I like to study",
        "curl 是什么",
        "curl is a tool?",
        "where is auth=value?",
        "a" * 19,
    ],
)
def test_other_texts_are_not_taken_for_a_cookie(text: str) -> None:
    assert not looks_like_cookie(text)
