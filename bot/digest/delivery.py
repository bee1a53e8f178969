"""Makes one digest ready and delivers it.

A digest is collected and drawn first, and claimed right before it is sent, so that the time in
which a kill loses it is as short as possible.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.digest.collect import Collector
from bot.digest.due import Due
from bot.digest.patience import Patience
from bot.digest.report import DigestReport
from bot.digest.store import DigestStore
from bot.logs import get_log, new_reference
from bot.tracking.backfill import Allowance
from bot.zjy.gate import Priority
from storage import digest_settings
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import NoNews, SkipReason
from storage.errors import StorageError

Send = Callable[[], Awaitable[DeliveryStatus]]
"""Sends one digest, at most once."""
Prepare = Callable[[DigestReport], Awaitable[Send]]
"""Renders a report as text and pictures, which may take a while; the :data:`Send` that it returns
sends them."""

_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A digest ready to be claimed and sent; ``send`` is None for one without news in a chat that
    wants no digest then."""

    due: Due
    report: DigestReport
    send: Send | None
    is_apology: bool = False
    """Whether it says that the day's digest cannot be built; the next digest counts from the last
    good one."""


class DigestDelivery:
    """Errors of one digest are logged with a reference; the student gets an apology."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        collector: Collector,
        store: DigestStore,
        patience: Patience,
        prepare: Prepare,
    ) -> None:
        self._db = db
        self._clock = clock
        self._collector = collector
        self._store = store
        self._patience = patience
        self._prepare = prepare

    async def make(self, settings: DigestSettings, due: Due, allowance: Allowance) -> Ready | None:
        """The chat's digest, ready to be claimed; an apology after an error. None if it has to wait
        for the platform, has no account, or not even the apology can be made."""
        now = self._clock.now()
        await self._db.write(lambda c: digest_settings.set_watched(c, settings.chat_id, now))
        try:
            report = await self._collector.collect(settings, Priority.DIGEST, allowance, due)
            standings = [part.standing for part in report.accounts]
            if not standings:
                return None  # the last account was removed meanwhile
            if self._patience.waits_for_the_platform(settings.chat_id, standings, due):
                return None
            if not report.has_news and settings.no_news is NoNews.SILENT:
                return Ready(due, report, None)
            return Ready(due, report, await self._prepare(report))
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - logged with its reference, and told in its place
            _log.exception("a digest broke off", reference=new_reference())
            return await self._apology(settings, due)

    async def _apology(self, settings: DigestSettings, due: Due) -> Ready | None:
        """An apology for this digest, sent at once: the same error may break the next digest too.
        None if the apology cannot be made either; the next digest then tells of it."""
        report = await self._collector.apology(settings, due)
        try:
            return Ready(due, report, await self._prepare(report), is_apology=True)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - logged with its reference, and told with the next one
            _log.exception("an apology broke off", reference=new_reference())
            await self._store.skip(settings, [due.local_date], SkipReason.BROKEN)
            return None

    async def deliver(self, chat_id: int, ready: Ready) -> None:
        """Claim the digest, send it and store its delivery. A chat whose settings changed meanwhile
        gets none."""
        row = await self._store.claim(chat_id, ready.due)
        if row is None:
            return
        if ready.send is None:
            await self._store.unsent(row, SkipReason.NO_NEWS, told=True)
            return
        try:
            delivery = await ready.send()
        except Exception:  # noqa: BLE001 - logged with its reference, and told with the next one
            _log.exception("a digest could not be sent", reference=new_reference())
            delivery = DeliveryStatus.UNKNOWN
        if delivery is DeliveryStatus.REFUSED and not ready.is_apology:
            ready, delivery = await self._apologize(chat_id, ready)
        if delivery is not DeliveryStatus.SENT:
            await self._store.not_sent(row, ready.report, delivery)
        elif ready.is_apology:
            await self._store.apologized(row, ready.report)
        else:
            await self._store.sent(row, ready.report)

    async def _apologize(self, chat_id: int, refused: Ready) -> tuple[Ready, DeliveryStatus]:
        """Send an apology in place of a digest that Telegram refuses. If it is not sent either, the
        digest stays refused: its picture may have arrived and must not be sent again."""
        settings = await self._db.read(lambda conn: digest_settings.get(conn, chat_id))
        if settings is None or settings.blocked_at is not None:
            return refused, DeliveryStatus.REFUSED
        apology = await self._apology(settings, refused.due)
        if apology is None or apology.send is None:
            return refused, DeliveryStatus.REFUSED
        delivery = await apology.send()
        if delivery in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN):
            return apology, delivery
        return refused, DeliveryStatus.REFUSED
