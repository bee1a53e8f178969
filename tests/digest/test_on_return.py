"""A person returns to a chat that could not be written to: today's digest is still sent, whenever
the next look at what is due falls."""

from pathlib import Path

from bot.digest.agenda import Todo
from storage.digest_settings import DigestSettings
from tests.support.digest_chat_harness import DigestChatHarness
from tests.support.names import ANNA

from .digest_chat import move_in, play_digest_chat


async def _skipped(harness: DigestChatHarness) -> None:
    """Today's digest is skipped: the bot cannot write to the chat."""
    await move_in(harness)
    await harness.reach.note_unreachable(ANNA)
    assert await harness.tick_at("2026-03-02 21:00") == []
    await harness.reach.heard_from(ANNA)


def test_a_look_between_the_return_and_the_reopening_does_not_lose_the_digest(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await _skipped(harness)
        assert await harness.tick_at("2026-03-02 21:05") == []
        await harness.digests.catch_up(ANNA)
        assert len(await harness.tick_at("2026-03-02 21:06")) == 1

    play_digest_chat(tmp_path, story)


def test_a_look_that_read_before_the_reopening_and_ends_after_it_does_not_lose_the_digest(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await _skipped(harness)
        store = harness.digests._store
        look = store.look

        async def slow(settings: DigestSettings, now: object) -> Todo:
            found = await look(settings, harness.clock.now())
            await harness.digests.catch_up(ANNA)
            return found

        store.look = slow  # type: ignore[method-assign]
        assert await harness.tick_at("2026-03-02 21:05") == []
        store.look = look  # type: ignore[method-assign]
        assert len(await harness.tick_at("2026-03-02 21:06")) == 1

    play_digest_chat(tmp_path, story)
