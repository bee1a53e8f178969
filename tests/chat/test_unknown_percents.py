"""A percent that is not known is said in words or by a dash, without a bar, and never as 0 %."""

from dataclasses import replace

import pytest

from bot.chat.cards.canvas import Canvas
from bot.chat.cards.content import CourseCard, ModuleBar
from bot.chat.cards.course import course_card
from bot.chat.digest_card import card_of
from bot.chat.i18n import Translators
from bot.chat.text_bars import EMPTY, FULL
from bot.chat.views import courses, digest, hub, summary
from bot.outbox.screen import Screen
from storage.enums import JobState
from tests.support.all_screens import a_course, a_hub, a_job, an_account, modules
from tests.support.digest_reports import course, part, report
from tests.support.image_asserts import TODAY, Spy
from tests.support.rendered import as_telegram_takes_it

JAVA, NET = "Java 程序设计", "网络基础"
NOT_KNOWN = {"zh": "进度未知", "en": "progress not known"}
every_language = pytest.mark.parametrize("language", NOT_KNOWN)


def words_of(screen: Screen) -> list[str]:
    """The text and the labels of the buttons."""
    text, rows = as_telegram_takes_it(screen)
    return [text, *(button.text for row in rows for button in row)]


def has_number(words: str) -> bool:
    return any(mark in words for mark in (FULL, EMPTY, "0%"))


@every_language
def test_home_says_that_a_percent_is_not_known(translators: Translators, language: str) -> None:
    listed = [a_course(JAVA, None, 1), a_course(NET, 52.39, 2)]
    text = words_of(hub.hub(translators[language], a_hub("张三", listed)))[0]
    (unknown,) = [line for line in text.splitlines() if JAVA in line]
    assert unknown == f"{NOT_KNOWN[language]} {JAVA}"
    assert "52%" in text


@every_language
def test_a_course_of_unknown_percent_is_listed_with_those_to_do(
    translators: Translators, language: str
) -> None:
    unknown = a_course(JAVA, None, 1)
    counted = replace(a_course(NET, None, 2), cell_count=37, studied_count=12)
    shown = words_of(
        courses.course_list(translators[language], an_account("张三"), [unknown, counted], 0)
    )
    assert f"– {JAVA}" in shown
    assert f"12/37 {NET}" in shown
    assert not any(map(has_number, shown))
    finished = words_of(
        courses.finished_courses(translators[language], an_account("张三"), [unknown], 0)
    )
    assert not any(JAVA in each for each in finished)


@every_language
def test_an_open_course_says_that_it_and_its_modules_are_not_known(
    translators: Translators, language: str
) -> None:
    rows = [replace(each, percent=None) for each in modules("第一章", 1)]
    screen = courses.module_list(translators[language], a_course(JAVA, None), rows, set(), 1, 0)
    text, *labels = words_of(screen)
    assert NOT_KNOWN[language] in text.splitlines()
    assert "☐ 1 · – 第一章" in labels
    assert not any(map(has_number, (text, *labels)))


@every_language
@pytest.mark.parametrize("before", [None, 7.0])
def test_a_summary_without_an_end_says_nothing_of_the_course(
    translators: Translators, language: str, before: float | None
) -> None:
    job = a_job(JAVA, JobState.SUCCEEDED, percent_before=before, percent_after=None)
    assert "📈" not in words_of(summary.summary(translators[language], job, [], 1.0))[0]
    told = replace(job, percent_after=26.0)
    line = "26%" if before is None else "7% → 26%"
    text = words_of(summary.summary(translators[language], told, [], 1.0))[0]
    assert text.count(line) == 1
    assert ("→" in text) is (before is not None)


def test_a_line_of_percents_leaves_the_unknown_out(translators: Translators) -> None:
    lines = [course(JAVA, percent=None, gained=None), course(NET, course_id=2, gained=0.0)]
    assert not report(part("张三", *lines)).has_news
    text = words_of(digest.no_news(translators["zh"], report(part("张三", *lines))))[0]
    assert JAVA not in text
    assert f"{NET} 52%" in text


def test_a_picture_of_all_courses_is_the_mean_of_those_that_are_known(
    translators: Translators,
) -> None:
    lines = [course(JAVA, percent=None, gained=None, cell_count=None), course(NET, percent=40.0)]
    card = card_of(translators["zh"], report(part("张三", *lines)))
    assert card is not None
    assert card.percent == 40
    assert [bar.percent for bar in card.modules] == [None, 40]
    card = card_of(
        translators["zh"], report(part("张三", lines[0], replace(lines[0], course_id=2)))
    )
    assert card is not None
    assert card.percent is None


def test_a_picture_draws_no_ring_and_no_bar_for_what_is_not_known(
    translators: Translators, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = Spy()
    spy.watch(monkeypatch)
    drawn: list[str] = []
    for name in ("ring", "bar"):
        monkeypatch.setattr(Canvas, name, lambda *_, name=name: drawn.append(name))
    bars = [ModuleBar("栈", None), ModuleBar("队列", None)]
    card = CourseCard("数据结构", None, 0, None, None, bars, "张三", TODAY)
    course_card(translators["zh"], card)
    assert drawn == []
    assert spy.texts.count("–") == 3
    assert not spy.sees("%")
    course_card(translators["zh"], replace(card, percent=0.0, modules=[ModuleBar("栈", 0.0)]))
    assert drawn == ["ring", "bar"]
