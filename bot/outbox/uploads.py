"""Files that go out with a message; what is said with them is its caption."""

from dataclasses import dataclass, field

MAX_CAPTION = 1024
"""UTF-16 code units that Telegram takes below a photo or a document."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture to look at; Telegram shows it smaller and as JPEG."""

    content: bytes = field(repr=False)
    filename: str = "picture.png"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep, byte by byte, under its name."""

    content: bytes = field(repr=False)
    filename: str


Upload = Photo | Document
