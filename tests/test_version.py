"""The version: said by the command line and to the platform, and written down once."""

import re
import tomllib

import pytest

from bot.cli import main
from bot.version import VERSION
from bot.zjy.exchange import USER_AGENT
from tests.docs.pages import ROOT, project_files

WRITTEN = re.compile(rf"(?<![\d.]){re.escape(VERSION.removesuffix('.0'))}(?:\.0)?(?![\d.])")


def test_the_command_line_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{VERSION}\n"


def test_the_platform_is_told_it() -> None:
    assert f"/{VERSION} " in USER_AGENT


def test_the_package_takes_it_from_the_one_place() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)

    assert settings["project"]["dynamic"] == ["version"]
    assert settings["tool"]["hatch"]["version"] == {"path": "bot/version.py"}


def test_no_other_line_of_the_program_says_it() -> None:
    sources = [
        path
        for path in project_files()
        if path.relative_to(ROOT).parts[0] in {"bot", "storage", "Dockerfile", "compose.yaml"}
        and path.suffix in {"", ".py", ".yaml"}
    ]
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in sources
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?i)version|zjy-study-bot", line) and WRITTEN.search(line)
    ]

    assert found == [f'bot/version.py: VERSION = "{VERSION}"']
