"""A student of the site since 2023: logged in with a token, shown what is there, and no more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.spoc_app import SpocApp

pytestmark = pytest.mark.slow


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[SpocApp]:
    async with SpocApp(tmp_path) as app:
        yield app


async def test_a_token_logs_in_and_the_courses_are_shown(app: SpocApp) -> None:
    token = await app.log_in_here()
    assert all(token not in each.text for each in app.person.chat.messages)
    app.person.send("/courses")
    await app.see_button("网络基础")
    await app.press("网络基础")
    await app.see_button("单元一")
    assert app.site.violations == []
