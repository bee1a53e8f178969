"""Removes line numbers that an editor or a listing put before the lines of a broken value."""

import re

_NUMBERED = re.compile(
    # Quote signs, the number, and what separates it from the line.
    r"^[ \t>|│┃]{0,40}+[\[(（]?(\d{1,5}+)"
    r"(?:[\])）][ \t]{0,9}|[ \t]{0,9}[.:：、|│>-][ \t]{0,9}|[ \t]{1,9})",
    re.MULTILINE,
)
_BEGINS = re.compile(r"""["']?[0-9A-Fa-f]""")
_ENDS = re.compile(r"""(?:[0-9A-Fa-f]{8}|[=:：])[^0-9A-Za-z\n]{0,9}\Z""")
_LOOKED_AT = 24


def without_line_numbers(text: str) -> str:
    """The text without the numbers of adjacent lines that count up by one, where hex digits go on
    from one line to the next. Takes time linear in the text."""
    kept: list[str] = []
    done = 0
    before: re.Match[str] | None = None
    for line in _NUMBERED.finditer(text):
        if before is not None and _follows(text, before, line):
            if before.start() >= done:
                kept.append(text[done : before.start()])
                done = before.end()
            kept.append(text[done : line.start()])
            done = line.end()
        before = line
    return "".join([*kept, text[done:]])


def _follows(text: str, before: re.Match[str], line: re.Match[str]) -> bool:
    if int(line.group(1)) != int(before.group(1)) + 1 or not _BEGINS.match(text, line.end()):
        return False
    end = line.start() - 1
    if text.find("\n", before.end(), end) >= 0:
        return False
    return _ENDS.search(text[max(before.end(), end - _LOOKED_AT) : end]) is not None
