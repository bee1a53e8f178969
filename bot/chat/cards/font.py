"""The typeface of the pictures: what it can draw, how wide a text is, where it is cut.

Noto Sans SC, one weight, from the package ``pylopdf-fonts-zh-cn``. It covers everyday
Chinese, Latin, Greek, Cyrillic and kana; emoji, Arabic, Hangul and rare Han it has not.
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
"""For a letter that the typeface lacks. Signs that it lacks, emoji above all, are left out."""
_NO_FONT_HAS = "\uffff"
_PROBE = 24
_NEVER_DRAWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_WORDS = re.compile(r"[（《“‘【〔]*(?:[!-\u024f]+|[^\s!-\u024f])[，。、；：！？）》”’】〕·]*")
"""What a line is broken between: Latin words and single Han, with the marks beside them."""


class Typeface:
    """One font file at any size. Every call of a thread into a font is made under :attr:`lock`:
    FreeType lets one thread at a time into a face."""

    def __init__(self, path: str) -> None:
        self.lock = RLock()
        self._path = path
        self._fonts: dict[int, FreeTypeFont] = {}
        self._has: set[str] = set()
        self._advances: dict[tuple[str, int], float] = {}
        self._notdef = self._drawn(_NO_FONT_HAS)

    def at(self, size: int) -> FreeTypeFont:
        """The font at a size in pixels. Use it under :attr:`lock` alone."""
        with self.lock:
            if size not in self._fonts:
                # Not Raqm: not every build of Pillow has it, and names need no shaping.
                self._fonts[size] = ImageFont.truetype(self._path, size, layout_engine=Layout.BASIC)
            return self._fonts[size]

    def missing(self, text: str) -> frozenset[str]:
        """The characters for which the font would draw its box."""
        return frozenset(character for character in text if not self._draws(character))

    def drawable(self, text: str) -> str:
        """One line that the font draws without a box: what has a plainer form takes it, other
        letters become :data:`STAND_IN`, other signs go. It can be empty."""
        composed = unicodedata.normalize("NFC", text)
        return " ".join("".join(map(self._nearest, composed)).split())

    def width(self, text: str, size: int) -> float:
        """Pixels that a drawable text takes."""
        return sum(self._advance(character, size) for character in text)

    def fit(self, text: str, size: int, room: float) -> str:
        """The drawable text within ``room`` pixels, head and tail where it is longer."""
        return cut(text, room, lambda part: self.width(part, size))

    def fit_all(self, texts: Sequence[str], size: int, room: float) -> list[str]:
        """The same of a list: each is unlike the others."""
        return labels(texts, room, lambda part: self.width(part, size))

    def lines(self, text: str, size: int, room: float, most: int) -> list[str]:
        """The drawable text in at most ``most`` lines; the last is cut where it must be."""
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
            return False  # not remembered: there is no end to what the font lacks
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
    """The one of this process. Opening it takes a millisecond: FreeType reads the file as it
    goes."""
    return Typeface(str(sans_path()))
