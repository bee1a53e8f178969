"""Parts a value from digits and letters that are written right beside it: an account number, a
telephone number, the last letters of a word."""

from bot.zjy.cookie_values import USUAL, Chain, Doubt, Piece, Reading

MOST_GLUED = 40
"""A reading that has up to so many more digits may be such a value with a number or the letters of
a word written right beside it."""
SURELY_GLUED = 6
"""So many decimal digits at an end of a reading are likelier a number than a part of the value."""
BLOCK = 16
"""The digits of 8 bytes. A value is whole blocks, as encrypted texts are: a reading of whole blocks
is cut only where what is cut off is surely another thing."""
_TELEPHONE = 11
"""The digits of a mobile number, which begins with 1."""
_MORE_VALUES = (USUAL, 2 * USUAL, 3 * USUAL)
"""What two to four values without anything between them have more than one."""
_MOST_AT_BOTH_ENDS = 3
"""The most further readings with digits glued to both ends."""
_MOST_AROUND_TWO = 1
"""Those of two pieces, which may be two values: these are told as well, and few are told."""


def with_glued(reading: Reading) -> list[Reading]:
    """The reading, and the values in it if other digits may be glued to their ends."""
    extra = reading.width - USUAL
    if extra in _MORE_VALUES:
        doubt = max(reading.doubt, Doubt.SECOND_READING)
        starts = range(0, reading.width, USUAL)
        parts = [_cut(reading.pieces, start, extra - start) for start in starts]
        return [*(Reading(part, reading.doubt) for part in parts), Reading(reading.pieces, doubt)]
    if not 0 < extra <= MOST_GLUED:
        return [reading]
    value = reading.value
    most = _MOST_AROUND_TWO if len(reading.pieces) == 2 else _MOST_AT_BOTH_ENDS
    cuts = [(before, extra - before) for before in _glued_before(value, extra, most)]
    sure = [cut for cut in cuts if _is_surely_glued(value, *cut)]
    if extra % BLOCK == 0:
        cuts = sure
    doubt = max(reading.doubt, Doubt.SECOND_READING)
    found = [
        Reading(_cut(reading.pieces, *cut), reading.doubt if cut in sure else doubt)
        for cut in (*sure, *(cut for cut in cuts if cut not in sure))
    ]
    whole = Reading(reading.pieces, doubt if sure else reading.doubt)
    return [*found[: len(sure)], whole, *found[len(sure) :]]


def _glued_before(value: str, extra: int, most: int) -> list[int]:
    """How many of the extra digits may stand before the value: all, none, or some, if what then
    stands at both ends is surely another thing, or is little; at most ``most`` of the last."""
    both = [
        before
        for before in sorted(
            range(1, extra), key=lambda each: _has_no_telephone(value, each, extra)
        )
        if extra <= _MOST_AT_BOTH_ENDS or _is_surely_glued(value, before, extra - before)
    ]
    return [extra, 0, *both[:most]]


def _has_no_telephone(value: str, before: int, extra: int) -> bool:
    """Whether the digits at neither end have the shape of a telephone number."""
    ends = (value[:before], value[before - extra :])
    return not any(len(end) == _TELEPHONE and end.startswith("1") for end in ends)


def _is_surely_glued(value: str, before: int, after: int) -> bool:
    """Whether what the value loses is another thing: a long number, letters in the other case, or
    the rest of a mail's ``=3D``."""
    ends = [end for end in (value[:before], value[len(value) - after :] if after else "") if end]
    inner = value[before : len(value) - after]
    return all(
        (end.isdecimal() and len(end) >= SURELY_GLUED)
        or (end.islower() and inner.isupper())
        or (end.isupper() and inner.islower())
        or (end == value[:before] == "3D" and not after)
        for end in ends
    )


def _cut(pieces: Chain, before: int, after: int) -> Chain:
    """The pieces without so many digits at both ends."""
    kept = list(pieces)
    while before:
        first = kept.pop(0)
        if before < first.width:
            rest = first.digits[before:]
            kept.insert(0, Piece(first.start + before, first.end, rest, first.gap))
        before = max(before - first.width, 0)
    while after:
        last = kept.pop()
        if after < last.width:
            rest = last.digits[: last.width - after]
            kept.append(Piece(last.start, last.end - after, rest, last.gap))
        after = max(after - last.width, 0)
    return kept
