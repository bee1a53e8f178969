"""The unit of systemd: it starts the bot as the page says, and holds it tightly."""

import os
import re
import shutil
import subprocess

import pytest

from bot.cli import EXIT_SETTINGS
from bot.process import END_WITHIN
from tests.docs.pages import ROOT

UNIT = "deploy/zjy-study-bot.service"
LOOSEST = 2.9
"""Of the ten points that `systemd-analyze security` gives; less is safer."""


def settings() -> dict[str, list[str]]:
    """Each setting of the unit → its values, in their order."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / UNIT).read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing; .ci/install brings it")
        pytest.skip("systemd-analyze is not on this machine")
    return subprocess.run([tool, *arguments, UNIT], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.process
def test_systemd_finds_the_unit_little_exposed() -> None:
    found = analyze("security", "--offline=true", "--no-pager", f"--threshold={LOOSEST * 10:.0f}")

    score = re.search(r"Overall exposure level for .*: ([0-9.]+)", found.stdout)
    assert score, found.stdout + found.stderr
    assert float(score[1]) < LOOSEST
    assert found.returncode == 0


@pytest.mark.process
def test_systemd_understands_every_line_of_the_unit() -> None:
    said = analyze("verify").stderr.splitlines()

    assert [line for line in said if "is not executable" not in line] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CapabilityBoundingSet", ""),
        ("SystemCallFilter", "@system-service"),
        ("PrivateDevices", "true"),
        ("ProtectKernelTunables", "true"),
        ("ProtectKernelModules", "true"),
        ("ProtectKernelLogs", "true"),
        ("ProtectSystem", "strict"),
        ("MemoryDenyWriteExecute", "true"),
        ("UMask", "0077"),
        ("StateDirectoryMode", "0700"),
        ("NoNewPrivileges", "true"),
    ],
)
def test_the_unit_denies_what_the_bot_does_not_need(name: str, value: str) -> None:
    assert value in settings()[name]


def test_the_unit_waits_for_the_end_and_does_not_repeat_a_wrong_setting() -> None:
    assert int(settings()["TimeoutStopSec"][0]) > END_WITHIN + 1
    assert settings()["RestartPreventExitStatus"] == [str(EXIT_SETTINGS)]
    assert settings()["Restart"] == ["on-failure"]
    assert "DATA_DIR=/var/lib/zjy-study-bot" in settings()["Environment"][0]
    assert settings()["StateDirectory"] == ["zjy-study-bot"]


@pytest.mark.parametrize("name", ["docs/hosting.md", "docs/hosting.zh.md"])
def test_the_pages_install_the_unit_and_the_places_it_names(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert UNIT in text
    for place in ("/opt/zjy-study-bot", "/etc/zjy-study-bot.env", "/var/lib/zjy-study-bot"):
        assert place in text
        assert any(place in value for values in settings().values() for value in values)
