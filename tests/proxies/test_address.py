"""What is a proxy's address and what is not, and what of it is ever shown."""

import base64
import json
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import HIDDEN, redact
from bot.proxies.address import FORM, Proxy, ProxyScheme

PASSWORD = "gehe!m/4711@#"
QUOTED = "gehe%21m%2F4711%40%23"
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["http://", "https://", "socks5://", "socks5h://", "socks4://", "//", "/"]),
    st.sampled_from(["@", ":", "#", "?", " ", "%40", "%zz", "..", "127.0.0.1", "[::1]", "7890"]),
    st.sampled_from(["proxy.example", "xn--0", "999.1.1.1", "0", "user", "é", "。"]),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://127.0.0.1:7890", "http://127.0.0.1:7890"),
        (" http://127.0.0.1:7890/ \n", "http://127.0.0.1:7890"),
        ("HTTP://Proxy.Example:3128", "http://proxy.example:3128"),
        ("https://proxy.example", "https://proxy.example"),
        ("socks5://host.docker.internal:10808", "socks5://host.docker.internal:10808"),
        ("socks5h://[::1]:1080", "socks5h://[::1]:1080"),
        (f"socks5://user:{QUOTED}@my_proxy:1", "socks5://my_proxy:1"),
        ("http://user@proxy:8080", "http://proxy:8080"),
    ],
)
def test_an_address_is_read_and_shown_without_its_login(text: str, shown: str) -> None:
    assert Proxy.parse(text).shown == shown


def test_the_library_gets_the_login_as_it_was_meant() -> None:
    proxy = Proxy.parse(f"http://user:{QUOTED}@proxy.example:8080")

    assert httpx.Proxy(proxy.url).auth == ("user", PASSWORD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        ":",
        "proxy",
        "127.0.0.1:7890",
        "socks://127.0.0.1:7890",
        "socks4://127.0.0.1:7890",
        "socks5//127.0.0.1:7890",
        "ftp://127.0.0.1:21",
        "http://",
        "http://:7890",
        "http://127.0.0.1:",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:port",
        "http://127.0.0.1：7890",
        "http://127.0.0.1:7890/proxy.pac",
        "http://127.0.0.1:7890?a=b",
        "http://127.0.0.1:78 90",
        "http://300.1.1.1:7890",
        "http://[::1:7890",
        "http://[1.2.3.4]:7890",
        "http://a..b:7890",
        "http://-a:7890",
        f"http://{'a' * 64}:7890",
        '"http://127.0.0.1:7890"',
        f"http://user:{PASSWORD}@127.0.0.1:7890",
        f"socks5://user:{'x' * 256}@127.0.0.1:7890",
    ],
)
def test_anything_else_is_refused_in_words_that_quote_nothing_of_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be http://") as raised:
        Proxy.parse(text)
    assert str(raised.value) == FORM
    assert raised.value.__context__ is None


@given(st.lists(PIECES, max_size=8).map("".join))
def test_what_is_taken_can_be_used_and_written_again(text: str) -> None:
    try:
        proxy = Proxy.parse(text)
    except ValueError as error:
        assert str(error) == FORM  # noqa: PT017 - most texts are refused, and some are not
        return
    used = httpx.Proxy(proxy.url)
    assert Proxy.parse(proxy.url) == proxy
    assert (used.auth or ("", "")) == (proxy.user, proxy.password)
    assert proxy.scheme in ProxyScheme
    httpx.AsyncHTTPTransport(verify=False, proxy=used)


@pytest.mark.parametrize(
    "line",
    [
        f"password {PASSWORD}",
        f"proxy http://user:{QUOTED}@proxy:1 is away",
        "Basic " + base64.b64encode(f"user:{PASSWORD}".encode()).decode(),
        json.dumps({"event": PASSWORD}),
        repr({"auth": ("user", PASSWORD)}),
    ],
)
def test_the_log_hides_the_password_in_each_form(line: str) -> None:
    proxy = Proxy.parse(f"http://user:{QUOTED}@proxy:1")
    hidden = redact(line, proxy.secrets)

    assert HIDDEN in hidden
    assert "4711" not in hidden
    assert base64.b64encode(b"user:gehe").decode()[:10] not in hidden


@pytest.mark.parametrize("password", ["", "1", "a", ":"])
def test_a_password_of_a_sign_or_two_does_not_hide_half_of_a_line(password: str) -> None:
    line = "2026-01-01T10:11:12Z [info] a line: of the log"

    assert redact(line, Proxy.parse(f"http://u:{password}@proxy:1").secrets) == line


@pytest.mark.parametrize("scheme", ["http", "socks4", "socks"])
def test_the_log_hides_passwords_of_addresses_that_no_setting_names(scheme: str) -> None:
    hidden = redact(f"cannot use {scheme}://user:gehe!m@4711@proxy.example:1/x")

    assert hidden == f"cannot use {scheme}://user:{HIDDEN}@proxy.example:1/x"


def test_no_text_of_a_proxy_holds_its_login() -> None:
    proxy = Proxy.parse("http://anna:geheim@proxy:1")

    assert "geheim" not in f"{proxy!r} {proxy} {proxy.shown}"
    assert "anna" not in f"{proxy!r} {proxy} {proxy.shown}"


@pytest.mark.parametrize(
    "password", ['gehe"im4711', "gehe\\im4711", "gehe'im\"4711", "geheim密4711"]
)
def test_the_log_hides_an_odd_password_in_a_repr_within_a_json_line(password: str) -> None:
    proxy = Proxy.parse(f"http://user:{quote(password, safe='')}@proxy:1")
    for value in (password, password.encode()):
        hidden = redact(json.dumps({"event": repr(value)}), proxy.secrets)
        assert HIDDEN in hidden
        assert "4711" not in hidden
