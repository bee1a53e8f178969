"""The texts of the program: what a translator is given, extracted and as syntax."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

from tests.docs.pages import ROOT

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "tr": None,
    "default": None,
    "self": None,
    "_": None,
    "html": None,
    "plural": (1, 2),
}
TRANSLATOR_NAMES = frozenset({"tr", "default", "self"})
TRANSLATOR_METHODS = frozenset({"html", "plural", "duration", "minutes", "clock_time", "ago"})

Message = str | tuple[str, ...]


def sources() -> list[Path]:
    """The bot's own modules."""
    return sorted((ROOT / "bot").rglob("*.py"))


def messages() -> dict[Message, str]:
    """Every message that the code gives to a translator → where it stands."""
    found: dict[Message, str] = {}
    for path in sources():
        file = io.BytesIO(path.read_bytes())
        for line, message, _, _ in extract("python", file, keywords=KEYWORDS):
            key = tuple(message) if isinstance(message, list | tuple) else message
            found[key] = f"{path.relative_to(ROOT)}:{line}"
    return found


def is_translation(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in TRANSLATOR_NAMES
    return isinstance(node.func, ast.Attribute) and (
        node.func.attr in TRANSLATOR_METHODS or node.func.attr in TRANSLATOR_NAMES
    )


def literals_outside_translations(node: ast.AST) -> Iterator[ast.Constant]:
    """String constants below ``node`` outside translations; formats within f-strings are none."""
    if is_translation(node):
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
        return
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.FormattedValue) and name == "format_spec":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from literals_outside_translations(child)


def called(node: ast.AST, name: str) -> bool:
    """Whether the node calls a function of that name."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
