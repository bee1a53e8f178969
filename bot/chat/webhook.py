"""Updates by webhook: Telegram sends each to an address of the bot, instead of being asked.

An update is acknowledged when it is in the queue of the application, as a poll confirms those that
are; what was not acknowledged Telegram sends again. It takes the same way through
:mod:`bot.chat.update_reader` as one that a poll brought.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.chat.telegram_application import AnyApplication
from bot.chat.update_reader import HANDLED_KINDS, UpdateReader
from bot.clock import Clock
from bot.http_server import Answer, Bounds, Head, HttpServer
from bot.listen_address import ListenAddress
from bot.log_limit import LogLimit
from bot.logs import get_log
from bot.outbox.telegram_calls import seconds_of

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
CONNECTIONS = 40
"""How many Telegram may use at the same time: its own default. The server takes twice as many, so
that those of an old address, or of others, leave enough."""
MOST_WAITING = 1000
"""Updates in the queue of the application; more of them wait at Telegram."""
RETRY_FIRST, RETRY_LONGEST = 1.0, 60.0
LOOK_EVERY = 30.0
"""Real seconds between two looks at what Telegram knows of the webhook."""

_OK = Answer(HTTPStatus.OK)
_log = get_log(__name__)


def new_secret() -> str:
    """A secret for one start of the bot; stored nowhere. A new one also makes Telegram send at once
    what it had put off while the bot was away."""
    return secrets.token_urlsafe(32)


class Webhook:
    """Takes updates at ``address``, which Telegram reaches as ``url``; ``reader`` is that of polls.

    ``on_delivery`` is told each time Telegram is found to deliver, or to have nothing to deliver;
    ``on_trouble`` when a call to Telegram fails.
    """

    def __init__(
        self,
        application: AnyApplication,
        clock: Clock,
        *,
        reader: UpdateReader,
        url: str,
        address: ListenAddress,
        secret: str,
        on_delivery: Callable[[], None],
        on_trouble: Callable[[TelegramError], None],
    ) -> None:
        self._application = application
        self._clock = clock
        self._url = url
        self._secret = secret
        self._on_delivery = on_delivery
        self._on_trouble = on_trouble
        self._reader = reader
        self._limit = LogLimit(clock.monotonic)
        self._server = HttpServer(address, self, Bounds(connections=2 * CONNECTIONS))
        self._watch: asyncio.Task[None] | None = None
        self._failed_at: object = None
        """The last failed delivery that Telegram told of."""
        self._arrived = True
        """Whether an update was acknowledged since that failure was told."""

    async def open(self) -> None:
        """Listen. Raises SettingsError if the address cannot be used."""
        await self._server.open("WEBHOOK_LISTEN")

    def begin(self) -> None:
        """Have updates sent. The application must be started."""
        self._watch = asyncio.create_task(self._keep_registered())

    async def close(self) -> None:
        """Take no further update; Telegram keeps those that come, for the next start."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        await self._server.close()

    # what Telegram sends

    def admit(self, head: Head) -> Answer | None:
        """Refuse what does not come from Telegram."""
        shown = head.values(SECRET_HEADER)
        given = shown[0].encode() if len(shown) == 1 else b""
        if not hmac.compare_digest(given, self._secret.encode()):
            self._say("a request to the webhook without its secret was refused")
            return Answer(HTTPStatus.FORBIDDEN)
        if head.method != "POST":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", "POST"),))
        if self._application.update_queue.qsize() >= MOST_WAITING:
            self._say("too many updates wait; Telegram keeps further ones")
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, headers=(("Retry-After", "1"),))
        return None

    def respond(self, head: Head, body: bytes) -> Answer:
        """Queue the update of a request, then acknowledge it."""
        try:
            updates = self._reader.read_pushed(body, HANDLED_KINDS)
        except NetworkError:
            return Answer(HTTPStatus.BAD_REQUEST)
        for each in updates:
            update = Update.de_json(each, self._application.bot)
            self._application.update_queue.put_nowait(update)
        self._arrived = True
        return _OK

    # what Telegram is told

    async def _keep_registered(self) -> None:
        await self._register()
        self._on_delivery()
        while True:
            await self._clock.sleep(LOOK_EVERY)
            try:
                await self._look()
            except TelegramError as error:
                self._on_trouble(error)

    async def _register(self) -> None:
        """Name the address to Telegram; tried again until it is accepted."""
        wait = RETRY_FIRST
        while True:
            try:
                await self._application.bot.set_webhook(
                    self._url,
                    secret_token=self._secret,
                    allowed_updates=HANDLED_KINDS,
                    max_connections=CONNECTIONS,
                    drop_pending_updates=False,
                )
            except TelegramError as error:
                await self._clock.sleep(self._after(error, wait))
                wait = min(wait * 2, RETRY_LONGEST)
            else:
                _log.info("Telegram sends updates to the webhook", address=_shown(self._url))
                return

    def _after(self, error: TelegramError, wait: float) -> float:
        """Tell of the trouble; the seconds until the next try."""
        if isinstance(error, RetryAfter):
            return max(wait, seconds_of(error))
        if isinstance(error, BadRequest):
            self._say("Telegram does not accept the webhook; trying again", trouble=str(error))
        else:
            self._on_trouble(error)
        return wait

    async def _look(self) -> None:
        """Tell of updates that do not arrive, and register again if another program did."""
        info = await self._application.bot.get_webhook_info()
        if info.url != self._url:
            _log.error("another program took over the updates of this BOT_TOKEN: stop one of them")
            await self._register()
            return
        if info.last_error_date is not None and info.last_error_date != self._failed_at:
            self._failed_at, self._arrived = info.last_error_date, False
            self._say(
                "Telegram could not deliver an update to the webhook",
                trouble=info.last_error_message,
                waiting=info.pending_update_count,
            )
        # The last failure stays told after updates arrive again.
        if self._arrived or not info.pending_update_count:
            self._on_delivery()

    def _say(self, event: str, **facts: object) -> None:
        if self._limit.allows(event):
            _log.warning(event, **facts)


def _shown(url: str) -> str:
    """The address without its path, in which some operators keep a secret of their own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
