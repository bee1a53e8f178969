"""Shortens names to the width of a phone's button, keeping the parts in which they differ.

``wcwidth`` finds the graphemes and their width in columns; a Chinese character takes two.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import count

from wcwidth import iter_graphemes, wcswidth

from bot.naming import alike, look_key, one_line, told_apart
from bot.outbox.screen import units

ELLIPSIS = "…"
_MOST_TRIES = 6
"""After so many cuts that leave labels alike, numbers distinguish them."""
_UNITS_A_COLUMN = 8
"""A grapheme of many marks counts as one column per so many UTF-16 code units."""

_BETWEEN = " -‐–—_·•:：,，、.．/|｜（([【《"
"""Signs between the name of a whole and that of its part."""

Measure = Callable[[str], float]
"""The width of a text, in columns or pixels."""


@lru_cache(maxsize=8192)
def display_width(text: str) -> int:
    """The columns that the text takes on a phone."""
    return sum(_columns(grapheme) for grapheme in iter_graphemes(text))


def cut(text: str, width: float, measure: Measure = display_width) -> str:
    """The text as one line within ``width``; a longer text keeps its head and tail."""
    line = one_line(text)
    return line if measure(line) <= width else _ends(_Parts(line, measure), width)


def labels(names: Sequence[str], width: float, measure: Measure = display_width) -> list[str]:
    """The names within ``width`` (at least 12 columns: numbers need them), visibly different from
    each other, in their order.

    A name that fits stays whole. Other names keep head and tail; where those are equal, the head
    and the part from the first difference on; where even that is equal, a number.
    """
    lines = [_Parts(one_line(name), measure) for name in told_apart(names)]
    made = [_ends(line, width) for line in lines]
    groups = alike(made)
    if not groups:
        return made
    for group in groups:
        _show_differences(lines, made, group, width)
    used = {look_key(label) for label in made}
    for each in sorted(place for group in alike(made) for place in group):
        if lines[each].room > width:
            made[each] = _with_number(lines[each], width, used)
            used.add(look_key(made[each]))
    return made


def without_shared(names: Sequence[str], shared: Iterable[str], width: float) -> list[str]:
    """The names without the name of what they belong to, where one of them is wider than ``width``
    and begins with it: ``网络基础：概述`` in ``单元1 网络基础`` becomes ``概述``.

    ``shared`` are the names that are dropped, each also without its number in front.
    """
    whole = [one_line(name) for name in shared]
    known = sorted({*whole, *(name.partition(" ")[2] for name in whole)}, key=len, reverse=True)
    lines = [one_line(name) for name in names]
    rests = [_rest(line, known) for line in lines]
    pairs = list(zip(lines, rests, strict=True))
    if not any(rest and display_width(line) > width for line, rest in pairs):
        return list(names)
    return [rest or line for line, rest in pairs]


def _rest(line: str, beginnings: Iterable[str]) -> str:
    """What follows one of the beginnings and a sign between them; empty if there is no such
    rest."""
    for beginning in filter(None, beginnings):
        rest = line.removeprefix(beginning)
        bare = rest.lstrip(_BETWEEN)
        if rest != line and bare != rest:
            return bare
    return ""


class _Parts:
    """A line with its graphemes; of a line that fits, they are not asked."""

    def __init__(self, line: str, measure: Measure) -> None:
        self.line = line
        self.measure = measure
        self.room = measure(line)

    @cached_property
    def graphemes(self) -> list[str]:
        return list(iter_graphemes(self.line))

    def head(self, room: float, begin: int = 0) -> int:
        """The end of the graphemes that fit into ``room`` from ``begin`` on."""
        end = begin
        while end < len(self.graphemes) and (width := self.measure(self.graphemes[end])) <= room:
            room -= width
            end += 1
        return end

    def tail(self, room: float) -> int:
        """The start of the last graphemes that fit into ``room``."""
        begin = len(self.graphemes)
        while begin and (width := self.measure(self.graphemes[begin - 1])) <= room:
            room -= width
            begin -= 1
        return begin

    def width(self, begin: int, end: int) -> float:
        return sum(map(self.measure, self.graphemes[begin:end]))

    def text(self, begin: int, end: int) -> str:
        """The graphemes from ``begin`` to ``end``, without blanks at either end."""
        while begin < end and self.graphemes[begin].isspace():
            begin += 1
        while begin < end and self.graphemes[end - 1].isspace():
            end -= 1
        return "".join(self.graphemes[begin:end])


def _ends(parts: _Parts, width: float, added: str = "") -> str:
    """The head in two thirds of the width, the tail in the rest; ``added`` is appended."""
    room = width - parts.measure(added)
    if parts.room <= room:
        return parts.line + added
    room -= parts.measure(ELLIPSIS)
    begin = parts.tail(room / 3)
    end = min(parts.head(room - parts.width(begin, len(parts.graphemes))), begin)
    return parts.text(0, end) + ELLIPSIS + parts.text(begin, len(parts.graphemes)) + added


def _from_difference(parts: _Parts, width: float, differs: int) -> str:
    """A short head, and the part from the first difference on."""
    room = width - 2 * parts.measure(ELLIPSIS)
    end = min(parts.head(room / 3), differs)
    last = parts.head(room - parts.width(0, end), differs)
    rest = ELLIPSIS if last < len(parts.graphemes) else ""
    return parts.text(0, end) + ELLIPSIS + parts.text(differs, last) + rest


def _show_differences(
    lines: Sequence[_Parts], made: list[str], group: Sequence[int], width: float
) -> None:
    """Shorten a group of lines at their first difference; again for those that stay alike."""
    groups = [list(group)]
    for _ in range(_MOST_TRIES):
        again = []
        for each_group in groups:
            differs = _common(lines, each_group)
            for each in each_group:
                if lines[each].room > width:
                    made[each] = _from_difference(lines[each], width, differs)
            places = alike([made[each] for each in each_group])
            again += [[each_group[place] for place in those] for those in places]
        groups = again


def _common(lines: Sequence[_Parts], group: Sequence[int]) -> int:
    """The number of leading graphemes that all lines share."""
    first, *others = (lines[each].graphemes for each in group)
    for place, grapheme in enumerate(first):
        if any(len(other) <= place or other[place] != grapheme for other in others):
            return place
    return len(first)


def _with_number(parts: _Parts, width: float, used: set[str]) -> str:
    return next(
        label
        for number in count(1)
        if look_key(label := _ends(parts, width, f" ({number})")) not in used
    )


def _columns(grapheme: str) -> int:
    return max(1, wcswidth(grapheme), units(grapheme) // _UNITS_A_COLUMN)
