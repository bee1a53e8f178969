"""An outbox on a fake Bot API, and the translators of all languages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.i18n import Translators, load_translators
from tests.support.chat_harness import ChatHarness
from tests.support.fake_bot_api import FakeBotApi, OutboxHarness


@pytest.fixture
def bot_api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
async def sending(bot_api: FakeBotApi) -> AsyncIterator[OutboxHarness]:
    made = OutboxHarness(bot_api)
    yield made
    await made.outbox.close(0)


@pytest.fixture(scope="session")
def translators() -> Translators:
    return load_translators("zh")


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ChatHarness]:
    async with ChatHarness(tmp_path) as opened:
        yield opened
