"""The registry of commands, the handlers, the READMEs and the command line say the same."""

import ast
import re

import pytest

from bot.chat.commands import COMMANDS
from tests.docs.pages import ROOT, page, pages

NAMES = {command.name for command in COMMANDS}
OTHERS = {"newbot", "revoke", "data", "tmp", "healthz", "metrics"}
"""Commands of @BotFather, folders, and paths that a server answers."""
_IN_CHAT = re.compile(r"/([a-z]+)")


def routed() -> set[str]:
    """The keys of the mapping ``commands`` in ``routes.py``."""
    tree = ast.parse((ROOT / "bot/handlers/routes.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == "commands"
            and isinstance(node.value, ast.Dict)
        ):
            return {str(ast.literal_eval(key)) for key in node.value.keys if key is not None}
    raise AssertionError("routes.py has no mapping of commands")


def test_every_command_has_a_handler_and_every_handler_is_in_the_registry() -> None:
    assert routed() == NAMES


def test_no_command_stands_in_the_registry_twice() -> None:
    assert len(COMMANDS) == len(NAMES)


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_a_readmes_table_names_every_command_and_nothing_else(readme: str) -> None:
    assert set(page(readme).table_of(r"`/([a-z]+)`")) == NAMES


def test_no_page_names_a_command_that_does_not_exist() -> None:
    for each in pages():
        if each.path.is_relative_to(ROOT / "tests"):
            continue
        spans = (_IN_CHAT.fullmatch(span) for span in each.code_spans)
        unknown = {match.group(1) for match in spans if match} - NAMES - OTHERS
        assert not unknown, f"{each.path.name}: {unknown}"


def test_the_pages_name_only_subcommands_that_the_command_line_has() -> None:
    source = (ROOT / "bot/cli.py").read_text(encoding="utf-8")
    known = set(re.findall(r'add_parser\("([a-z]+)"', source))
    assert "run" in known

    for each in pages():
        named = set(re.findall(r"-m bot ([a-z]+)", each.text))
        assert named <= known, each.path.name
