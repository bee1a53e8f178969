"""What the gauges read is so now."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.clock import SystemClock
from bot.health.gauges import read_gauges
from storage.database import Database


async def test_reports_that_the_bound_made_late_are_shown(tmp_path: Path) -> None:
    gate: Any = SimpleNamespace(waiting=2, reports=SimpleNamespace(late=3))
    outbox: Any = SimpleNamespace(waiting=1)
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        gauges = await read_gauges(db, SystemClock(), outbox, gate, ["a cause"])

    assert (gauges.late_reports, gauges.causes) == (3, 1)
    assert gauges.queues == {"outbox": 1, "gate": 2}
