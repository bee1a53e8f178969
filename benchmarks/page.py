"""The page ``docs/benchmarks.md``: written from what was measured, and read back from its text."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.figures import Cell, Goal, Measured, Result, Table

_HEAD = """# Benchmarks

`make bench` measures all of this anew and writes this page and the table of [scale.md](scale.md); \
`python -m benchmarks` with the name of a part shows that part alone. The bot is the real process \
between stand-ins of Telegram and of the platform on 127.0.0.1, which are another process on the \
same processors. Every figure is the median of its repetitions with the least and the greatest; a \
comparison is a ratio of two things that took turns in the same run, so that a machine's own speed \
does not matter to it.
"""
_GOALS = """## Goals

| figure | goal | measured | |
|---|---|---|---|
"""
_FIGURE = re.compile(r"(?P<middle>-?[0-9.]+)(?: \((?P<least>-?[0-9.]+)–(?P<most>-?[0-9.]+)\))?")


def page(machine: Mapping[str, str], on: date, results: Sequence[Result]) -> str:
    """The whole page in Markdown."""
    stand = [f"| {name} | {value} |" for name, value in [*machine.items(), ("date", str(on))]]
    goals = [_goal(goal) for result in results for goal in result.goals]
    tables = [table.markdown() for result in results for table in result.tables]
    parts = [_HEAD, "\n".join(["| | |", "|---|---|", *stand, ""]), _GOALS + "\n".join(goals), ""]
    return "\n".join(parts) + "\n" + "\n\n".join(tables) + "\n"


def _goal(goal: Goal) -> str:
    wanted = f"≤ {goal.most:g}" if goal.most is not None else f"≥ {goal.least:g}"
    return f"| {goal.name} | {wanted} | {goal.measured} | {'met' if goal.is_met else 'missed'} |"


def tables(text: str) -> dict[str, Table]:
    """Title → the table of a page as it is written here. Raises ValueError for another form."""
    found = {}
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        if title == "Goals":
            continue
        about, _, rows = body.strip().partition("\n\n")
        header, rule, *lines = (_cells(line) for line in rows.splitlines())
        if set("".join(rule)) != {"-"}:
            raise ValueError(f"{title}: no table")
        made = {name: tuple(map(_read, cells)) for name, *cells in lines}
        found[title] = Table(title, about, tuple(header), made)
    return found


def _cells(line: str) -> list[str]:
    if not (line.startswith("| ") and line.endswith(" |")):
        raise ValueError(f"no row of a table: {line}")
    return line[2:-2].split(" | ")


def _read(cell: str) -> Cell:
    """A figure as it was shown: its least, its median and its greatest."""
    match = _FIGURE.fullmatch(cell)
    if match is None:
        return cell
    shown = [text for text in (match["least"], match["middle"], match["most"]) if text]
    digits = len(match["middle"].partition(".")[2])
    return Measured(tuple(map(float, shown)), digits)
