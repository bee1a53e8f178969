"""Keys of notices come from one module: another spelling of one would let a chat be told twice."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_module_spells_the_key_of_a_notice_itself() -> None:
    spelled = [
        f"{file.relative_to(ROOT)}:{node.value.lineno}"
        for file in sorted((ROOT / "bot").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword)
        and node.arg == "once"
        and isinstance(node.value, ast.JoinedStr | ast.Constant | ast.BinOp)
        and not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool))
    ]
    assert spelled == []
