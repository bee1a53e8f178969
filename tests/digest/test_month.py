"""A month of fifty chats, in process, bot and stand-ins on one clock: every digest there, none
twice, and its numbers the platform's. ``DIGEST_MONTH_SEED`` repeats the month of one seed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import SystemRandom

import pytest

from bot.digest.report import Standing

from .campus import play
from .mishaps import Mishap
from .month import CHATS, DAYS, IN_FULL, Month, a_campus, live
from .month_chats import ChatChecks
from .month_reports import ReportChecks
from .speaking import SpeakingCampus

MOST = 1_000_000
CALLS = {"getMe", "sendMessage", "sendPhoto"}


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    try:
        yield
    except BaseException as wrong:
        wrong.add_note(f"repeat this with DIGEST_MONTH_SEED={seed}")
        raise


@pytest.mark.slow
@pytest.mark.timeout(3600 if IN_FULL else 300)
def test_a_month_of_fifty_chats(tmp_path: Path) -> None:
    seed = int(os.environ.get("DIGEST_MONTH_SEED") or SystemRandom().randrange(MOST))
    month = Month(seed)
    with repeatable(seed):
        play(lambda: a_campus(tmp_path, seed), lambda campus: a_month(campus, month))


async def a_month(campus: SpeakingCampus, month: Month) -> None:
    reports, chats = ReportChecks(campus, month), ChatChecks(campus, month)

    def check(moment: datetime, mishap: Mishap | None) -> None:
        reports.look()
        chats.look(moment, mishap)

    await live(campus, month, check)
    reports.check_dates()
    assert campus.platform.violations == []
    refused = [call for call in campus.phones.calls if not call.ok]
    assert refused == [], "within Telegram's limits"
    assert {call.method for call in campus.phones.calls} == CALLS
    check_that_much_was_seen(campus, month, chats, reports)


def check_that_much_was_seen(
    campus: SpeakingCampus, month: Month, chats: ChatChecks, reports: ReportChecks
) -> None:
    assert len(campus.telegram.said) > CHATS * DAYS * 0.8
    assert reports.checked[Standing.READ] > 100
    assert reports.checked[Standing.EXPIRED] > 300
    assert month.published
    assert month.mishaps == []
    assert len(month.lost) == sum(each.loses_one for each in month.struck)
    for what in (
        "en",
        "zh",
        "in full",
        "one line",
        "silent",
        "loud",
        "drawn",
        "told of a lost one",
        "told of a new module",
        "told of a gain",
    ):
        assert chats.checked[what] > 0, what
