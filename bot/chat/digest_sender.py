"""Sends digests: a picture with the text as its caption; a longer text follows in its own
message."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.chat.cards.course import course_card
from bot.chat.cards.drawing import Drawing
from bot.chat.digest_card import card_of
from bot.chat.i18n import Translator
from bot.chat.people import People
from bot.chat.views import digest as views
from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.digest.delivery import Send
from bot.digest.report import DigestReport
from bot.digest.settings import DigestSettingsService
from bot.logs import get_log, new_reference
from bot.metrics import Metrics
from bot.outbox.chat_queue import Render
from bot.outbox.outbox import Outbox
from bot.outbox.screen import MAX_CAPTION, Photo, Screen, units

_MAY_HAVE_ARRIVED = frozenset({DeliveryStatus.SENT, DeliveryStatus.UNKNOWN})
_TRIED_AGAIN = frozenset({DeliveryStatus.UNSENT, DeliveryStatus.NOT_FOUND})
"""The statuses after which a digest may be sent again as a whole, with its picture."""

_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """A digest as it is sent: ``caption`` is below the picture, or alone without a picture;
    ``text`` follows in a message of its own."""

    photo: Photo | None
    caption: Screen
    text: Screen | None = None

    @property
    def words(self) -> Screen:
        """The text that is sent if the picture cannot be sent."""
        return self.caption if self.text is None else self.text


class DigestSender:
    def __init__(
        self,
        people: People,
        outbox: Outbox,
        drawing: Drawing,
        clock: Clock,
        settings: DigestSettingsService,
        metrics: Metrics | None = None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._people = people
        self._outbox = outbox
        self._drawing = drawing
        self._clock = clock
        self._settings = settings

    async def prepare(self, report: DigestReport) -> Send:
        """Draw a digest that is due. The returned function sends it in its turn, at most once, but
        not after its day and not if the chat has switched digests off."""
        message = await self._message(report, in_full=report.has_news)
        return partial(self._counted, message, report, self._send)

    async def prepare_now(self, report: DigestReport) -> Send:
        """Draw a digest prompted by a press, in full; the returned function sends it at once."""
        async with self._outbox.announced_picture(report.chat_id):
            message = await self._message(report, in_full=True)
        return partial(self._counted, message, report, self._send_now)

    async def _counted(
        self,
        message: DigestMessage | None,
        report: DigestReport,
        send: Callable[[DigestMessage, DigestReport], Awaitable[DeliveryStatus]],
    ) -> DeliveryStatus:
        status = DeliveryStatus.UNSENT if message is None else await send(message, report)
        self._metrics.digest(status.value)
        return status

    async def _message(self, report: DigestReport, *, in_full: bool) -> DigestMessage | None:
        """The digest as a message; None if the chat was erased."""
        person = await self._people.of_chat(report.chat_id)
        if person is None:
            return None
        return await letter_of(self._drawing, person.tr, report, in_full=in_full)

    async def _send(self, message: DigestMessage, report: DigestReport) -> DeliveryStatus:
        if message.photo is None:
            return await self._say(message.caption, report)
        pictured = self._say(message.caption, report, message.photo)
        if message.text is None:
            picture = status = await pictured
        else:
            # Queued together: no message comes between them. The text decides the status.
            picture, status = await asyncio.gather(pictured, self._say(message.text, report))
        if status is DeliveryStatus.REFUSED:
            status = await self._say(message.words, report)
        if picture in _MAY_HAVE_ARRIVED and status in _TRIED_AGAIN:
            return DeliveryStatus.UNKNOWN
        return status

    async def _say(
        self, screen: Screen, report: DigestReport, photo: Photo | None = None
    ) -> DeliveryStatus:
        silent = partial(self._settings.is_quiet, report.chat_id)
        render = self._while_due(screen, report)
        return await self._outbox.say_once(report.chat_id, render, silent=silent, photo=photo)

    def _while_due(self, screen: Screen, report: DigestReport) -> Render:
        async def render() -> Screen | None:
            if self._clock.now() >= report.until:
                return None
            return screen if await self._settings.is_still_due(report) else None

        return render

    async def _send_now(self, message: DigestMessage, report: DigestReport) -> DeliveryStatus:
        chat_id, outbox = report.chat_id, self._outbox
        if message.photo is not None:
            shown = outbox.send_file(chat_id, message.photo, message.caption)
            if message.text is not None:
                _, sent = await asyncio.gather(shown, outbox.send(chat_id, message.text))
            else:
                sent = await shown
        else:
            sent = None
        if sent is None:
            sent = await outbox.send(chat_id, message.words)
        return DeliveryStatus.UNKNOWN if sent is None else DeliveryStatus.SENT


async def letter_of(
    drawing: Drawing, tr: Translator, report: DigestReport, *, in_full: bool
) -> DigestMessage:
    """Render a report as a message; without ``in_full`` as one line."""
    if not in_full:
        return DigestMessage(None, views.no_news(tr, report))
    whole = views.digest(tr, report)
    card = card_of(tr, report)
    if card is None:
        return DigestMessage(None, whole)
    try:
        photo = Photo(await drawing.draw(partial(course_card, tr, card)), "digest.png")
    except Exception:  # noqa: BLE001 - logged with its reference; the words come without it
        _log.exception("a picture could not be drawn", reference=new_reference())
        return DigestMessage(None, whole)
    # Markup counts as if it were visible, so the caption is never too long.
    if units(whole.text) <= MAX_CAPTION:
        return DigestMessage(photo, whole)
    return DigestMessage(photo, views.headline(tr, report), whole)
