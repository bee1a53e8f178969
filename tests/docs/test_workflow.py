"""What runs on every push and before every commit is what `make` and `.ci/run` do."""

import os
import re
import shlex
import tomllib
from typing import Any

import pytest

from tests.docs.pages import ROOT
from tests.docs.yaml_files import read_yaml
from tests.support import browser

WORKFLOW = ".github/workflows/ci.yml"
_MAKE = re.compile(r"^make ([a-z]+)", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(text("pyproject.toml"))["project"]
    return found


def the_job(name: str = "test") -> dict[str, Any]:
    job = read_yaml(WORKFLOW)["jobs"][name]
    assert isinstance(job, dict)
    return job


def runs(job: str = "test") -> list[str]:
    return [step["run"] for step in the_job(job)["steps"] if "run" in step]


def recipe(target: str) -> str:
    """The lines that make runs for a target."""
    match = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text("Makefile"), re.MULTILINE)
    assert match, target
    return match[1]


def minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_a_push_runs_what_the_proof_on_a_bare_machine_runs() -> None:
    commands = [line for line in text(".ci/run").splitlines() if line.startswith(("make ", ".ci/"))]

    assert "make test" in commands
    assert runs() == commands


def test_every_target_of_make_that_runs_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {match[1] for line in [*runs(), text(".ci/run")] for match in _MAKE.finditer(line)}

    assert {"setup", "test", "script"} <= named <= targets


def test_what_the_machine_needs_can_be_installed_by_name() -> None:
    assert os.access(ROOT / ".ci/install", os.X_OK)
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert f"command -v {' '.join(browser.NAMES)} " in text(".ci/install")


def test_the_pythons_are_those_that_the_package_names() -> None:
    prefix = "Programming Language :: Python :: "
    named = {
        each.removeprefix(prefix)
        for each in project()["classifiers"]
        if re.fullmatch(re.escape(prefix) + r"\d+\.\d+", each)
    }
    ran = the_job()["strategy"]["matrix"]["python"]

    assert all(isinstance(each, str) for each in ran), "3.10 as a number is 3.1"
    assert sorted(ran, key=minor) == ran
    assert set(ran) == named
    assert project()["requires-python"] == f">={ran[0]}"
    assert minor(ran[0]) == minor(
        tomllib.loads(text("pyproject.toml"))["tool"]["mypy"]["python_version"]
    )


def test_the_workflow_has_no_right_to_write_and_ends_by_itself() -> None:
    workflow = read_yaml(WORKFLOW)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@(v\d+|[0-9a-f]{40})", step["uses"])


def test_a_push_builds_the_image_of_the_checkout_and_starts_it() -> None:
    checkout = the_job("image")["steps"][0]
    build, version, whole = map(shlex.split, runs("image"))
    image = read_yaml("compose.yaml")["services"]["bot"]["image"]

    assert checkout["uses"].startswith("actions/checkout@")
    assert (build[:2], build[-3:]) == (["docker", "build"], ["--tag", image, "."])
    assert version[:2] == whole[:2] == ["docker", "run"]
    assert version[-2:] == [image, "--version"]
    assert whole[-5:] == ["--entrypoint", "python", image, "-c", "import bot.process"]


def test_a_missing_browser_fails_there() -> None:
    assert the_job()["env"]["CI"] == "true"


@pytest.mark.parametrize(
    ("target", "hooks"),
    [("lint", ["ruff check", "ruff format"]), ("types", ["mypy"]), ("imports", ["lint-imports"])],
)
def test_the_hooks_before_a_commit_are_the_tools_of_make(target: str, hooks: list[str]) -> None:
    (repo,) = read_yaml(".pre-commit-config.yaml")["repos"]
    assert repo["repo"] == "local"
    entries = [hook["entry"] for hook in repo["hooks"]]

    assert len(entries) == 4
    for hook in hooks:
        (entry,) = [each for each in entries if each.startswith(f".venv/bin/{hook}")]
        assert f"$(BIN)/{hook}" in recipe(target), entry
    assert all(hook["language"] == "system" for hook in repo["hooks"])
