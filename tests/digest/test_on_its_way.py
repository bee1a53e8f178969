"""Between the claim and the chat: a digest waits for Telegram, and much can happen meanwhile."""

import asyncio
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.chat.background import Background
from bot.chat.cards.drawing import Drawing
from bot.chat.notices import Notices
from bot.clock import PlatformClock
from bot.digest.report import Missed, MissedDigest
from demo.platform import STUDENT, module, topic, video
from tests.support.digest_chat_harness import DigestChatHarness
from tests.support.digest_harness import local, until_served
from tests.support.names import ANNA

from .digest_chat import cut, mend, move_in, play_digest_chat, shown, tells_to_wait
from .one_chat import dates

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("away", [True, False])
@pytest.mark.parametrize("parting", ["log out", "erase", "switch off", "block"])
def test_who_leaves_while_it_waits_for_telegram_gets_nothing_and_hears_of_nothing(
    tmp_path: Path, parting: str, away: bool
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        account = await move_in(harness)
        person = harness.server.person(ANNA)
        if away:
            cut(harness)
        else:
            tells_to_wait(harness, 60)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(30)
        assert len(harness.handed) == 1, "it waits"
        match parting:
            case "log out":
                await harness.login.log_out(ANNA, account.id)
            case "erase":
                await harness.login.erase(ANNA)
            case "switch off":
                await harness.wishes.switch(ANNA, on=False)
            case "block":
                person.block()
            case _:
                pass
        mend(harness)
        await until_served(harness.digests)
        await harness.tick_at("2026-03-02 22:30")
        assert shown(harness) == []
        await harness.sleep_until(local("2026-03-03 12:00"))
        person.unblock()
        await harness.heard_from(ANNA)
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert (said.report.missed, said.report.since) == ([], None)
        assert len(shown(harness)) == 1

    play_digest_chat(tmp_path, story)


def test_a_block_that_a_single_line_finds_out_is_not_told_of_later(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        await harness.tick_at("2026-03-02 21:00")
        person = harness.server.person(ANNA)
        person.block()
        assert await harness.tick_at("2026-03-03 21:00") == []
        assert not harness.handed[-1].has_news
        await harness.sleep_until(local("2026-03-04 12:00"))
        person.unblock()
        await harness.heard_from(ANNA)
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.report.missed == []
        assert len(shown(harness)) == 2

    play_digest_chat(tmp_path, story)


def test_who_logs_out_one_of_two_while_it_waits_is_told_of_the_other(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        account = await move_in(harness)
        other = await harness.log_in(ANNA, harness.platform.school.students[1].stu_id)
        tells_to_wait(harness, 60)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(30)
        await harness.login.log_out(ANNA, account.id)
        await until_served(harness.digests)
        assert shown(harness) == []
        (said,) = await harness.tick()
        assert said.part.account_id == other.id
        assert len(shown(harness)) == 1
        (row,) = await harness.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)

    play_digest_chat(tmp_path, story)


@pytest.mark.parametrize("quiet", [True, False])
def test_one_that_waits_into_the_quiet_hours_comes_without_sound(
    tmp_path: Path, quiet: bool
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, "22:29")
        if not quiet:
            await harness.wishes.set_quiet(ANNA, time(23), time(7))
        tells_to_wait(harness, 120)
        assert len(await harness.tick_at("2026-03-02 22:29")) == 1
        (message,) = shown(harness)
        assert harness.clock.now() > local("2026-03-02 22:30")
        assert message.silent is quiet

    play_digest_chat(tmp_path, story)


@pytest.mark.parametrize("quiet", [True, False])
def test_a_notice_that_waits_into_the_quiet_hours_comes_without_sound(
    tmp_path: Path, quiet: bool
) -> None:
    async def no_trouble(chat_id: int | None, reference: str) -> None:
        raise AssertionError(reference)

    async def story(harness: DigestChatHarness) -> None:
        background = Background(no_trouble)
        notices = Notices(
            harness.db,
            PlatformClock(harness.clock),
            harness.people,
            harness.outbox,
            background,
            harness.wishes.is_quiet,
            Drawing(),
        )
        await move_in(harness)
        await harness.wishes.switch(ANNA, on=False)
        await harness.wishes.set_watch(ANNA, 6)
        if not quiet:
            await harness.wishes.set_quiet(ANNA, time(23), time(7))
        await harness.tick_at("2026-03-02 13:00")
        harness.publish(0, module([topic([replace(video(9), id="new")], id="t9")], id="m9"))
        await harness.tick_at("2026-03-02 22:29")
        tells_to_wait(harness, 120, "sendMessage")
        notices.wake()
        await asyncio.sleep(200)
        (message,) = shown(harness)
        assert "有新课" in message.text
        assert message.silent is quiet
        await background.close()

    play_digest_chat(tmp_path, story)


def test_one_that_waits_over_the_end_of_its_day_never_comes(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, "23:59")
        tells_to_wait(harness, 120)
        assert await harness.tick_at("2026-03-02 23:59") == []
        assert harness.clock.now() > local("2026-03-03 00:00")
        assert len(harness.handed) == 1
        assert shown(harness) == []
        (said,) = await harness.tick_at("2026-03-03 23:59")
        assert said.report.missed == [MissedDigest(TODAY, Missed.DOWN)]

    play_digest_chat(tmp_path, story)


def test_an_end_while_telegram_is_away_leaves_it_to_the_next_start(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        cut(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(60)
        assert len(harness.handed) == 1
        await harness.restart()
        (row,) = await harness.rows()
        assert row.is_open
        mend(harness)
        (said,) = await harness.tick()
        assert (dates([said]), said.report.missed) == ([TODAY], [])
        await harness.restart()
        assert await harness.tick_at("2026-03-02 21:30") == []
        assert len(shown(harness)) == 1

    play_digest_chat(tmp_path, story)


def test_one_that_never_left_is_made_anew_when_it_is_sent(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        cut(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(60)
        await harness.restart()
        mend(harness)
        harness.finish("cell-2")
        (said,) = await harness.tick()
        assert said.course("护理").percent == 50

    play_digest_chat(tmp_path, story)
