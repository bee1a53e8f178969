"""``docs/benchmarks.md`` is as the command writes it, and ``docs/scale.md`` has its figures."""

import re

import pytest

from benchmarks.__main__ import BENCHMARKS, PARTS, SCALE
from benchmarks.page import tables
from benchmarks.scale import with_bounds
from bot.settings import Settings
from tests.docs.pages import ROOT

TITLES = (
    "Requests to the platform",
    "The engine beside scripts",
    "Updates beside an echo bot",
    "Students at the same time",
    "Memory of a student",
    "Answers",
    "Start and end with 1,000 jobs",
    "Digests due at the same minute",
    "Memory over a day",
    "Requests and writes of a job",
    "What the disk takes",
    "The file after many jobs",
    "After a year",
    "The file after a year",
)
COUNTS = (0, 1, 10, 100, 1000, 3000)


@pytest.fixture(scope="module")
def text() -> str:
    return BENCHMARKS.read_text(encoding="utf-8")


def test_all_that_is_measured_stands_on_the_page(text: str) -> None:
    assert tuple(tables(text)) == TITLES


def test_each_table_has_the_form_that_the_command_writes(text: str) -> None:
    for table in tables(text).values():
        assert table.markdown() in text


@pytest.mark.parametrize("limit", ["within 30 a second", "without limit"])
def test_each_number_of_students_is_there(text: str, limit: str) -> None:
    read = tables(text)

    for count in COUNTS:
        assert f"{count:,}, {limit}" in read["Students at the same time"].rows
        assert f"{count:,}, {limit}" in read["Answers"].rows


def test_every_comparison_has_at_least_three_repetitions(text: str) -> None:
    beside = tables(text)["The engine beside scripts"]

    for way in beside.rows:
        assert len(beside.cell(way, "CPU: engine over it").values) == 3


def test_the_machine_is_told_without_a_path_or_a_name(text: str) -> None:
    for name in ("processors", "Python, SQLite", "libraries", "date"):
        assert re.search(rf"^\| {name} \| .+ \|$", text, re.MULTILINE), name
    assert not re.search(r"/(home|root|tmp|work|usr)/", text)


def test_the_page_of_bounds_has_the_figures_of_the_benchmarks(text: str) -> None:
    scale = SCALE.read_text(encoding="utf-8")

    assert with_bounds(scale, tables(text)) == scale


def test_the_settings_and_the_command_of_the_page_of_bounds_exist() -> None:
    scale = SCALE.read_text(encoding="utf-8")
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", scale))

    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)
    assert "make bench" in scale
    assert re.search(
        r"^bench:.*\n\t\$\(BIN\)/python -m benchmarks$",
        (ROOT / "Makefile").read_text(),
        re.MULTILINE,
    )
    assert len(PARTS) == 7
