"""The real process between both stand-ins: killed, stopped, started wrongly."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from demo.platform import STUDENT, Endpoint, document, video
from demo.stage import Stage
from demo.telegram import Message, Person
from tests.support.app_harness import one_course
from tests.support.bot_process import started
from tests.support.shown import COUNTS
from tests.support.warm_start import PipedProcess, warm

pytestmark = pytest.mark.process

PATIENCE = 30.0


async def _begin(stage: Stage) -> tuple[Person, Message]:
    """Log in, pick the module, start; returns the person and the progress message."""
    telegram, person = stage.telegram, stage.telegram.person(1001)

    async def press(label: str) -> None:
        await telegram.wait_for(lambda: person.press(label), PATIENCE)

    person.send(stage.platform.cookie_for(STUDENT.stu_id))
    await telegram.wait_for(lambda: _saying(person, STUDENT.name), PATIENCE)
    person.send("/courses")
    await press("测试科目")
    await press("测试模块")
    await telegram.wait_for(lambda: _saying(person, "已勾选"), PATIENCE)
    await press("下一步")
    await press("开始")
    progress = await telegram.wait_for(lambda: _saying(person, "▸"), PATIENCE)
    return person, progress


def _saying(person: Person, text: str) -> Message | None:
    shown = (each for each in person.chat.messages if each.from_bot and text in each.text)
    return next(shown, None)


async def test_a_killed_bot_goes_on_in_the_same_message_and_repeats_nothing_that_counts() -> None:
    school = one_course([document(2), video(400), document(1)])
    async with Stage(school, speed=60) as stage:
        person, progress = await _begin(stage)

        await stage.kill_bot()
        stored = school.progress(STUDENT.stu_id, "cell-2").position
        killed_at = stage.platform.now()
        await stage.start_bot()

        final = await stage.telegram.wait_for(
            lambda: next((m for m in person.chat.messages if COUNTS.search(m.text)), None), 60
        )
        assert "完成 3 · 失败 0 · 跳过 0" in final.text
        assert stage.platform.violations == []
        shrunk = await stage.telegram.wait_for(lambda: _saying(person, "已结束"), PATIENCE)
        assert shrunk.message_id == progress.message_id
        moved = [
            float(request.form["studyNewlyTime"])
            for request in stage.platform.requests
            if request.endpoint is Endpoint.REPORT
            and request.form["cellId"] == "cell-2"
            and request.at > killed_at
        ]
        assert stored < moved[0] <= stored + 10


async def test_sigterm_ends_the_process_in_time_and_loses_nothing() -> None:
    async with Stage(one_course([video(900)]), speed=60) as stage:
        person, progress = await _begin(stage)

        begun = time.monotonic()
        code = await stage.stop_bot()
        assert code == 0
        assert time.monotonic() - begun < 8

        reports = len(stage.platform.requests)
        await stage.start_bot()
        await stage.telegram.wait_for(lambda: "重启后" in progress.text, PATIENCE)
        await stage.telegram.wait_for(lambda: len(stage.platform.requests) > reports, PATIENCE)
        person.send("/cancel")


async def test_sigterm_ends_the_process_in_time_while_telegram_is_away() -> None:
    async with Stage(one_course([video(900)]), speed=60) as stage:
        await _begin(stage)
        stage.telegram.away()

        begun = time.monotonic()
        await stage.stop_bot()

        assert time.monotonic() - begun < 8


async def test_a_second_bot_on_the_same_folder_is_told_so(tmp_path: Path) -> None:
    async with Stage(one_course([document(1)])) as stage:
        code, words = await _run({"BOT_TOKEN": "1:a", "DATA_DIR": str(stage.data_dir)}, tmp_path)

    assert code == 1
    assert "Another bot is running" in words
    assert words.count("\n") == 1


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({}, 2, "BOT_TOKEN"),
        ({"BOT_TOKEN": "  "}, 2, "BOT_TOKEN"),
        ({"BOT_TOKEN": "1:a", "CLOCK_SPEED": "60"}, 2, "CLOCK_SPEED"),
        ({"BOT_TOKEN": "1:a", "ALLOWED_USERS": "me"}, 2, "ALLOWED_USERS"),
        ({"BOT_TOKEN": "1:a", "ZJY_BASE_URL": "zjy"}, 2, "ZJY_BASE_URL"),
    ],
)
async def test_wrong_settings_are_told_in_one_sentence(
    settings: dict[str, str], code: int, words: str, tmp_path: Path
) -> None:
    ended, said = await _run(settings, tmp_path)

    assert ended == code
    assert words in said
    assert said.strip().count("\n") == 0


async def test_a_wrong_token_is_told_in_one_sentence(tmp_path: Path) -> None:
    async with Stage(one_course([document(1)])) as stage:
        settings = {
            "BOT_TOKEN": "42:not-the-right-one",
            "TELEGRAM_API_URL": stage.telegram.url,
            "DATA_DIR": str(tmp_path / "data"),
        }
        code, words = await _run(settings, tmp_path)

    assert code == 1
    assert "@BotFather" in words
    assert words.strip().count("\n") == 0


async def test_an_unreachable_telegram_is_waited_for_and_a_signal_is_still_followed(
    tmp_path: Path,
) -> None:
    async with Stage(one_course([document(1)])) as stage:
        stage.telegram.away()
        settings = {
            "BOT_TOKEN": "42:whatever",
            "TELEGRAM_API_URL": stage.telegram.url,
            "DATA_DIR": str(tmp_path / "data"),
        }
        process = await _start(settings, tmp_path)
        assert process.stderr is not None
        line = await asyncio.wait_for(process.stderr.readline(), PATIENCE)
        assert b"cannot be reached" in line
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await process.communicate()

        assert time.monotonic() - begun < 8
        assert process.returncode == 0


async def _start(settings: dict[str, str], folder: Path) -> PipedProcess:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    return await warm(cwd=folder, env=environment | settings, stdout=PIPE, stderr=PIPE)


async def _run(settings: dict[str, str], folder: Path) -> tuple[int | None, str]:
    """Run the bot to its end; returns its exit code and what it said to the operator."""
    process = await _start(settings, folder)
    _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, said.decode()


async def test_authorities_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path) -> None:
    trusted = {"SSL_CERT_FILE": str(tmp_path / "nowhere.pem"), "LOG_LEVEL": "error"}
    async with started(tmp_path / "data", trusted) as process:
        _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert said.decode().splitlines() == [
        "SSL_CERT_FILE or SSL_CERT_DIR cannot be used: No such file or directory."
    ]
