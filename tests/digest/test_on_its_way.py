"""Between the claim and the chat: a digest waits for Telegram, and much can happen meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from random import Random

import pytest

from bot.chat.background import Background
from bot.chat.notices import Notices
from bot.clock import PlatformClock
from bot.demo.platform import STUDENT, module, topic, video
from bot.digest.report import Missed, MissedDigest

from .campus import ANNA, local
from .line import a_wordy_school, cut, mend, move_in, on_the_line, shown, tells_to_wait
from .one_chat import dates
from .speaking import DrawnAtOnce, SpeakingCampus

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
                await campus.accounts.log_out(ANNA, account.id)
            case "erase":
                await campus.accounts.erase(ANNA)
            case "switch off":
                await campus.wishes.switch(ANNA, on=False)
            case "block":
                person.block()
        mend(campus)
        await campus.digests.idle()
        await campus.tick_at("2026-03-02 22:30")
        assert shown(campus) == []
        await campus.sleep_until(local("2026-03-03 12:00"))
        person.unblock()
        await campus.people.meet(ANNA, ANNA, "zh")
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert (said.report.missed, said.report.since) == ([], None)
        assert len(shown(campus)) == 1

    on_the_line(tmp_path, story)


def test_who_logs_out_one_of_two_while_it_waits_is_told_of_the_other(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        account = await move_in(campus)
        other = await campus.log_in(ANNA, campus.platform.school.students[1].stu_id)
        tells_to_wait(campus, 60)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(30)
        await campus.accounts.log_out(ANNA, account.id)
        await campus.digests.idle()
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
    async def no_trouble(chat_id: int, reference: str) -> None:
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


# pictures


class Undrawable(DrawnAtOnce):
    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        raise MemoryError("no room for so many pixels")


@pytest.mark.parametrize("wordy", [True, False])
@pytest.mark.parametrize("refused", [True, False])
def test_a_picture_that_is_not_to_be_had_costs_the_picture_alone(
    tmp_path: Path, refused: bool, wordy: bool
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus, language="en" if wordy else "zh")
        await campus.tick_at("2026-03-02 20:00")  # reads ahead
        if refused:
            campus.phones.fail("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
        (said,) = await campus.tick_at("2026-03-02 21:00")
        (message,) = shown(campus)
        assert message.photo is None
        assert message.text.count("📖") == len(said.part.courses)
        assert message.text.count("⏳") > 0, "it is the whole digest"
        (row,) = await campus.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        cell = campus.platform.school.leaves()[0]
        campus.study(STUDENT.stu_id, cell.id)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        line = said.part.courses[0]
        assert line.gained == line.percent > 0, "it counts from the text"

    drawing = None if refused else Undrawable(Random(0), 0.0)
    on_the_line(tmp_path, story, a_wordy_school() if wordy else None, drawing=drawing)


def test_a_long_one_is_a_picture_and_the_text_right_behind_it(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus, language="en")
        await campus.tick_at("2026-03-02 20:00")
        await campus.tick_at("2026-03-02 21:00")
        picture, text = shown(campus)
        assert picture.photo is not None
        assert "\n" not in picture.text
        assert text.photo is None
        assert text.text.count("📖") == 6

    on_the_line(tmp_path, story, a_wordy_school())


@pytest.mark.parametrize("lost", ["sendPhoto", "sendMessage"])
def test_of_two_messages_none_is_sent_again_whose_answer_was_lost(
    tmp_path: Path, lost: str
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus, language="en")
        await campus.tick_at("2026-03-02 20:00")
        campus.phones.lose_answer(lost)
        said = await campus.tick_at("2026-03-02 21:00")
        assert [each.photo is not None for each in shown(campus)] == [True, False]
        # The text is what counts.
        assert len(said) == (lost == "sendPhoto")
        (row,) = await campus.rows()
        assert row.reason == (None if said else "unsaid")
        assert await campus.tick_at("2026-03-02 21:30") == []
        assert len(shown(campus)) == 2

    on_the_line(tmp_path, story, a_wordy_school())


class SlowToDraw(DrawnAtOnce):
    def __init__(self) -> None:
        super().__init__(Random(0), 0.0)
        self.begun = asyncio.Event()
        self.may_end = False

    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        self.begun.set()
        if not self.may_end:
            await asyncio.Event().wait()
        return await super().draw(picture)


def test_a_kill_while_it_is_drawn_loses_nothing(tmp_path: Path) -> None:
    drawing = SlowToDraw()

    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await drawing.begun.wait()
        assert await campus.rows() == [], "it is not claimed yet"
        await campus.kill()
        drawing.may_end = True
        (said,) = await campus.tick()
        assert said.report.missed == []
        assert len(shown(campus)) == 1

    on_the_line(tmp_path, story, drawing=drawing)


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
