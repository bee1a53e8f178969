"""``python -m demo`` where it cannot run as asked: one sentence, and nothing started."""

import asyncio
import sys
from pathlib import Path
from socket import create_server

import pytest

from demo.platform import demo_school
from demo.stage import BotEnded, Stage

SOURCE = Path(__file__).parents[2]
pytestmark = pytest.mark.process
PATIENCE = 30.0


async def run(*arguments: str, ends: bool = True) -> tuple[int | None, str, str]:
    """Exit code, output and errors of the command; without ``ends`` it is ended once it serves."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo", *arguments),
        cwd=SOURCE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    served = b""
    try:
        async with asyncio.timeout(PATIENCE):
            while not ends and b"http://" not in served:
                line = await process.stdout.readline()
                assert line, "the demo ended"
                served += line
            if not ends:
                process.terminate()
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, (served + out).decode(), err.decode()


async def test_a_taken_port_is_one_sentence_before_anything_starts() -> None:
    with create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, out, err = await run("--port", str(port))
    assert (code, out) == (1, "")
    assert err == (
        f"Port {port} is in use, perhaps by another demo: "
        "give another --port, or none for any free one.\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--speed", "0", "a number from 0.1 to 10000"),
        ("--speed", "0.01", "a number from 0.1 to 10000"),
        ("--speed", "nan", "a number from 0.1 to 10000"),
        ("--speed", "fast", "a number from 0.1 to 10000"),
        ("--port", "65536", "a number from 0 to 65535"),
        ("--port", "-1", "a number from 0 to 65535"),
    ],
)
async def test_a_bad_option_says_what_is_wanted(option: str, value: str, wanted: str) -> None:
    code, out, err = await run(f"{option}={value}")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"python -m demo: error: argument {option}: '{value}'")
    assert wanted in err
    assert "Traceback" not in err


async def test_two_demos_run_at_once() -> None:
    ended = await asyncio.gather(run(ends=False), run(ends=False))
    assert [code for code, _, _ in ended] == [0, 0]
    first, second = (out.split("http://")[1].split("/")[0] for _, out, _ in ended)
    assert first != second


@pytest.mark.usefixtures("cold_start")
async def test_a_bot_that_cannot_start_leaves_nothing_behind() -> None:
    stage = Stage(demo_school(), settings={"LOG_LEVEL": "no level"})
    with pytest.raises(BotEnded):
        await stage.__aenter__()
    assert not stage.data_dir.parent.exists()
