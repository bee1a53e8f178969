"""The bot as a process of its own that talks with nobody: started wrongly, or not for long."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.warm_start import PipedProcess, warm

PATIENCE = 30.0
NOBODY_LISTENS = "http://127.0.0.1:9"


async def piped(
    *words: str | Path,
    folder: Path,
    settings: Mapping[str, str],
    before: Callable[[], None] | None = None,
    cold: bool = False,
) -> PipedProcess:
    """``python -m bot`` with nothing set but its data in ``folder`` and ``settings``. ``before``
    runs in the new process, before the program; with it, and if ``cold``, an interpreter is
    started."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DATA_DIR": str(folder),
        # A limit on the size of files would also cut the interpreter's own files short.
        **({"PYTHONDONTWRITEBYTECODE": "1"} if before is not None else {}),
        **settings,
    }
    if before is None and not cold:
        return await warm(*words, env=environment, cwd=folder.parent, stdout=PIPE, stderr=PIPE)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=environment,
        cwd=folder.parent,
        stdout=PIPE,
        stderr=PIPE,
        preexec_fn=before,
    )


@asynccontextmanager
async def started(
    folder: Path,
    settings: Mapping[str, str] | None = None,
    *,
    before: Callable[[], None] | None = None,
    cold: bool = False,
) -> AsyncIterator[PipedProcess]:
    """``python -m bot run`` as by :func:`piped`, ended with the block; nobody listens where its
    Telegram should be."""
    usual = {
        "PYTHONUNBUFFERED": "1",
        "BOT_TOKEN": "42:nobody-asks",
        "TELEGRAM_API_URL": NOBODY_LISTENS,
    }
    process = await piped(
        "run", folder=folder, settings=usual | dict(settings or {}), before=before, cold=cold
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def refused(folder: Path, *, before: Callable[[], None] | None = None) -> str:
    """The one sentence with which the bot refuses to start; it must say that and no more."""
    # Nobody listens, which a log would tell too.
    async with started(folder, {"LOG_LEVEL": "error"}, before=before) as process:
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1, said.decode()
    assert said.count(b"\n") == 1, said.decode()
    return said.decode()


async def at_work(process: PipedProcess) -> None:
    """Wait until the bot has opened its data and found that nobody listens."""
    assert process.stderr is not None
    line = await asyncio.wait_for(process.stderr.readline(), PATIENCE)
    assert b"cannot be reached" in line, line.decode() + (await process.stderr.read()).decode()
