"""Whose language is spoken, how numbers and times read, and what is escaped."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.i18n import Translator, Translators, load_translators
from demo.telegram.entities import parse_html

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENGLISH: Translator = load_translators("en")["en"]
NOON = datetime(2021, 3, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "language_code", "spoken"),
    [
        ("en", "zh-hans", "en"),
        ("zh", "en", "zh"),
        (None, "zh", "zh"),
        (None, "zh-hans", "zh"),
        (None, "zh-Hant-TW", "zh"),
        (None, "ZH_cn", "zh"),
        (None, "en", "en"),
        (None, "en-GB", "en"),
        (None, "de", "default"),
        (None, "zhuang", "default"),
        (None, "", "default"),
        (None, None, "default"),
        ("xx", "en", "en"),
        ("xx", None, "default"),
    ],
)
@pytest.mark.parametrize("default", ["zh", "en"])
def test_the_persons_choice_comes_first_then_telegrams_setting_then_the_default(
    chosen: str | None, language_code: str | None, spoken: str, default: str
) -> None:
    tr = load_translators(default).choose(chosen, language_code)
    assert tr.language == (default if spoken == "default" else spoken)


def test_every_catalogue_of_the_folder_is_a_language(translators: Translators) -> None:
    assert set(translators.languages) == {"zh", "en"}


def test_a_default_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(KeyError):
        load_translators("xx")


@pytest.mark.parametrize(
    ("n", "zh", "en"),
    [
        (0, "已勾选 0 个模块", "0 modules ticked"),
        (1, "已勾选 1 个模块", "1 module ticked"),
        (2, "已勾选 2 个模块", "2 modules ticked"),
        (21, "已勾选 21 个模块", "21 modules ticked"),
    ],
)
def test_numbers_take_the_form_that_the_language_has_for_them(
    translators: Translators, n: int, zh: str, en: str
) -> None:
    for language, expected in (("zh", zh), ("en", en)):
        text = translators[language].plural("{n} module ticked", "{n} modules ticked", n)
        assert text == expected


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (-5, "0 秒", "0 s"),
        (20, "20 秒", "20 s"),
        (59.4, "59 秒", "59 s"),
        (59.6, "1 分钟", "1 min"),
        (1200, "20 分钟", "20 min"),
        (3599, "1 小时", "1 h"),
        (3600, "1 小时", "1 h"),
        (7800, "2 小时 10 分钟", "2 h 10 min"),
        (36000, "10 小时", "10 h"),
    ],
)
def test_lengths_of_time(translators: Translators, seconds: float, zh: str, en: str) -> None:
    assert translators["zh"].duration(seconds) == zh
    assert translators["en"].duration(seconds) == en


@given(st.floats(min_value=0, max_value=1e7))
def test_a_length_is_never_further_off_than_its_last_unit(seconds: float) -> None:
    words = ENGLISH.duration(seconds).split()
    shown = sum(
        int(number) * {"h": 3600, "min": 60, "s": 1}[unit]
        for number, unit in zip(words[::2], words[1::2], strict=True)
    )
    assert abs(shown - seconds) <= (31 if seconds >= 59.5 else 0.5)


def test_twenty_minutes_read_as_tests_and_people_rely_on(translators: Translators) -> None:
    assert translators["zh"].minutes(20) == "20 分钟"
    assert translators["en"].minutes(20) == "20 min"


@pytest.mark.parametrize(
    ("after", "zh", "en"),
    [
        (timedelta(0), "12:00", "12:00"),
        (timedelta(hours=11, minutes=59), "23:59", "23:59"),
        (timedelta(hours=12), "3月2日 00:00", "2 Mar 00:00"),
        (-timedelta(days=1), "2月28日 12:00", "28 Feb 12:00"),
    ],
)
def test_moments_are_on_the_persons_clock_and_name_the_day_where_it_is_not_today(
    translators: Translators, after: timedelta, zh: str, en: str
) -> None:
    for language, expected in (("zh", zh), ("en", en)):
        assert translators[language].clock_time(NOON + after, SHANGHAI, NOON) == expected


@pytest.mark.parametrize(
    ("language", "sentence", "picture"), [("zh", "12月31日", "12/31"), ("en", "31 Dec", "31 Dec")]
)
def test_days_are_shorter_in_pictures_where_the_language_has_a_shorter_form(
    translators: Translators, language: str, sentence: str, picture: str
) -> None:
    tr, day = translators[language], date(2021, 12, 31)
    assert (tr.day(day), tr.short_day(day)) == (sentence, picture)


BREAKS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0" + BREAKS)))
def test_any_value_arrives_in_a_message_as_it_is(name: str) -> None:
    html = ENGLISH.html("<b>{course}</b> {words}", course="c", words=f"-{name}-")
    assert parse_html(html).text == f"c -{name}-"


@pytest.mark.parametrize("sign", [*BREAKS, "\r\n"])
def test_a_line_break_of_a_value_is_a_blank_in_a_message(sign: str) -> None:
    html = ENGLISH.html("<b>{course}</b> {words}", course="c", words=f"a{sign}b")
    assert parse_html(html).text == "c a b"


def test_values_in_messages_are_escaped_in_plurals_too(translators: Translators) -> None:
    one, many = "{n} video of {name} at {pace}×", ""
    text = translators["en"].plural(one, many, 1, name="<b>&", pace="{n}")
    assert text == "1 video of &lt;b&gt;&amp; at {n}×"


def test_labels_of_buttons_are_plain_text(translators: Translators) -> None:
    assert translators["en"]("Use {name}", name='<b>&"{n}') == 'Use <b>&"{n}'
