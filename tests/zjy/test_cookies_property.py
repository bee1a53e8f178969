"""Any value in any form with any noise is found; any text at all is answered."""

import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.zjy.cookies import LONGEST, SHORTEST, NotACookie, PastedCookie, parse_cookie

# A busy machine may take its time; how much is not what these tests are about.
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
URL = "https://zjy2.icve.com.cn/x"
# Only a bare value can be taken for telephone numbers, and only if it has no letter.
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


def found_or_refused(text: str) -> None:
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
