"""The content of one message: text as Telegram's HTML, the keyboard below it, and a file that it
carries, whose caption the text is."""

from dataclasses import dataclass, field
from enum import StrEnum

from telegram import InlineKeyboardMarkup

MAX_TEXT = 4096
"""The most UTF-16 code units that Telegram takes in one message."""
MAX_CAPTION = 1024
"""The most UTF-16 code units that Telegram takes in the caption of a photo or a document."""


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Effect(StrEnum):
    """An animation that apps play once when a message comes; the value is Telegram's id of it."""

    PARTY = "5046509860389126442"


@dataclass(frozen=True, slots=True)
class Screen:
    """``effect`` is for a new message in a private chat; elsewhere it is left out."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to look at; Telegram shows it scaled down and as JPEG."""

    content: bytes = field(repr=False)
    filename: str = "picture.png"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep, byte for byte, under its name."""

    content: bytes = field(repr=False)
    filename: str


Upload = Photo | Document
