"""What every test needs, and what none may do without saying so by a marker."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from demo.stage import Stage, new_interpreter
from tests.support.browser import browser, tab
from tests.support.logging_of_before import logging_given_back
from tests.support.read_once import authorities_and_texts_read_once
from tests.support.rendered import taken
from tests.support.together import TogetherScheduling
from tests.support.warm_start import WARM_START, warm

__all__ = ["browser", "tab"]

# How long an example takes says more of the machine than of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

STARTS = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", WARM_START}
)
"""What the interpreter calls each way to start another process, and the way of these tests."""
_unmarked: list[str] = []
"""The test that runs now, if it must start no process."""


def _refuse_a_process(event: str, _: tuple[object, ...]) -> None:
    if event in STARTS and _unmarked:
        raise AssertionError(f"{_unmarked[-1]} starts a process: mark it with `process`")


sys.addaudithook(_refuse_a_process)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherScheduling | None:  # noqa: ANN401 - xdist's own
    """Return the scheduler of ``--dist loadscope``; None leaves the choice to xdist."""
    return TogetherScheduling(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that may take longest come first, so that none is left alone at the end; those of all
    screens come together, so that few processes draw them. Virtual time goes on as soon as nothing
    is ready: no thread works beside those loops, for which looptime would look 42 times first."""
    items.sort(key=lambda item: (_patience(item), _sees_all_screens(item)), reverse=True)
    for item in items:
        if item.get_closest_marker("looptime"):
            item.add_marker(pytest.mark.looptime(noop_cycles=0))


def _patience(item: pytest.Item) -> int:
    """In seconds; 0 where no marker of the test's own says it."""
    marker = item.get_closest_marker("timeout")
    return marker.args[0] if marker else 0


def _sees_all_screens(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and getattr(item.module, "taken", None) is taken


def pytest_collection_finish() -> None:
    """What was collected lives until the end: the collector of cycles need not visit it again and
    again, and may come more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(autouse=True)
def no_process_without_a_marker(request: pytest.FixtureRequest) -> Iterator[None]:
    """``make check`` leaves out what is marked: a test that starts a process must be."""
    node = request.node
    if node.get_closest_marker("process") or node.get_closest_marker("browser"):
        yield
        return
    _unmarked.append(node.nodeid)
    yield
    _unmarked.pop()


@pytest.fixture(autouse=True)
def logging_of_before() -> Iterator[None]:
    with logging_given_back():
        yield


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    with authorities_and_texts_read_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def warm_start() -> Iterator[None]:
    """Stages start the bot warm."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stage, "launch", staticmethod(warm))
        yield


@pytest.fixture
def cold_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages start the bot as the demo does."""
    monkeypatch.setattr(Stage, "launch", staticmethod(new_interpreter))


@pytest.fixture(scope="session", autouse=True)
def default_loop() -> Iterator[None]:
    """The loop that plugins ask for outside of async tests: left to themselves they make one that
    nobody closes, and some later test is blamed for it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()
