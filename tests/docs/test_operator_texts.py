"""What the program says to its operator is explained on the hosting pages, in both languages."""

import ast

import pytest

from tests.docs.operator_texts import LEVELS, calls, log_lines, sentences, text_of
from tests.docs.pages import Page, page

PAGES = ("docs/hosting.md", "docs/hosting.zh.md")
SHORTEST = 7
"""Characters of a piece that a sentence is known by."""


def rows(each: Page) -> list[list[str]]:
    return [row for table in each.tables for row in table if row[0].startswith("`")]


def explained(each: Page, columns: int) -> list[str]:
    found = [row[0].strip("`") for row in rows(each) if len(row) == columns]
    return [piece for piece in found if len(piece) >= SHORTEST]


def test_the_search_finds_lines_and_sentences() -> None:
    assert len(log_lines()) > 60
    assert len(sentences()) > 40
    assert "the bot is running" in log_lines()
    assert any("There is no backup" in each for each in sentences())


@pytest.mark.parametrize("name", PAGES)
def test_every_line_of_the_log_is_explained(name: str) -> None:
    known = set(explained(page(name), 3))

    assert {line: where for line, where in log_lines().items() if line not in known} == {}


@pytest.mark.parametrize("name", PAGES)
def test_every_sentence_is_explained(name: str) -> None:
    known = explained(page(name), 2)
    missing = {
        sentence: where
        for sentence, where in sentences().items()
        if not any(piece in sentence for piece in known)
    }

    assert missing == {}


@pytest.mark.parametrize("name", PAGES)
def test_the_levels_are_those_of_the_code(name: str) -> None:
    levels: dict[str, set[str]] = {}
    for _, call in calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS and call.args:
            level = {"exception": "error"}.get(call.func.attr, call.func.attr)
            levels.setdefault(text_of(call.args[0]) or "", set()).add(level)
    said = {row[0].strip("`"): row[1] for row in rows(page(name)) if len(row) == 3}

    assert {
        each: level for each, level in said.items() if level not in levels.get(each, {level})
    } == {}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_explained_twice(name: str) -> None:
    """Two explanations of one line go apart."""
    known = [(row[0], len(row)) for row in rows(page(name))]

    assert [each for each in known if known.count(each) > 1] == []


def test_both_pages_explain_the_same() -> None:
    one, other = ([row[0] for row in rows(page(name))] for name in PAGES)

    assert one == other


@pytest.mark.parametrize("name", PAGES)
def test_every_explanation_says_something(name: str) -> None:
    assert [row[0] for row in rows(page(name)) if len(row[-1]) < 2] == []
