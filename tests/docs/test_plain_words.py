"""Docstrings, comments and log lines name the person or the part that they are about."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

FOLDERS = ("bot", "storage", "demo")
_EVASIVE = re.compile(
    r"\b(nobody|somebody|someone|anybody|anyone|everybody|whoever|what\s+became\s+of)\b",
    re.IGNORECASE,
)


def modules() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Every string that stands as a statement, with its line: those below constants, too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            text = node.value.value
            if isinstance(text, str):
                yield node.lineno, text


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Every block of comments on consecutive lines, with its first line."""
    begin, block = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if block and line != begin + len(block):
            yield begin, "\n".join(block)
            block = []
        if not block:
            begin = line
        block.append(token.string.lstrip("# "))
    if block:
        yield begin, "\n".join(block)


def log_texts(source: str) -> Iterator[tuple[int, str]]:
    """The text of every log line, with its line in the code."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "_log"
        ):
            for text in node.args:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.lineno, text.value


def evasions(source: str) -> list[tuple[int, str]]:
    """The evasive words of a module's docstrings, comments and log lines, each with its line."""
    return sorted(
        (line + text[: found.start()].count("\n"), " ".join(found[0].lower().split()))
        for line, text in (*docstrings(source), *comments(source), *log_texts(source))
        for found in _EVASIVE.finditer(text)
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_comments_and_log_lines_hold_no_evasive_words(folder: str) -> None:
    hits = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in modules()
        if path.is_relative_to(ROOT / folder)
        for line, word in evasions(path.read_text(encoding="utf-8"))
    ]
    assert hits == [], "\n".join(["", *hits])


@pytest.mark.parametrize(
    ("code", "line", "word"),
    [
        ('"""Nobody waits."""\n', 1, "nobody"),
        ('def f():\n    """One.\n\n    For somebody.\n    """\n', 4, "somebody"),
        ('X = 1\n"""For whoever asks."""\n', 2, "whoever"),
        ("X = 1\n# One.\n# For anyone.\n", 3, "anyone"),
        ("X = 1  # What became\n# of a message.\n", 1, "what became of"),
        ('"""What became\nof a message."""\n', 1, "what became of"),
        ('X = 1\n_log.info("nobody answers", by=1)\n', 2, "nobody"),
    ],
)
def test_an_evasive_word_is_found_with_its_line(code: str, line: int, word: str) -> None:
    assert evasions(code) == [(line, word)]


@pytest.mark.parametrize(
    "code",
    [
        'log("nobody knows")\n',
        'X = "# somebody"\n',
        "def nobody():\n    return 1\n",
        '"""The body of everyone\'s message."""\n',
    ],
)
def test_texts_names_and_other_words_are_no_evasion(code: str) -> None:
    assert evasions(code) == []
