"""How people's apps split a text that is too long for one message."""

from collections.abc import Iterator

from demo.telegram.html_text import utf16_length

MAX_TEXT = 4096
"""UTF-16 code units of one message."""


def parts(text: str) -> Iterator[str]:
    """The messages that a text is sent as: each ends at a line break of its second half, else at
    a blank, else where it is full, as Telegram Desktop does it. Blank messages are not sent."""
    whole = text
    while utf16_length(text) > MAX_TEXT:
        end = _end(text)
        if text[:end].strip():
            yield text[:end]
        text = text[end:]
    if text.strip() or text == whole:
        yield text


def _end(text: str) -> int:
    """The index at which the first message of a longer text ends."""
    length, best, level = 0, 0, 0
    for index, char in enumerate(text):
        if length > MAX_TEXT // 2:
            here = 2 if char == "\n" else 1 if char.isspace() else 0
            if here >= level:
                best, level = index, here
        length += utf16_length(char)
        if length > MAX_TEXT:
            break
    return best
