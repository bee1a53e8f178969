"""A job of the real bot on a demo's stage, and commands of the bot beside it."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from demo.platform import STUDENT
from demo.stage import Stage
from demo.telegram import Message, Person
from tests.support.bot_process import piped
from tests.support.shown import COUNTS

PATIENCE = 30.0


async def command(
    folder: Path,
    *words: str | Path,
    settings: Mapping[str, str] | None = None,
    begin: Callable[[], None] | None = None,
) -> tuple[int | None, str, str]:
    """Run a command of the bot with nothing set but the data folder and ``settings``; returns its
    exit code and what it wrote to standard output and to standard error. ``begin`` runs in the new
    process, before the program."""
    process = await piped(*words, folder=folder, settings=settings or {}, before=begin)
    said, troubles = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, said.decode(), troubles.decode()


async def begin_job(stage: Stage) -> tuple[Person, Message]:
    """Log in, pick the module and start; the person and the progress message."""
    telegram, person = stage.telegram, stage.telegram.person(1001)

    async def press(label: str) -> None:
        await telegram.wait_for(lambda: person.press(label), PATIENCE)

    person.send(stage.platform.cookie_for(STUDENT.stu_id))
    await telegram.wait_for(lambda: saying(person, STUDENT.name), PATIENCE)
    person.send("/courses")
    await press("测试科目")
    await press("测试模块")
    await telegram.wait_for(lambda: saying(person, "已勾选"), PATIENCE)
    await press("下一步")
    await press("开始")
    return person, await telegram.wait_for(lambda: saying(person, "▸"), PATIENCE)


def saying(person: Person, text: str) -> Message | None:
    """The bot's first message with this text."""
    shown = (each for each in person.chat.messages if each.from_bot and text in each.text)
    return next(shown, None)


def finals(person: Person) -> list[Message]:
    """The final messages of jobs."""
    return [each for each in person.chat.messages if COUNTS.search(each.text)]
