"""The real process with what stands in people's shells: it answers, and says what it leaves out."""

import asyncio
from pathlib import Path

import pytest

from demo.platform import document
from demo.stage import Stage
from tests.proxies.servers import HOST, http_proxy
from tests.support.app_harness import one_course
from tests.support.bot_process import PATIENCE, started

pytestmark = pytest.mark.process

THREE_LINES = {
    "https_proxy": f"http://{HOST}:9",
    "http_proxy": f"http://{HOST}:9",
    "all_proxy": f"socks5://{HOST}:9",
}
UNUSABLE = {
    "https_proxy": "socks4://anna:geheim@127.0.0.1:7890",
    "HTTP_PROXY": "http://anna:gehe#im@127.0.0.1:7890",
    "ALL_PROXY": ":",
}
HINT = "TELEGRAM_PROXY"


@pytest.mark.parametrize(
    "variables",
    [
        THREE_LINES,
        {"HTTP_PROXY": f"http://{HOST}:9"},
        {"ALL_PROXY": "socks4://127.0.0.1:9", "http_proxy": "proxy", "https_proxy": " : "},
        {"TELEGRAM_PROXY": "nonsense", "PLATFORM_PROXY": "nonsense"},
    ],
)
async def test_the_demos_bot_answers_whatever_the_shell_has_set(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    async with Stage(one_course([document(1)])) as stage:
        person = stage.telegram.person(1001)
        person.send("/start")
        await stage.telegram.wait_for(lambda: person.chat.last.from_bot, PATIENCE)


async def lines(folder: Path, settings: dict[str, str], until: str, times: int = 1) -> list[str]:
    """What the bot logs until a text came so many times."""
    said: list[str] = []
    async with started(folder, settings) as process:
        assert process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while sum(until in line for line in said) < times:
                line = (await process.stderr.readline()).decode()
                assert line, "".join(said)
                said.append(line)
    return said


async def test_variables_that_cannot_be_used_are_one_warning_without_what_they_say(
    tmp_path: Path,
) -> None:
    said = await lines(tmp_path / "data", UNUSABLE, "cannot be reached")
    warnings = [line for line in said if "cannot be used" in line]

    assert len(warnings) == 1
    assert "warning" in warnings[0]
    assert all(name in warnings[0] for name in UNUSABLE)
    assert not [line for line in said if "gehe" in line or "Traceback" in line]


async def test_the_setting_is_named_once_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    said = await lines(tmp_path / "data", {}, "cannot be reached", times=2)

    assert sum(HINT in line for line in said) == 1


async def test_a_proxy_that_refuses_is_named_with_its_setting_and_without_its_password(
    tmp_path: Path,
) -> None:
    async with http_proxy(tmp_path, "anna:geheim") as proxy:
        settings = {
            "TELEGRAM_API_URL": "https://telegram.test",
            "TELEGRAM_PROXY": proxy.url("anna:falsches-wort@"),
            "LOG_LEVEL": "debug",
        }
        said = await lines(tmp_path / "data", settings, "cannot be reached")

    assert proxy.url() in said[-1]
    assert "proxy_from=TELEGRAM_PROXY" in said[-1]
    assert "user or password" in said[-1]
    assert not [line for line in said if "falsches" in line or "YW5uYTpmYWxz" in line]


@pytest.mark.parametrize("place", ["environment", ".env"])
@pytest.mark.parametrize("name", ["TELEGRAM_PROXY", "PLATFORM_PROXY"])
async def test_a_bad_setting_is_one_sentence_and_code_two(
    name: str, place: str, tmp_path: Path
) -> None:
    value = "http://anna:gehe#im@127.0.0.1:7890"
    if place == ".env":
        (tmp_path / ".env").write_text(f"{name}='{value}'\n", encoding="utf-8")
    settings = {name: value} if place == "environment" else {}
    async with started(tmp_path / "data", settings) as process:
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)

    assert process.returncode == 2
    assert said.decode().startswith(f"{name}: must be ")
    assert said.decode().count("\n") == 1
    assert "gehe" not in said.decode()
