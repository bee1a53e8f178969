"""How a range of time reads, in both languages."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.i18n import Translator, Translators, load_translators
from bot.chat.time_ranges import clock_range, duration_range

BOTH = load_translators("zh")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
MINUTE, HOUR = 60, 3600
UNITS = {"秒": 1, "s": 1, "分钟": MINUTE, "min": MINUTE, "小时": HOUR, "h": HOUR}
SIGN = {"zh": "～", "en": "–"}
seconds = st.floats(0, 500 * HOUR)


def _bounds(tr: Translator, words: str) -> list[float]:
    """The seconds that a reader takes from a range: a bound without a unit has that of the next."""
    bounds: list[float] = []
    unit = ""
    for part in reversed(words.split(SIGN[tr.language])):
        pieces = re.findall(r"([\d.]+) ?([^\d. ]+)?", part)
        unit = pieces[-1][1] or unit
        bounds.insert(0, sum(float(n) * UNITS[name or unit] for n, name in pieces))
    return bounds


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (1200, 2100, "20～35 分钟", "20–35 min"),
        (1130, 2230, "15～40 分钟", "15–40 min"),
        (2 * HOUR, 3 * HOUR, "2～3 小时", "2–3 h"),
        (5000, 8000, "1～2.5 小时", "1–2.5 h"),
        (2750, 5000, "45 分钟～1.5 小时", "45 min–1.5 h"),
        (200, 500, "3～9 分钟", "3–9 min"),
        (15, 45, "10～50 秒", "10–50 s"),
        (3, 8, "10 秒", "10 s"),
        (31 * HOUR, 44 * HOUR, "30～45 小时", "30–45 h"),
        (101 * HOUR, 222 * HOUR, "100～230 小时", "100–230 h"),
        (3500, 3590, "55 分钟～1 小时", "55 min–1 h"),
        (7800, 7800, "2 小时 10 分钟", "2 h 10 min"),
    ],
)
def test_lengths_that_are_guessed(low: float, high: float, zh: str, en: str) -> None:
    assert duration_range(BOTH["zh"], low, high) == zh
    assert duration_range(BOTH["en"], low, high) == en


@given(st.sampled_from(["zh", "en"]), seconds, seconds)
@example("zh", 0.0, 5e-324)
def test_a_range_holds_what_it_stands_for_and_its_ends_read_apart(
    language: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    words = duration_range(BOTH[language], low, high)
    shown = _bounds(BOTH[language], words)
    if low == high:
        assert words == BOTH[language].duration(high)
        return
    assert len(words) <= len("100 小时～200 小时")
    assert high <= shown[-1]
    assert shown[0] <= low or low < 10
    assert shown[0] > 0
    assert len(shown) == 1 or shown[0] < shown[1]
    # Rounding adds no more than a step of the bound's own size.
    assert shown[-1] - high <= max(_step_at(high), high / 2)
    assert low - shown[0] <= max(_step_at(low), low / 2)


def _step_at(seconds: float) -> int:
    """The step of the smallest bounds: ten seconds, from a minute on a minute."""
    return 10 if seconds < 60 else 60


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        (90, 150, "13:30～14:30", "13:30–14:30"),
        (22, 38, "12:20～12:40", "12:20–12:40"),
        (31, 33, "12:31～12:33", "12:31–12:33"),
        (130, 130, "14:10", "14:10"),
        (11 * 60, 13 * 60, "23:00～3月2日 01:00", "23:00–2 Mar 01:00"),
        (24 * 60, 27 * 60, "3月2日 12:00～15:00", "2 Mar 12:00–15:00"),
        (600, 1000, "22:00～3月2日 05:00", "22:00–2 Mar 05:00"),
    ],
)
def test_moments_that_are_guessed(first: int, last: int, zh: str, en: str) -> None:
    for language, words in (("zh", zh), ("en", en)):
        begin, end = (NOON + timedelta(minutes=minutes) for minutes in (first, last))
        assert clock_range(BOTH[language], begin, end, SHANGHAI, NOON) == words


@given(
    st.sampled_from(["zh", "en"]),
    st.integers(0, 300 * HOUR),
    st.integers(1, 300 * HOUR),
    st.integers(-14 * 4, 14 * 4),
    st.integers(0, 24 * HOUR),
)
def test_two_clock_times_hold_the_moments_and_are_never_the_same(
    language: str, wait: int, width: int, quarters: int, since: int
) -> None:
    zone, now = timezone(timedelta(minutes=15 * quarters)), NOON + timedelta(seconds=since)
    first = now + timedelta(seconds=wait)
    last = first + timedelta(seconds=width)
    words = clock_range(BOTH[language], first, last, zone, now)
    begin, end = words.split(SIGN[language])
    assert begin != end
    assert begin[-5:] <= f"{first.astimezone(zone):%H:%M}" or width > HOUR
    if len(end) == len("12:00") == len(begin):
        assert begin < end
        assert f"{last.astimezone(zone):%H:%M}" <= end


def test_a_moment_that_has_passed_is_not_shown_as_the_end(translators: Translators) -> None:
    now = NOON + timedelta(minutes=3)
    last = now + timedelta(minutes=20)
    assert clock_range(translators["zh"], now, last, SHANGHAI, now) == "12:03～12:25"
