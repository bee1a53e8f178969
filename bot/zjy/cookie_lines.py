"""Joins the lines of a value of the usual length, whatever stands beside them in each line.

Chats and people number the parts of a value, or put signs before them: ``①``, ``第1行：``,
``(1/3)``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.zjy.cookie_values import USUAL

_SHORTEST = 16
_MOST_LINES = 100
"""The most adjacent lines that hold values; more are a table."""
_LINE = re.compile(
    r"^[^\n]{0,16}?(?<![0-9A-Za-z_])(?P<digits>[0-9A-Fa-f]{16,132}+)(?![0-9A-Za-z_])"
    r"[^\nA-Za-z]{0,12}$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The digits of adjacent lines, from ``start`` to before ``end`` in the text."""

    start: int
    end: int
    value: str


def blocks(text: str) -> Iterator[Block]:
    """The adjacent lines that together have exactly the usual number of digits. All but the first
    and the last have equally many."""
    row: list[re.Match[str]] = []
    for line in _LINE.finditer(text):
        if row and line.start() != row[-1].end() + 1:
            yield from _in_row(row)
            row = []
        row.append(line)
    yield from _in_row(row)


def _in_row(row: Sequence[re.Match[str]]) -> Iterator[Block]:
    if len(row) > _MOST_LINES:
        return
    most = USUAL // _SHORTEST + 1
    for first in range(len(row) - 1):
        lines: list[re.Match[str]] = []
        width = 0
        for line in row[first : first + most]:
            lines.append(line)
            width += len(line["digits"])
            if width >= USUAL:
                break
        if width == USUAL and len(lines) > 1 and _is_even([len(each["digits"]) for each in lines]):
            value = "".join(each["digits"] for each in lines)
            yield Block(lines[0].start("digits"), lines[-1].end("digits"), value)


def _is_even(widths: Sequence[int]) -> bool:
    usual = widths[1] if len(widths) > 2 else widths[0]
    return all(each == usual for each in widths[1:-1]) and widths[-1] <= usual >= widths[0]
