"""Text made whole where it enters: what can be stored, shown and sent back.

Names are cut by UTF-16 units, so half an emoji can stand in any text of the platform, and no
encoding takes it (``docs/platform.md``, section *Transport*).
"""

import re

MOST_CHARACTERS = 1000
"""Longer than any name or message; the rest is cut."""

_BLANK = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = re.compile(
    # Controls, marks that turn the direction of what follows, byte order marks, no characters.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)


def whole(text: str) -> str:
    """The text on one line, halves of characters replaced by U+FFFD and the unseen taken out."""
    if text.isascii() and text.isprintable():
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNSEEN.sub("", _BLANK.sub(" ", joined))
