"""``python -m bot`` without the start of an interpreter: forked from one that has imported it.

This is how tests start the bot: it takes a tenth of the processor time, and is a process of its own
with the streams, the environment and the signals of a new one (``tests/test_warm_start.py``). Its
messages follow sooner than Telegram asks for (``tests/support/soon.py``), unless a test wants them
as they are. These start cold, with an interpreter, because it is part of what they look at:

- a signal at any moment of the start (``tests/e2e/test_signals.py``), and what is done between the
  fork and the program, such as a limit (``before=`` and ``begin=`` of the functions that start it);
- what is installed and typed as a page says it: ``test_hosting_page.py`` and ``test_image.py`` of
  ``tests/e2e``, the commands of ``test_health.py`` and ``tests/check``, the demo's own command, and
  by the fixture ``cold_start`` the demo's page;
- the long proofs: ``python -m tests.prove`` kills at every boundary of a cold bot, and ``CRASH_AT``
  repeats one.

Forks like these need Linux; elsewhere every start is cold.
"""

import asyncio
import atexit
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import cache, partial
from io import FileIO
from pathlib import Path
from typing import IO, Any, Protocol

from demo.stage import Process, new_interpreter
from tests.support.nursery import Wish

ROOT = Path(__file__).resolve().parents[2]
WARM_START = "tests.warm_start"
"""The audit event of each start."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


class PipedProcess(Process, Protocol):
    """A process whose output can be read, if that was asked for."""

    @property
    def stdout(self) -> asyncio.StreamReader | None: ...

    @property
    def stderr(self) -> asyncio.StreamReader | None: ...

    async def communicate(self) -> tuple[bytes, bytes]: ...


class WarmProcess:
    """As :class:`asyncio.subprocess.Process`."""

    def __init__(
        self,
        pid: int,
        answer: socket.socket,
        stdout: asyncio.StreamReader | None,
        stderr: asyncio.StreamReader | None,
    ) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr
        self.returncode: int | None = None
        self._answer = answer
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(answer, self._end)

    def _end(self) -> None:
        code = self._answer.recv(32)
        asyncio.get_running_loop().remove_reader(self._answer)
        self._answer.close()
        # Without its nursery no bot lives on.
        self.returncode = int(code) if code else -signal.SIGKILL
        self._ended.set()

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended, which is still to be told
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """Wait for the end; what is left of the output, empty where there is no pipe."""
        out, err, _ = await asyncio.gather(_rest(self.stdout), _rest(self.stderr), self.wait())
        return out, err


async def warm(
    *arguments: str | Path,
    env: Mapping[str, str],
    cwd: Path,
    stdout: int | IO[Any] | None = None,
    stderr: int | IO[Any] | None = None,
    soon: bool = True,
) -> PipedProcess:
    """Start ``python -m bot`` with arguments; streams that are not given are this process's.
    With ``soon`` its messages follow sooner than Telegram asks for."""
    sys.audit(WARM_START, arguments)
    if sys.platform != "linux":
        words = map(str, arguments)
        return await new_interpreter(*words, env=env, cwd=cwd, stdout=stdout, stderr=stderr)
    umask = os.umask(0o077)
    os.umask(umask)
    wish = Wish(tuple(map(str, arguments)), dict(env), str(cwd), umask, soon)
    answer, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ExitStack() as given, ExitStack() as failed:
        given.enter_context(theirs)
        failed.enter_context(answer)
        pipes = [_Stream(each, number, given) for number, each in ((1, stdout), (2, stderr))]
        for each in pipes:
            if each.pipe is not None:
                failed.enter_context(each.pipe)
        streams = [0, *(each.written for each in pipes)]
        socket.send_fds(the_nursery().wishes, [wish.to_packet()], [*streams, theirs.fileno()])
        given.close()
        answer.setblocking(False)
        pid = await asyncio.get_running_loop().sock_recv(answer, 32)
        if not pid:
            raise RuntimeError("the nursery has ended")
        failed.pop_all()
        return WarmProcess(int(pid), answer, *[await _reader(each.pipe) for each in pipes])


warm_as_asked = partial(warm, soon=False)
"""Its messages follow as Telegram asks for."""


class _Stream:
    """``written`` is for the new process; ``pipe`` is read here, if there is one."""

    def __init__(self, asked: int | IO[Any] | None, usual: int, given: ExitStack) -> None:
        self.pipe: FileIO | None = None
        if asked == PIPE:
            read, self.written = os.pipe()
            given.callback(os.close, self.written)
            self.pipe = FileIO(read)
        elif asked == DEVNULL:
            self.written = os.open(os.devnull, os.O_WRONLY)
            given.callback(os.close, self.written)
        elif asked is None:
            self.written = usual
        else:
            self.written = asked if isinstance(asked, int) else asked.fileno()


async def _reader(pipe: FileIO | None) -> asyncio.StreamReader | None:
    if pipe is None:
        return None
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    return reader


async def _rest(reader: asyncio.StreamReader | None) -> bytes:
    return b"" if reader is None else await reader.read()


class Nursery:
    """The process of :mod:`tests.support.nursery`."""

    def __init__(self) -> None:
        self.wishes, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.nursery"],
                cwd=ROOT,
                env=ENVIRONMENT,
                stdin=theirs.fileno(),
            )

    def end(self) -> None:
        """End it and all its bots."""
        self.wishes.close()
        self.process.wait()


@cache
def the_nursery() -> Nursery:
    """The one of this process: started at the first wish, ended with the process."""
    nursery = Nursery()
    atexit.register(nursery.end)
    return nursery
