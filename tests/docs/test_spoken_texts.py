"""Nothing reaches a person but through a translator: no literal text in a screen or on a button."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.docs.source_texts import called, is_translation, literals_outside_translations, sources

SHOWN = ("Screen", "button", "InlineKeyboardButton")
_NOT_SAID = re.compile(r"</?[a-z]+>|https?://\S*")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def says_something(constant: ast.Constant) -> bool:
    """Whether the text holds letters, apart from HTML tags and addresses."""
    return any(sign.isalpha() for sign in _NOT_SAID.sub("", str(constant.value)))


def put_into(function: Function, name: str) -> Iterator[ast.expr]:
    """Whatever the function assigns to a variable, or adds to it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(_names(each, name) for each in node.targets):
            yield node.value
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            if _names(node.target, name) and node.value is not None:
                yield node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _names(node.func.value, name)
            and node.func.attr in {"append", "extend", "insert"}
        ):
            yield node.args[-1]


def _names(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def literals_shown(function: Function) -> Iterator[ast.Constant]:
    """String constants that get into a first argument of a screen or a button, directly or
    through the function's own variables, past every translator."""
    waiting: list[ast.AST] = [
        node.args[0]
        for node in ast.walk(function)
        for name in SHOWN
        if called(node, name) and isinstance(node, ast.Call) and node.args
    ]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        yield from literals_outside_translations(node)
        for name in _variables_outside_translations(node):
            if name not in seen:
                seen.add(name)
                waiting.extend(put_into(function, name))


def _variables_outside_translations(node: ast.AST) -> Iterator[str]:
    if is_translation(node):
        return
    if isinstance(node, ast.Name):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _variables_outside_translations(child)


def unspoken(tree: ast.Module) -> list[str]:
    return [
        str(constant.value)
        for function in ast.walk(tree)
        if isinstance(function, Function)
        for constant in literals_shown(function)
        if says_something(constant)
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_screens_and_buttons_say_nothing_past_the_translator(path: Path) -> None:
    assert unspoken(parsed(path)) == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_translator_is_given_literal_texts_so_that_they_can_be_extracted(path: Path) -> None:
    """A command's summary is the exception: the registry marks it with ``_``."""
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.Call) or not is_translation(node) or not node.args:
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr not in {"html", "plural"}:
            continue
        count = 2 if isinstance(node.func, ast.Attribute) and node.func.attr == "plural" else 1
        for argument in node.args[:count]:
            marked = isinstance(argument, ast.Attribute) and argument.attr == "summary"
            literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            assert marked or literal, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    "code",
    [
        "def f(v):\n    return Screen('text')",
        "def f(v):\n    return button('返回', 1)",
        "def f(v):\n    return Screen(tr.html('a') + ' more')",
        "def f(v):\n    lines = [tr('a')]\n    lines.append('b')\n    return Screen(lines)",
        "def f(v):\n    t = f'<b>{v}</b> left'\n    return Screen(t)",
        "def f(v):\n    return keyboard([button('✓ ' + ('on' if v else 'off'), 1)])",
    ],
)
def test_a_text_past_the_translator_is_found(code: str) -> None:
    assert unspoken(ast.parse(code)) != []


@pytest.mark.parametrize(
    "code",
    [
        "def f(v):\n    return Screen('✅ ' + tr.html('a {x}', x='b'))",
        "def f(v):\n    return button(f'{v:g}% ‹', 1)",
        "def f(v):\n    t = f'▶️ <b>{tr(\"a\")}</b>: '\n    return Screen(t)",
    ],
)
def test_signs_and_tags_need_no_translator(code: str) -> None:
    assert unspoken(ast.parse(code)) == []
