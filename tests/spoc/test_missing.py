"""What a list lacks is taken for gone only after readings that are far apart."""

from datetime import UTC, datetime, timedelta

from bot.tracking.missing import GONE_AFTER, REMEMBERED, Missing

NOW = datetime(2026, 11, 29, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_nothing_is_gone_after_one_reading_or_after_several_within_hours() -> None:
    missing = Missing()
    assert not missing.may_go("list", {"a"}, NOW)
    assert not missing.may_go("list", {"a"}, NOW + HOUR)
    assert missing.may_go("list", {"a"}, NOW + GONE_AFTER)


def test_what_came_back_meanwhile_starts_anew() -> None:
    missing = Missing()
    missing.may_go("list", {"a"}, NOW)
    assert missing.may_go("list", set(), NOW + HOUR)
    assert not missing.may_go("list", {"a"}, NOW + GONE_AFTER)


def test_an_entry_that_is_missing_for_the_first_time_holds_the_others() -> None:
    missing = Missing()
    missing.may_go("list", {"a"}, NOW)
    assert not missing.may_go("list", {"a", "b"}, NOW + GONE_AFTER)
    assert not missing.may_go("another", {"a"}, NOW + GONE_AFTER)
    assert missing.may_go("list", {"a", "b"}, NOW + 2 * GONE_AFTER)


def test_lists_without_a_missing_entry_and_the_oldest_ones_take_no_room() -> None:
    missing = Missing()
    for number in range(REMEMBERED + 10):
        missing.may_go(number, {"a"}, NOW)
        missing.may_go(f"whole {number}", (), NOW)
    assert len(missing._since) == REMEMBERED
