"""The page on security names a test that exists for each threat."""

import pytest

from tests.docs.named_tests import NAMED, missing
from tests.docs.pages import ROOT, page

SECURITY = "docs/security.md"


def threats() -> dict[str, list[str]]:
    (table,) = [rows for rows in page(SECURITY).tables if any(NAMED.search(r[-1]) for r in rows)]
    return {row[0]: row[1:] for row in table}


def test_the_page_names_many_threats_once() -> None:
    (table,) = [rows for rows in page(SECURITY).tables if any(NAMED.search(r[-1]) for r in rows)]

    assert len(table) > 20
    assert len({row[0] for row in table}) == len(table)


@pytest.mark.parametrize("threat", threats())
def test_every_threat_has_a_test_that_exists(threat: str) -> None:
    holds, tests = threats()[threat]

    assert len(holds) > 10
    assert NAMED.findall(tests)
    assert NAMED.sub("", tests).strip(", ") == ""
    assert missing(tests) == []


@pytest.mark.parametrize(
    "words",
    [
        "forged and replayed presses",
        "forwarded or replayed links of claims and invites",
        "another chat's ids",
        "HTML and marks of direction in names",
        "a hundred thousand updates of strangers",
        "an answer of the platform that has no end",
        "an answer of the platform that unpacks to gigabytes",
        "an answer of the platform that drips",
        "a platform that leads elsewhere",
        "links in the data folder",
        "other users of the machine",
        "a restored file with triggers, views or tables of its own",
        "secrets in the log, the database, its log, copies, messages or errors",
    ],
)
def test_what_a_reader_looks_for_first_has_a_row(words: str) -> None:
    assert words in threats()


def test_every_test_of_the_folder_of_threats_is_named() -> None:
    text = page(SECURITY).text

    for path in (ROOT / "tests/threats").glob("test_*.py"):
        assert f"`tests/threats/{path.name}::" in text


def test_the_way_to_report_leads_to_the_page_and_back() -> None:
    assert "docs/security.md" in page("SECURITY.md").links
    assert "../SECURITY.md" in page(SECURITY).links
