"""Reads the platform's JSON within bounds and makes its texts valid."""

import json

from bot.zjy.texts import whole

MOST_DEPTH = 64
"""The deepest nesting of lists and objects; the deepest real answer has about ten levels."""
MOST_PARTS = 40_000
"""The most values in one answer; a topic of 500 cells has about 15,000."""
MOST_DIGITS = 25
"""The most digits of an integer; a longer one is no id or code and is read as a float, which may be
infinite."""


class BadJson(Exception):  # noqa: N818 - says which of the two it is
    """The text cannot be read as JSON within the bounds."""


def parse(text: str) -> object:
    """The value, with each text in it passed through :func:`~bot.zjy.texts.whole`.

    NaN and infinity count as null, and so does a name with two different values in one object,
    since it is ambiguous. Raises :class:`BadJson`.
    """
    # Counted before parsing: the objects of a text can take thirty times its memory.
    if text.count(",") + text.count("[") + text.count("{") > MOST_PARTS:
        raise BadJson("too many values")
    try:
        value: object = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_constant=_nothing
        )
    except (ValueError, RecursionError) as error:
        raise BadJson(type(error).__name__) from None
    return _with_whole_texts(value)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        for name, value in pairs:
            if found[name] != value:
                found[name] = None
    return found


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


def _nothing(_name: str) -> None:
    return None


def _with_whole_texts(value: object) -> object:
    root = [value]
    waiting: list[tuple[dict[str, object] | list[object], int]] = [(root, 0)]
    while waiting:
        holder, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise BadJson("nested too deep")
        places = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for place, each in places:
            if isinstance(each, str):
                holder[place] = whole(each)  # type: ignore[index]
            elif isinstance(each, dict | list):
                waiting.append((each, depth + 1))
    return root[0]
