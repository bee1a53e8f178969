"""Every form × what is found in it: the cookie first, others where others are possible."""

import json
import random
from datetime import UTC, datetime

import pytest

from bot.zjy.cookies import (
    MOST_CANDIDATES,
    PastedCookie,
    find_cookies,
    looks_like_cookie,
    parse_cookie,
)
from tests.support.form_parts import OTHER, URL, groups
from tests.support.odd_forms import BROKEN_WITH_MARGINS, GLUED
from tests.support.pasted_forms import EXPIRES, FORMS, export

rng = random.Random(7)  # any values would do; those of a failure shall come again


def value(digits: int = 240) -> str:
    return "".join(rng.choice("0123456789ABCDEF") for _ in range(digits))


AUTH, STALE, THIRD = value(), value(), value()
MOMENT = datetime.fromtimestamp(EXPIRES, UTC)
WITH_EXPIRY = {
    *("extension export", "repr of a list", "one object a line", "two arrays", "a tag in front"),
    *("words around", "cut off after it", "cut off before it", "in a string of JSON"),
    "storage state",
}
# A short end of decimal digits, or lines that can each be a value, leave a doubt.
ALSO_READ_OTHERWISE = {
    "in lines of 64",
    "in lines of 76",
    "in lines of 80",
    "in lines of 120",
    "in two halves",
    "in groups, four a line",
    "as a quote",
    "with line continuations",
    "with escaped line breaks",
    "in groups before a telephone",
    "in groups after a telephone",
}


def found(text: str) -> list[str]:
    return [cookie.auth for cookie in find_cookies(text)]


@pytest.mark.parametrize("form", FORMS)
def test_the_value_is_found_first_and_alone_unless_there_is_a_doubt(form: str) -> None:
    auth = AUTH.lower() if "lower case" in form else AUTH
    cookies = find_cookies(FORMS[form](auth))
    expected = PastedCookie(auth, MOMENT if form in WITH_EXPIRY else None)
    assert cookies[0] == expected
    if form not in BROKEN_WITH_MARGINS:
        assert (len(cookies) > 1) is (form in ALSO_READ_OTHERWISE), [len(c.auth) for c in cookies]
    assert parse_cookie(FORMS[form](auth)) == expected
    assert looks_like_cookie(FORMS[form](auth))


@pytest.mark.parametrize("form", GLUED)
def test_the_value_is_a_candidate_whatever_stands_right_beside_it(form: str) -> None:
    auth = AUTH.lower() if "lower case" in form else AUTH
    text = GLUED[form](auth)
    assert auth in found(text)
    assert looks_like_cookie(text)


PAIRS = {
    "two in a header": f"auth={STALE}; acw_tc=1; auth={AUTH}",
    "two lines": f"{STALE}\n{AUTH}",
    "two named lines": f"auth={STALE}\nauth={AUTH}",
    "two in a line": f"{STALE} {AUTH}",
    "two with a comma": f"{STALE}，{AUTH}",
    "two paragraphs in groups": f"{groups(16, ' ')(STALE)}\n\n{groups(16, ' ')(AUTH)}",
    "two lines in groups": f"{groups(16, ' ')(STALE)}\n{groups(16, ' ')(AUTH)}",
    "two accounts": f"张三：{STALE}\n李四：{AUTH}",
    "two exports": json.dumps(export(STALE)) + "\n" + json.dumps(export(AUTH)),
    "an export and a word": f"{json.dumps(export(STALE))} 不对，是这个 {AUTH}",
    "two commands": f"curl '{URL}' -b 'auth={STALE}'\ncurl '{URL}' -b 'auth={AUTH}'",
    "two halves that may be two": f"{AUTH[:100]}\n{STALE[:100]}",
}


@pytest.mark.parametrize("form", PAIRS)
def test_each_of_two_values_is_found(form: str) -> None:
    expected = {AUTH, STALE} if form != "two halves that may be two" else {AUTH[:100], STALE[:100]}
    assert expected <= set(found(PAIRS[form]))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (f"{STALE} auth={AUTH}", AUTH, STALE),
        (f"token={STALE}\n{AUTH}", AUTH, STALE),
        (f"auth={STALE}\n{json.dumps(export(AUTH))}", AUTH, STALE),
        (
            json.dumps([*export(STALE), {**export(AUTH)[1], "expirationDate": EXPIRES + 60}]),
            AUTH,
            STALE,
        ),
        (f"{AUTH[:120]}\n{AUTH[120:]}", AUTH, AUTH[:120]),
        (f"{groups(16, ' ')(AUTH)} 20210001", AUTH, AUTH + "20210001"),
        (f"{STALE}\n{AUTH}", STALE, AUTH),
    ],
)
def test_the_likelier_comes_first(text: str, first: str, second: str) -> None:
    assert found(text)[:2] == [first, second]


def test_no_value_comes_twice_and_only_the_likeliest_are_given() -> None:
    assert found(f"{AUTH}，auth={AUTH}，cookie {AUTH}") == [AUTH]
    many = [value() for _ in range(MOST_CANDIDATES + 3)]
    assert found("，".join(many)) == many[:MOST_CANDIDATES]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"name": "auth", "value": AUTH, "domain": ".example.com"}),
        repr([{"name": "auth", "value": AUTH, "domain": "example.com"}]),
        f"[{{domain: 'example.com', x: {{}}, name: 'auth', value: '{AUTH}'}}]",
        json.dumps({"cookies": [{"name": "auth", "value": AUTH}], "url": "https://example.com/"}),
        json.dumps({"Host raw": "https://a.cn/", "Name raw": "auth", "Content raw": AUTH}),
        json.dumps(
            {"request": {"url": "https://a.cn/", "cookies": [{"name": "auth", "value": AUTH}]}}
        ),
        f"Set-Cookie: auth={AUTH}; Path=/; Domain=.example.com",
        f"curl -x {URL} 'https://example.com/' -b 'auth={AUTH}'",
        f"curl -b 'auth={AUTH}' https://example.com/",
        f"curl -b 'auth={AUTH}' -H 'Referer: {URL}' https://example.com/",
        f"wget --header 'Cookie: auth={AUTH}' https://example.com/",
        f'fetch("https://example.com/", {{"headers": {{"cookie": "auth={AUTH}"}}}})',
        f"cookies = {{'auth': '{AUTH}'}}\nrequests.get('https://example.com/', cookies=cookies)",
        f"axios({{headers: {{Cookie: 'auth={AUTH}'}}, url: 'https://example.com/'}})",
        f"GET / HTTP/1.1\nHost: example.com\nCookie: auth={AUTH}",
        f"auth\t{AUTH}\texample.com\t/",
        f"name: auth\nvalue: {AUTH}\ndomain: example.com",
        f"<Cookie auth={AUTH} for example.com/>",
        f"https://example.com/?auth={AUTH}",
    ],
)
def test_a_cookie_of_another_site_is_none_but_goes_from_the_chat(text: str) -> None:
    assert found(text) == []
    assert looks_like_cookie(text) or text.startswith("https://")


@pytest.mark.parametrize(
    "text",
    [
        f"acw_tc={AUTH}; token=1",
        f"Cookie: token={AUTH}",
        json.dumps([{"name": "xauth", "value": AUTH}]),
        f"New-Object System.Net.Cookie('xauth', '{AUTH}')",
        f"a.cn\tTRUE\t/\tTRUE\t0\tSID\t{AUTH}",
        f"sha256:{OTHER[:64]}",
        f"{AUTH[:63]} 是什么",
        f"auth={AUTH[:31]}",
        "a" * 1025,
        "13800138000 " * 9,
        "\n".join(f"{rng.getrandbits(160):040x} fix" for _ in range(3)),
    ],
)
def test_what_is_surely_something_else_is_no_candidate(text: str) -> None:
    assert found(text) == []
