"""The health and the metrics of a whole bot, as its operator and its monitoring see them."""

import asyncio
import re
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.health.command import causes_of
from bot.health.monitor import POLLED_LATE
from demo.platform import OTHER_STUDENT, STUDENT, document
from demo.stage import Stage
from tests.support.app_harness import AppHarness, one_course
from tests.support.bot_process import started
from tests.support.clocks import JumpingClock
from tests.support.free_port import free_port
from tests.support.names import ANNA, TOKEN

MANY = [document(1, name=f"页{number}") for number in range(8)]


async def get(port: int, path: str) -> tuple[int, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]


async def healthz(harness: AppHarness, port: int) -> tuple[int, str]:
    """The answer after one more look of the bot at itself."""
    assert harness.app is not None
    await harness.app.health._look()
    return await get(port, "/healthz")


async def test_a_bot_at_work_is_healthy_and_says_when_telegram_is_away(
    open_app: Callable[..., Any],
) -> None:
    port, clock = free_port(), JumpingClock()
    harness: AppHarness = await open_app(
        one_course(MANY), settings={"health_address": f"127.0.0.1:{port}"}, clock=clock
    )
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    assert await healthz(harness, port) == (200, "ok\n")
    harness.telegram.away()
    clock.jump(91)
    assert await healthz(harness, port) == (503, f"{POLLED_LATE}\n")
    harness.telegram.back()
    for _ in range(300):
        if (await healthz(harness, port))[0] == 200:
            break
        await asyncio.sleep(0.1)
    assert await healthz(harness, port) == (200, "ok\n")
    assert (await harness.final()).counts == (len(MANY), 0, 0)


async def test_no_metric_holds_anything_of_a_person(open_app: Callable[..., Any]) -> None:
    """After a login, a job and a digest of two students in two chats."""
    port = free_port()
    harness: AppHarness = await open_app(
        one_course(MANY), settings={"health_address": f"127.0.0.1:{port}"}
    )
    cookies = [await harness.log_in(each.stu_id) for each in (STUDENT, OTHER_STUDENT)]
    await harness.start_job("测试科目", "测试模块")
    await harness.final()
    harness.person.send("/digest")
    await harness.press("发一份")
    await harness.see("测试科目")
    harness.telegram.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
    harness.person.send("/accounts")
    await harness.see(OTHER_STUDENT.name)
    await healthz(harness, port)
    status, text = await get(port, "/metrics")

    assert status == 200
    for counted in (
        'zjy_bot_updates_total{kind="message"}',
        'zjy_bot_updates_total{kind="callback_query"}',
        "zjy_bot_answer_seconds_count",
        'zjy_bot_jobs{state="succeeded"} 1.0',
        'zjy_bot_reports_total{result="accepted"} 8.0',
        'zjy_bot_platform_answers_total{code="1",endpoint="index"}',
        'zjy_bot_telegram_flood_waits_total{method="sendMessage"} 1.0',
        'zjy_bot_queue_length{queue="outbox"}',
        'zjy_bot_queue_length{queue="gate"}',
        "zjy_bot_digests_total",
        "zjy_bot_backup_age_seconds",
        "zjy_bot_late_reports",
    ):
        assert counted in text, counted
    school = harness.platform.school
    persons = [
        *cookies,
        TOKEN,
        str(ANNA),
        *(word for each in (STUDENT, OTHER_STUDENT) for word in (each.stu_id, each.name)),
        *(word for each in school.courses for word in (each.name, each.course_open_id)),
        "测试模块",
        "小明",
    ]
    labels = re.findall(r'="([^"]*)"', text)
    assert labels
    assert [word for word in persons if any(word in label for label in labels)] == []
    # A short number may well be a part of another one that is measured.
    whole = [rf"(?<![\d.]){re.escape(word)}(?!\d)" for word in persons]
    assert [word for word in whole if re.search(word, text)] == []
    # Whatever else a label may hold: none is a number that could be an id, or a long text.
    assert [label for label in labels if re.search(r"[0-9]{5}", label) or len(label) > 40] == []


@pytest.mark.process
async def test_the_command_tells_of_a_process_whether_it_works(tmp_path: Path) -> None:
    async with Stage(one_course(MANY)) as stage:
        for _ in range(300):
            if causes_of(stage.data_dir, datetime.now(UTC)) == ():
                break
            await asyncio.sleep(0.1)
        assert await health_of(stage) == (0, "The bot works.\n")
        assert stage._process is not None
        stage._process.send_signal(signal.SIGSTOP)
        late = datetime.now(UTC) + timedelta(seconds=61)
        assert "event loop is blocked" in causes_of(stage.data_dir, late)[0]
        stage._process.send_signal(signal.SIGCONT)
        await stage.stop_bot()
        code, said = await health_of(stage)
        assert (code, said.count("\n")) == (1, 1)
        assert "No bot is running" in said


async def health_of(stage: Stage) -> tuple[int | None, str]:
    """The exit code of ``python -m bot health``, and what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "health",
        env=stage._environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


@pytest.mark.process
async def test_systemd_is_told_of_the_start_the_health_and_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "1500000")
        told: list[str] = []

        async def until(message: str) -> None:
            loop = asyncio.get_running_loop()
            while message not in told:
                heard = await asyncio.wait_for(loop.sock_recv(manager, 1000), 60)
                told.extend(heard.decode().splitlines())

        async with Stage(one_course(MANY)) as stage:
            await until("READY=1")
            await until("WATCHDOG=1")
            await stage.stop_bot()
            await until("STOPPING=1")


@pytest.mark.process
async def test_a_port_that_another_program_has_is_one_sentence(tmp_path: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        settings = {"HEALTH_ADDRESS": address, "LOG_LEVEL": "error"}
        async with started(tmp_path / "data", settings) as process:
            _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert re.fullmatch(
        rf"HEALTH_ADDRESS: the bot cannot listen on {address}: .*\.\n", said.decode()
    ), said.decode()
