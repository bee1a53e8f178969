"""The menu, the descriptions and the photo of the bot: set once, and again only when changed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram.constants import BotDescriptionLimit

from bot.chat.bot_profile import (
    PHOTO_MARK,
    description,
    profile_photo,
    set_menu,
    set_profile,
    short_description,
)
from bot.chat.i18n import Translators, load_translators
from bot.chat.telegram_bot import PatientBot
from demo.telegram import TelegramServer
from demo.telegram.flood import PROFILE_CHANGES_PER_HOUR
from tests.support.in_process_transport import TelegramTransport
from tests.support.names import TOKEN
from tests.support.telegram_bots import bot_in_process

TEXTS = {"description": description, "short_description": short_description}


@pytest.fixture
def server() -> TelegramServer:
    return TelegramServer(TOKEN, flood=True)


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[PatientBot]:
    async with bot_in_process(TelegramTransport(server, latency=0)) as running:
        yield running


def changes(server: TelegramServer) -> list[str]:
    """The methods that changed the profile, or were to."""
    methods = [call.method for call in server.calls]
    return [each for each in methods if each.startswith("setMy") and each != "setMyCommands"]


async def at_once() -> None:
    """The turn of a call that waits for nothing."""


@pytest.mark.parametrize("default", ["zh", "en"])
async def test_an_empty_chat_shows_the_descriptions_in_each_language(
    bot: PatientBot, server: TelegramServer, default: str, tmp_path: Path
) -> None:
    translators = load_translators(default)
    await set_profile(bot, translators, tmp_path, at_once)

    for code, language in (("zh", "zh"), ("en", "en"), ("", default), ("fr", default)):
        tr = translators[language]
        assert (await bot.get_my_description(code or None)).description == description(tr)
        shown = await bot.get_my_short_description(code or None)
        assert shown.short_description == short_description(tr)
    [photo] = server.world.profile_photos
    assert photo.content == profile_photo()


def test_the_descriptions_fit_telegram_and_name_what_stays_the_students_own(
    translators: Translators,
) -> None:
    for language in translators.languages:
        tr = translators[language]
        for told, most in (
            (description, BotDescriptionLimit.MAX_DESCRIPTION_LENGTH),
            (short_description, BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH),
        ):
            text = told(tr)
            assert text == text.strip()
            assert len(text.encode("utf-16-le")) // 2 <= most
    assert "测验、作业、讨论仍由你自己完成" in description(translators["zh"])
    assert "discussions stay yours" in description(translators["en"])


async def test_starts_in_a_row_change_nothing_more_and_stay_below_telegrams_limit(
    bot: PatientBot, server: TelegramServer, translators: Translators, tmp_path: Path
) -> None:
    await set_profile(bot, translators, tmp_path, at_once)
    first = changes(server)
    await set_profile(bot, translators, tmp_path, at_once)

    assert changes(server) == first
    assert first.count("setMyProfilePhoto") == 1
    assert len(first) < PROFILE_CHANGES_PER_HOUR


async def test_only_the_text_that_differs_is_set_again(
    bot: PatientBot, server: TelegramServer, translators: Translators, tmp_path: Path
) -> None:
    await set_profile(bot, translators, tmp_path, at_once)
    first = changes(server)
    server.world.names["short_description", "en"] = "of an older version"
    await set_profile(bot, translators, tmp_path, at_once)

    assert changes(server)[len(first) :] == ["setMyShortDescription"]
    english = short_description(translators["en"])
    assert server.world.names["short_description", "en"] == english


async def test_a_changed_photo_is_set_again(
    bot: PatientBot,
    server: TelegramServer,
    translators: Translators,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await set_profile(bot, translators, tmp_path, at_once)
    newer = profile_photo() + b"\0"
    monkeypatch.setattr("bot.chat.bot_profile.profile_photo", lambda: newer)
    await set_profile(bot, translators, tmp_path, at_once)

    assert [each.content for each in server.world.profile_photos][:1] == [newer]
    assert len(server.world.profile_photos) == 2


async def test_another_bot_in_the_same_folder_gets_the_photo_too(
    bot: PatientBot, translators: Translators, tmp_path: Path
) -> None:
    await set_profile(bot, translators, tmp_path, at_once)
    other = TelegramServer(TOKEN)
    other.world.bot["id"] += 1
    async with bot_in_process(TelegramTransport(other, latency=0)) as running:
        await set_profile(running, translators, tmp_path, at_once)

    assert len(other.world.profile_photos) == 1


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe", b"123"])
async def test_a_damaged_mark_sets_the_photo_again_and_is_mended(
    bot: PatientBot,
    server: TelegramServer,
    translators: Translators,
    tmp_path: Path,
    damaged: bytes,
) -> None:
    (tmp_path / PHOTO_MARK).write_bytes(damaged)
    for _ in range(2):
        await set_profile(bot, translators, tmp_path, at_once)

    assert len(server.world.profile_photos) == 1


async def test_the_mark_is_readable_by_its_owner_alone(
    bot: PatientBot, translators: Translators, tmp_path: Path
) -> None:
    await set_profile(bot, translators, tmp_path, at_once)

    assert (tmp_path / PHOTO_MARK).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("code", [400, 404, 429, 500])
@pytest.mark.parametrize(
    "method", ["getMyDescription", "setMyDescription", "setMyShortDescription", "setMyProfilePhoto"]
)
async def test_a_refused_change_raises_nothing_and_is_tried_again_at_the_next_start(
    bot: PatientBot,
    server: TelegramServer,
    translators: Translators,
    tmp_path: Path,
    method: str,
    code: int,
) -> None:
    server.fail(method, code, "no", retry_after=3600 if code == 429 else None)
    await set_profile(bot, translators, tmp_path, at_once)
    assert server.world.profile_photos == []
    assert not (tmp_path / PHOTO_MARK).exists()

    await set_profile(bot, translators, tmp_path, at_once)

    for field, text in TEXTS.items():
        assert server.world.names[field, "en"] == text(translators["en"])
        assert server.world.names[field, ""] == text(translators["zh"])
    assert len(server.world.profile_photos) == 1


async def test_a_mark_that_cannot_be_written_raises_nothing(
    bot: PatientBot, server: TelegramServer, translators: Translators, tmp_path: Path
) -> None:
    await set_profile(bot, translators, tmp_path / "missing", at_once)

    assert len(server.world.profile_photos) == 1


async def test_the_menu_has_every_language_and_the_default_for_the_others(
    bot: PatientBot, server: TelegramServer, translators: Translators
) -> None:
    await set_menu(bot, translators, at_once)

    assert server.menu("en")[0].description == "go to the home screen"
    assert server.menu("zh-hans") == server.menu("fr")
    assert server.menu("fr")[0].description == "回到首页"
