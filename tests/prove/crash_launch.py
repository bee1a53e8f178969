"""How a trial starts the bot: cold as a person does, or warm, forked from a process that has
imported all of it already. Either way it is a process of its own that runs ``bot run``."""

import asyncio
import gc
import json
import os
import selectors
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import httpx

from bot.chat.telegram_application import request_for
from bot.proxies.routes import Route
from bot.settings import Language
from demo.stage import Process
from tests.support.read_once import authorities_and_texts_read_once

ROOT = Path(__file__).resolve().parents[2]
Launch = Callable[[Mapping[str, str], Path, Path], Awaitable[Process]]
"""Starts the bot with an environment, in a folder, and appends all its output to a file."""


async def cold(environment: Mapping[str, str], folder: Path, output: Path) -> Process:
    """``python -m bot run``."""
    with output.open("ab") as said:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run"),
            env=environment,
            cwd=folder,
            stdout=said,
            stderr=said,
        )


class _Forked:
    """A process that another one waits for and tells of."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended, and that is still to be told
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        await self._ended.wait()
        return self.returncode or 0

    def ended(self, code: int) -> None:
        self.returncode = code
        self._ended.set()


@asynccontextmanager
async def warm() -> AsyncIterator[Launch]:
    """A way to start the bot that takes a hundredth of a second; ends with the block."""
    nursery = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", __spec__.name),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    asked, told = nursery.stdin, nursery.stdout
    if asked is None or told is None:
        raise RuntimeError("pipes were asked for")
    born: asyncio.Queue[_Forked] = asyncio.Queue()
    alive: dict[int, _Forked] = {}

    async def listen() -> None:
        async for line in told:
            pid, code = json.loads(line)
            if code is None:
                alive[pid] = _Forked(pid)
                born.put_nowait(alive[pid])
            else:
                alive.pop(pid).ended(code)

    one_by_one = asyncio.Lock()

    async def launch(environment: Mapping[str, str], folder: Path, output: Path) -> Process:
        async with one_by_one:
            wish = [dict(environment), str(folder), str(output)]
            asked.write(json.dumps(wish).encode() + b"\n")
            return await born.get()

    listening = asyncio.create_task(listen())
    try:
        yield launch
    finally:
        asked.close()
        await nursery.wait()
        await listening


def _serve() -> None:
    """The nursery: forks a bot per line of the input, tells of births and deaths, and takes all
    that still live with it at the input's end. It has no thread, so a fork copies no lock."""
    with authorities_and_texts_read_once() as texts:
        # What the bots are spared: the imports, and what they read at each start.
        import bot.process  # noqa: F401

        texts(Language.ZH)
        httpx.create_ssl_context(trust_env=False)
        request_for(Route(), None, 1, 1.0)
        _fork_on_request()


def _fork_on_request() -> None:
    gc.collect()
    gc.freeze()
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    alive: set[int] = set()
    waiting = selectors.DefaultSelector()
    waiting.register(0, selectors.EVENT_READ)
    waiting.register(woken, selectors.EVENT_READ)
    unread = b""
    while True:
        for key, _ in waiting.select():
            if key.fd == woken:
                os.read(woken, 4096)
                continue
            got = os.read(0, 1 << 16)
            if not got:
                for pid in alive:
                    os.kill(pid, signal.SIGKILL)
                return
            *lines, unread = (unread + got).split(b"\n")
            for line in lines:
                pid = os.fork() or _become_bot(*json.loads(line))
                alive.add(pid)
                _tell(pid, None)
        while alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            alive.discard(pid)
            _tell(pid, os.waitstatus_to_exitcode(status))


def _tell(pid: int, code: int | None) -> None:
    os.write(1, json.dumps([pid, code]).encode() + b"\n")


def _become_bot(environment: dict[str, str], folder: str, output: str) -> NoReturn:
    """What a started interpreter does, without starting one."""
    from bot.cli import main

    code: Any = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        said = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for theirs, ours in ((nothing, 0), (said, 1), (said, 2)):
            os.dup2(theirs, ours)
        os.closerange(3, 64)
        code = main(["run"])
    except BaseException:  # noqa: BLE001 - as an interpreter says what ends it
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
