"""Answers ``GET`` and ``HEAD`` of ``/healthz`` and ``/metrics`` on ``HEALTH_ADDRESS``."""

from http import HTTPStatus

from bot.addresses import is_loopback
from bot.health.monitor import HealthMonitor
from bot.http_server import Answer, Bounds, Head, HttpServer
from bot.listen_address import ListenAddress
from bot.logs import get_log
from bot.metrics import Metrics

HEALTH_PATH = "/healthz"
METRICS_PATH = "/metrics"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = Bounds(largest_body=1024, connections=16, head_within=5.0)
_CLOSE = (("Connection", "close"),)
"""A connection is for one request, so that none can be kept from others."""

_log = get_log(__name__)


class HealthServer:
    """Listens from :meth:`open` to :meth:`close`; answers from what is known, without a wait."""

    def __init__(self, address: ListenAddress, monitor: HealthMonitor, metrics: Metrics) -> None:
        self._address = address
        self._monitor = monitor
        self._metrics = metrics
        self._server = HttpServer(address, self, BOUNDS)

    async def open(self) -> None:
        """Listen. Raises SettingsError if the address cannot be used."""
        await self._server.open("HEALTH_ADDRESS")
        if not is_loopback(f"http://{self._address}"):
            _log.warning(
                "HEALTH_ADDRESS can be reached from other machines, and asks for no password",
                address=str(self._address),
            )

    async def close(self) -> None:
        await self._server.close()

    def admit(self, head: Head) -> Answer | None:
        """Refuse what is no ``GET`` or ``HEAD`` of a known path, and what announces a body."""
        path = head.path.partition("?")[0]
        if path not in (HEALTH_PATH, METRICS_PATH):
            return Answer(HTTPStatus.NOT_FOUND)
        if head.method not in ("GET", "HEAD"):
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", "GET, HEAD"),))
        if head.values("transfer-encoding") or head.values("content-length") not in ([], ["0"]):
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None

    def respond(self, head: Head, body: bytes) -> Answer:
        if head.path.partition("?")[0] == METRICS_PATH:
            text = self._metrics.text()
            if text is None:
                return Answer(HTTPStatus.NOT_FOUND, headers=_CLOSE)
            return Answer(HTTPStatus.OK, text, METRICS_TYPE, headers=_CLOSE)
        causes = self._monitor.causes
        status = HTTPStatus.SERVICE_UNAVAILABLE if causes else HTTPStatus.OK
        said = "".join(f"{cause}\n" for cause in causes) or "ok\n"
        return Answer(status, said.encode(), headers=_CLOSE)
