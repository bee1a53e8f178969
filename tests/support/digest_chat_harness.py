"""Digests go through the outbox and the library's bot to the stand-in of Telegram, on the same
clock as everything else and without sockets."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

from bot.chat.cards.drawing import Drawing
from bot.chat.digest_sender import DigestSender
from bot.delivery_status import DeliveryStatus
from bot.digest.delivery import Send
from bot.digest.report import DigestReport
from bot.process import OUTBOX_WITHIN
from demo.platform import School
from demo.telegram import TelegramServer
from tests.support.bot_api_client import PNG
from tests.support.clocks import LoopClock
from tests.support.digest_harness import DigestHarness, SentReport
from tests.support.in_process_transport import TelegramTransport
from tests.support.names import ANNA, TOKEN
from tests.support.open_bot import Floor


class DrawnAtOnce(Drawing):
    """Draws in the loop's own thread: time would run ahead of another one. Only a ``share`` of
    the pictures is drawn, since each takes real time; the others are a few bytes."""

    def __init__(self, rng: Random, share: float) -> None:
        super().__init__()
        self._rng = rng
        self._share = share
        self.drawn = 0

    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        if self._rng.random() >= self._share:
            return PNG
        self.drawn += 1
        return picture()


class DigestChatHarness(DigestHarness):
    """``server`` is what the chats show. ``handed`` are the reports that were handed over to be
    said, ``telegram.said`` those that are known to have come."""

    def __init__(
        self, folder: Path, school: School, begin: datetime, drawing: Drawing, *, seed: int = 0
    ) -> None:
        clock = LoopClock(begin)
        self.server = TelegramServer(TOKEN, now=lambda: clock.now().timestamp(), flood=True)
        self.telegram_transport = TelegramTransport(self.server)
        self.handed: list[DigestReport] = []
        self._drawing = drawing
        super().__init__(
            folder,
            school,
            begin,
            upto=Floor.CHAT,
            telegram=self.telegram_transport,
            clock=clock,
            seed=seed,
        )

    async def open(self) -> None:
        await super().open()
        self._sender = DigestSender(
            self.people, self.outbox, self._drawing, self.clock, self.wishes
        )

    async def heard_from(self, chat_id: int = ANNA) -> None:
        """An update of the person arrived."""
        self.outbox.heard_from(chat_id)
        since = await self.reach.heard_from(chat_id)
        self.outbox.release(chat_id)
        if since is not None:
            await self.digests.catch_up(chat_id)

    async def close(self, *, orderly: bool = True) -> None:
        """In the application's order."""
        await self.digests.close()
        await self.outbox.close(OUTBOX_WITHIN)
        await super().close(orderly=orderly)

    async def kill(self) -> None:
        """End the process where it is, with nothing said any more, and begin the next one."""
        await self.digests.close()
        await self.digests.settle(0)
        await self.outbox.close(0)
        await self.restart()

    async def _prepare(self, report: DigestReport) -> Send:
        send = await self._sender.prepare(report)

        async def noted() -> DeliveryStatus:
            self.handed.append(report)
            delivery = await send()
            if delivery is DeliveryStatus.SENT:
                self.telegram.said.append(SentReport(self.clock.now(), report))
            return delivery

        return noted
