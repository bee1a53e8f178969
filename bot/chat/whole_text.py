"""Texts from outside without what SQLite and UTF-8 refuse."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_NAMES_OF_THE_LIBRARY = frozenset({"from_user", "api_kwargs"})


def whole(value: object) -> object:
    """A JSON value without half emojis and NUL in its texts.

    Names that the library uses for itself are left out: it would take such a field for one of its
    own attributes (``telegram.TelegramObject`` sets each that is None from what it does not know).
    Raises RecursionError for one that is nested too deeply.
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
    """Two halves of an emoji beside each other become one; a half alone is replaced."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", _REPLACEMENT)


def _is_taken(name: str) -> bool:
    return name.startswith("_") or name in _NAMES_OF_THE_LIBRARY
