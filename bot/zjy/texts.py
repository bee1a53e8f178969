"""Makes text of the platform valid on entry, so that it can be stored, shown and sent back.

The platform cuts names by UTF-16 units, so any of its texts can have half an emoji, which cannot be
encoded (``docs/platform.md``, section *Transport*).
"""

import re

MOST_CHARACTERS = 1000
"""The most characters, more than in any name or message; the rest is cut."""

_BLANK = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = re.compile(
    # Controls, direction marks, byte order marks and noncharacters.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)


def whole(text: str) -> str:
    """The text on one line, with halves of characters replaced by U+FFFD and invisible ones
    removed."""
    if text.isascii() and text.isprintable():
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNSEEN.sub("", _BLANK.sub(" ", joined))
