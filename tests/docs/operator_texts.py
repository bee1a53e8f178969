"""What the program says to its operator: log lines, sentences of errors, and what it prints."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.docs.pages import ROOT

LEVELS = frozenset({"info", "warning", "error", "exception", "critical"})
GAP = "…"
"""Stands where a sentence holds a value."""
_FOLDERS = ("bot", "storage")
_ERRORS_OF = ("storage", "bot/settings.py", "bot/settings_reading.py", "bot/env_file.py")
"""Where an error's text is for the operator: the rest raises errors that people or handlers get."""
_OTHER_ERRORS = frozenset({"SettingsError"})


def text_of(node: ast.AST) -> str | None:
    """The text of a string expression, with gaps for its values; None for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(text_of(each) or GAP for each in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return (text_of(left) or GAP) + (text_of(right) or GAP)
        case _:
            return None


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Each module of the program with its path."""
    files = sorted(file for folder in _FOLDERS for file in (ROOT / folder).rglob("*.py"))
    return tuple(
        (file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8")))
        for file in files
    )


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node


def log_lines() -> dict[str, str]:
    """Each event that is logged at a level which operators see → where."""
    found: dict[str, str] = {}
    for path, call in calls():
        match call.func:
            case ast.Attribute(attr=level, value=ast.Name(id=("_log" | "log"))) if level in LEVELS:
                pass
            case ast.Attribute(attr="_say", value=ast.Name(id="self")):
                pass
            case _:
                continue
        text = text_of(call.args[0]) if call.args else None
        if text is not None:
            found[text] = f"{path}:{call.lineno}"
    return found


def _is_error(name: str) -> bool:
    return name in _error_names()


@cache
def _error_names() -> frozenset[str]:
    """The names of exceptions that are defined in the program."""
    return frozenset(
        node.name
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(_name(base).endswith(("Error", "Exception")) for base in node.bases)
    )


def sentences() -> dict[str, str]:
    """Each sentence on standard error or standard output → where."""
    found: dict[str, str] = {}
    for path, call in calls():
        name = _name(call.func)
        is_error = _is_error(name) and (path.startswith(_ERRORS_OF) or name in _OTHER_ERRORS)
        # Its text stands behind the name of a setting.
        is_error |= name == "ValueError" and path.startswith("bot/settings")
        is_print = name in {"print", "_say_and_fail"} and path in {"bot/cli.py", "bot/process.py"}
        text = text_of(call.args[0]) if call.args and (is_error or is_print) else None
        if text and len(text.replace(GAP, "").split()) > 2:
            found[text] = f"{path}:{call.lineno}"
    return found
