"""Which proxy leads where: settings, the usual variables and what they exempt, and loopback."""

from typing import Any

import pytest

from bot.proxies.address import Proxy
from bot.proxies.routes import find_routes
from bot.settings import Settings

CLASH = "http://127.0.0.1:7890"
SOCKS = "socks5://127.0.0.1:7890"
THREE_LINES = {"https_proxy": CLASH, "http_proxy": CLASH, "all_proxy": SOCKS}
LOOPBACK = [
    "http://127.0.0.1:8081",
    "http://127.8.9.10:8081",
    "https://localhost:8443",
    "http://LOCALHOST.:1",
    "http://[::1]:8081",
    "http://[::ffff:127.0.0.1]:8081",
]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a function of keywords
    def set_all(variables: dict[str, str]) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_all


def shown(**settings: Any) -> tuple[str | None, str | None]:  # noqa: ANN401
    """The proxies to Telegram and to the platform."""
    routes = find_routes(Settings(**settings))
    return tuple(  # type: ignore[return-value]
        route.proxy.shown if route.proxy else None for route in (routes.telegram, routes.platform)
    )


def test_without_any_setting_or_variable_both_are_reached_directly() -> None:
    assert shown() == (None, None)


def test_each_setting_leads_to_its_own_server() -> None:
    assert shown(telegram_proxy=CLASH) == (CLASH, None)
    assert shown(platform_proxy=SOCKS) == (None, SOCKS)


@pytest.mark.parametrize(
    ("variables", "proxy", "name"),
    [
        (THREE_LINES, CLASH, "https_proxy"),
        ({"HTTPS_PROXY": CLASH}, CLASH, "HTTPS_PROXY"),
        ({"https_proxy": CLASH, "HTTPS_PROXY": "http://10.0.0.1:1"}, CLASH, "https_proxy"),
        ({"all_proxy": SOCKS}, SOCKS, "all_proxy"),
        ({"ALL_PROXY": SOCKS, "http_proxy": CLASH}, SOCKS, "ALL_PROXY"),
        ({"https_proxy": "127.0.0.1:7890"}, CLASH, "https_proxy"),
        ({"https_proxy": f" {CLASH}/ "}, CLASH, "https_proxy"),
    ],
)
def test_the_usual_variables_count_for_telegram_alone(
    variables: dict[str, str],
    proxy: str,
    name: str,
    given: Any,  # noqa: ANN401
) -> None:
    given(variables)
    routes = find_routes(Settings())

    assert routes.telegram.proxy == Proxy.parse(proxy)
    assert routes.telegram.facts == {"proxy": proxy, "proxy_from": name}
    assert routes.platform.proxy is None
    assert routes.unusable == ()


@pytest.mark.parametrize(
    "variables",
    [
        {"http_proxy": CLASH},
        {"https_proxy": "", "HTTPS_PROXY": CLASH},
        {"https_proxy": "   "},
        {"ftp_proxy": CLASH},
    ],
)
def test_variables_that_are_blank_or_of_another_scheme_lead_nowhere(
    variables: dict[str, str],
    given: Any,  # noqa: ANN401
) -> None:
    given(variables)

    assert shown() == (None, None)
    assert find_routes(Settings()).unusable == ()


@pytest.mark.parametrize(
    "value",
    [
        "socks4://127.0.0.1:7890",
        "socks://127.0.0.1:7890/",
        "proxy",
        ":",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://user:gehe#m@127.0.0.1:7890",
        "http://a..b:1",
        "http://127.0.0.1：7890",
        "\x7f",
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_the_next_one_counts(
    value: str,
    given: Any,  # noqa: ANN401
) -> None:
    given({"https_proxy": value, "HTTP_PROXY": value, "all_proxy": SOCKS})
    routes = find_routes(Settings())

    assert routes.unusable == ("HTTP_PROXY", "https_proxy")
    assert routes.telegram.facts == {"proxy": SOCKS, "proxy_from": "all_proxy"}


def test_a_setting_wins_over_the_variables_and_what_is_wrong_with_them(
    given: Any,  # noqa: ANN401
) -> None:
    given({"https_proxy": "socks4://127.0.0.1:1", "no_proxy": "*"})
    routes = find_routes(Settings(telegram_proxy=Proxy.parse(CLASH)))

    assert routes.telegram.facts == {"proxy": CLASH, "proxy_from": "TELEGRAM_PROXY"}
    assert routes.unusable == ()


@pytest.mark.parametrize(
    ("url", "listed", "exempt"),
    [
        ("https://api.telegram.org", "*", True),
        ("https://api.telegram.org", "localhost, *", True),
        ("https://api.telegram.org", "api.telegram.org", True),
        ("https://api.telegram.org", "API.Telegram.ORG", True),
        ("https://api.telegram.org", "telegram.org", True),
        ("https://api.telegram.org", ".telegram.org", True),
        ("https://api.telegram.org", "*.telegram.org", True),
        ("https://api.telegram.org", "localhost 127.0.0.1 telegram.org", True),
        ("https://api.telegram.org", "telegram.org:443", True),
        ("https://api.telegram.org", "https://telegram.org", True),
        ("https://api.telegram.org.", "telegram.org.", True),
        ("https://api.telegram.org", "telegram.org:80", False),
        ("https://api.telegram.org", "gram.org", False),
        ("https://api.telegram.org", "b.api.telegram.org", False),
        ("https://api.telegram.org", "localhost,127.0.0.0/8,::1", False),
        ("https://api.telegram.org", "", False),
        ("https://api.telegram.org", ",, ,", False),
        ("https://api.telegram.org", ":,[,[]:,/,*:,:443,.", False),
        ("https://10.1.2.3:8443", "10.0.0.0/8", True),
        ("https://10.1.2.3:8443", "10.1.2.3", True),
        ("https://10.1.2.3:8443", "10.1.2.3:8443", True),
        ("https://10.1.2.3:8443", "10.1.2.3:443", False),
        ("https://10.1.2.3:8443", "10.1.2.30,192.168.0.0/16,10.1.2.0/33", False),
        ("https://[fd00::7]:8443", "fd00::/8", True),
        ("https://[fd00::7]:8443", "[fd00::7]", True),
        ("https://[fd00::7]:8443", "[fd00::7]:8443", True),
        ("https://[fd00::7]:8443", "[fd00::7]:1,fd01::/16", False),
    ],
)
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_what_no_proxy_lists_is_reached_directly(
    url: str,
    listed: str,
    exempt: bool,
    name: str,
    given: Any,  # noqa: ANN401
) -> None:
    given({"all_proxy": SOCKS, name: listed})

    assert shown(telegram_api_url=url) == (None if exempt else SOCKS, None)


@pytest.mark.parametrize("url", LOOPBACK)
def test_loopback_is_never_reached_through_a_proxy(
    url: str,
    given: Any,  # noqa: ANN401
) -> None:
    given(THREE_LINES)

    assert shown(telegram_api_url=url, zjy_base_url=url) == (None, None)
    settings = {"telegram_proxy": SOCKS, "platform_proxy": SOCKS}
    assert shown(telegram_api_url=url, zjy_base_url=url, **settings) == (None, None)


def test_every_password_is_a_secret_wherever_it_was_given(
    given: Any,  # noqa: ANN401
) -> None:
    given({"https_proxy": "http://u:first-one@h:1", "all_proxy": "socks5://u:second@h:1"})
    assert {"first-one", "second"} <= find_routes(Settings()).secrets

    settings: dict[str, Any] = {
        "telegram_proxy": "http://u:third@h:1",
        "platform_proxy": "http://u:fourth@h:1",
    }
    assert {"third", "fourth"} <= find_routes(Settings(**settings)).secrets
