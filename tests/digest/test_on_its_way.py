"""Between the claim and the chat: a digest waits for Telegram, and much can happen meanwhile."""

import asyncio
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.chat.background import Background
from bot.chat.notices import Notices
from bot.clock import PlatformClock
from bot.digest.report import Missed, MissedDigest
from demo.platform import STUDENT, module, topic, video
from tests.digest.served import until_served

from .campus import ANNA, local
from .line import cut, mend, move_in, on_the_line, shown, tells_to_wait
from .one_chat import dates
from .speaking import SpeakingCampus

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("away", [True, False])
@pytest.mark.parametrize("parting", ["log out", "erase", "switch off", "block"])
def test_who_leaves_while_it_waits_for_telegram_gets_nothing_and_hears_of_nothing(
    tmp_path: Path, parting: str, away: bool
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        account = await move_in(campus)
        person = campus.phones.person(ANNA)
        if away:
            cut(campus)
        else:
            tells_to_wait(campus, 60)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(30)
        assert len(campus.handed) == 1, "it waits"
        match parting:
            case "log out":
                await campus.login.log_out(ANNA, account.id)
            case "erase":
                await campus.login.erase(ANNA)
            case "switch off":
                await campus.wishes.switch(ANNA, on=False)
            case "block":
                person.block()
        mend(campus)
        await until_served(campus.digests)
        await campus.tick_at("2026-03-02 22:30")
        assert shown(campus) == []
        await campus.sleep_until(local("2026-03-03 12:00"))
        person.unblock()
        await campus.heard_from(ANNA)
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert (said.report.missed, said.report.since) == ([], None)
        assert len(shown(campus)) == 1

    on_the_line(tmp_path, story)


def test_a_block_that_a_single_line_finds_out_is_not_told_of_later(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        await campus.tick_at("2026-03-02 21:00")
        person = campus.phones.person(ANNA)
        person.block()
        assert await campus.tick_at("2026-03-03 21:00") == []
        assert not campus.handed[-1].has_news
        await campus.sleep_until(local("2026-03-04 12:00"))
        person.unblock()
        await campus.heard_from(ANNA)
        (said,) = await campus.tick_at("2026-03-04 21:00")
        assert said.report.missed == []
        assert len(shown(campus)) == 2

    on_the_line(tmp_path, story)


def test_who_logs_out_one_of_two_while_it_waits_is_told_of_the_other(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        account = await move_in(campus)
        other = await campus.log_in(ANNA, campus.platform.school.students[1].stu_id)
        tells_to_wait(campus, 60)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(30)
        await campus.login.log_out(ANNA, account.id)
        await until_served(campus.digests)
        assert shown(campus) == []
        (said,) = await campus.tick()
        assert said.part.account_id == other.id
        assert len(shown(campus)) == 1
        (row,) = await campus.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)

    on_the_line(tmp_path, story)


@pytest.mark.parametrize("quiet", [True, False])
def test_one_that_waits_into_the_quiet_hours_comes_without_sound(
    tmp_path: Path, quiet: bool
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus, "22:29")
        if not quiet:
            await campus.wishes.set_quiet(ANNA, time(23), time(7))
        tells_to_wait(campus, 120)
        assert len(await campus.tick_at("2026-03-02 22:29")) == 1
        (message,) = shown(campus)
        assert campus.clock.now() > local("2026-03-02 22:30")
        assert message.silent is quiet

    on_the_line(tmp_path, story)


@pytest.mark.parametrize("quiet", [True, False])
def test_a_notice_that_waits_into_the_quiet_hours_comes_without_sound(
    tmp_path: Path, quiet: bool
) -> None:
    async def no_trouble(chat_id: int | None, reference: str) -> None:
        raise AssertionError(reference)

    async def story(campus: SpeakingCampus) -> None:
        background = Background(no_trouble)
        notices = Notices(
            campus.db,
            PlatformClock(campus.clock),
            campus.people,
            campus.outbox,
            background,
            campus.wishes.is_quiet,
        )
        await move_in(campus)
        await campus.wishes.switch(ANNA, on=False)
        await campus.wishes.set_watch(ANNA, 6)
        if not quiet:
            await campus.wishes.set_quiet(ANNA, time(23), time(7))
        await campus.tick_at("2026-03-02 13:00")
        campus.publish(0, module([topic([replace(video(9), id="new")], id="t9")], id="m9"))
        await campus.tick_at("2026-03-02 22:29")
        tells_to_wait(campus, 120, "sendMessage")
        notices.wake()
        await asyncio.sleep(200)
        (message,) = shown(campus)
        assert "有新课" in message.text
        assert message.silent is quiet
        await background.close()

    on_the_line(tmp_path, story)


def test_one_that_waits_over_the_end_of_its_day_never_comes(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus, "23:59")
        tells_to_wait(campus, 120)
        assert await campus.tick_at("2026-03-02 23:59") == []
        assert campus.clock.now() > local("2026-03-03 00:00")
        assert len(campus.handed) == 1
        assert shown(campus) == []
        (said,) = await campus.tick_at("2026-03-03 23:59")
        assert said.report.missed == [MissedDigest(TODAY, Missed.DOWN)]

    on_the_line(tmp_path, story)


def test_an_end_while_telegram_is_away_leaves_it_to_the_next_start(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        cut(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(60)
        assert len(campus.handed) == 1
        await campus.restart()
        (row,) = await campus.rows()
        assert row.is_open
        mend(campus)
        (said,) = await campus.tick()
        assert (dates([said]), said.report.missed) == ([TODAY], [])
        await campus.restart()
        assert await campus.tick_at("2026-03-02 21:30") == []
        assert len(shown(campus)) == 1

    on_the_line(tmp_path, story)


def test_one_that_never_left_is_made_anew_when_it_is_sent(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        cut(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(60)
        await campus.restart()
        mend(campus)
        campus.study(STUDENT.stu_id, "cell-2")
        (said,) = await campus.tick()
        assert said.course("护理").percent == 50

    on_the_line(tmp_path, story)
