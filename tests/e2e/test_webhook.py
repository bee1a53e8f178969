"""Updates by webhook, between the stand-ins and the real process."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from bot.chat.update_reader import HANDLED_KINDS
from demo.platform import STUDENT, document
from demo.telegram import Person
from demo.telegram.state import BotStatus
from tests.support.app_harness import one_course
from tests.support.bot_process import started
from tests.support.shown import COUNTS, from_bot, saying, with_button
from tests.support.webhook_stage import FORBIDDEN, OK, PATIENCE, WebhookStage

pytestmark = pytest.mark.process

WITHIN = 8.0
HUGE = 64 * 1024 * 1024
MORE_MEMORY = 40
"""Megabytes, for bodies of which each has more."""
STRANGER = 4004


@asynccontextmanager
async def behind_a_webhook(**options: Any) -> AsyncIterator[tuple[WebhookStage, Person]]:  # noqa: ANN401
    async with WebhookStage(one_course([document(2)]), **options) as stage:
        yield stage, stage.telegram.person(1001)


async def told(stage: WebhookStage, person: Person, text: str) -> None:
    await stage.telegram.wait_for(lambda: saying(person.chat, text), PATIENCE)


async def answers(stage: WebhookStage, person: Person) -> None:
    """What the person asks now is answered."""
    before = len(from_bot(person.chat))
    person.send("/help")
    await stage.telegram.wait_for(lambda: len(from_bot(person.chat)) > before, PATIENCE)


def update_of(stage: WebhookStage, update_id: int, user_id: int = STRANGER) -> dict[str, object]:
    """A message of someone that no one has seen yet."""
    stage.telegram.person(user_id).chat.bot = BotStatus.MEMBER
    user = {"id": user_id, "is_bot": False, "first_name": "x", "language_code": "zh-hans"}
    message = {
        "message_id": 9000 + update_id % 1000,
        "date": int(time.time()),
        "chat": {"id": user_id, "type": "private", "first_name": "x"},
        "from": user,
        "text": "/help",
    }
    return {"update_id": update_id, "message": message}


async def test_a_login_and_a_job_go_by_webhook_and_nothing_is_polled() -> None:
    async with behind_a_webhook() as (stage, person):

        async def press(label: str) -> None:
            await stage.telegram.wait_for(lambda: with_button(person.chat, label), PATIENCE)
            person.press(label)

        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        await told(stage, person, STUDENT.name)
        person.send("/courses")
        for label in ("测试科目", "测试模块", "下一步", "开始"):
            await press(label)
        final = await stage.telegram.wait_for(
            lambda: next((e for e in from_bot(person.chat) if COUNTS.search(e.text)), None),
            PATIENCE,
        )
        assert COUNTS.search(final.text)
        called = [each for each in stage.telegram.calls if each.method == "setWebhook"]
        assert {each.method for each in stage.telegram.calls}.isdisjoint(
            {"getUpdates", "deleteWebhook"}
        )
        assert len(called) == 1
        assert called[0].params["drop_pending_updates"] == "false"
        assert stage.telegram.world.updates.allowed == {*map(str, HANDLED_KINDS)}
        assert len(stage.webhook.secret_token) >= 32


async def test_a_request_without_the_secret_is_refused_and_nothing_is_queued() -> None:
    async with behind_a_webhook() as (stage, person):
        secret = stage.webhook.secret_token
        forged = str(update_of(stage, 7)).replace("'", '"').replace("False", "false").encode()
        for secrets in ((), ("x",), (secret[:-1],), (secret + "x",), (secret, "x"), ("",)):
            assert await stage.post(forged, *secrets) == FORBIDDEN, secrets
        assert await stage.post(b"{}", secret, method="GET") == 405
        await answers(stage, person)
        assert from_bot(stage.telegram.person(STRANGER).chat) == []
        assert await stage.post(forged, secret) == OK
        stranger = stage.telegram.person(STRANGER)
        await stage.telegram.wait_for(lambda: from_bot(stranger.chat), PATIENCE)
        assert secret not in stage.logged()
        assert "without its secret" in stage.logged()


async def test_a_huge_body_costs_no_memory_with_the_secret_or_without() -> None:
    async with behind_a_webhook() as (stage, person):
        await answers(stage, person)
        before = stage.megabytes()
        body = b'{"update_id": 7, "message": "' + b"x" * HUGE + b'"}'
        secret = stage.webhook.secret_token
        statuses = await asyncio.gather(
            *(stage.post(body, *secrets) for secrets in [(), (secret,)] * 3)
        )
        # Who goes on to send after the refusal may see the connection closed instead of it.
        assert {*statuses} <= {0, FORBIDDEN, 413}
        assert await stage.post(b"{", secret, length=HUGE) == 413
        assert stage.megabytes() - before < MORE_MEMORY
        await answers(stage, person)


async def test_connections_that_drip_keep_no_update_out() -> None:
    async with behind_a_webhook() as (stage, person):
        secret = stage.webhook.secret_token
        dripping = [
            asyncio.create_task(_drip(stage.port, head))
            for head in (
                b"POST /hook HTTP/1.1\r\nX: ",
                b"",
                f"POST / HTTP/1.1\r\n{secret}".encode(),
            )
            for _ in range(70)
        ]
        try:
            await asyncio.sleep(1)
            began = time.monotonic()
            for _ in range(3):
                await answers(stage, person)
            assert time.monotonic() - began < 10
            assert stage.megabytes() < 300
        finally:
            for each in dripping:
                each.cancel()
            await asyncio.gather(*dripping, return_exceptions=True)


async def test_a_body_that_drips_is_given_up_and_holds_nothing_else_back() -> None:
    async with behind_a_webhook() as (stage, person):
        head = (
            f"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {stage.webhook.secret_token}\r\n\r\n{{"
        )
        dripping = asyncio.create_task(_drip(stage.port, head.encode()))
        await answers(stage, person)
        began = time.monotonic()
        await asyncio.wait_for(dripping, 30)
        assert time.monotonic() - began < 25


async def _drip(port: int, head: bytes) -> None:
    """Send a byte after the other until the connection is closed."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return
    try:
        writer.write(head)
        while not reader.at_eof():
            writer.write(b"x")
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.2)
    except OSError:
        return
    finally:
        writer.close()


@pytest.mark.parametrize("how", ["orderly", "killed"])
async def test_what_waits_over_a_restart_is_answered_once_by_the_next_start(how: str) -> None:
    async with behind_a_webhook() as (stage, person):
        await answers(stage, person)
        old = stage.webhook
        await (stage.stop_bot() if how == "orderly" else stage.kill_bot())
        before = len(from_bot(person.chat))
        for _ in range(3):
            person.send("/help")
        await stage.telegram.wait_for(lambda: old.last_error_message, PATIENCE)
        assert stage.telegram.world.updates.webhook is old, "nothing is removed at the end"
        await stage.start_bot()
        assert stage.webhook.secret_token != old.secret_token
        await stage.telegram.wait_for(lambda: len(from_bot(person.chat)) >= before + 3, PATIENCE)
        await answers(stage, person)
        assert len(from_bot(person.chat)) == before + 4
        assert stage.telegram.world.updates.pending == []


async def test_going_back_to_polls_removes_the_webhook_and_loses_nothing() -> None:
    async with behind_a_webhook() as (stage, person):
        await answers(stage, person)
        await stage.stop_bot()
        before = len(from_bot(person.chat))
        person.send("/help")
        del stage.settings["WEBHOOK_URL"], stage.settings["WEBHOOK_LISTEN"]
        await super(WebhookStage, stage).start_bot()
        await stage.telegram.wait_for(lambda: len(from_bot(person.chat)) > before, PATIENCE)
        assert stage.telegram.world.updates.webhook is None


async def test_an_update_that_cannot_be_read_is_passed_over_and_the_next_one_is_handled() -> None:
    async with behind_a_webhook() as (stage, person):
        odd_ones: list[object] = [
            {"message": {"chat": {"id": "x"}}},
            {"message": 7},
            {"x": {}},
            7,
            [],
        ]
        for odd in odd_ones:
            stage.telegram.deliver(odd)
        await answers(stage, person)
        await stage.telegram.wait_for(lambda: not stage.telegram.world.updates.pending, PATIENCE)
        assert stage.webhook.last_error_message == ""
        assert "an update could not be read and is passed over" in stage.logged()


async def test_a_body_that_is_no_json_is_asked_for_again() -> None:
    async with behind_a_webhook() as (stage, person):
        secret = stage.webhook.secret_token
        torn = b'{"update_id": 7000, "message": {"te'
        assert [await stage.post(torn, secret) for _ in range(3)] == [400, 400, OK]
        await answers(stage, person)


async def test_an_update_whose_acknowledgement_got_lost_is_handled_once() -> None:
    async with behind_a_webhook() as (stage, person):
        update = update_of(stage, 7)
        assert [await stage.deliver(update) for _ in range(3)] == [OK, OK, OK]
        await answers(stage, person)
        assert len(from_bot(stage.telegram.person(STRANGER).chat)) == 1


async def test_a_signal_ends_the_process_in_time_whatever_connections_hang() -> None:
    async with behind_a_webhook() as (stage, person):
        await answers(stage, person)
        head = f"POST / HTTP/1.1\r\nX-Telegram-Bot-Api-Secret-Token: {stage.webhook.secret_token}"
        hanging = [await asyncio.open_connection("127.0.0.1", stage.port) for _ in range(20)]
        for number, (_, writer) in enumerate(hanging):
            length = "\r\nContent-Length: 50\r\n\r\n{" if number % 2 else ""
            writer.write(head.encode() + length.encode())
        process = stage._process
        assert process is not None
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        assert time.monotonic() - began < WITHIN
        for _, writer in hanging:
            writer.close()


async def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path: Any) -> None:  # noqa: ANN401
    async with behind_a_webhook() as (stage, _):
        settings = {**stage.settings, "LOG_LEVEL": "error"}
        async with started(tmp_path / "data", settings) as process:
            out, said = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 1
        assert out == b""
        assert said.decode().count("\n") == 1
        assert said.startswith(b"WEBHOOK_LISTEN: the bot cannot listen on 127.0.0.1:")
