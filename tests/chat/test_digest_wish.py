"""When a digest is wished for: a time, and perhaps the days, as people write them."""

from datetime import time

import pytest

from bot.chat.digest_wish import DigestWish, wish_of
from storage.enums import Days

HALF_PAST_NINE = time(21, 30)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("21:30", None),
        ("晚上九点半", None),
        ("晚上九点半发给我", None),
        ("工作日21:30", Days.WEEKDAYS),
        ("工作日 21：30。", Days.WEEKDAYS),
        ("工作日晚上9点半发", Days.WEEKDAYS),
        ("周一到周五，21:30", Days.WEEKDAYS),
        ("周一至周五 晚上九点半 提醒我", Days.WEEKDAYS),
        ("每天21:30", Days.DAILY),
        ("每天晚上9点半汇报", Days.DAILY),
        ("weekdays at 9:30 pm", Days.WEEKDAYS),
        ("on weekdays 21:30", Days.WEEKDAYS),
        ("Mon-Fri 21:30", Days.WEEKDAYS),
        ("every day at 21:30", Days.DAILY),
    ],
)
def test_a_time_with_days_is_read(text: str, days: Days | None) -> None:
    assert wish_of(text) == DigestWish(HALF_PAST_NINE, days)


@pytest.mark.parametrize("text", ["", "工作日", "每天", "工作日9点和21点", "9点到10点", "发给我"])
def test_other_texts_are_no_wish(text: str) -> None:
    assert wish_of(text) is None
