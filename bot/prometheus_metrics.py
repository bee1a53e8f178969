"""The metrics in Prometheus' format. Needs the extra ``metrics``, and is imported only where it is
installed and wanted."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot.metrics import Gauges, Metrics, ReportResult
from bot.version import VERSION

SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
MOST_LABELS = 100
"""The most codes of the platform that are told apart; others count as ``other``."""


class PrometheusMetrics(Metrics):
    """Keeps the metrics in a registry of its own."""

    are_kept = True

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(namespace="zjy_bot", registry=self.registry)
        self._updates = self._counter("updates", "Updates of Telegram, by kind.", "kind")
        self._answers = Histogram(
            "zjy_bot_answer_seconds",
            "From the receipt of an update to the first answer to it.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self._telegram = self._counter(
            "telegram_answers", "Telegram's answers, by method and HTTP status.", "method", "status"
        )
        self._floods = self._counter(
            "telegram_flood_waits", "Calls that Telegram answered with 429.", "method"
        )
        self._platform = self._counter(
            "platform_answers", "The platform's answers, by endpoint and code.", "endpoint", "code"
        )
        self._reports = self._counter("reports", "Reports to the platform, by result.", "result")
        self._digests = self._counter("digests", "Digests, by their delivery.", "result")
        self._jobs = self._gauge("jobs", "Jobs, by state.", "state")
        self._queues = self._gauge("queue_length", "What waits, by queue.", "queue")
        self._backup_age = self._gauge("backup_age_seconds", "Age of the newest backup.")
        self._late_reports = self._gauge(
            "late_reports",
            "Reports since the start that waited longer than a second for"
            " PLATFORM_REQUESTS_PER_SECOND.",
        )
        self._causes = self._gauge("health_causes", "Causes that make the bot unhealthy.")
        self._gauge("info", "The version that runs.", "version").labels(VERSION).set(1)
        self._codes: set[str] = set()
        for result in ReportResult:
            self._reports.labels(result.value)

    def update(self, kind: str) -> None:
        self._updates.labels(kind).inc()

    def first_answer(self, seconds: float) -> None:
        self._answers.observe(seconds)

    def telegram_answer(self, method: str, status: int) -> None:
        self._telegram.labels(method, str(status)).inc()
        if status == 429:
            self._floods.labels(method).inc()

    def platform_answer(self, endpoint: str, code: str) -> None:
        if code not in self._codes and len(self._codes) >= MOST_LABELS:
            code = "other"
        self._codes.add(code)
        self._platform.labels(endpoint, code).inc()

    def report(self, result: ReportResult) -> None:
        self._reports.labels(result.value).inc()

    def digest(self, result: str) -> None:
        self._digests.labels(result).inc()

    def show(self, gauges: Gauges) -> None:
        for state, count in gauges.jobs.items():
            self._jobs.labels(state).set(count)
        for queue, length in gauges.queues.items():
            self._queues.labels(queue).set(length)
        self._backup_age.set(float("nan") if gauges.backup_age is None else gauges.backup_age)
        self._causes.set(gauges.causes)
        self._late_reports.set(gauges.late_reports)

    def text(self) -> bytes:
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"zjy_bot_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"zjy_bot_{name}", meaning, labels, registry=self.registry)
