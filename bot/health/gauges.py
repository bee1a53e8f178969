"""Reads what the metrics show as it is now."""

import asyncio
from collections.abc import Sequence

from bot.clock import Clock
from bot.metrics import Gauges
from bot.outbox.outbox import Outbox
from bot.zjy.gate import Gate
from storage.backup_files import backups_of
from storage.database import Database
from storage.vital_signs import jobs_by_state


async def read_gauges(
    db: Database, clock: Clock, outbox: Outbox, gate: Gate, causes: Sequence[str]
) -> Gauges:
    """Raises StorageError."""
    jobs = await db.read(jobs_by_state)
    backups = await asyncio.to_thread(backups_of, db.path)
    age = (clock.now() - backups[-1].made_at).total_seconds() if backups else None
    return Gauges(
        jobs=jobs,
        queues={"outbox": outbox.waiting, "gate": gate.waiting},
        backup_age=age,
        causes=len(causes),
        late_reports=gate.reports.late,
    )
