"""What `make check` leaves out: the tests with a marker, and those that would need one."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.support.warm_start import warm

STARTED = [sys.executable, "-c", ""]


def test_a_test_without_the_marker_starts_no_process() -> None:
    with pytest.raises(AssertionError, match=r"test_a_test_without_the_marker.*`process`"):
        subprocess.run(STARTED, check=True)


async def test_a_test_without_the_marker_starts_no_bot(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"test_a_test_without_the_marker.*`process`"):
        await warm("--version", env={}, cwd=tmp_path)


@pytest.mark.process
def test_a_test_with_the_marker_starts_one() -> None:
    assert subprocess.run(STARTED, check=True).returncode == 0


def test_check_leaves_out_every_marker_and_nothing_else() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = settings["tool"]["pytest"]["ini_options"]["markers"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    left_out = re.search(r"^quick:.*\n\t.* -m '([^']+)'$", makefile, re.MULTILINE)

    assert left_out
    assert set(left_out[1].split(" and ")) == {f"not {line.partition(':')[0]}" for line in lines}


@pytest.mark.parametrize("whole", ["check", "test"])
def test_check_and_test_begin_with_the_same_looks_at_the_source(whole: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.search(rf"^{whole}: lint types imports \w+ ##", makefile, re.MULTILINE)
