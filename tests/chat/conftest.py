"""An outbox on a post of paper, and the voices of all languages."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.i18n import Translators, load_translators
from tests.chat.newsroom import Newsroom, open_newsroom
from tests.chat.post import Mail, Post

# As the application does: else the library warns at each "wait" of Telegram.
os.environ.setdefault("PTB_TIMEDELTA", "true")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def mail(post: Post) -> AsyncIterator[Mail]:
    made = Mail(post)
    yield made
    await made.outbox.close(0)


@pytest.fixture(scope="session")
def translators() -> Translators:
    return load_translators("zh")


@pytest.fixture
async def room(tmp_path: Path, translators: Translators) -> AsyncIterator[Newsroom]:
    async with open_newsroom(tmp_path, translators) as opened:
        yield opened
