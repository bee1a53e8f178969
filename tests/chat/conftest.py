"""An outbox on a fake Bot API, and the translators of all languages."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.i18n import Translators, load_translators
from tests.support.chat_harness import ChatHarness, open_chat
from tests.support.fake_bot_api import FakeBotApi, OutboxHarness

# As the application does: else the library warns at each "wait" of Telegram.
os.environ.setdefault("PTB_TIMEDELTA", "true")


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
async def harness(tmp_path: Path, translators: Translators) -> AsyncIterator[ChatHarness]:
    async with open_chat(tmp_path, translators) as opened:
        yield opened
