"""The owner is told what they must know: once per cause and local day, over restarts too."""

import asyncio
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.chat.owner_notices import PLATFORM_LONG, TELEGRAM_LONG
from bot.outages import Outage, PollGap
from bot.version import VERSION
from demo.platform import document
from storage import kept
from tests.support.app_harness import AppHarness, one_course
from tests.support.clocks import JumpingClock, SettableClock
from tests.support.free_port import free_port
from tests.support.names import ANNA
from tests.support.shown import from_bot
from tests.support.watched_stage import WatchedStage

Make = Callable[..., Any]
FOR_OWNER = "仅发给所有者"


class Room(NamedTuple):
    total: int
    used: int
    free: int


class LaterClock(JumpingClock):
    """A jump moves the calendar, too."""

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead)


class HastyClock(LaterClock):
    """What waits for seconds waits for a moment."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.05))


@pytest.fixture
async def owned(open_app: Make) -> AppHarness:
    harness: AppHarness = await open_app(
        one_course([document(2)]), allowed=f"{ANNA}", clock=LaterClock()
    )
    harness.person.send("/start")
    await harness.see("我帮你学习")
    return harness


def told(harness: AppHarness) -> list[str]:
    return [each.text for each in from_bot(harness.person.chat) if FOR_OWNER in each.text]


async def settled(harness: AppHarness) -> None:
    assert harness.app is not None
    await harness.until(lambda: not harness.app.background._tasks)  # type: ignore[union-attr]


async def test_a_fault_is_told_once_a_day_with_its_reference_also_after_a_restart(
    owned: AppHarness,
) -> None:
    assert owned.app is not None
    owned.app.owner_notices.fault("ABCD2345")
    await owned.see("ABCD2345")
    await owned.close()
    await owned.open()
    assert owned.app is not None
    owned.app.owner_notices.fault("WXYZ6789")
    await settled(owned)
    assert len(told(owned)) == 1
    clock = owned.clock
    assert isinstance(clock, LaterClock)
    clock.jump(24 * 3600)
    owned.app.owner_notices.fault("WXYZ6789")
    await owned.see("WXYZ6789")
    assert len(told(owned)) == 2


@pytest.mark.process
async def test_an_error_in_the_log_is_told_with_its_reference() -> None:
    """Of an error for which the code that logs it gives no reference, in the real process."""
    settings = {"ALLOWED_USERS": str(ANNA)}
    async with WatchedStage(one_course([document(2)]), settings=settings) as stage:
        person = stage.telegram.person(ANNA)
        person.send("/start")
        await stage.telegram.wait_for(lambda: from_bot(person.chat), 30)
        stage.telegram.fail("sendMessage", 400, "Bad Request: it is odd", chat_id=ANNA)
        person.send("/help")
        message = await stage.telegram.wait_for(
            lambda: next((each for each in from_bot(person.chat) if FOR_OWNER in each.text), None),
            30,
        )
        (line,) = [each for each in stage.logged().splitlines() if "[error" in each]
        assert "Telegram refused a message" in line
        (reference,) = re.findall(r"reference=(\w{8})", line)
        assert reference in message.text


async def test_a_notice_that_could_not_be_sent_comes_after_the_next_start(
    owned: AppHarness,
) -> None:
    assert owned.app is not None
    owned.telegram.away()
    owned.app.owner_notices.backup_failed()
    async with asyncio.timeout(30):
        while not owned.app.owner_notices._sending:  # noqa: ASYNC110 - no change tells of it
            await asyncio.sleep(0.01)
    await owned.close()
    owned.telegram.back()
    await owned.open()
    await owned.see("夜间备份失败")
    await settled(owned)
    assert len(told(owned)) == 1


async def test_a_disk_that_is_nearly_full_is_told_and_an_empty_one_is_not(
    owned: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owned.app is not None
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(10**12, 0, 10**12))
    await owned.app.owner_notices.look_at_disk()
    await settled(owned)
    assert told(owned) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(10**12, 0, 40 * 1024**2))
    await owned.app.owner_notices.look_at_disk()
    await owned.see("只剩 40 MB")


async def test_another_version_is_told_after_the_start(owned: AppHarness) -> None:
    assert owned.app is not None
    await owned.app.db.write(lambda conn: kept.put(conn, "version", "0.0.1"))
    await owned.close()
    await owned.open()
    message = await owned.see("现在运行的是版本")
    assert VERSION in message.text
    assert "0.0.1" in message.text
    await owned.close()
    await owned.open()
    await settled(owned)
    assert len(told(owned)) == 1


async def test_a_platform_that_is_away_for_long_is_told(owned: AppHarness) -> None:
    assert owned.app is not None
    owned.app.owner_notices.platform_is_away(PLATFORM_LONG)
    await owned.see("平台已有 30 分钟没有正常回应")


async def test_telegram_that_was_away_is_told_with_a_webhook_too(
    open_app: Make, tmp_path: Path
) -> None:
    """The looks at the webhook say so: no update is asked for."""
    address = f"127.0.0.1:{free_port()}"
    clock = HastyClock()
    harness: AppHarness = await open_app(
        one_course([document(2)]),
        allowed=f"{ANNA}",
        clock=clock,
        local=tmp_path / "telegram",
        settings={"webhook_url": f"http://{address}/hook", "webhook_listen": address},
    )
    harness.person.send("/start")
    await harness.see("我帮你学习")
    assert not any(each.method == "getUpdates" for each in harness.telegram.calls)
    harness.telegram.away()
    clock.jump(TELEGRAM_LONG)
    harness.telegram.back()
    message = await harness.see("连不上 Telegram")
    assert "15 分钟" in message.text


async def test_without_an_owner_nothing_is_stored(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]), allowed="*")
    harness.person.send("/start")
    await harness.see("我帮你学习")
    assert harness.app is not None
    harness.app.owner_notices.fault("ABCD2345")
    await settled(harness)
    found = await harness.app.db.read(
        lambda conn: conn.execute_fetchall("SELECT count(*) FROM owner_notices")
    )
    assert [tuple(row) for row in found] == [(0,)]


def test_an_outage_of_telegram_is_told_when_it_ends() -> None:
    clock, heard = SettableClock(), list[float]()
    gap = PollGap(clock, TELEGRAM_LONG, heard.append)
    for seconds in (10.0, TELEGRAM_LONG - 1, TELEGRAM_LONG, 5.0):
        clock.seconds += seconds
        gap.answered()
    assert heard == [TELEGRAM_LONG]


def test_an_outage_of_the_platform_is_told_while_it_lasts_and_any_answer_ends_it() -> None:
    clock, heard = SettableClock(), list[float]()
    outage = Outage(clock, PLATFORM_LONG, heard.append)
    for seconds, is_there in ((0, False), (1790, False), (20, True), (0, False), (1800, False)):
        clock.seconds += seconds
        outage.answered(is_there)
    assert heard == [1800]


def test_two_failures_with_no_request_between_them_are_no_outage() -> None:
    clock, heard = SettableClock(), list[float]()
    outage = Outage(clock, PLATFORM_LONG, heard.append)
    for seconds in (0, 12 * 3600, 1200):
        clock.seconds += seconds
        outage.answered(False)
    assert heard == []
    clock.seconds += 1200
    outage.answered(False)
    assert heard == [2400]
