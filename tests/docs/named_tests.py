"""Tests that a page names as proofs: ``tests/zjy/test_gate.py::test_…`` in backticks."""

import ast
import re
from functools import cache

from tests.docs.pages import ROOT

NAMED = re.compile(r"`(tests/(?:\w+/)*test_\w+\.py)::(test_\w+)`")


@cache
def functions_of(name: str) -> frozenset[str]:
    """The names of the test functions of a file; none where there is no such file."""
    path = ROOT / name
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


def missing(text: str) -> list[str]:
    """The tests that a text names and that do not exist."""
    return [
        f"{file}::{test}" for file, test in NAMED.findall(text) if test not in functions_of(file)
    ]
