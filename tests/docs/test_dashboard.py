"""The dashboard for Grafana shows metrics that the bot has, by labels that they have."""

import json
import re
from typing import Any

import pytest

from bot.metrics import Gauges, ReportResult
from bot.prometheus_metrics import PrometheusMetrics
from tests.docs.pages import ROOT

_NAME = re.compile(r"zjy_bot_\w+")
_LABELS = re.compile(r"by \(([^)]*)\)|\{\{(\w+)\}\}|\{(\w+)=")


def exposed() -> dict[str, set[str]]:
    """The labels of each metric of a bot that has counted everything once."""
    metrics = PrometheusMetrics()
    metrics.update("message")
    metrics.first_answer(0.2)
    metrics.telegram_answer("sendMessage", 429)
    metrics.platform_answer("index", "1")
    metrics.report(ReportResult.ACCEPTED)
    metrics.digest("sent")
    metrics.show(Gauges({"running": 1}, {"outbox": 2}, 3.0, 0))
    found: dict[str, set[str]] = {}
    for line in metrics.text().decode().splitlines():
        if not line.startswith("#"):
            name, _, labels = line.partition("{")
            found.setdefault(name.split(" ")[0], set()).update(re.findall(r"(\w+)=", labels))
    return found


def targets() -> list[dict[str, Any]]:
    dashboard = json.loads((ROOT / "docs/grafana.json").read_text(encoding="utf-8"))
    return [target for panel in dashboard["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("target", targets(), ids=lambda target: target["expr"])
def test_a_panel_shows_a_metric_by_labels_that_it_has(target: dict[str, Any]) -> None:
    names = _NAME.findall(target["expr"])
    assert names
    assert set(names) <= exposed().keys()
    asked = {
        label.strip()
        for groups in _LABELS.findall(target["expr"] + target["legendFormat"])
        for label in ",".join(groups).split(",")
        if label.strip()
    }
    assert asked <= set[str]().union(*(exposed()[name] for name in names))


def test_every_metric_of_the_bots_own_has_a_panel() -> None:
    shown = {name for target in targets() for name in _NAME.findall(target["expr"])}
    own = {name for name in exposed() if "_process_" not in name}
    left = {name.removesuffix("_count").removesuffix("_sum") for name in own - shown}
    left = {name for name in left if not name.endswith("_created")}
    assert left <= {"zjy_bot_info", "zjy_bot_answer_seconds"}


def test_no_panel_has_the_place_or_the_number_of_another() -> None:
    dashboard = json.loads((ROOT / "docs/grafana.json").read_text(encoding="utf-8"))
    places = [tuple(panel["gridPos"].values()) for panel in dashboard["panels"]]
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len({*places}) == len({*numbers}) == len(dashboard["panels"])
