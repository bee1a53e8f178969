"""Rewrites the lines of ``.env`` that phones, office programs and shells write otherwise.

Only lines that set a known name are understood in other forms, and only where the value is plain.
"""

import re
import unicodedata
from collections.abc import Collection

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ASSIGNMENT = re.compile(
    r"\s*(?:(?:export|set)\s+|\$env:)?\s*[\"'“‘`]?(?P<name>[^\W\d]\w*)[\"'”’`]?"
    r"\s*[=＝:：]\s*(?P<value>.*)",
    re.IGNORECASE,
)
_ODD_QUOTES = re.compile(r"[“”„‘’＂＇「」`](?P<inner>.*)[“”„‘’＂＇「」`]\s*(?:#.*)?")
_CLOSED = re.compile(r"(['\"])(?:\\.|(?!\1).)*\1.*")


class UnclosedQuote(Exception):  # noqa: N818 -- it says what the line has
    """A known name's value opens a quotation mark and does not close it. ``line`` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def plain_lines(text: str, names: Collection[str]) -> str:
    """The text with its lines in the usual form, one for each line. ``names`` are the known names,
    in lower case. Raises UnclosedQuote."""
    lines = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).split("\n")
    return "\n".join(_plain(line, number, names) for number, line in enumerate(lines, start=1))


def _plain(line: str, number: int, names: Collection[str]) -> str:
    found = _ASSIGNMENT.fullmatch(line)
    if found is None:
        return line
    name, value = unicodedata.normalize("NFKC", found["name"]), found["value"].strip()
    is_open = value[:1] in {"'", '"'} and _CLOSED.fullmatch(value) is None
    if name.casefold() not in names:
        return "" if is_open else line  # it would take the next lines into its value
    if is_open:
        raise UnclosedQuote(number)
    odd = _ODD_QUOTES.fullmatch(value)
    return f"{name}={value if odd is None else odd['inner'].strip()}"
