"""The nursery: a process that has imported all of the bot, and forks a bot for each wish.

``python -m tests.support.nursery``, with a socket of packets as its standard input. A wish is one
packet, a :class:`Wish` as JSON, and four file descriptors: the streams of the bot and a socket, to
which the nursery sends the bot's process id, and then its exit code. It has no thread, so a fork
copies no lock. When no wish can come any more it kills the bots that it still has, and ends.
"""

import ctypes
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Self

from tests.support.read_once import authorities_and_texts_read_once
from tests.support.soon import follow_soon

LARGEST = 1 << 18
PR_SET_PDEATHSIG = 1
COMMANDS = ("bot.process", "bot.check.command", "bot.health.command", "bot.key_commands")
"""What the commands import when they are run."""
LATER = ("_strptime", "anyio.streams.stapled", "anyio.streams.tls")
"""What libraries import at their first use."""


@dataclass(frozen=True, slots=True)
class Wish:
    """``python -m bot`` with these arguments, and what a process has from the one that starts it,
    except for its streams."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    umask: int
    soon: bool
    """Whether its messages follow sooner than Telegram asks for."""

    def to_packet(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of_packet(cls, packet: bytes) -> Self:
        return cls(**json.loads(packet))


class _Birth(NamedTuple):
    """What a fork is to become. ``mask`` are the signals that it blocks."""

    wish: Wish
    streams: list[int]
    mask: set[signal.Signals]


class _Living(NamedTuple):
    pid: int
    answer: socket.socket


class _Nursery:
    def __init__(self, wishes: socket.socket) -> None:
        self._wishes = wishes
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(wishes, selectors.EVENT_READ)
        self._living: dict[int, _Living] = {}
        """The bots by descriptors that become readable when they end."""

    def serve(self) -> _Birth | None:
        """Return None at the end, and in each fork what it is to become."""
        while True:
            for key, _ in self._waiting.select():
                if key.fd in self._living:
                    self._bury(key.fd)
                    continue
                packet, given, *_ = socket.recv_fds(self._wishes, LARGEST, 4)
                if not packet:
                    self._end()
                    return None
                birth = self._fork(Wish.of_packet(packet), given)
                if birth is not None:
                    return birth

    def _fork(self, wish: Wish, given: list[int]) -> _Birth | None:
        # A signal that comes at once is for the bot, and waits until there is one.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        *streams, answer = given
        pid = os.fork()
        if pid == 0:
            self._leave()
            return _Birth(wish, streams, {signal.Signals(each) for each in mask})
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for each in streams:
            os.close(each)
        ending = os.pidfd_open(pid)
        self._living[ending] = living = _Living(pid, socket.socket(fileno=answer))
        self._waiting.register(ending, selectors.EVENT_READ)
        _tell(living, pid)
        return None

    def _bury(self, ending: int) -> None:
        self._waiting.unregister(ending)
        os.close(ending)
        living = self._living.pop(ending)
        _, status = os.waitpid(living.pid, 0)
        _tell(living, os.waitstatus_to_exitcode(status))
        living.answer.close()

    def _end(self) -> None:
        for each in self._living.values():
            os.kill(each.pid, signal.SIGKILL)
        for ending in list(self._living):
            self._bury(ending)
        self._leave()

    def _leave(self) -> None:
        """Close everything but the streams of a fork; the nursery's own stay open in it."""
        self._waiting.close()
        self._wishes.close()
        for each in self._living.values():
            each.answer.close()


def _tell(living: _Living, number: int) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # a test that ended does not wait for it
        living.answer.send(str(number).encode())


def _become(birth: _Birth) -> None:
    """Make this process what a new interpreter is before it runs the bot."""
    wish = birth.wish
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number, stream in enumerate(birth.streams):
        os.dup2(stream, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.environ.clear()
    os.environ.update(wish.environment)
    time.tzset()
    os.chdir(wish.folder)
    os.umask(wish.umask)
    if wish.soon:
        follow_soon()
    sys.path[0] = str(Path.cwd())
    sys.argv[1:] = wish.arguments
    lines_or_blocks = 1 if os.environ.get("PYTHONUNBUFFERED") else -1
    sys.stdout = os.fdopen(1, "w", lines_or_blocks, "utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, "utf-8", "backslashreplace", closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, birth.mask)


def _import_and_read(texts: Callable[[str], object]) -> None:
    """What the bots are spared: the imports, and what they read at each start."""
    for name in (*COMMANDS, *LATER):
        import_module(name)
    from httpx import create_ssl_context
    from PIL import Image

    from bot.chat.telegram_application import request_for
    from bot.proxies.routes import Route
    from bot.settings import Language

    Image.preinit()
    for language in Language:
        texts(language)
    create_ssl_context(trust_env=False)
    request_for(Route(), None, 1, 1.0)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, which all processes get
    with authorities_and_texts_read_once() as texts:
        _import_and_read(texts)
        if len(list(Path("/proc/self/task").iterdir())) > 1:
            raise RuntimeError("an import has started a thread")
        gc.collect()
        gc.freeze()
        birth = _Nursery(socket.socket(fileno=0)).serve()
        if birth is not None:
            _become(birth)
            runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
