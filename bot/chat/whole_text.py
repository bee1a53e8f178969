"""Removes from external texts what SQLite and UTF-8 reject, and from JSON what is nested too
deeply."""

import re

DEEPEST = 50
"""Levels of nested JSON that are kept of a text that is nested too deeply to be parsed."""

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_NAMES_OF_THE_LIBRARY = frozenset({"from_user", "api_kwargs"})


def whole(value: object) -> object:
    """A JSON value without lone surrogates and NUL in its strings.

    Field names that the library uses itself are left out: it would treat such a field as one of its
    own attributes (``telegram.TelegramObject`` sets each attribute that is None from unknown
    fields). Raises RecursionError if the value is nested too deeply.
    """
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, dict):
        return {
            _whole_text(name): whole(each) for name, each in value.items() if not _is_taken(name)
        }
    return value


def _whole_text(text: str) -> str:
    """Two adjacent surrogates become one character; a lone surrogate is replaced."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", _REPLACEMENT)


def _is_taken(name: str) -> bool:
    return name.startswith("_") or name in _NAMES_OF_THE_LIBRARY


def without_depths(text: str) -> str:
    """JSON text with null in place of objects and lists below :data:`DEEPEST` levels."""
    kept: list[str] = []
    levels, copied = 0, 0
    for found in _BRACKET.finditer(text):
        sign = found.group()
        if sign in {"{", "["}:
            levels += 1
            if levels == DEEPEST + 1:
                kept.append(text[copied : found.start()] + "null")
        elif sign in {"}", "]"}:
            if levels == DEEPEST + 1:
                copied = found.end()
            levels -= 1
    return "".join(kept) + text[copied:] if levels == 0 else text
