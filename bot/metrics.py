"""What the bot counts about itself. Without the extra ``metrics`` nothing is kept.

No method takes anything of a person: neither ids nor names, and of the platform's answers only the
code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReportResult(StrEnum):
    """How a report to the platform ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOST = "lost"
    """It failed on the way, or its answer did: it may have been applied."""


@dataclass(frozen=True, slots=True)
class Gauges:
    """What is so now. ``queues`` are lengths by name, ``backup_age`` is in seconds, None without a
    backup; ``causes`` counts what makes the bot unhealthy, ``late_reports`` the reports since the
    start that the bound on requests held up."""

    jobs: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[str, int] = field(default_factory=dict)
    backup_age: float | None = None
    causes: int = 0
    late_reports: int = 0


class Metrics:
    """Keeps nothing; :mod:`bot.prometheus_metrics` does. ``are_kept`` says whether gauges are worth
    reading."""

    are_kept = False

    def update(self, kind: str) -> None:
        """An update of Telegram is handled; ``kind`` is one of a fixed few."""

    def first_answer(self, seconds: float) -> None:
        """A person's update got its first answer, ``seconds`` after it was received."""

    def telegram_answer(self, method: str, status: int) -> None:
        """Telegram answered a call of the Bot API with this HTTP status."""

    def platform_answer(self, endpoint: str, code: str) -> None:
        """The platform answered; ``code`` is its own, or a word of ours where it gave none."""

    def report(self, result: ReportResult) -> None:
        """A report was sent to the platform."""

    def digest(self, result: str) -> None:
        """A digest was handed over, with one of the values of ``DeliveryStatus``."""

    def show(self, gauges: Gauges) -> None:
        """Replace the gauges."""

    def text(self) -> bytes | None:
        """All metrics in Prometheus' text format; None if none are kept."""
        return None
