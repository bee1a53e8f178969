"""Breaks ``bot/study`` in many small ways, one at a time, and lists those that no test notices.

The work is mutmut's. It runs on a copy of the tree, so that the tree itself is never broken, and
with the tests of ``tests/study`` alone.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SETTINGS = """
[tool.mutmut]
source_paths = ["bot/study/"]
pytest_add_cli_args_test_selection = ["tests/study/"]
also_copy = ["bot", "storage", "demo", "tests", "pyproject.toml"]
"""
SURVIVED, NOT_RUN, NO_TEST = 0, None, 33
WORKERS = 2
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*_cache", ".git", ".venv", ".hypothesis")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no test noticed: ``bot/study/x.py:12``, the line before and after."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """What a run came to; ``left`` were not tried in the time that was given."""

    killed: int
    left: int
    survivors: tuple[Survivor, ...]
    seconds: float
    finished: bool


def mutate(root: Path, seconds: float) -> Mutation:
    """Try every mutant, for so many seconds at most. Raises RuntimeError where nothing ran."""
    began = time.monotonic()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy_tree(root, folder)
        with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        finished = _run(folder, seconds)
        codes = _exit_codes(folder)
        if not codes:
            raise RuntimeError("no mutant was made; does `mutmut run` work here?")
        counted = Counter(codes.values())
        survivors = tuple(
            _survivor(folder, name)
            for name, code in sorted(codes.items())
            if code in (SURVIVED, NO_TEST)
        )
        left = counted[NOT_RUN]
        killed = len(codes) - left - len(survivors)
        return Mutation(killed, left, survivors, time.monotonic() - began, finished)


def copy_tree(root: Path, folder: Path) -> None:
    """Copy the project into an empty folder, without what is made from it."""
    shutil.copytree(root, folder, ignore=_LEFT_OUT, dirs_exist_ok=True)


def _run(folder: Path, seconds: float) -> bool:
    """Whether it came to its end in time."""
    with subprocess.Popen(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(WORKERS)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False
    return True


def _exit_codes(folder: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for path in (folder / "mutants/bot/study").glob("*.meta"):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _survivor(folder: Path, name: str) -> Survivor:
    """Where the mutant of that name changes what; the name ends in ``ǁfunction__mutmut_7``."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    before = [line[1:].strip() for line in shown if re.match(r"-(?!--)", line)]
    after = [line[1:].strip() for line in shown if re.match(r"\+(?!\+\+)", line)]
    module, _, mangled = name.rpartition(".")
    path = module.replace(".", "/") + ".py"
    lines = [line.strip() for line in (folder / path).read_text(encoding="utf-8").splitlines()]
    function = mangled.rpartition("__mutmut_")[0].removeprefix("x_").rpartition("ǁ")[2]
    start = next(i for i, line in enumerate(lines) if re.match(rf"(async )?def {function}\(", line))
    at = lines.index(before[0], start) if before and before[0] in lines[start:] else start
    return Survivor(f"{path}:{at + 1}", " ".join(before), " ".join(after))
