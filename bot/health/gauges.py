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


class GaugeReader:
    def __init__(self, db: Database, clock: Clock, outbox: Outbox, gate: Gate) -> None:
        self._db = db
        self._clock = clock
        self._outbox = outbox
        self._gate = gate

    async def read(self, causes: Sequence[str]) -> Gauges:
        """Raises StorageError."""
        return Gauges(
            jobs=await self._db.read(jobs_by_state),
            queues={"outbox": self._outbox.waiting, "gate": self._gate.waiting},
            backup_age=await self._backup_age(),
            causes=len(causes),
            late_reports=self._gate.statistics.late_reports,
        )

    async def _backup_age(self) -> float | None:
        backups = await asyncio.to_thread(backups_of, self._db.path)
        if not backups:
            return None
        return (self._clock.now() - backups[-1].made_at).total_seconds()
