"""A bot that the nursery forks is what a new interpreter makes of it, but for the gaps between its
messages, unless they are wanted as they are."""

import asyncio
import os
import select
import signal
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from demo.stage import Launch, new_interpreter
from tests.support import warm_start
from tests.support.bot_process import PATIENCE, at_work, started
from tests.support.warm_start import ROOT, Nursery, PipedProcess, warm

pytestmark = pytest.mark.process

STATUS = ("Umask", "SigBlk", "SigIgn", "SigCgt", "NSpgid", "NSsid")


async def ended(
    launch: Launch[PipedProcess], folder: Path, *words: str, **settings: str
) -> tuple[int | None, str, str]:
    """The exit code, output and errors of a command."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    process = await launch(*words, env=env, cwd=folder, stdout=PIPE, stderr=PIPE)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        ((), {}),
        (("run",), {"BOT_TOKEN": "1:a", "LOG_LEVEL": "no level"}),
        (("nonsense",), {}),
        (("--version",), {}),
        (("restore", "nothing"), {"DATA_DIR": "data"}),
        (("health",), {"DATA_DIR": "数据"}),
    ],
)
async def test_a_command_ends_with_the_same_code_and_says_the_same(
    words: tuple[str, ...], settings: Mapping[str, str], tmp_path: Path
) -> None:
    forked = await ended(warm, tmp_path, *words, **settings)
    assert forked == await ended(new_interpreter, tmp_path, *words, **settings)
    assert forked[1] + forked[2]


def status(pid: int) -> dict[str, str]:
    """Its signals, its umask, its group and session."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return {name: value for name, _, value in (line.partition(":\t") for line in lines)}


def opened(pid: int, folder: Path) -> tuple[set[str], Counter[str]]:
    """Its files outside of its folder, and how many it has open of what has no name, but for
    connections of requests."""
    unix = Path("/proc/net/unix").read_text(encoding="ascii")
    targets = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
    nameless = Counter(
        kind
        for kind, _, number in (each.partition(":") for each in targets if each[0] != "/")
        if kind != "socket" or f" {number.strip('[]')}" in unix
    )
    files = {each for each in targets if each[0] == "/" and not each.startswith(str(folder))}
    return files, nameless


async def test_a_bot_at_work_has_the_same_signals_umask_session_and_open_files(
    tmp_path: Path,
) -> None:
    before = os.umask(0o027)
    try:
        async with (
            started(tmp_path / "another"),
            started(tmp_path / "forked") as forked,
            started(tmp_path / "new", cold=True) as new,
        ):
            for process in (forked, new):
                await at_work(process)
            of_forked, of_new = status(forked.pid), status(new.pid)
            assert {name: of_forked[name] for name in STATUS} == {
                name: of_new[name] for name in STATUS
            }
            assert opened(forked.pid, tmp_path / "forked") == opened(new.pid, tmp_path / "new")
    finally:
        os.umask(before)


async def test_a_bot_at_work_ends_in_order_at_a_signal(tmp_path: Path) -> None:
    async with started(tmp_path / "data") as process:
        await at_work(process)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_a_signal_at_once_ends_it_as_it_ends_an_interpreter(
    number: signal.Signals, tmp_path: Path
) -> None:
    async with started(tmp_path / "data") as process:
        process.send_signal(number)
        # 0 where it was so fast as to listen already.
        assert await asyncio.wait_for(process.wait(), PATIENCE) in (-number, 0)


@pytest.fixture
def nursery(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nursery]:
    """One of the test's own, with a setting that no bot could start with."""
    with monkeypatch.context() as patched:
        patched.setitem(warm_start.ENVIRONMENT, "LOG_LEVEL", "no level")
        own = Nursery()
    monkeypatch.setattr(warm_start, "the_nursery", lambda: own)
    yield own
    own.end()


@pytest.mark.parametrize("end", [Nursery.end, lambda nursery: nursery.process.kill()])
async def test_its_environment_is_its_own_and_it_ends_with_the_nursery(
    nursery: Nursery, end: Callable[[Nursery], None], tmp_path: Path
) -> None:
    async with started(tmp_path / "data") as process:
        await at_work(process)
        life = os.pidfd_open(process.pid)
        end(nursery)
        over, *_ = select.select([life], [], [], PATIENCE)
        os.close(life)
        assert over
        assert await asyncio.wait_for(process.wait(), PATIENCE) == -signal.SIGKILL
