"""Deletions are retried after trouble that passes."""

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError

from tests.support.fake_bot_api import FakeBotApi, OutboxHarness
from tests.support.names import ANNA

pytestmark = pytest.mark.looptime(start=0)


def _fails_once(
    bot_api: FakeBotApi, monkeypatch: pytest.MonkeyPatch, error: TelegramError
) -> list[int]:
    tried: list[int] = []

    async def delete(_: int, message_id: int) -> bool:
        tried.append(message_id)
        if len(tried) == 1:
            raise error
        return True

    monkeypatch.setattr(bot_api, "delete", delete)
    return tried


@pytest.mark.parametrize("error", [NetworkError("away"), InvalidToken("Not Found")])
async def test_a_deletion_is_tried_again_after_an_outage_or_a_gateways_not_found(
    sending: OutboxHarness,
    bot_api: FakeBotApi,
    monkeypatch: pytest.MonkeyPatch,
    error: TelegramError,
) -> None:
    tried = _fails_once(bot_api, monkeypatch, error)
    assert await sending.outbox.delete(ANNA, 5)
    assert tried == [5, 5]


@pytest.mark.parametrize("error", [BadRequest("message can't be deleted"), Forbidden("no rights")])
async def test_a_refused_deletion_in_a_group_is_not_tried_again(
    sending: OutboxHarness,
    bot_api: FakeBotApi,
    monkeypatch: pytest.MonkeyPatch,
    error: TelegramError,
) -> None:
    tried = _fails_once(bot_api, monkeypatch, error)
    assert not await sending.outbox.delete(-ANNA, 5)
    assert tried == [5]
