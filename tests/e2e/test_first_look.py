"""What a person sees of the bot before the first message, and that it never holds up the start."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chat.bot_profile import profile_photo
from bot.chat.telegram_bot import PatientBot
from demo.platform import document
from tests.support.app_harness import AppHarness, one_course

pytestmark = pytest.mark.process

Make = Callable[..., Any]


async def test_an_empty_chat_shows_the_descriptions_and_the_photo(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), introduced=True)
    world = harness.telegram.world

    await harness.until(lambda: bool(world.profile_photos))

    assert world.profile_photos[0].content == profile_photo()
    assert world.names["description", ""].startswith("职教云学习助手")
    assert world.names["description", "en"].startswith("Your study helper")


async def test_a_profile_that_telegram_does_not_answer_about_holds_up_neither_start_nor_end(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def hang(*_: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(PatientBot, "get_my_description", hang)
    harness: AppHarness = await asyncio.wait_for(
        open_app(one_course([document(1)]), introduced=True), 20
    )
    await asked.wait()

    harness.person.send("/start")

    await harness.see_button("登录")
    await asyncio.wait_for(harness.restart(), 20)
    assert harness.telegram.world.profile_photos == []


async def test_a_profile_that_was_refused_is_set_at_the_next_start(tmp_path: Path) -> None:
    harness = AppHarness(tmp_path, one_course([document(1)]), introduced=True)
    telegram = harness.telegram
    telegram.fail("setMyDescription", 429, "Too Many Requests", retry_after=3600)
    async with harness:
        await harness.until(lambda: any(c.method == "setMyDescription" for c in telegram.calls))
        harness.person.send("/start")
        await harness.see_button("登录")
        assert (telegram.world.names, telegram.world.profile_photos) == ({}, [])

        await harness.restart()

        await harness.until(lambda: bool(telegram.world.profile_photos))
        assert telegram.world.names["description", ""].startswith("职教云学习助手")
