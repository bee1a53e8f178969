"""The table of proofs in ``docs/platform.md`` names tests that exist, for every fact there."""

import re

import pytest

from tests.docs.named_tests import NAMED, missing
from tests.docs.pages import page

PLATFORM = "docs/platform.md"
SECTION = "## Proofs\n"
_FACT = re.compile(r"^(?:- |\| (?!kind |code |read ))", re.MULTILINE)

SECTIONS = [
    "Transport",
    "Session",
    "Reading the course tree",
    "Studying a cell",
    "Result codes",
    "Two more habits of the server",
    "The site since 2023",
]


def facts() -> dict[str, int]:
    """Each section → how many bullets and rows it has."""
    text = page(PLATFORM).text.partition(SECTION)[0]
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return {
        name: len(_FACT.findall(body))
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
        if name in SECTIONS
    }


def rows() -> list[list[str]]:
    """The rows of the table: a section, a fact, its tests."""
    (table,) = [
        table for table in page(PLATFORM).tables if len(table[0]) == 3 and "::" in table[0][2]
    ]
    return table


def test_every_row_names_a_section_a_fact_and_tests_alone() -> None:
    for section, fact, tests in rows():
        assert section in SECTIONS, fact
        assert fact
        assert NAMED.sub("", tests).strip(", ") == "", fact
        assert NAMED.search(tests), fact


def test_every_test_that_is_named_exists() -> None:
    named = "\n".join(row[2] for row in rows())

    assert len(NAMED.findall(named)) > 50
    assert missing(named) == []


def test_no_fact_stands_in_the_table_twice() -> None:
    told = [(section, fact) for section, fact, _ in rows()]

    assert len(told) == len(set(told))


def test_each_fact_of_todays_site_is_in_its_stand_in() -> None:
    of_today = {fact: tests for section, fact, tests in rows() if section == SECTIONS[-1]}

    assert [fact for fact, tests in of_today.items() if "tests/demo/spoc/" not in tests] == []
    assert sum("tests/spoc/" in tests or "tests/e2e/" in tests for tests in of_today.values()) > 20


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_has_a_proof_for_each_of_its_facts(section: str) -> None:
    proved = [row for row in rows() if row[0] == section]

    assert 0 < facts()[section] <= len(proved)
