"""The picture of a digest says no more than its numbers do, and of no other day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.cards.course import course_card
from bot.chat.digest_card import card_of
from bot.chat.i18n import Translators
from bot.chat.views import digest as views
from bot.digest.report import Standing
from tests.support.digest_reports import MADE_AT, NOTHING_LEFT, TODAY, course, part, report
from tests.support.image_asserts import Spy
from tests.support.rendered import as_telegram_takes_it

JAVA, NET = "Java 程序设计", "网络基础"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("standing", Standing)
def test_a_picture_of_old_numbers_bears_their_date_and_says_of_no_change(
    translators: Translators, standing: Standing, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = datetime(2021, 3, 6, 16, 30, tzinfo=UTC)  # the 7th in Shanghai
    courses = [course(JAVA, gained=0.0, left=NOTHING_LEFT)]
    if not alone:
        courses.append(replace(courses[0], name=NET, course_id=2))
    told = report(part("张三", *courses, standing=standing, as_of=known), since=MADE_AT)
    card = card_of(translators["zh"], told)
    assert card is not None
    is_old = standing is not Standing.READ
    assert card.today == (YESTERDAY if is_old else TODAY)
    spy = Spy()
    spy.watch(monkeypatch)
    course_card(translators["zh"], card)
    assert spy.sees("3/7" if is_old else "3/8")
    assert not spy.sees("3/8" if is_old else "3/7")
    assert spy.sees("没有变化") is (alone and not is_old)


def test_a_picture_of_first_numbers_compares_them_with_nothing(translators: Translators) -> None:
    card = card_of(
        translators["zh"], report(part("张三", course(JAVA, gained=None)), since=MADE_AT)
    )
    assert card is not None
    assert card.since is None


@pytest.mark.parametrize(("points", "says_more"), [(0.01, False), (0.04, False), (0.05, True)])
def test_what_reads_as_no_gain_is_neither_said_nor_drawn(
    translators: Translators, points: float, says_more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = course(JAVA, gained=points, left=NOTHING_LEFT, modules=())
    told = report(part("张三", line))
    assert told.has_news is says_more
    text, _ = as_telegram_takes_it(views.digest(translators["zh"], told))
    card = card_of(translators["zh"], told)
    assert card is not None
    spy = Spy()
    spy.watch(monkeypatch)
    course_card(translators["zh"], card)
    assert ("+" in text, spy.sees("+")) == (says_more, says_more)


def test_a_picture_bears_the_ends_of_its_courses(translators: Translators) -> None:
    end = TODAY + timedelta(days=9)
    java = course(JAVA, done_by=end)
    alone = card_of(translators["zh"], report(part("张三", java)))
    assert alone is not None
    assert alone.done_by == end

    both = card_of(translators["zh"], report(part("张三", java, course(NET, course_id=2))))
    assert both is not None
    assert [(bar.name, bar.done_by) for bar in both.modules] == [(JAVA, end), (NET, None)]
