"""The text of a schema's statements in one form, and the differences between two of them.

SQLite keeps the text of each statement and rewrites parts of it when a table is altered, with
quotation marks and spaces that may depend on its version. Two statements of the same form mean the
same.
"""

import re
from collections import Counter
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<skipped> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<quoted> "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
  | (?P<text> '(?:[^']|'')*' )
  | (?P<word> [^\W\d][\w$]* )
  | (?P<other> [\d.]+ | . )
    """,
    re.DOTALL | re.VERBOSE,
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@lru_cache(maxsize=512)
def normal(sql: str) -> str:
    """The statement without comments, in single spaces, with words in small letters and without
    needless quotation marks. Strings stay as they are."""
    return " ".join(_tokens(sql))


def _tokens(sql: str) -> list[str]:
    found = []
    for match in _TOKEN.finditer(sql.strip().rstrip(";")):
        text = match[0]
        if match["word"] and text.isascii():
            found.append(text.lower())
        elif match["quoted"] and _NAME.fullmatch(text[1:-1]):
            found.append(text[1:-1].lower())
        elif not match["skipped"]:
            found.append(text)
    return found


def parts(sql: str) -> Counter[str]:
    """The definitions in a statement's outermost brackets, and what stands around them, in the form
    of :func:`normal`."""
    found, depth, part = Counter[str](), 0, list[str]()
    for sign in [*_tokens(sql), ","]:
        depth -= sign == ")"
        if (sign == "," and depth <= 1) or (sign in {"(", ")"} and depth == 0):
            found[" ".join(part)] += bool(part)
            part = []
        else:
            part.append(sign)
        depth += sign == "("
    return +found
