"""The edits of a start: one after the other, so that people are answered meanwhile and Telegram is
not flooded."""

from collections.abc import Callable, Collection, Sequence

from bot.clock import Clock

SPREAD = 60.0
"""Real seconds within which all messages have had their turn."""
LONGEST_PAUSE = 0.06
"""Real seconds between two of them, if they are few."""


class StartEdits:
    """``clock`` is real time; ``show`` has one job shown and returns at once."""

    def __init__(self, clock: Clock, show: Callable[[int], None]) -> None:
        self._clock = clock
        self._show = show
        self._waiting: set[int] = set()

    def expect(self, job_ids: Collection[int]) -> None:
        """These jobs go on and change before :meth:`run` comes to them."""
        self._waiting.update(job_ids)

    def is_waiting(self, job_id: int) -> bool:
        """Whether the job still has its turn before it."""
        return job_id in self._waiting

    async def run(self, job_ids: Sequence[int]) -> None:
        """Have each job shown."""
        pause = min(LONGEST_PAUSE, SPREAD / max(len(job_ids), 1))
        try:
            for job_id in job_ids:
                self._waiting.discard(job_id)
                self._show(job_id)
                await self._clock.sleep(pause)
        finally:
            self._waiting.clear()
