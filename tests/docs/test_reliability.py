"""The page on reliability names tests that exist, for every promise and every event on it."""

import pytest

from tests.docs.named_tests import NAMED, missing
from tests.docs.pages import page

RELIABILITY = "docs/reliability.md"
PROMISES = {str(number) for number in range(1, 11)}


def promises() -> dict[str, list[str]]:
    return page(RELIABILITY).table_of(r"(\d+)")


def events() -> dict[str, list[str]]:
    return page(RELIABILITY).table_of(r"([a-z]{1,2})")


def test_every_promise_is_on_the_page() -> None:
    assert set(promises()) == PROMISES


@pytest.mark.parametrize("number", sorted(PROMISES))
def test_every_promise_has_a_test_that_exists(number: str) -> None:
    _, how, tests = promises()[number]
    assert how
    assert NAMED.findall(tests)
    assert NAMED.sub("", tests).strip(", ") == ""
    assert missing(tests) == []


def test_every_event_has_a_test_that_exists() -> None:
    for event, (what, does, tests) in events().items():
        assert what, event
        assert does, event
        assert NAMED.findall(tests), event
        assert NAMED.sub("", tests).strip(", ") == "", event
        assert missing(tests) == [], event
