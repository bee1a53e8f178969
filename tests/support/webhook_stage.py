"""The real bot behind a webhook, and requests to it that are not Telegram's."""

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus

from demo.platform import School
from demo.telegram.webhook import SECRET_HEADER, Webhook
from tests.support.free_port import free_port
from tests.support.watched_stage import WatchedStage

PATIENCE = 30.0


class WebhookStage(WatchedStage):
    """Both stand-ins, Telegram's in local mode, and a bot that listens on ``port``."""

    def __init__(self, school: School, *, log_level: str = "info") -> None:
        self.port = free_port()
        webhook = {
            "WEBHOOK_URL": f"http://127.0.0.1:{self.port}/hook",
            "WEBHOOK_LISTEN": f"127.0.0.1:{self.port}",
        }
        super().__init__(school, settings={**webhook, "LOG_LEVEL": log_level}, local=True)

    async def start_bot(self) -> None:
        before = self.telegram.world.updates.webhook
        await super().start_bot()
        await self.telegram.wait_for(
            lambda: self.telegram.world.updates.webhook not in (None, before), PATIENCE
        )

    @property
    def webhook(self) -> Webhook:
        found = self.telegram.world.updates.webhook
        assert found is not None
        return found

    async def post(
        self,
        body: bytes,
        *secrets: str,
        method: str = "POST",
        length: int | None = None,
    ) -> int:
        """Send a request; its status, 0 if the connection was closed without one."""
        head = [
            f"{method} /hook HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(body) if length is None else length}",
            *(f"{SECRET_HEADER}: {secret}" for secret in secrets),
        ]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
            line = await asyncio.wait_for(reader.readline(), PATIENCE)
        except OSError:
            return 0
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        return int(line.split()[1]) if line else 0

    async def deliver(self, update: object) -> int:
        """Send an update as Telegram does."""
        return await self.post(json.dumps(update).encode(), self.webhook.secret_token)


FORBIDDEN, OK = HTTPStatus.FORBIDDEN.value, HTTPStatus.OK.value
