"""Files that a message carries; the message's text is their caption."""

from dataclasses import dataclass, field

MAX_CAPTION = 1024
"""The most UTF-16 code units that Telegram takes in the caption of a photo or a document."""


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
