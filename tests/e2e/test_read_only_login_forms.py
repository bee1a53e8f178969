"""What a student pastes to log in at the site since 2023: every secret goes, and is refused clearly
or taken."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.spoc.scripted_site import jwt
from tests.support.shown import from_bot
from tests.support.spoc_app import SpocApp

pytestmark = pytest.mark.slow
SECRET = jwt("q")
ANOTHER = "它不是 zjy2.icve.com.cn 的 cookie Token"
NOT_WHOLE = "Token 不完整"
CENTRAL = "https://sso.icve.com.cn/data/userLogin"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[SpocApp]:
    async with SpocApp(tmp_path) as app:
        yield app


def holding(folder: Path, secret: str) -> list[str]:
    """The names of the files that hold the secret in plain text."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return [each.name for each in files if secret.encode() in each.read_bytes()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"token={SECRET}", ANOTHER),
        (json.dumps({"token": SECRET}), ANOTHER),
        (f"UserToken: {SECRET}", ANOTHER),
        (f"curl '{CENTRAL}' -H 'Authorization: Bearer {SECRET}'", ANOTHER),
        (json.dumps([{"domain": ".icve.com.cn", "name": "Token", "value": SECRET}]), ANOTHER),
        (f"Authorization: Bearer {SECRET[:90]}", NOT_WHOLE),
        (f"Token={SECRET.rpartition('.')[0]}", NOT_WHOLE),
    ],
    ids=["small letters", "json", "other name", "central login", "all hosts", "cut", "unsigned"],
)
async def test_what_is_not_the_sites_token_is_deleted_named_and_never_sent(
    app: SpocApp, text: str, said: str
) -> None:
    app.person.send(text)
    await app.see(said)
    await app.see("你的消息已删除")
    assert not any(SECRET[:60] in each.text for each in app.person.chat.messages)
    assert app.site.requests == []
    assert app.platform.requests == []


async def test_a_header_broken_into_lines_logs_in_and_stays_nowhere(
    app: SpocApp, tmp_path: Path
) -> None:
    token = app.site.token_for(app.pupil)
    lines = "\n ".join(token[at : at + 37] for at in range(0, len(token), 37))
    app.person.send(f"authorization: bearer {lines}")
    await app.see("登录成功")
    assert [each for each in app.person.chat.messages if not each.from_bot] == []
    assert from_bot(app.person.chat)
    assert holding(tmp_path, token.rpartition(".")[2][:36]) == []
