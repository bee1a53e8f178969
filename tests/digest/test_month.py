"""A month of twenty chats (in full: fifty), in process, bot and stand-ins on one clock: every
digest there, none twice, and its numbers the platform's. ``DIGEST_MONTH_SEED`` repeats the month of
one seed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import SystemRandom

import pytest

from bot.digest.report import Standing
from tests.support.digest_chat_harness import DigestChatHarness
from tests.support.digest_harness import play

from .mishaps import Mishap
from .month import CHATS, DAYS, IN_FULL, Month, a_harness, live
from .month_chats import ChatChecks
from .month_reports import ReportChecks

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
def test_a_month_of_many_chats(tmp_path: Path) -> None:
    seed = int(os.environ.get("DIGEST_MONTH_SEED") or SystemRandom().randrange(MOST))
    month = Month(seed)
    with repeatable(seed):
        play(lambda: a_harness(tmp_path, seed), lambda harness: a_month(harness, month))


async def a_month(harness: DigestChatHarness, month: Month) -> None:
    reports, chats = ReportChecks(harness, month), ChatChecks(harness, month)

    def check(moment: datetime, mishap: Mishap | None) -> None:
        reports.look()
        chats.look(moment, mishap)

    await live(harness, month, check)
    reports.check_dates()
    assert harness.platform.violations == []
    refused = [call for call in harness.server.calls if not call.ok]
    assert refused == [], "within Telegram's limits"
    assert {call.method for call in harness.server.calls} == CALLS
    check_that_much_was_seen(harness, month, chats, reports)


def check_that_much_was_seen(
    harness: DigestChatHarness, month: Month, chats: ChatChecks, reports: ReportChecks
) -> None:
    assert len(harness.telegram.said) > CHATS * DAYS * 0.8
    assert reports.checked[Standing.READ] > CHATS * 2
    assert reports.checked[Standing.EXPIRED] > CHATS * 6
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
