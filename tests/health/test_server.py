"""``/healthz`` and ``/metrics`` over a real socket: answered, bounded, and never starved."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.health.monitor import HealthMonitor
from bot.health.server import BOUNDS, HealthServer
from bot.jobs.heartbeats import Heartbeats
from bot.listen_address import ListenAddress
from bot.metrics import Metrics
from bot.prometheus_metrics import PrometheusMetrics
from bot.settings import SettingsError
from storage.database import Database
from tests.support.clocks import SettableClock
from tests.support.free_port import free_port


class Served:
    def __init__(self, db: Database, metrics: Metrics) -> None:
        self.clock = SettableClock()
        self.monitor = HealthMonitor(db, self.clock, Heartbeats(self.clock.monotonic))
        self.address = ListenAddress("127.0.0.1", free_port())
        self.server = HealthServer(self.address, self.monitor, metrics)

    async def get(self, path: str, *, method: str = "GET", more: str = "") -> tuple[int, str]:
        reader, writer = await asyncio.open_connection(self.address.host, self.address.port)
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())
        answer = (await asyncio.wait_for(reader.read(), 10)).decode()
        writer.close()
        head, _, body = answer.partition("\r\n\r\n")
        return int(head.split()[1]), body


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def served(tmp_path: Path, metrics: Metrics) -> AsyncIterator[Served]:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        served = Served(db, metrics)
        await served.server.open()
        yield served
        await served.server.close()


async def test_a_healthy_bot_answers_200_and_an_unhealthy_one_503_with_the_cause(
    served: Served,
) -> None:
    status, said = await served.get("/healthz")
    assert (status, "starting" in said) == (503, True)
    served.monitor.reached()
    await served.monitor.look()
    assert await served.get("/healthz") == (200, "ok\n")
    assert await served.get("/healthz?verbose=1") == (200, "ok\n")
    served.clock.advance(91)
    await served.monitor.look()
    status, said = await served.get("/healthz")
    assert (status, said.count("\n")) == (503, 1)
    assert "Telegram" in said


async def test_nothing_else_is_answered(served: Served) -> None:
    assert (await served.get("/"))[0] == 404
    assert (await served.get("/healthz/"))[0] == 404
    assert (await served.get("/healthz", method="POST"))[0] == 405
    assert (await served.get("/healthz", more="Content-Length: 5\r\n"))[0] == 413
    assert (await served.get("/healthz", more="Transfer-Encoding: chunked\r\n"))[0] == 413


async def test_head_is_answered_like_get_without_the_body(served: Served) -> None:
    for expected in (503, 200):
        status, said = await served.get("/healthz")
        assert (status, bool(said)) == (expected, True)
        assert await served.get("/healthz", method="HEAD") == (expected, "")
        served.monitor.reached()
        await served.monitor.look()
    assert await served.get("/metrics", method="HEAD") == (404, "")
    assert await served.get("/nowhere", method="HEAD") == (404, "")


async def test_without_the_extra_there_are_no_metrics(served: Served) -> None:
    assert (await served.get("/metrics"))[0] == 404


async def test_connections_that_say_nothing_keep_nobody_out(served: Served) -> None:
    """More than may be open, and each asked for a body that never comes."""
    opened = []
    for number in range(3 * BOUNDS.connections):
        reader, writer = await asyncio.open_connection(served.address.host, served.address.port)
        writer.write(b"" if number % 2 else b"GET /healthz HTTP/1.1\r\nContent-Length: 9\r\n")
        opened.append((reader, writer))
    assert (await served.get("/healthz"))[0] == 503
    for _, writer in opened:
        writer.close()


async def test_a_connection_is_for_one_request(served: Served) -> None:
    """One that is kept open could be kept from others."""
    reader, writer = await asyncio.open_connection(served.address.host, served.address.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
    answers = await asyncio.wait_for(reader.read(), 10)
    assert answers.count(b"HTTP/1.1 ") == 1
    writer.close()


async def test_an_address_in_use_is_one_sentence_that_names_the_setting(served: Served) -> None:
    second = HealthServer(served.address, served.monitor, Metrics())
    with pytest.raises(SettingsError, match=r"^HEALTH_ADDRESS: the bot cannot listen on .*\.$"):
        await second.open()


class TestWithMetrics:
    @pytest.fixture
    def metrics(self) -> Metrics:
        return PrometheusMetrics()

    async def test_the_metrics_are_in_prometheus_text_format(
        self, served: Served, metrics: Metrics
    ) -> None:
        metrics.update("message")
        status, text = await served.get("/metrics")
        assert status == 200
        assert 'zjy_bot_updates_total{kind="message"} 1.0' in text
