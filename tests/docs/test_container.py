"""The image and the locks: what can be held without a container engine."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from bot.process import END_WITHIN
from bot.settings_sources import TOKEN_SECRET
from tests.docs.dockerfile import copied, final_stage, steps
from tests.docs.pages import ROOT, package, project_files
from tests.docs.yaml_files import read_yaml

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
_PIN = re.compile(r"^([a-z0-9-]+)(?:\[([a-z0-9,-]+)\])?==(\S+)")
_WITH_EXTRAS = re.compile(r"^([A-Za-z0-9._-]+)\[([^\]]+)\](?!.*extra ==)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """Each pinned package of a lock → its version; every pin must carry hashes."""
    entries = re.sub(r"\\\n\s*", " ", text(lock))
    found: dict[str, str] = {}
    for line in entries.splitlines():
        if not line.startswith("#"):
            match = _PIN.match(line)
            assert match, f"{lock}: {line[:60]}"
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), f"{lock}: {match.group(1)}"
            found[match.group(1)] = match.group(3)
    return found


def pinned_extras(lock: str) -> dict[str, set[str]]:
    """Each pinned package of a lock → the extras that it is pinned with."""
    found = (_PIN.match(line) for line in text(lock).splitlines())
    return {match[1]: set((match[2] or "").split(",")) for match in found if match}


def asked_extras(name: str) -> Iterator[tuple[str, set[str]]]:
    """What an installed package asks for with extras; nothing for one of another platform."""
    try:
        asked = metadata.requires(name) or ()
    except metadata.PackageNotFoundError:
        return
    for requirement in asked:
        if match := _WITH_EXTRAS.match(requirement):
            extras = {extra.strip() for extra in match[2].split(",")}
            yield re.sub(r"[-_.]+", "-", match[1]).lower(), extras


def test_the_image_runs_as_a_fixed_user_that_is_not_root() -> None:
    users = [rest for word, rest in final_stage() if word == "USER"]

    assert users
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    assert any(f"--uid {users[-1].split(':')[0]}" in rest for _, rest in final_stage())


def test_the_image_adds_nothing_from_the_network_but_locked_packages() -> None:
    assert all(word != "ADD" for word, _ in steps())
    for word, rest in steps():
        assert not re.search(r"\b(curl|wget|https?://)", rest), rest
        for command in rest.split("&&") if word == "RUN" else []:
            if "pip install" in command or "pip wheel" in command:
                assert "--require-hashes" in command or "--no-deps" in command, command


def test_the_image_builds_with_the_locked_build_tools_alone() -> None:
    wheel = next(rest for word, rest in steps() if word == "RUN" and "pip wheel" in rest)

    assert "--no-build-isolation" in wheel
    requires = tomllib.loads(text("pyproject.toml"))["build-system"]["requires"]
    assert set(requires) <= set(pins("requirements-build.lock"))


def test_the_image_starts_the_bot_and_passes_it_the_signal() -> None:
    words = dict(final_stage())

    assert words["ENTRYPOINT"] == '["python", "-m", "bot"]'
    assert words["CMD"] == '["run"]'
    assert words["STOPSIGNAL"] == "SIGTERM"
    assert words["VOLUME"] == '["/data"]'
    assert "DATA_DIR=/data" in words["ENV"]
    assert "LOG_FORMAT=json" in words["ENV"]


def test_the_image_says_whether_the_bot_works() -> None:
    checks = [rest for word, rest in final_stage() if word == "HEALTHCHECK"]

    assert len(checks) == 1
    assert checks[0].endswith('CMD ["python", "-m", "bot", "health"]')
    # A start may take as long as Telegram needs to answer.
    assert "--start-period=2m" in checks[0]


def test_the_unit_is_watched_and_ended_in_order() -> None:
    unit = text("deploy/zjy-study-bot.service")

    assert "\nType=notify\n" in unit
    assert "\nWatchdogSec=10min\n" in unit
    assert "\nWatchdogSignal=SIGTERM\n" in unit
    assert "\nRestart=on-failure\n" in unit


def test_both_stages_use_the_same_python_which_the_project_allows() -> None:
    images = {rest.split()[0] for word, rest in steps() if word == "FROM"}

    assert len(images) == 1
    match = re.fullmatch(r"python:3\.(\d+)-slim", images.pop())
    assert match
    assert int(match.group(1)) >= 11


def test_everything_that_the_image_copies_is_let_into_the_build() -> None:
    let_in = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}

    assert "*" in text(".dockerignore").splitlines()
    assert copied() == let_in
    assert all((ROOT / name).exists() for name in copied())


@pytest.mark.parametrize(
    "line",
    [
        "env_file: .env",
        "DATA_DIR: /data",
        "- data:/data",
        "restart: unless-stopped",
        "read_only: true",
        "- /tmp",
        "- ALL",
        "- no-new-privileges:true",
    ],
)
def test_compose_holds_the_bot_tightly(line: str) -> None:
    assert re.search(rf"^\s+{re.escape(line)}$", text("compose.yaml"), re.MULTILINE)


def test_compose_gives_the_token_as_a_secret_where_the_bot_looks_for_it() -> None:
    compose = read_yaml("compose.yaml")

    (secret,) = compose["services"]["bot"]["secrets"]
    assert str(TOKEN_SECRET) == f"/run/secrets/{secret}"
    folder = compose["secrets"][secret]["file"].removeprefix("./").split("/")[0]
    assert f"/{folder}/" in text(".gitignore").splitlines()


@pytest.mark.process
def test_the_dockerfile_has_no_common_mistakes() -> None:
    """Also part of `make lint`, where the tool is there: it comes with the lock on Linux."""
    tool = Path(sys.executable).with_name("hadolint")
    if not tool.exists() and sys.platform != "linux":
        pytest.skip("hadolint comes for Linux")
    found = subprocess.run([tool, "Dockerfile"], cwd=ROOT, capture_output=True, text=True)

    assert (found.returncode, found.stdout) == (0, "")
    assert "$(BIN)/hadolint Dockerfile" in text("Makefile")


def test_compose_waits_longer_than_the_bot_takes_to_end() -> None:
    match = re.search(r"stop_grace_period: (\d+)s", text("compose.yaml"))

    assert match
    assert int(match.group(1)) > END_WITHIN + 1


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_carries_hashes_for_every_pin_and_names_no_address(lock: str) -> None:
    assert len(pins(lock)) > 3
    assert "://" not in text(lock)
    assert "--index" not in text(lock)


def test_the_locks_agree_on_every_version() -> None:
    dev = pins("requirements-dev.lock")

    for lock in LOCKS:
        differing = {
            name for name, version in pins(lock).items() if dev.get(name, version) != version
        }
        assert not differing, lock


def test_the_locks_hold_everything_that_the_project_asks_for() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    run, dev = [*project["dependencies"], *extras["metrics"]], extras["dev"]

    assert set(extras) == {"metrics", "dev"}
    assert {package(each) for each in run} <= set(pins("requirements.lock"))
    assert {package(each) for each in [*run, *dev]} <= set(pins("requirements-dev.lock"))


def test_a_package_that_is_asked_for_with_extras_is_pinned_with_them() -> None:
    """pip refuses the lock otherwise, from the day on which a newer release is out."""
    pinned = pinned_extras("requirements-dev.lock")
    asked = [(name, *each) for name in pinned for each in asked_extras(name)]

    assert asked
    assert [each for each in asked if not each[2] <= pinned[each[1]]] == []


def test_make_lock_writes_every_lock() -> None:
    makefile = text("Makefile")

    assert all(f"-o {lock}" in makefile for lock in LOCKS)
    assert {path.name for path in project_files() if path.suffix == ".lock"} == set(LOCKS)
