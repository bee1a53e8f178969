"""A person returns to a chat that could not be written to: today's digest is still sent, whenever
the next look at what is due falls."""

from pathlib import Path

from bot.digest.agenda import Todo
from storage.digest_settings import DigestSettings

from .campus import ANNA
from .line import move_in, on_the_line
from .speaking import SpeakingCampus


async def _skipped(campus: SpeakingCampus) -> None:
    """Today's digest is skipped: the bot cannot write to the chat."""
    await move_in(campus)
    await campus.reach.note_unreachable(ANNA)
    assert await campus.tick_at("2026-03-02 21:00") == []
    await campus.reach.heard_from(ANNA)


def test_a_look_between_the_return_and_the_reopening_does_not_lose_the_digest(
    tmp_path: Path,
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await _skipped(campus)
        assert await campus.tick_at("2026-03-02 21:05") == []
        await campus.digests.catch_up(ANNA)
        assert len(await campus.tick_at("2026-03-02 21:06")) == 1

    on_the_line(tmp_path, story)


def test_a_look_that_read_before_the_reopening_and_ends_after_it_does_not_lose_the_digest(
    tmp_path: Path,
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await _skipped(campus)
        store = campus.digests._store
        look = store.look

        async def slow(settings: DigestSettings, now: object) -> Todo:
            found = await look(settings, campus.clock.now())
            await campus.digests.catch_up(ANNA)
            return found

        store.look = slow  # type: ignore[method-assign]
        assert await campus.tick_at("2026-03-02 21:05") == []
        store.look = look  # type: ignore[method-assign]
        assert len(await campus.tick_at("2026-03-02 21:06")) == 1

    on_the_line(tmp_path, story)
