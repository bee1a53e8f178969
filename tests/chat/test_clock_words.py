"""A typed time of day is read as people write it, and left alone where it could mean two."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.clock_words import LONGEST, is_meant_as_clock, parse_clock

FULL_WIDTH = str.maketrans("0123456789:", "０１２３４５６７８９：")
NUMERALS = "零一二三四五六七八九"

times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
typed = st.text(
    alphabet="0123456789:点时分半刻整零一二两十早晚上下午凌晨中夜apm. 每天：９h", max_size=12
)

nearly = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "晚上", "下午", "上午", "凌晨", "每天"]),
    st.integers(0, 99),
    st.sampled_from([":", "点", ".", "h", "时", ""]),
    st.one_of(st.just(""), st.integers(0, 99)),
    st.sampled_from(["", "am", "pm", "分"]),
)


def chinese(number: int) -> str:
    """``二十一`` for 21."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else NUMERALS[tens]) + "十"
    return (head + (NUMERALS[ones] if ones else "")) or NUMERALS[0]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("21:30", 21, 30),
        ("9点半", 9, 30),
        ("9pm", 21, 0),
        ("晚上9点", 21, 0),
        ("21", 21, 0),
        ("２１：３０", 21, 30),
        ("９点半", 9, 30),
        (" 7 : 05 ", 7, 5),
        ("07.30", 7, 30),
        ("2130", 21, 30),
        ("9:30 p.m.", 21, 30),
        ("12am", 0, 0),
        ("12:30 PM", 12, 30),
        ("at 9pm", 21, 0),
        ("21:30pm", 21, 30),
        ("21h30", 21, 30),
        ("9 o'clock", 9, 0),
        ("noon", 12, 0),
        ("Midnight", 0, 0),
        ("晚上十点一刻", 22, 15),
        ("晚9点", 21, 0),
        ("每天晚上9点半", 21, 30),
        ("晚上12点", 0, 0),
        ("晚上21点", 21, 0),
        ("下午两点", 14, 0),
        ("下午3：45", 15, 45),
        ("中午12点", 12, 0),
        ("中午1点", 13, 0),
        ("中午", 12, 0),
        ("早上七点三刻", 7, 45),
        ("凌晨12点半", 0, 30),
        ("凌晨3点", 3, 0),
        ("傍晚6点", 18, 0),
        ("半夜11点", 23, 0),
        ("二十一点三十分", 21, 30),
        ("九点零五", 9, 5),
        ("9点05", 9, 5),
        ("9点5分", 9, 5),
        ("21時30分", 21, 30),
        ("晚上9點鐘", 21, 0),
        ("零点", 0, 0),
        ("24点", 0, 0),
        ("24:00", 0, 0),
        ("21:30:00", 21, 30),
        ("21:30。", 21, 30),
    ],
)
def test_times_are_read_as_people_write_them(text: str, hour: int, minute: int) -> None:
    assert parse_clock(text) == time(hour, minute)


@pytest.mark.parametrize(
    "text",
    [
        "9点5",  # five past, or half begun
        "9:5",
        "930",
        "夜里1点",  # deep in the night, or 1 p.m. it is not
        "晚上2点",
        "上午12点",
        "0pm",
    ],
)
def test_what_could_mean_two_times_is_not_read(text: str) -> None:
    assert parse_clock(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "25",
        "24:30",
        "21:60",
        "13am",
        "早上9pm",
        "上午21点",
        "9点到10点",
        "21:30 22:30",
        "-5",
        "2026-11-24",
        "21:30:15",
        "明天再说",
        "十十点",
        "五十点",
        "九九点",
        "点",
        "半",
        "am",
        "٢١:٣٠",
        "/digest",
        "auth=0123456789abcdef0123456789abcdef",
        "9" * 5000,
        "21:30" + " " * LONGEST,
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    assert parse_clock(text) is None


@given(st.one_of(st.text(), typed, nearly))
def test_no_text_whatever_breaks_it_and_what_it_gives_is_a_minute(text: str) -> None:
    found = parse_clock(text)
    assert found is None or (found.second, found.microsecond, found.tzinfo) == (0, 0, None)


@given(times)
def test_every_minute_of_the_day_is_read_back_from_every_way_of_writing_it(at: time) -> None:
    half, twelve = ("pm" if at.hour >= 12 else "am"), at.hour % 12 or 12
    for text in (
        f"{at:%H:%M}",
        f"{at.hour}:{at:%M}",
        f"{at:%H%M}",
        f"{at:%H:%M}".translate(FULL_WIDTH),
        f"{twelve}:{at:%M}{half}",
        f"{twelve}.{at:%M} {half.upper()}",
        f"{at.hour}点{at.minute}分",
        f"{chinese(at.hour)}点{chinese(at.minute)}分",
        f"每天 {at.hour}点{at:%M}",
    ):
        assert parse_clock(text) == at, text


@given(typed)
def test_spaces_and_full_width_signs_change_nothing(text: str) -> None:
    assert parse_clock(text.translate(FULL_WIDTH)) == parse_clock(text)
    assert parse_clock(f" {text} ") == parse_clock(text)


@given(times, times)
def test_two_times_are_no_time(one: time, other: time) -> None:
    assert parse_clock(f"{one:%H:%M} {other:%H:%M}") is None
    assert parse_clock(f"{one:%H:%M}-{other:%H:%M}") is None


@pytest.mark.parametrize(
    "text",
    [
        *("https://zjy2.icve.com.cn", "zjy2.icve.com.cn", "http://127.0.0.1:8080/x", "v1.2"),
        *("192.168.1.1", "3.1415", "2021级", "7", "张三", ""),
    ],
)
def test_links_versions_and_bare_numbers_are_not_meant_as_a_time(text: str) -> None:
    assert not is_meant_as_clock(text)


@pytest.mark.parametrize(
    "text",
    [
        *("21:30", "21.30", "weekdays 21.30", "weekdays21:30", "9点半", "9pm", "9 o'clock", "2130"),
        *("25:99", "9:", "明天晚上八点吧", "三点"),
    ],
)
def test_times_and_attempts_at_one_are_meant_as_a_time(text: str) -> None:
    assert is_meant_as_clock(text)
