"""Digests go through the outbox and the library's bot to the stand-in of
Telegram, on the same clock as everything else and without sockets."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

from bot.chat.cards.drawing import Drawing
from bot.chat.digest_sender import DigestSender
from bot.chat.i18n import load_translators
from bot.chat.people import People
from bot.delivery_status import DeliveryStatus
from bot.digest.delivery import Send
from bot.digest.report import DigestReport
from bot.outbox.outbox import Outbox
from bot.outbox.reachability import Reachability
from bot.outbox.telegram_calls import Calls
from bot.process import OUTBOX_WITHIN
from demo.platform import School
from demo.telegram import TelegramServer
from tests.support.bot_api_client import PNG
from tests.support.digest_harness import DigestHarness, SentReport
from tests.support.telegram_bots import TOKEN
from tests.support.telegram_transport import TelegramTransport, bot_in_process

# As the application does: else the library warns at each "wait" of Telegram.
os.environ.setdefault("PTB_TIMEDELTA", "true")


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
    """``phones`` is what the chats show. ``handed`` are the reports that were handed over to be
    said, ``telegram.said`` those that are known to have come."""

    def __init__(
        self, folder: Path, school: School, begin: datetime, drawing: Drawing, *, seed: int = 0
    ) -> None:
        super().__init__(folder, school, begin, seed=seed)
        self.server = TelegramServer(TOKEN, now=lambda: self.clock.now().timestamp(), flood=True)
        self.telegram_transport = TelegramTransport(self.server)
        self.handed: list[DigestReport] = []
        self._drawing = drawing
        self._translators = load_translators("zh")

    async def open(self) -> None:
        await super().open()
        bot = await self._held.enter_async_context(bot_in_process(self.telegram_transport))
        self.people = People(self.db, self._translators, self.clock)
        self.reach = Reachability(self.db, self.clock)
        self.outbox = Outbox(Calls(bot), self.clock, self.reach)
        self._post = DigestSender(self.people, self.outbox, self._drawing, self.clock, self.wishes)

    async def heard_from(self, chat_id: int) -> None:
        """An update of the person arrived."""
        self.outbox.heard_from(chat_id)
        since = await self.reach.heard_from(chat_id)
        self.outbox.release(chat_id)
        if since is not None:
            await self.digests.catch_up(chat_id)

    async def close(self) -> None:
        """In the application's order."""
        await self.digests.close()
        await self.outbox.close(OUTBOX_WITHIN)
        await super().close()

    async def kill(self) -> None:
        """End the process where it is, with nothing said any more, and begin the next one."""
        await self.digests.close()
        await self.digests.settle(0)
        await self.outbox.close(0)
        await self.restart()

    async def _prepare(self, report: DigestReport) -> Send:
        send = await self._post.prepare(report)

        async def noted() -> DeliveryStatus:
            self.handed.append(report)
            delivery = await send()
            if delivery is DeliveryStatus.SENT:
                self.telegram.said.append(SentReport(self.clock.now(), report))
            return delivery

        return noted
