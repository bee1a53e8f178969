"""Every setting, and nothing else, is written down with its true default."""

import re
from pathlib import Path

import pytest

from bot.settings import AllowedUsers, Settings
from demo.stage import SETTINGS
from tests.docs.pages import ROOT, page

READMES = ("README.md", "README.zh.md")
NAMES = {name.upper() for name in Settings.model_fields}
NO_DEFAULT = "–"

_LINE = re.compile(r"^(#?)([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)


def example() -> str:
    return (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def of(values: dict[str, str]) -> dict[str, object]:
    """The settings that these texts stand for, in a form that can be compared."""
    read = Settings(**{name.lower(): text for name, text in values.items()})  # type: ignore[arg-type]
    return comparable(read)


def comparable(settings: Settings) -> dict[str, object]:
    return {
        name: (value.ids, value.everybody) if isinstance(value, AllowedUsers) else value
        for name, value in settings
    }


def test_the_example_names_every_setting_once_and_nothing_else() -> None:
    named = [name for _, name, _ in _LINE.findall(example())]

    assert sorted(named) == sorted(NAMES)


def test_the_demo_keeps_out_every_setting_of_this_machine() -> None:
    assert sorted(SETTINGS) == sorted(NAMES)


def test_the_examples_values_are_the_defaults() -> None:
    values = {name: value for _, name, value in _LINE.findall(example())}

    assert of(values) == comparable(Settings())


def test_a_copied_example_is_a_usable_env_file(tmp_path: Path) -> None:
    copied = tmp_path / ".env"
    copied.write_text(example().replace("BOT_TOKEN=", "BOT_TOKEN=1:a"), encoding="utf-8")

    assert comparable(Settings()) == comparable(Settings(bot_token="1:a"))


def test_every_setting_of_the_example_has_a_comment_above_it() -> None:
    lines = example().splitlines()

    for at, line in enumerate(lines):
        if _LINE.match(line):
            assert re.match(r"# .+\.$", lines[at - 1]), line


@pytest.mark.parametrize("readme", READMES)
def test_a_readmes_table_names_every_setting_and_nothing_else(readme: str) -> None:
    assert set(page(readme).table_of(r"`([A-Z_]+)`")) == NAMES


@pytest.mark.parametrize("readme", READMES)
def test_a_readmes_table_tells_the_defaults(readme: str) -> None:
    cells = {name: row[0] for name, row in page(readme).table_of(r"`([A-Z_]+)`").items()}
    values = {name: cell.strip("`") for name, cell in cells.items() if cell != NO_DEFAULT}

    assert of(values) == comparable(Settings())
    assert set(NAMES) - set(values) == {
        "BOT_TOKEN",
        "ALLOWED_USERS",
        "BOT_KEYS",
        "TELEGRAM_PROXY",
        "PLATFORM_PROXY",
        "WEBHOOK_URL",
        "WEBHOOK_LISTEN",
        "HEALTH_ADDRESS",
    }


@pytest.mark.parametrize("readme", READMES)
def test_a_readmes_table_gives_every_setting_a_meaning(readme: str) -> None:
    for name, row in page(readme).table_of(r"`([A-Z_]+)`").items():
        assert len(row) == 2, name
        assert len(row[1]) > 4, name
