"""Finds the hex digits in a text and decides which of them may be one value.

Chats, terminals and keyboards break a value into lines and groups, and numbers or further values
can be beside it. A :data:`Chain` is a row of pieces separated only by blanks and line breaks; its
readings are the ways in which it can be one value or several.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, pairwise

FEWEST_DIGITS = 32
"""A chain of fewer digits holds no value."""
LONG = 64
"""A run of at least so many digits may be a value by itself."""
WIDEST_LINE = 132
"""The columns of a wide terminal: a longer run is whole, not a line of a broken value."""
WIDEST_GROUP = 63
"""Blanks separate groups within a line; longer runs that blanks separate are different values."""
WIDEST_GAP = 300
"""The most blanks in a gap: a terminal pads a line with blanks."""
MOST_PIECES = 2000
"""The most pieces that can be one value; more are a table."""
USUAL = 240
"""The digits of a value as the platform is known to issue it."""

_PIECE = re.compile(
    # Dots after a short run mean that it was truncated.
    r"(?<![0-9A-Za-z_])[0-9A-Fa-f]++(?![0-9A-Za-z_…]|\.\.\.)"
    # The last letter of the word before the value is not one of its digits.
    r"|(?:(?<=[Cc]ookie)|(?<=COOKIE)|(?<=[Vv]alue)|(?<=VALUE))[0-9A-Fa-f]{64,}+"
    r"|(?<![0-9A-Fa-f])(?<![Cc]ooki)(?<!COOKI)(?<![Vv]alu)(?<!VALU)[0-9A-Fa-f]{64,}+"
)
_BLANKS = re.compile(r"[ \t]+")
_LINE_BREAK = re.compile(
    # A comment sign or a bullet can precede each line; an option of a command is not one.
    r"""["' \t\\+=&|│┃-]*\n[ \t\n>|│┃"'+]*(?:(?:[#*•·;%]{1,3}|//|--?)[ \t]+["']?)?"""
)
_QUOTES = re.compile(r"""["'][ \t]*[+.]?[ \t]*["']""")
_BLANK_LINE = re.compile(r"\n[ \t>|│┃]*\n")


class Gap(IntEnum):
    """What separates a piece from the one before; a greater value separates more strongly."""

    START = 0
    BLANKS = 1
    LINE = 2
    PARAGRAPH = 3


class Doubt(IntEnum):
    """How likely a reading is, the likeliest first."""

    NONE = 0
    SECOND_READING = 1
    FRAGMENT = 2
    """A part of a likelier single value."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of hex digits, from ``start`` to before ``end``."""

    start: int
    end: int
    digits: str
    gap: Gap

    @property
    def width(self) -> int:
        return len(self.digits)

    @property
    def is_decimal(self) -> bool:
        return self.digits.isdecimal()


Chain = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Reading:
    """Pieces of a chain that may be one value."""

    pieces: Chain
    doubt: Doubt

    @property
    def value(self) -> str:
        return "".join(piece.digits for piece in self.pieces)

    @property
    def width(self) -> int:
        return _width(self.pieces)

    @property
    def looks_random(self) -> bool:
        """Whether it can be a value without a name. A broken value has letters and digits and no
        short groups inside, unlike rows of numbers."""
        return len(self.pieces) == 1 or (
            self.is_mixed and all(piece.width >= 4 for piece in self.pieces[1:-1])
        )

    @property
    def is_mixed(self) -> bool:
        """Whether it has both letters and decimal digits."""
        return not (
            all(piece.is_decimal for piece in self.pieces)
            or all(piece.digits.isalpha() for piece in self.pieces)
        )


def _width(pieces: Chain) -> int:
    return sum(len(piece.digits) for piece in pieces)


def chains(text: str) -> Iterator[Chain]:
    """The chains with at least :data:`FEWEST_DIGITS` digits, in the order of the text."""
    spans: list[tuple[int, int, Gap]] = []
    digits = 0
    for match in _PIECE.finditer(text):
        start, end = match.span()
        gap = _gap(text, spans[-1][1], start) if spans else None
        if gap is None:
            if digits >= FEWEST_DIGITS:
                yield _pieces(text, spans)
            spans, digits, gap = [], 0, Gap.START
        spans.append((start, end, gap))
        digits += end - start
    if digits >= FEWEST_DIGITS:
        yield _pieces(text, spans)


def _pieces(text: str, spans: list[tuple[int, int, Gap]]) -> Chain:
    return [Piece(start, end, text[start:end], gap) for start, end, gap in spans]


def _gap(text: str, start: int, end: int) -> Gap | None:
    """The gap between two pieces of one chain; None if they cannot belong to one value."""
    if end - start > WIDEST_GAP:
        return None
    between = text[start:end]
    if between == " " or _BLANKS.fullmatch(between):
        return Gap.BLANKS
    if _LINE_BREAK.fullmatch(between):
        return Gap.PARAGRAPH if _BLANK_LINE.search(between) else Gap.LINE
    return Gap.LINE if _QUOTES.fullmatch(between) else None


def readings(chain: Chain, *, named: bool, worst: Doubt = Doubt.NONE) -> Iterator[Reading]:
    """The ways to read a chain, the likeliest first. ``named``: a name precedes the first piece,
    which therefore belongs to the value."""
    whole = _whole(chain, named=named) if len(chain) <= MOST_PIECES else []
    for reading in whole:
        yield Reading(reading.pieces, max(reading.doubt, worst))
    if len(chain) == 1:
        return
    joined = any(each.doubt is Doubt.NONE and len(each.pieces) > 1 for each in whole)
    below = Doubt.FRAGMENT if joined else worst
    strongest = max(piece.gap for piece in chain[1:])
    starts = [at for at, piece in enumerate(chain) if at == 0 or piece.gap == strongest]
    for start, end in pairwise([*starts, len(chain)]):
        part = chain[start:end]
        if _width(part) >= FEWEST_DIGITS:
            yield from readings(part, named=named and start == 0, worst=below)


def _whole(chain: Chain, *, named: bool) -> list[Reading]:
    """Readings of a chain as one value, with or without the pieces at its ends."""
    if len(chain) == 1:
        return [Reading(chain, Doubt.NONE)]
    start, end = _block(chain)
    block = chain[start:end]
    if _width(block) < LONG:
        ways = [_without_numbers(chain, named=named), chain]
    else:
        head, tail = _head(chain, start, named=named), _has_tail(chain, start, end)
        ways = [chain[start - head : end + tail]]
        if len(block) > 1 or not _is_whole(
            block[0], chain[start - 1 : start], chain[end : end + 1]
        ):
            ways += _other_ends(chain, start, end, named=named)
    # A named piece that is too short for a value continues on the next line, whatever that
    # contains.
    is_cut = named and chain[0].width < FEWEST_DIGITS
    ways.sort(key=lambda way: _width(way) != USUAL)
    is_likely = is_cut or _width(ways[0]) == USUAL or _is_broken_evenly(ways[0])
    first = Doubt.NONE if is_likely else Doubt.SECOND_READING
    found: list[Reading] = []
    for way in ways:
        if all((way[0], way[-1]) != (each.pieces[0], each.pieces[-1]) for each in found):
            found.append(Reading(way, first if not found else Doubt.SECOND_READING))
    return found


def _other_ends(chain: Chain, start: int, end: int, *, named: bool) -> list[Chain]:
    """The readings of a block with other ends than the likely ones."""
    first = 0 if named else start
    ways = [chain[first : end + 1], chain[max(first - 1, 0) : end + 1], chain]
    if end < len(chain) and (chain[end].is_decimal or chain[end].width < 5 or end - start == 1):
        ways.insert(1, chain[first:end])
    return ways


def _block(chain: Chain) -> tuple[int, int]:
    """The adjacent pieces of equal width with the most digits: equal widths suggest a broken
    value."""
    best, most, at = (0, 1), 0, 0
    for width, group in groupby(chain, key=lambda piece: piece.width):
        count = len(list(group))
        if width * count > most:
            best, most = (at, at + count), width * count
        at += count
    return best


def _head(chain: Chain, start: int, *, named: bool) -> int:
    """How many pieces before the block belong to it: the rest of a line that begins with a name."""
    if named or start == 0:
        return start
    head = chain[start - 1]
    is_rest = head.width < chain[start].width and chain[start].gap >= Gap.LINE
    return int(is_rest and head.width >= 5 and not head.is_decimal)


def _has_tail(chain: Chain, start: int, end: int) -> bool:
    """Whether the piece after the block is the value's short end, not a number or word."""
    if end == len(chain) or chain[end].width > chain[start].width:
        return False
    tail, count = chain[end], end - start
    inner = max((piece.gap for piece in chain[start + 1 : end]), default=Gap.START)
    if tail.is_decimal:
        is_number = 8 <= tail.width <= 13 or end + 1 < len(chain)
        return count > 1 and not is_number and tail.gap <= inner
    if count > 1:
        return tail.width >= 5 or tail.gap >= inner
    return tail.gap >= Gap.LINE and tail.width >= 5 and chain[start].width <= WIDEST_LINE


def _is_whole(run: Piece, before: Chain, after: Chain) -> bool:
    """Whether the run is a whole value, so that the pieces around it must not be joined to it."""
    beside = [(piece, run.gap) for piece in before] + [(piece, piece.gap) for piece in after]
    return all(
        (piece.is_decimal or piece.width < 5)
        and (gap is Gap.BLANKS or piece.width >= 5 or run.width > WIDEST_LINE)
        for piece, gap in beside
    )


def _without_numbers(chain: Chain, *, named: bool) -> Chain:
    start, end = 0, len(chain)
    while end - start > 1 and _is_number(chain[end - 1], chain[end - 2]):
        end -= 1
    while not named and end - start > 1 and _is_number(chain[start], chain[start + 1]):
        start += 1
    return chain[start:end]


def _is_number(piece: Piece, neighbour: Piece) -> bool:
    """Whether it is likelier an account or telephone number than a group of digits."""
    return piece.is_decimal and 8 <= piece.width <= 13 and piece.width != neighbour.width


def _is_broken_evenly(pieces: Chain) -> bool:
    """Whether joined pieces can be the lines of one value: none is wider than a terminal, and not
    only some are separated by empty lines."""
    if len(pieces) == 1:
        return True
    if any(
        min(one.width, other.width) > WIDEST_GROUP and other.gap is Gap.BLANKS
        for one, other in pairwise(pieces)
    ):
        return False
    gaps = {piece.gap for piece in pieces[1:]}
    if Gap.PARAGRAPH in gaps and len(gaps) > 1:
        return False
    widest = line = 0
    for piece in pieces:
        line = piece.width if piece.gap >= Gap.LINE else line + piece.width
        widest = max(widest, line)
    lines = any(gap >= Gap.LINE for gap in gaps)
    return not lines or widest <= WIDEST_LINE
