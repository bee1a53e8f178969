"""A digest is a picture and a text, in one message or two: what is not to be had costs no more."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.support.digest_chat_harness import DigestChatHarness, DrawnAtOnce
from tests.support.digest_harness import local
from tests.support.names import ANNA

from .digest_chat import a_wordy_school, move_in, play_digest_chat, shown, tells_to_wait


class Undrawable(DrawnAtOnce):
    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        raise MemoryError("no room for so many pixels")


@pytest.mark.parametrize("wordy", [True, False])
@pytest.mark.parametrize("refused", [True, False])
def test_a_picture_that_is_not_to_be_had_costs_the_picture_alone(
    tmp_path: Path, refused: bool, wordy: bool
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en" if wordy else "zh")
        await harness.tick_at("2026-03-02 20:00")  # reads ahead
        if refused:
            harness.server.fail("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
        (said,) = await harness.tick_at("2026-03-02 21:00")
        (message,) = shown(harness)
        assert message.photo is None
        assert message.text.count("📖") == len(said.part.courses)
        assert message.text.count("⏳") > 0, "it is the whole digest"
        (row,) = await harness.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        cell = harness.platform.school.leaves()[0]
        harness.finish(cell.id)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        line = said.part.courses[0]
        assert line.gained == line.percent, "it counts from the text"
        assert (line.gained or 0) > 0

    drawing = None if refused else Undrawable(Random(0), 0.0)
    play_digest_chat(tmp_path, story, a_wordy_school() if wordy else None, drawing=drawing)


def test_a_long_one_is_a_picture_and_the_text_right_behind_it(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en")
        await harness.tick_at("2026-03-02 20:00")
        await harness.tick_at("2026-03-02 21:00")
        picture, text = shown(harness)
        assert picture.photo is not None
        assert "\n" not in picture.text
        assert text.photo is None
        assert text.text.count("📖") == 6

    play_digest_chat(tmp_path, story, a_wordy_school())


def test_a_text_that_is_refused_behind_its_picture_is_tried_once_more(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en")
        await harness.tick_at("2026-03-02 20:00")
        harness.server.fail("sendMessage", 400, "Bad Request: odd")
        assert len(await harness.tick_at("2026-03-02 21:00")) == 1
        picture, text = shown(harness)
        assert picture.photo is not None
        assert text.text.count("📖") == 6

    play_digest_chat(tmp_path, story, a_wordy_school())


@pytest.mark.parametrize("lost", ["sendPhoto", "sendMessage"])
def test_of_two_messages_none_is_sent_again_whose_answer_was_lost(
    tmp_path: Path, lost: str
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en")
        await harness.tick_at("2026-03-02 20:00")
        harness.server.lose_answer(lost)
        said = await harness.tick_at("2026-03-02 21:00")
        assert [each.photo is not None for each in shown(harness)] == [True, False]
        # The text is what counts.
        assert len(said) == (lost == "sendPhoto")
        (row,) = await harness.rows()
        assert row.reason == (None if said else "unsaid")
        assert await harness.tick_at("2026-03-02 21:30") == []
        assert len(shown(harness)) == 2

    play_digest_chat(tmp_path, story, a_wordy_school())


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

    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await drawing.begun.wait()
        assert await harness.rows() == [], "it is not claimed yet"
        await harness.kill()
        drawing.may_end = True
        (said,) = await harness.tick()
        assert said.report.missed == []
        assert len(shown(harness)) == 1

    play_digest_chat(tmp_path, story, drawing=drawing)


def _pictures(harness: DigestChatHarness) -> int:
    return sum(each.photo is not None for each in shown(harness))


@pytest.mark.parametrize("refused", [False, True])
def test_a_picture_whose_text_was_not_sent_is_not_sent_again_after_a_restart(
    tmp_path: Path, *, refused: bool
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en")
        await harness.tick_at("2026-03-02 20:00")
        if refused:
            harness.server.fail("sendMessage", 400, "Bad Request: odd")
        tells_to_wait(harness, 600, "sendMessage")
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(30)
        assert _pictures(harness) == 1
        await harness.restart()
        (row,) = await harness.rows()
        assert row.reason == "unsaid"
        await harness.tick_at("2026-03-02 21:30")
        assert _pictures(harness) == 1

    play_digest_chat(tmp_path, story, a_wordy_school())


@pytest.mark.parametrize(
    ("code", "words"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found")],
)
def test_a_picture_is_not_sent_again_to_a_person_who_blocked_the_bot_before_the_text(
    tmp_path: Path, code: int, words: str
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en")
        await harness.tick_at("2026-03-02 20:00")
        harness.server.fail("sendMessage", code, words)
        await harness.tick_at("2026-03-02 21:00")
        assert _pictures(harness) == 1
        await harness.heard_from(ANNA)
        await harness.tick_at("2026-03-02 21:30")
        assert _pictures(harness) == 1

    play_digest_chat(tmp_path, story, a_wordy_school())


def test_a_picture_is_not_sent_again_if_not_even_the_apology_for_its_text_was_sent(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness, language="en")
        await harness.tick_at("2026-03-02 20:00")
        harness.server.fail("sendMessage", 400, "Bad Request: odd", times=2)
        tells_to_wait(harness, 600, "sendMessage")
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(30)
        await harness.restart()
        await harness.tick_at("2026-03-02 21:30")
        assert _pictures(harness) == 1

    play_digest_chat(tmp_path, story, a_wordy_school())
