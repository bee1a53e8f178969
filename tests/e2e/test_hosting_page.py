"""The hosting page followed word by word, on a machine with Python alone: from the files of the
project to the first ``/start`` of the owner, without a restart."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself and may look at files
import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.connecting import CLAIM_LINE
from demo.platform import PlatformServer, document, school_of
from demo.telegram import TelegramServer
from tests.docs.pages import ROOT
from tests.support.names import ANNA
from tests.support.shown import from_bot

pytestmark = pytest.mark.process

SECTIONS = (("docs/hosting.md", "Python alone"), ("docs/hosting.zh.md", "只用 Python"))
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
PATIENCE = 30.0
INSTALLED_WITHIN = 300.0
LINK = re.compile(re.escape(CLAIM_LINE) + r" https://t\.me/\w+\?start=([\w-]+)")


def commands(name: str, heading: str) -> list[str]:
    """The blocks of shell commands in a section."""
    text = (ROOT / name).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


class Machine:
    """A folder with the project's files, and an environment without any setting. Its ``python3`` is
    the interpreter of the tests, without what is installed for them."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "zjy-study-bot"
        tracked = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
        )
        for name in filter(None, tracked.stdout.split("\0")):
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.folder / name)
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "python3").symlink_to(Path(sys.executable).resolve())
        kept = {
            n: v for n, v in os.environ.items() if n == "HOME" or n.startswith(("PIP_", "SSL_"))
        }
        self.variables = {**kept, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}

    async def start(self, commands: str, log: Path) -> asyncio.subprocess.Process:
        with log.open("wb") as said:
            return await asyncio.create_subprocess_exec(
                *("bash", "-ec", commands),
                cwd=self.folder,
                env=self.variables,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    async def type(self, commands: str, log: Path, *, within: float = PATIENCE) -> None:
        """Run the commands, all of which must succeed."""
        process = await self.start(commands, log)
        assert await asyncio.wait_for(process.wait(), within) == 0, log.read_text(encoding="utf-8")


async def _link(log: Path) -> str:
    """The parameter of the link that the log shows."""
    async with asyncio.timeout(PATIENCE):
        while (found := LINK.search(log.read_text(encoding="utf-8"))) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found[1]


@pytest.mark.timeout(INSTALLED_WITHIN + 100)
async def test_the_page_leads_to_the_owners_first_start_without_a_restart(tmp_path: Path) -> None:
    (set_up, run), in_chinese = (commands(*section) for section in SECTIONS)
    assert in_chinese == [set_up, run]
    machine, log = Machine(tmp_path), tmp_path / "log"
    await machine.type(set_up, log, within=INSTALLED_WITHIN)
    env_file = machine.folder / ".env"
    written = env_file.read_text(encoding="utf-8")
    assert written.count("\nBOT_TOKEN=\n") == 1
    env_file.write_text(written.replace("\nBOT_TOKEN=\n", f"\nBOT_TOKEN={TOKEN}\n"))

    telegram, platform = TelegramServer(TOKEN), PlatformServer(school_of([document(1)]))
    machine.variables["TELEGRAM_API_URL"] = await telegram.start()
    machine.variables["ZJY_BASE_URL"] = await platform.start()
    try:
        await machine.type(".venv/bin/python -m bot check", log)
        bot = await machine.start(run, log)
        try:
            person = telegram.person(ANNA)
            person.open_link(await _link(log))
            await telegram.wait_for(
                lambda: any("你现在是这个机器人的所有者" in m.text for m in from_bot(person.chat)),
                PATIENCE,
            )
            await telegram.wait_for(
                lambda: any("我帮你学习" in m.text for m in from_bot(person.chat)), PATIENCE
            )
            assert (machine.folder / "data" / "bot.sqlite3").exists()
            assert bot.returncode is None
            bot.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(bot.wait(), PATIENCE) == 0
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()
    finally:
        await telegram.stop()
        await platform.stop()
