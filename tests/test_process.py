"""What the process sets once for itself before it serves."""

import gc
from typing import Any

import pytest

from bot import process
from bot.health.fault_listener import FaultListener
from bot.settings import Settings


async def test_what_is_built_is_kept_out_of_garbage_collections_once_and_before_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[object] = []

    async def build(settings: Settings, *, webhook_secret: str) -> str:
        done.append("built")
        return "the app"

    async def serve(app: object, stop: object) -> int:
        done.append("served")
        return 0

    async def end(app: object) -> None:
        done.append("ended")

    def noted(name: str) -> Any:  # noqa: ANN401 - takes the place of several functions
        return lambda *given: done.append((name, *given))

    monkeypatch.setattr(process, "build_app", build)
    monkeypatch.setattr(process, "_serve", serve)
    monkeypatch.setattr(process, "_end_soon", end)
    monkeypatch.setattr(process, "follow_signals", lambda ask: None)
    for name in ("collect", "freeze", "set_threshold"):
        monkeypatch.setattr(gc, name, noted(name))

    assert await process._run(Settings(), "hook", FaultListener()) == 0

    assert done == [
        "built",
        ("collect",),
        ("freeze",),
        ("set_threshold", *process.GC_THRESHOLDS),
        "served",
        "ended",
    ]
    assert process.GC_THRESHOLDS > (700, 10, 10)
