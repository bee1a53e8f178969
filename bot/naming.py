"""Makes equal names distinct: adds a detail in which they differ, else a number."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

BETWEEN = " · "
"""Between a name and its distinguishing detail."""
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_TAGS = range(0xE0020, 0xE0080)
"""The joiners and these characters compose emoji and letters; other format characters do not."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Signs without a glyph: fillers of Hangul and Khmer, the empty Braille pattern, and the grapheme
joiner."""
_ONE_LOOK = (
    *("AАΑ", "BВΒ", "CСϹ", "EЕΕ", "HНΗ", "IІΙlӀ|", "JЈ", "KКΚK", "MМΜ", "NΝ", "OОΟ", "PРΡ", "SЅ"),
    *(
        "TТΤ",
        "XХΧ",
        "YҮΥ",
        "ZΖ",
        "aа",
        "cсϲ",
        "eе",
        "iі",
        "jј",
        "oоο",
        "pр",
        "sѕ",
        "vν",
        "xх",
        "yу",
    ),
    *("-‐‑‒–—―−⸺─", "·•・‧∙⋅･", "'‘’‚‛′`´", '"“”„‟″', ".。｡", ",，、､", "~～〜∼", "〇○"),
)
_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
"""Characters that choose between forms of the sign before them."""
_LOOK = {
    **str.maketrans({sign: signs[0] for signs in _ONE_LOOK for sign in signs[1:]}),
    **dict.fromkeys((*map(ord, _BLANK), *_SELECTORS), ""),
}
"""Letters of other alphabets, dashes, dots and quotes that a button shows alike, and what it does
not show."""


def one_line(text: str) -> str:
    """The text as one line, without control characters, direction marks and lone surrogates."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():  # of most texts this one look is enough
        composed = "".join(sign for sign in composed if _is_shown(sign))
    return " ".join(composed.split())


def look_key(text: str) -> str:
    """A key that is equal for texts that look alike: letter width, alphabets, kinds of dashes and
    quotes, blanks and joiners do not count."""
    plain = unicodedata.normalize("NFKC", one_line(text))
    if not plain.isprintable():
        plain = "".join(sign for sign in plain if unicodedata.category(sign) not in _HIDDEN)
    return " ".join(plain.translate(_LOOK).split())


def told_apart(names: Sequence[str], details: Sequence[Sequence[str]] = ()) -> list[str]:
    """Names that look different, in the given order; names that already do stay as they are.

    ``details`` holds further facts for each name, the most telling first. Names that look alike get
    the first detail that differs between all of them, else as many details as are needed, else a
    number.
    """
    lines = list(names)
    for group in alike(lines) if details else ():
        known = [[one_line(detail) for detail in details[each]] for each in group]
        for each, added in zip(group, _differences(known), strict=True):
            lines[each] = _joined(one_line(lines[each]), added)
    return _numbered(lines)


def alike(lines: Sequence[str]) -> list[list[int]]:
    """The indices of lines that look alike, group by group."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        groups[look_key(line)].append(place)
    return [places for places in groups.values() if len(places) > 1]


def _joined(name: str, added: Sequence[str]) -> str:
    return BETWEEN.join(part for part in (name, *added) if part)


def _numbered(lines: list[str]) -> list[str]:
    groups = alike(lines)
    taken = {look_key(line) for line in lines} if groups else set()
    for group in groups:
        numbers = count(1)
        for each in group:
            name = one_line(lines[each])
            named = (f"{name} ({number})".strip() for number in numbers)
            lines[each] = next(line for line in named if look_key(line) not in taken)
            taken.add(look_key(lines[each]))
    return lines


def _differences(known: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each member of a group the details that distinguish it, as far as there are any."""
    columns = list(zip(*known, strict=True))
    for column in columns:
        if len({look_key(detail) for detail in column}) == len(column):
            return [[detail] for detail in column]
    added: list[list[str]] = [[] for _ in known]
    classes = 1
    for column in columns:
        longer = [[*parts, detail] for parts, detail in zip(added, column, strict=True)]
        found = len({tuple(look_key(part) for part in parts) for parts in longer})
        if found > classes:
            added, classes = longer, found
    return added


def _is_shown(sign: str) -> bool:
    if sign.isspace() or sign in _JOINERS or ord(sign) in _TAGS:
        return True
    return unicodedata.category(sign) not in _HIDDEN
