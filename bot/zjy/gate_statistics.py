"""What the bound on the whole bot's requests costs, in numbers that others may show."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.zjy.priority import Priority

LATE = 1.0
"""Real seconds at the bound that make a report late."""


@dataclass(frozen=True, slots=True)
class GateStatistics:
    """Since the start of the process: the requests ``sent`` and the longest wait at the bound in
    real seconds, by class; how many ``reports`` were sent, and how many of them waited longer than
    :data:`LATE`. ``waiting`` are the requests that the bound holds now."""

    sent: Mapping[Priority, int]
    longest_wait: Mapping[Priority, float]
    waiting: Mapping[Priority, int]
    reports: int
    late_reports: int


@dataclass(slots=True)
class Counters:
    """Counts requests as they are sent."""

    sent: dict[Priority, int] = field(default_factory=lambda: dict.fromkeys(Priority, 0))
    longest_wait: dict[Priority, float] = field(
        default_factory=lambda: dict.fromkeys(Priority, 0.0)
    )
    reports: int = 0
    late_reports: int = 0

    def count(self, priority: Priority, waited: float, *, is_report: bool) -> None:
        """A request is sent that the bound held for ``waited`` real seconds."""
        self.sent[priority] += 1
        self.longest_wait[priority] = max(self.longest_wait[priority], waited)
        if is_report:
            self.reports += 1
            self.late_reports += waited > LATE
