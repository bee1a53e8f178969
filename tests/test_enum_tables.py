"""Every table by values of an enum holds all of them, but for those that list a part."""

import importlib
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TypeGuard

import pytest

from bot.chat.views import reasons
from bot.handlers import hub
from bot.jobs.reads import RETRIED
from storage.enums import UNFINISHED, JobState, Outcome, OutcomeGroup
from tests.docs.named_code import names_in
from tests.docs.pages import ROOT

PARTIAL = {
    "bot.chat.keyboards._STYLES",  # the actions whose buttons have a colour
    "bot.chat.optional_notices.OPTIONAL",  # the notices that can be switched off
    "bot.zjy.priority.LEAST_SHARE",  # the priorities below the highest
    "bot.study.topic.UNTOUCHED",  # the kinds that are never studied
}
LEAST = 7
"""The fewest tables that the search must find."""


def tables() -> Iterator[tuple[str, Mapping[Enum, object]]]:
    """Each module's own mappings by an enum, with ``module.NAME``."""
    for path in [*ROOT.glob("storage/**/*.py"), *ROOT.glob("bot/**/*.py")]:
        file = path.relative_to(ROOT)
        if file.name == "__main__.py":
            continue
        module = ".".join(file.with_suffix("").parts)
        found = {
            name: value
            for name, value in vars(importlib.import_module(module)).items()
            if is_table(value)
        }
        for name in names_in(file.as_posix()) & found.keys() if found else ():
            yield f"{module}.{name}", found[name]


def is_table(value: object) -> TypeGuard[Mapping[Enum, object]]:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(k, Enum) for k in value)


def missing_in(table: Mapping[Enum, object]) -> set[Enum]:
    return {value for kind in {type(key) for key in table} for value in kind} - set(table)


TABLES = dict(tables())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_by_an_enum_holds_each_value(name: str) -> None:
    assert bool(missing_in(TABLES[name])) == (name in PARTIAL), missing_in(TABLES[name])


def test_the_search_finds_the_tables_of_names_marks_and_bounds() -> None:
    assert len(TABLES.keys() - PARTIAL) >= LEAST
    assert set(TABLES) >= {
        *PARTIAL,
        "bot.chat.views.modules.KIND_MARKS",
        "bot.chat.views.words.STATE_MARKS",
        "bot.study.pace._RULES",
        "storage.enums._GROUPS",
    }


def test_the_summary_orders_each_outcome_but_done() -> None:
    assert sorted(reasons._ORDER) == sorted(set(Outcome) - {Outcome.DONE})


def test_the_home_screen_orders_each_unfinished_state_before_queued() -> None:
    assert sorted(hub._ORDER) == sorted(UNFINISHED - {JobState.QUEUED})


def test_retry_tries_each_failed_outcome_and_the_locked_one() -> None:
    failed = {each for each in Outcome if each.group is OutcomeGroup.FAILED}
    assert set(RETRIED) == failed | {Outcome.LOCKED}
