"""What bounds one bot, as the table of ``docs/scale.md``: made of the figures of
``docs/benchmarks.md``, and of nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.answers import PRESSES_A_SECOND
from benchmarks.figures import Table

BEGIN, END = "<!-- from benchmarks.md -->", "<!-- end -->"
MANY = "1,000"
STUDENTS, LOAD = 1000, "Students at the same time"
WITHIN = f"{MANY}, within 30 a second"
BUDGET = 25
USABLE = 0.7
"""The share of a core that may be busy before people wait: what comes, comes in waves."""
EDIT_AT_LEAST = 300
"""Seconds between the edits of one progress message with which a person can live."""


@dataclass(frozen=True, slots=True)
class Bound:
    """``students`` is how many one bot bears, by this bound alone."""

    what: str
    measured: str
    students: float


def bounds(tables: Mapping[str, Table]) -> list[Bound]:
    """Raises KeyError where a figure is missing."""
    load, writes = tables[LOAD], tables["Requests and writes of a job"]
    requests = load.cell(WITHIN, "requests a second").median
    cpu = load.cell(WITHIN, "CPU % of a core").median
    memory = load.cell(WITHIN, "MiB").median
    calls = load.cell(WITHIN, "Telegram calls a second").median
    commits = writes.cell("commits", "a report").median
    disk = tables["What the disk takes"].cell("commits a second", "measured").median
    return [
        Bound(
            "Telegram's budget",
            f"{calls:.1f} calls a second with {MANY} students and {PRESSES_A_SECOND:g} presses a "
            f"second, of a budget of {BUDGET}",
            BUDGET * EDIT_AT_LEAST,
        ),
        Bound(
            "the platform's patience",
            f"{requests / STUDENTS:.2f} requests a second for each student",
            20 * STUDENTS / requests,
        ),
        Bound(
            "one event loop",
            f"{cpu:.0f} % of a core and {memory:.0f} MiB with {MANY} students",
            USABLE * 100 * STUDENTS / cpu,
        ),
        Bound(
            "SQLite's writes",
            f"{commits:.2f} commits a report, and {disk:.0f} commits a second that the disk takes",
            disk / commits * 10,
        ),
    ]


def table(tables: Mapping[str, Table]) -> str:
    """The bounds in Markdown."""
    lines = [
        f"| {each.what} | {each.measured} | {_rounded(each.students):,} |"
        for each in bounds(tables)
    ]
    return "\n".join(["| bound | measured | students by it |", "|---|---|---|", *lines])


def with_bounds(page: str, tables: Mapping[str, Table]) -> str:
    """The page with its table made anew. Raises ValueError where its place is not marked."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no table between {BEGIN} and {END}")
    return f"{before}{begin}\n{table(tables)}\n{end}{after}"


def _rounded(students: float) -> int:
    """Two digits: more would say more than was measured."""
    unit = 10 ** max(len(str(int(students))) - 2, 0)
    return int(students // unit * unit)
