"""Code that a page names: ``bot/zjy/gate.py`` or ``bot/zjy/gate.py::Session.view`` in backticks."""

import ast
import re
from functools import cache

from tests.docs.pages import ROOT, Page

_NAMED = re.compile(r"((?:\w+/)*\w+\.py)(?:::([\w.]+))?")


def named_code(page: Page) -> list[tuple[str, str]]:
    """Each file that the page names with what it names in it, empty for the file alone."""
    found = (_NAMED.fullmatch(span) for span in page.code_spans)
    return [(match.group(1), match.group(2) or "") for match in found if match]


@cache
def names_in(file: str) -> frozenset[str]:
    """The functions, classes, methods and constants of a file, methods as ``Class.method``."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(_names(tree.body, ""))


def _names(body: list[ast.stmt], within: str) -> list[str]:
    found: list[str] = []
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.append(within + name)
            case ast.ClassDef(name=name, body=members):
                found += [within + name, *_names(members, f"{within}{name}.")]
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.append(within + name)
            case _:
                pass
    return found


def imported_by(file: str) -> frozenset[str]:
    """The project's files that a file imports from, as paths."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    modules = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for name in (node.module, *(f"{node.module}.{each.name}" for each in node.names))
    }
    paths = (f"{module.replace('.', '/')}.py" for module in modules)
    return frozenset(path for path in paths if (ROOT / path).is_file())
