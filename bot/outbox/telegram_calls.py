"""The Bot API calls that the outbox makes, and what Telegram's refusals mean."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.delivery_status import DeliveryStatus
from bot.outbox.older_server import for_older_server, says_too_new
from bot.outbox.screen import Effect, Photo, Screen, Upload
from bot.proxies.request import ProxyRefusedError

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""The library's names for transport errors before a request is sent."""
_NOTHING_TO_DELETE = "message to delete not found"


T = TypeVar("T")


class Lost(BadRequest):
    """The message to edit no longer exists."""


class Calls:
    """The bare calls: retries and queues belong to the outbox."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._is_older = False
        """Whether the server has refused what an older one does not know."""

    async def send(
        self, chat_id: int, screen: Screen, *, silent: bool, topic: int | None = None
    ) -> int:
        """Send a new message, in that topic of a forum; returns its id. An effect that Telegram
        does not take is left out."""
        effect = screen.effect if chat_id > 0 else None

        async def send(shown: Screen) -> int:
            try:
                return await self._send(chat_id, shown, effect, silent=silent, topic=topic)
            except BadRequest as error:
                if effect is None or not says_no_effect(error):
                    raise
                return await self._send(chat_id, shown, None, silent=silent, topic=topic)

        return await self._drawn(screen, send)

    async def _send(
        self,
        chat_id: int,
        screen: Screen,
        effect: Effect | None,
        *,
        silent: bool,
        topic: int | None,
    ) -> int:
        message = await self._bot.send_message(
            chat_id,
            screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.keyboard,
            disable_notification=silent,
            link_preview_options=_NO_PREVIEW,
            message_effect_id=effect,
            message_thread_id=topic,
        )
        return message.message_id

    async def announce_photo(self, chat_id: int) -> None:
        """Show for some seconds that a picture is on its way."""
        await self._bot.send_chat_action(chat_id, ChatAction.UPLOAD_PHOTO)

    async def upload(
        self, chat_id: int, upload: Upload, caption: Screen, *, silent: bool = False
    ) -> int:
        """Send a picture or a file with a caption; returns the message's id."""
        method = self._bot.send_photo if isinstance(upload, Photo) else self._bot.send_document

        async def send(shown: Screen) -> int:
            message = await method(
                chat_id,
                upload.content,
                caption=shown.text,
                parse_mode=ParseMode.HTML,
                reply_markup=shown.keyboard,
                disable_notification=silent,
                filename=upload.filename,
            )
            return message.message_id

        return await self._drawn(caption, send)

    async def edit(self, chat_id: int, message_id: int, screen: Screen) -> None:
        async def edit(shown: Screen) -> None:
            await self._bot.edit_message_text(
                shown.text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=shown.keyboard,
                link_preview_options=_NO_PREVIEW,
            )

        await self._drawn(screen, edit)

    async def _drawn(self, screen: Screen, call: Callable[[Screen], Awaitable[T]]) -> T:
        """Make a call with the screen; again, and later ones at once, with what an older server
        knows, if this one refuses how it is drawn."""
        simpler = for_older_server(screen)
        if simpler == screen:
            return await call(screen)
        if not self._is_older:
            try:
                return await call(screen)
            except BadRequest as error:
                if not says_too_new(error):
                    raise
        result = await call(simpler)
        self._is_older = True
        return result

    async def answer(self, query_id: str, words: str | None, *, alert: bool) -> None:
        """Answer a press: stop the button's spinner, with a toast or an in-app alert."""
        await self._bot.answer_callback_query(query_id, words, show_alert=alert)

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message; True also if it is already gone, as after a lost answer."""
        try:
            return await self._bot.delete_message(chat_id, message_id)
        except BadRequest as error:
            if _NOTHING_TO_DELETE in error.message.lower():
                return True
            raise


def says_unchanged(error: BadRequest) -> bool:
    """Whether the message already shows the screen: the edit has no work to do."""
    return "message is not modified" in error.message.lower()


def says_no_effect(error: BadRequest) -> bool:
    """Whether the message would be taken without its effect: the effect is unknown to the server,
    or the chat takes none."""
    text = error.message.lower()
    return "effect_id_invalid" in text or "message effects" in text


def says_gone(error: BadRequest) -> bool:
    """Whether the message can no longer be edited into a screen: it is deleted, is not the bot's,
    or is a photo or document, which has a caption and no text."""
    text = error.message.lower()
    return any(words in text for words in _GONE)


def says_unsent(error: TelegramError) -> bool:
    """Whether the call certainly had no effect: it was never sent, or its token or a proxy refused
    it. After any other error, a gateway's error page included, the message may have been
    delivered."""
    if isinstance(error, InvalidToken | ProxyRefusedError):
        return True
    return type(error.__cause__).__name__ in _NEVER_LEFT


def seconds_of(told: RetryAfter) -> float:
    """The seconds that Telegram told the bot to wait."""
    wait = told.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()


def status_after(trouble: TelegramError) -> DeliveryStatus:
    """Delivery status of a message whose call failed with an error of Telegram or of the network.
    BadRequest is a kind of NetworkError in the library."""
    if isinstance(trouble, BadRequest):
        return DeliveryStatus.REFUSED
    return DeliveryStatus.UNSENT if says_unsent(trouble) else DeliveryStatus.UNKNOWN
