"""A percent that the platform does not tell: what was told before stands, as of then, and a course
of which none was ever told is never at 0 %."""

from pathlib import Path

import pytest

from bot.chat.digest_card import card_of
from bot.chat.i18n import load_translators
from bot.chat.views.digest import digest
from demo.platform import (
    Endpoint,
    Fault,
    School,
    course,
    module,
    picture,
    school_of,
    topic,
)
from storage.rows import rows
from tests.support.digest_harness import (
    DigestHarness,
    SentReport,
    learns_nothing,
    local,
    play_digests,
)
from tests.support.names import ANNA

from .one_chat import begin

every_odd = pytest.mark.parametrize("odd", [None, "--", "66,6", {}, float("nan"), True], ids=repr)
DEEPER = (Endpoint.TOPICS, Endpoint.CELLS)


def a_school() -> School:
    """A course of which a quarter is done."""
    cells = [picture(finished=True), picture(), picture(), picture()]
    return school_of(courses=[course([module([topic(cells)], name="模块一")], name="护理")])


def tell_no_percents(harness: DigestHarness, odd: object) -> None:
    for endpoint in (Endpoint.COURSES, Endpoint.MODULES):
        harness.platform.faults.add(endpoint, Fault.percents(odd), times=None)


async def recorded(harness: DigestHarness) -> list[tuple[int, float]]:
    """The day of the month and the percent of each point of the chart."""
    (account,) = await harness.accounts.of_chat(ANNA)
    await harness.history.keep_seen_of(account.id)
    (line,) = await harness.history.of_account(ANNA, account.id)
    return [(day.day, percent) for day, percent in line.points]


def head(said: SentReport, language: str = "zh") -> str:
    """The first line of the only course."""
    text = digest(load_translators("zh")[language], said.report).text
    (line,) = [line for line in text.splitlines() if "📖" in line]
    return line


@every_odd
def test_a_day_without_percents_changes_none_and_is_on_no_record(
    tmp_path: Path, odd: object
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (first,) = await harness.tick_at("2026-03-02 21:00")
        assert first.course("护理").percent_at is None
        tell_no_percents(harness, odd)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        line = said.course("护理")
        assert (line.percent, line.gained, [each.percent for each in line.modules]) == (25, 0, [25])
        assert line.as_of == line.percent_at
        assert line.as_of is not None
        assert line.as_of < local("2026-03-03 00:00")
        assert not said.report.has_news
        assert "25%（3月2日查看）" in head(said)
        assert "25% (read on 2 Mar)" in head(said, "en")
        assert await recorded(harness) == [(2, 25)]
        harness.platform.faults.clear()
        harness.finish("cell-2")
        (after,) = await harness.tick_at("2026-03-04 21:00")
        line = after.course("护理")
        assert (line.percent, line.gained, line.percent_at) == (50, 25, None)
        assert line.modules[0].gained == 25
        assert await recorded(harness) == [(2, 25), (4, 50)]

    play_digests(tmp_path, a_school(), story)


@every_odd
def test_a_percent_that_was_never_told_is_not_known_and_no_news(
    tmp_path: Path, odd: object
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        tell_no_percents(harness, odd)
        await harness.tick_at("2026-03-02 21:00")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        line = said.course("护理")
        assert (line.percent, line.gained, line.is_complete) == (None, None, False)
        assert line.modules[0].percent is None
        assert not said.report.has_news
        assert "%" not in head(said)
        assert "进度未知" in head(said)
        assert "progress not known" in head(said, "en")
        card = card_of(load_translators("zh")["zh"], said.report)
        assert card is not None
        assert (card.percent, [bar.percent for bar in card.modules]) == (None, [None])
        assert await recorded(harness) == []
        found = await harness.db.read(lambda conn: rows(conn, "SELECT * FROM percent_runs"))
        assert list(found) == []
        harness.platform.faults.clear()
        (after,) = await harness.tick_at("2026-03-04 21:00")
        line = after.course("护理")
        assert (line.percent, line.gained) == (25, None), "there is nothing to compare with"
        assert await recorded(harness) == [(4, 25)]

    play_digests(tmp_path, a_school(), story)


def test_what_is_left_is_read_in_modules_whose_percent_is_not_told(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        tell_no_percents(harness, None)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        left = said.course("护理").left
        assert (left.to_study, left.unread_modules) == (3, 0)
        asked = harness.asked(*DEEPER)
        await harness.tick_at("2026-03-02 22:30")
        assert harness.asked(*DEEPER) == asked, "once"

    play_digests(tmp_path, a_school(), story)


def test_what_the_student_did_on_a_day_without_percents_is_left_no_more(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        tell_no_percents(harness, None)
        harness.finish("cell-2")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.course("护理").left.to_study == 2

    play_digests(tmp_path, a_school(), story)


def test_a_percent_that_is_not_told_is_not_one_that_fell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns_nothing(monkeypatch)

    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        tell_no_percents(harness, "--")
        asked = harness.asked(*DEEPER)
        await harness.tick_at("2026-03-03 21:00")
        assert harness.asked(*DEEPER) == asked

    play_digests(tmp_path, a_school(), story)


def test_a_course_that_cannot_be_read_is_on_no_record_of_that_day(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        odd = harness.platform.school.courses[0].course_open_id
        harness.platform.faults.add(Endpoint.COURSES, Fault.without_id(odd), times=None)
        await harness.tick_at("2026-03-03 21:00")
        assert await recorded(harness) == [(2, 25)]

    play_digests(tmp_path, a_school(), story)
