"""What the bot counts, and that it counts nothing without the extra."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.answer_times import answered, waiting
from bot.health.build import metrics_for
from bot.listen_address import ListenAddress
from bot.metrics import Gauges, Metrics, ReportResult
from bot.prometheus_metrics import MOST_LABELS, PrometheusMetrics
from bot.settings import Settings
from bot.zjy.errors import OddAnswer, UnknownAnswer
from bot.zjy.said import label_of

SHOWN = Settings(health_address=ListenAddress("127.0.0.1", 9464))


def test_metrics_are_kept_only_where_they_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(metrics_for(SHOWN), PrometheusMetrics)
    assert metrics_for(Settings(health_address=None)).text() is None
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    assert metrics_for(SHOWN).text() is None


@pytest.mark.process
def test_nothing_imports_prometheus_unless_it_is_asked_for() -> None:
    program = (
        "import sys; import bot.cli, bot.process, bot.health.build, bot.check.command;"
        "print([name for name in sys.modules if name.startswith('prometheus')])"
    )
    root = Path(__file__).parents[1]
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"


def test_what_is_counted_without_the_extra_is_dropped() -> None:
    metrics = Metrics()
    metrics.update("message")
    metrics.first_answer(1.0)
    metrics.telegram_answer("getMe", 200)
    metrics.platform_answer("index", "1")
    metrics.report(ReportResult.LOST)
    metrics.digest("sent")
    metrics.show(Gauges())
    assert metrics.text() is None


def test_only_the_first_answer_to_an_update_is_timed() -> None:
    now, told = [10.0], list[float]()
    with waiting(lambda: now[0], told.append):
        now[0] = 12.5
        answered()
        now[0] = 20.0
        answered()
    assert told == [2.5]


def test_an_answer_that_belongs_to_no_update_is_not_timed() -> None:
    answered()
    told = list[float]()
    with waiting(lambda: 0.0, told.append):
        pass
    answered()
    assert told == []


def test_updates_at_the_same_time_are_told_apart() -> None:
    now, told = [0.0], list[tuple[str, float]]()
    with waiting(lambda: now[0], lambda seconds: told.append(("outer", seconds))):
        now[0] = 1.0
        with waiting(lambda: now[0], lambda seconds: told.append(("inner", seconds))):
            now[0] = 3.0
            answered()
        answered()
    assert told == [("inner", 2.0), ("outer", 3.0)]


def test_a_code_that_could_be_anything_is_no_label() -> None:
    assert label_of(UnknownAnswer("index", code=-33)) == "-33"
    assert label_of(UnknownAnswer("index", code="20210301007")) == "UnknownAnswer"
    assert label_of(OddAnswer("index", code="张三")) == "OddAnswer"
    assert label_of(OddAnswer("index")) == "OddAnswer"


def test_codes_have_a_bound() -> None:
    metrics = PrometheusMetrics()
    for code in range(3 * MOST_LABELS):
        metrics.platform_answer("index", str(code))
    text = metrics.text().decode()
    assert text.count("zjy_bot_platform_answers_total{") == MOST_LABELS + 1
    assert 'code="other"' in text


def test_gauges_show_what_is_so_now() -> None:
    metrics = PrometheusMetrics()
    metrics.show(Gauges({"running": 3}, {"outbox": 5}, 60.0, 2))
    metrics.show(Gauges({"running": 1}, {"outbox": 0}, None, 0, 7))
    text = metrics.text().decode()
    assert 'zjy_bot_jobs{state="running"} 1.0' in text
    assert 'zjy_bot_queue_length{queue="outbox"} 0.0' in text
    assert "zjy_bot_backup_age_seconds NaN" in text
    assert "zjy_bot_health_causes 0.0" in text
    assert "zjy_bot_late_reports 7.0" in text


def test_calls_that_are_told_to_wait_are_counted_by_themselves() -> None:
    metrics = PrometheusMetrics()
    metrics.telegram_answer("sendMessage", 429)
    metrics.telegram_answer("sendMessage", 200)
    text = metrics.text().decode()
    assert 'zjy_bot_telegram_flood_waits_total{method="sendMessage"} 1.0' in text
    assert 'zjy_bot_telegram_answers_total{method="sendMessage",status="200"} 1.0' in text
