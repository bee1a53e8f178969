"""Builds what watches the bot, for the application."""

import os
from functools import partial
from importlib.util import find_spec

from bot.clock import Clock
from bot.health.gauges import read_gauges
from bot.health.monitor import HealthMonitor
from bot.health.server import HealthServer
from bot.health.watch import HealthWatch
from bot.metrics import Metrics
from bot.outbox.outbox import Outbox
from bot.settings import Settings
from bot.systemd import Systemd
from bot.zjy.gate import Gate
from storage.database import Database


def metrics_for(settings: Settings) -> Metrics:
    """Metrics that are kept if they can be shown: with ``HEALTH_ADDRESS`` and the extra."""
    if settings.health_address is None or find_spec("prometheus_client") is None:
        return Metrics()
    from bot.prometheus_metrics import PrometheusMetrics

    return PrometheusMetrics()


def build_health(
    settings: Settings,
    db: Database,
    clock: Clock,
    monitor: HealthMonitor,
    metrics: Metrics,
    outbox: Outbox,
    gate: Gate,
) -> HealthWatch:
    """The watch that tells what ``monitor`` finds."""
    address = settings.health_address

    return HealthWatch(
        monitor,
        clock,
        settings.data_dir,
        metrics=metrics,
        read_gauges=partial(read_gauges, db, clock, outbox, gate),
        count_reports=lambda: (gate.reports.sent, gate.reports.late),
        server=None if address is None else HealthServer(address, monitor, metrics),
        systemd=Systemd.of(os.environ),
    )
