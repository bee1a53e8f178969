"""The typeface of the pictures: which characters it has, how wide a text is, where it is cut.

Noto Sans SC, one weight, from the package ``pylopdf-fonts-zh-cn``. It covers everyday Chinese,
Latin, Greek, Cyrillic and kana; it lacks emoji, Arabic, Hangul and rare Han.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from threading import RLock

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont, Layout
from pylopdf_fonts_zh_cn import sans_path

from bot.chat.labels import cut, labels

STAND_IN = "＊"
"""Replaces a letter that the typeface lacks. Missing symbols, emoji above all, are left out."""
_NO_FONT_HAS = "\uffff"
_PROBE = 24
_NEVER_DRAWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_WORDS = re.compile(r"[（《“‘【〔]*(?:[!-\u024f]+|[^\s!-\u024f])[，。、；：！？）》”’】〕·]*")
"""The units between which a line is broken: Latin words and single Han, with adjacent
punctuation."""


class Typeface:
    """One font file at any size. Every call into a font is made under :attr:`lock`: FreeType allows
    one thread at a time per face."""

    def __init__(self, path: str) -> None:
        self.lock = RLock()
        self._path = path
        self._fonts: dict[int, FreeTypeFont] = {}
        self._has: set[str] = set()
        self._advances: dict[tuple[str, int], float] = {}
        self._notdef = self._drawn(_NO_FONT_HAS)

    def at(self, size: int) -> FreeTypeFont:
        """The font at a size in pixels. Use it only under :attr:`lock`."""
        with self.lock:
            if size not in self._fonts:
                # Not Raqm: not every build of Pillow has it, and names need no shaping.
                self._fonts[size] = ImageFont.truetype(self._path, size, layout_engine=Layout.BASIC)
            return self._fonts[size]

    def missing(self, text: str) -> frozenset[str]:
        """The characters that the font lacks, for which it would draw a box."""
        return frozenset(character for character in text if not self._draws(character))

    def drawable(self, text: str) -> str:
        """The text as one line that the font draws without a box. A character with a plainer form
        is replaced by it, other missing letters by :data:`STAND_IN`; other missing symbols are
        removed. The line can be empty."""
        composed = unicodedata.normalize("NFC", text)
        return " ".join("".join(map(self._nearest, composed)).split())

    def width(self, text: str, size: int) -> float:
        """The width of a drawable text in pixels."""
        return sum(self._advance(character, size) for character in text)

    def fit(self, text: str, size: int, room: float) -> str:
        """The drawable text within ``room`` pixels; a longer text keeps its head and tail."""
        return cut(text, room, lambda part: self.width(part, size))

    def fit_all(self, texts: Sequence[str], size: int, room: float) -> list[str]:
        """Like :meth:`fit` for several texts; the results differ from each other."""
        return labels(texts, room, lambda part: self.width(part, size))

    def lines(self, text: str, size: int, room: float, most: int) -> list[str]:
        """The drawable text in at most ``most`` lines; the last line is cut if needed."""
        made = [""]
        rest = 0
        for word in _WORDS.finditer(text):
            longer = made[-1] + text[rest : word.end()]
            if made[-1] and self.width(longer, size) > room:
                if len(made) == most:
                    break
                longer = word.group()
                made.append("")
            made[-1] = longer
            rest = word.end()
        made[-1] += text[rest:]
        return [self.fit(line.strip(), size, room) for line in made]

    def _nearest(self, character: str) -> str:
        if character.isspace():
            return " "
        category = unicodedata.category(character)
        if category in _NEVER_DRAWN:
            return ""
        if self._draws(character):
            return character
        plain = unicodedata.normalize("NFKC", character)
        if not self.missing(plain):
            return plain
        return STAND_IN if category[0] in "LN" else ""

    def _draws(self, character: str) -> bool:
        if character in self._has:
            return True
        if self._drawn(character) == self._notdef:
            return False  # not cached: the set of missing characters has no bound
        self._has.add(character)
        return True

    def _drawn(self, character: str) -> tuple[tuple[int, int], bytes]:
        with self.lock:
            mask = self.at(_PROBE).getmask(character)
            return mask.size, bytes(mask)

    def _advance(self, character: str, size: int) -> float:
        known = self._advances.get((character, size))
        if known is None:
            with self.lock:
                known = self.at(size).getlength(character)
            self._advances[character, size] = known
        return known


@cache
def typeface() -> Typeface:
    """The typeface of this process. Opening it takes a millisecond: FreeType reads the file
    lazily."""
    return Typeface(str(sans_path()))
