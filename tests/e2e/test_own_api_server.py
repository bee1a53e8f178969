"""A Bot API server of one's own, in its local mode: files are paths, the webhook is on loopback."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest

from bot.chat import webhook
from bot.clock import Clock
from bot.health.monitor import NOT_DELIVERED
from demo.platform import STUDENT, document
from tests.support.app_harness import AppHarness, one_course
from tests.support.clocks import JumpingClock
from tests.support.free_port import free_port

Make = Callable[..., Any]


async def test_a_cookie_in_a_file_is_read_from_the_servers_folder_and_removed_there(
    open_app: Make, tmp_path: Path
) -> None:
    server = tmp_path / "server"
    harness: AppHarness = await open_app(one_course([document(1)]), local=server)
    auth = harness.platform.cookie_for(STUDENT.stu_id)
    sent = harness.person.send_document("cookies.txt", f"auth={auth}".encode())
    await harness.see("登录成功")
    await harness.until(lambda: sent.deleted)
    assert [each for each in server.rglob("*") if each.is_file()] == []


async def behind_a_webhook(
    open_app: Make, tmp_path: Path, clock: Clock | None = None
) -> AppHarness:
    port = free_port()
    settings = {
        "webhook_url": f"http://127.0.0.1:{port}/secret-path",
        "webhook_listen": f"127.0.0.1:{port}",
    }
    harness: AppHarness = await open_app(
        one_course([document(1)]), settings=settings, local=tmp_path / "server", clock=clock
    )
    await harness.until(lambda: harness.telegram.world.updates.webhook)
    return harness


async def test_a_webhook_that_another_program_took_is_set_again(
    open_app: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,  # noqa: ANN401
) -> None:
    monkeypatch.setattr(webhook, "LOOK_EVERY", 0.2)
    harness = await behind_a_webhook(open_app, tmp_path)
    updates = harness.telegram.world.updates
    updates.webhook = None
    harness.person.send("/start")
    await harness.until(lambda: updates.webhook)
    await harness.see("职教云")


async def test_a_refused_webhook_is_told_and_tried_again(
    open_app: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(
        webhook.Webhook, "_say", lambda _, event, **facts: said.append((event, facts))
    )
    port = free_port()
    harness = AppHarness(
        tmp_path,
        one_course([document(1)]),
        settings={
            "webhook_url": f"http://127.0.0.1:{port}",
            "webhook_listen": f"127.0.0.1:{port}",
        },
        local=tmp_path / "server",
    )
    refusal = "Bad Request: bad webhook: Failed to resolve host"
    harness.telegram.fail("setWebhook", 400, refusal)
    async with harness:
        await harness.until(lambda: harness.telegram.world.updates.webhook)
        harness.person.send("/start")
        await harness.see("职教云")
    ((event, facts),) = said
    assert event == "Telegram does not accept the webhook; trying again"
    assert facts == {"trouble": str(BadRequest(refusal))}


async def test_updates_that_do_not_arrive_are_told_once(
    open_app: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(webhook, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(
        webhook.Webhook, "_say", lambda _, event, **facts: said.append((event, facts))
    )
    harness = await behind_a_webhook(open_app, tmp_path)
    set_up = harness.telegram.world.updates.webhook
    assert set_up is not None
    set_up.last_error_date, set_up.last_error_message = 1_700_000_000, "Connection refused"
    await harness.until(lambda: _looks(harness) >= 5)
    assert said == [
        (
            "Telegram could not deliver an update to the webhook",
            {"trouble": "Connection refused", "waiting": 0},
        )
    ]


async def test_a_bot_that_telegram_does_not_deliver_to_is_unhealthy_until_it_does(
    open_app: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_EVERY", 0.05)
    clock = JumpingClock()
    harness = await behind_a_webhook(open_app, tmp_path, clock)
    await _looked(harness)
    assert await _causes(harness) == ()
    set_up = harness.telegram.world.updates.webhook
    assert set_up is not None
    secret, set_up.secret_token = set_up.secret_token, "of another bot"
    harness.person.send("/start")
    await harness.until(lambda: set_up.last_error_date)
    await _looked(harness)
    clock.jump(91)
    assert await _causes(harness) == (NOT_DELIVERED,)
    await _looked(harness)
    assert await _causes(harness) == (NOT_DELIVERED,)
    set_up.secret_token = secret
    await harness.see("职教云")
    await _looked(harness)
    # The failure of before stays told.
    assert set_up.last_error_date is not None
    assert await _causes(harness) == ()


async def test_a_bot_behind_a_webhook_is_unhealthy_while_telegram_is_away(
    open_app: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_EVERY", 0.05)
    clock = JumpingClock()
    harness = await behind_a_webhook(open_app, tmp_path, clock)
    await _looked(harness)
    assert await _causes(harness) == ()
    harness.telegram.away()
    clock.jump(91)
    assert await _causes(harness) == (NOT_DELIVERED,)
    harness.telegram.back()
    await _looked(harness)
    assert await _causes(harness) == ()


async def _causes(harness: AppHarness) -> tuple[str, ...]:
    assert harness.app is not None
    return await harness.app.health.monitor.look()


async def _looked(harness: AppHarness) -> None:
    """The bot has looked at the webhook, from begin to end."""
    before = _looks(harness)
    await harness.until(lambda: _looks(harness) >= before + 2)


def _looks(harness: AppHarness) -> int:
    return sum(each.method == "getWebhookInfo" for each in harness.telegram.calls)
