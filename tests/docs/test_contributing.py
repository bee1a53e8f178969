"""CONTRIBUTING.md sends people to files and names that exist."""

import re

import pytest

from tests.docs.named_code import names_in
from tests.docs.pages import ROOT, page

PAGE = "CONTRIBUTING.md"
CHANGES = 30
_CHANGE = r"(an? [a-z0-9 -]+)"
_SPAN = re.compile(r"`([^`]+)`")
_PATH = re.compile(r"[\w.-]+/(?:[\w.-]+/)*(?:[\w-]+\.\w+)?|\.env\.example|[A-Z]\w+(?:\.zh)?\.md")
_NAME_IN_FILE = re.compile(r"`(\w+)` in\s`([\w/]+\.py)`")


def paths(text: str) -> list[str]:
    """The files and folders that a text names in backticks, without those to be made."""
    spans = _SPAN.findall(text)
    return [span for span in spans if _PATH.fullmatch(span) and "NNNN" not in span]


def test_each_change_names_files_that_exist() -> None:
    changes = page(PAGE).table_of(_CHANGE)

    assert len(changes) == CHANGES
    for change, (files,) in changes.items():
        named = paths(files)
        assert len(named) > 1, change
        assert [path for path in named if not (ROOT / path).exists()] == [], change


@pytest.mark.parametrize("name", ["docs/design.md", "docs/tour.md"])
def test_where_things_go_is_linked_above_the_first_section(name: str) -> None:
    top = page(name).text.partition("\n## ")[0]
    assert any(level == 2 and title == "Where things go" for level, title in page(PAGE).headings)
    assert "](../CONTRIBUTING.md#where-things-go)" in top


def test_each_path_on_the_page_exists() -> None:
    named = paths(page(PAGE).prose)

    assert len(named) > 80
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_each_name_that_is_said_to_be_in_a_file_is_there() -> None:
    named = _NAME_IN_FILE.findall(page(PAGE).prose)

    assert named
    assert [(name, file) for name, file in named if name not in names_in(file)] == []
