"""The rows decide: each digest once, late on its day, never after it, whatever happens between."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot.delivery_status import DeliveryStatus
from bot.digest.delivery import Send
from bot.digest.report import DigestReport, Missed, MissedDigest
from demo.platform import STUDENT, Endpoint
from storage import chats
from storage.enums import NoNews
from storage.errors import StorageError
from tests.support.digest_harness import DigestHarness, local, play_digests, until_served
from tests.support.names import ANNA

from .one_chat import begin, dates, small


def test_it_is_sent_at_its_time_and_once(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 20:50")
        assert await harness.tick_at("2026-03-02 20:59:59") == []
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.report.since is None
        assert await harness.tick_at("2026-03-02 21:01") == []
        (row,) = await harness.rows()
        assert (row.local_date, row.reason) == (date(2026, 3, 2), None)
        assert row.claimed_at is not None
        assert row.sent_at is not None
        (again,) = await harness.tick_at("2026-03-03 21:00")
        assert again.report.since == said.report.made_at

    play_digests(tmp_path, small(), story)


def test_a_tick_that_the_end_of_the_bot_cuts_off_is_no_trouble(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        ticking = asyncio.ensure_future(harness.digests.tick())
        await asyncio.sleep(0)
        await harness.digests.close()
        await harness.db.close()
        await ticking

    play_digests(tmp_path, small(), story)


def test_a_storage_that_fails_while_the_bot_runs_is_trouble(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.db.close()
        with pytest.raises(StorageError):
            await harness.digests.tick()

    play_digests(tmp_path, small(), story)


def test_a_chat_that_did_not_ask_for_digests_gets_none(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        assert await harness.tick_at("2026-03-02 21:00") == []
        await harness.wants(ANNA)
        await harness.wishes.switch(ANNA, on=False)
        assert await harness.tick_at("2026-03-03 21:00") == []
        assert await harness.rows() == []

    play_digests(tmp_path, small(), story)


def test_nothing_is_owed_of_before_there_was_an_account(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.login.log_out(ANNA, account.id)
        assert await harness.tick_at("2026-03-02 21:00") == []
        await harness.sleep_until(local("2026-03-03 21:30"))
        await harness.log_in(ANNA, STUDENT.stu_id)
        assert await harness.tick() == []
        assert await harness.rows() == []
        assert len(await harness.tick_at("2026-03-04 21:00")) == 1

    play_digests(tmp_path, small(), story)


def test_who_was_down_is_late_the_same_day(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 23:50"))
        await harness.restart()
        (said,) = await harness.tick()
        assert dates([said]) == [date(2026, 3, 2)]
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_who_was_down_to_the_end_of_the_day_says_so_with_the_next(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-04 00:00"))
        await harness.restart()
        assert await harness.tick() == []
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.report.missed == [
            MissedDigest(date(2026, 3, 2), Missed.DOWN),
            MissedDigest(date(2026, 3, 3), Missed.DOWN),
        ]
        assert said.report.has_news
        (said,) = await harness.tick_at("2026-03-05 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_a_kill_within_the_send_loses_one_and_the_next_says_so(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        handed_over = asyncio.Event()

        async def never_done(_: DigestReport) -> None:
            handed_over.set()
            await asyncio.Event().wait()

        harness.telegram.before = never_done
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await handed_over.wait()
        await harness.restart()
        harness.telegram.before = None
        assert await harness.tick() == []
        (row,) = await harness.rows()
        assert row.claimed_at is not None
        assert row.sent_at is None
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.LOST)]
        assert said.report.since is None, "nothing was said yet"
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_a_kill_before_it_is_handed_over_loses_nothing(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        while not harness.asked(Endpoint.MODULES):  # noqa: ASYNC110 - the stand-in's log
            await asyncio.sleep(0.01)
        await harness.restart()
        assert len(await harness.tick()) == 1
        assert await harness.tick() == []

    play_digests(tmp_path, small(), story)


def test_restarts_at_the_due_second_send_once(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 20:59:59"))
        for _ in range(12):
            await harness.digests.tick()
            await asyncio.sleep(0.3)
            await harness.restart()
        await harness.tick()
        assert dates(harness.telegram.said) == [date(2026, 3, 2)]

    play_digests(tmp_path, small(), story)


def test_two_looks_at_once_send_once(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await asyncio.gather(*(harness.digests.tick() for _ in range(5)))
        assert len(harness.digests._tasks) == 1
        await until_served(harness.digests)
        assert len(harness.telegram.said) == 1

    play_digests(tmp_path, small(), story)


async def _breaks(*_: object, **__: object) -> None:
    raise RuntimeError("nobody foresaw this")


def test_each_one_that_cannot_be_put_together_is_told_of_on_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        with monkeypatch.context() as patched:
            patched.setattr("bot.digest.collect.account_part", _breaks)
            for day in (2, 3):
                (said,) = await harness.tick_at(f"2026-03-0{day} 21:00")
                assert said.report.accounts == ()
                assert said.report.missed == (MissedDigest(date(2026, 3, day), Missed.BROKEN),)
                assert await harness.tick_at(f"2026-03-0{day} 21:05") == []
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert (said.report.missed, said.report.since) == ([], None)
        assert [row.reason for row in await harness.rows()] == ["broken", "broken", None]

    play_digests(tmp_path, small(), story)


def test_one_whose_apology_cannot_be_made_is_told_of_the_next_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        with monkeypatch.context() as patched:
            patched.setattr(harness.digests._delivery, "_prepare", _breaks)
            assert await harness.tick_at("2026-03-02 21:00") == []
        assert await harness.tick_at("2026-03-02 21:05") == []
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.BROKEN)]

    play_digests(tmp_path, small(), story)


def test_who_blocked_the_bot_is_told_nothing_now_or_later(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        now = harness.clock.now()
        await harness.db.write(lambda conn: chats.mark_blocked(conn, ANNA, now))
        assert await harness.tick_at("2026-03-02 21:00") == []
        assert await harness.tick_at("2026-03-03 22:00") == []
        assert harness.asked(Endpoint.COURSES) == 0
        await harness.sleep_until(local("2026-03-04 12:00"))
        await harness.db.write(lambda conn: chats.clear_blocked(conn, ANNA))
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_no_news_is_one_line_or_nothing_as_it_was_set(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (first,) = await harness.tick_at("2026-03-02 21:00")
        assert first.report.has_news
        (line,) = await harness.tick_at("2026-03-03 21:00")
        assert not line.report.has_news
        await harness.wishes.set_no_news(ANNA, NoNews.SILENT)
        assert await harness.tick_at("2026-03-04 21:00") == []
        assert await harness.tick_at("2026-03-04 21:01") == []
        harness.finish("cell-2")
        (news,) = await harness.tick_at("2026-03-05 21:00")
        assert news.report.missed == []
        assert news.course("护理").gained == 50.0
        assert [row.reason for row in await harness.rows()] == [None, None, "no_news", None]

    play_digests(tmp_path, small(), story)


def test_who_switches_it_off_while_it_is_put_together_gets_none(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(0.5)
        await harness.wishes.switch(ANNA, on=False)
        await until_served(harness.digests)
        assert harness.telegram.said == []
        assert await harness.rows() == []

    play_digests(tmp_path, small(), story)


@pytest.mark.parametrize("parting", ["log out", "erase"])
def test_who_leaves_while_it_is_put_together_gets_none(tmp_path: Path, parting: str) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(0.5)
        if parting == "erase":
            await harness.login.erase(ANNA)
        else:
            await harness.login.log_out(ANNA, account.id)
        await until_served(harness.digests)
        assert harness.telegram.said == []
        assert await harness.rows() == []

    play_digests(tmp_path, small(), story)


def test_one_on_demand_takes_no_days_place(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.finish("cell-2")
        await harness.sleep_until(local("2026-03-03 12:00"))
        assert await harness.digests.send_now(ANNA)
        asked_for = harness.telegram.said[-1]
        assert asked_for.course("护理").gained == 50.0
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.course("护理").gained == 50.0
        assert said.report.since == harness.telegram.said[0].report.made_at

    play_digests(tmp_path, small(), story)


def test_one_on_demand_needs_no_settings_and_can_go_another_way(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        heard: list[int] = []

        async def prepare(report: DigestReport) -> Send:
            async def send() -> DeliveryStatus:
                heard.append(report.chat_id)
                return DeliveryStatus.UNKNOWN

            return send

        assert not await harness.digests.send_now(ANNA, prepare)
        assert heard == [ANNA]
        assert harness.telegram.said == []

    play_digests(tmp_path, small(), story)


def test_after_the_end_nobody_is_served(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.close()
        assert await harness.tick() == []

    play_digests(tmp_path, small(), story)
