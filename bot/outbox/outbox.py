"""Sends all messages of the bot: one queue per chat, one call at a time in it.

Messages prompted by a press are sent at once. Messages sent unprompted are spaced in real time:
sends at least 1 s apart, edits of a message at least 3 s and, as a job ages, more. Of several edits
of one message the newest wins. Each is rendered when it is sent, so that it shows the state of that
moment. The last state always arrives: Telegram's «wait» (429) and outages delay it, never drop it.

In a chat that the bot cannot write to, unprompted messages are held until the person's next update,
and messages prompted by a press are tried once.
"""

import asyncio
from collections.abc import Callable

from telegram.error import (
    BadRequest,
    ChatMigrated,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.error import RetryAfter as WaitAsTold

from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.logs import get_log
from bot.outbox.chat_queue import (
    EDIT_GAP,
    RETRY_FIRST,
    RETRY_LONGEST,
    ChatQueue,
    OutboxItem,
    Render,
    Silent,
    fixed,
)
from bot.outbox.deletions import Deletions
from bot.outbox.item_call import make_call
from bot.outbox.reachability import Reach
from bot.outbox.screen import Screen
from bot.outbox.telegram_calls import Calls, Lost, seconds_of, status_after
from bot.outbox.unreachable import ChatUnreachable
from bot.outbox.uploads import Document, Photo, Upload

IDLE_LANE = 120.0
PRESSED_ATTEMPTS = 4
"""Attempts for a message prompted by a press while Telegram is away; the caller waits no longer."""

_log = get_log(__name__)


class Outbox:
    """``reach`` stores, over a restart too, which chats the bot cannot write to."""

    def __init__(self, calls: Calls, clock: Clock, reach: Reach) -> None:
        self._calls = calls
        self._clock = clock
        self._reach = reach
        self._lanes: dict[int, ChatQueue] = {}
        self._deletions = Deletions(calls, clock)
        self._hurrying = False
        self._closed = False

    async def send(self, chat_id: int, screen: Screen) -> int | None:
        """Send a message prompted by a press. Returns the new message's id, or None if it was not
        sent (logged, or the bot cannot write to the chat)."""
        return await self._put(chat_id, self._item(fixed(screen), None, pressed=True))

    async def send_photo(self, chat_id: int, photo: Photo, caption: Screen) -> int | None:
        """Like :meth:`send`, with a picture above at most ``MAX_CAPTION`` units of text. A later
        :meth:`edit` of it sends a new message: Telegram cannot turn a picture into a text."""
        item = self._item(fixed(caption), None, pressed=True, upload=photo)
        return await self._put(chat_id, item)

    async def send_document(self, chat_id: int, document: Document, caption: Screen) -> int | None:
        """Like :meth:`send_photo`, with a file to keep."""
        item = self._item(fixed(caption), None, pressed=True, upload=document)
        return await self._put(chat_id, item)

    async def edit(self, chat_id: int, message_id: int, shown: Screen | Render) -> int | None:
        """Edit a message at once, prompted by a press. Returns its id, or the id of the new message
        that replaces it if the person deleted it; None as in :meth:`send`.

        Pass a render if the message also changes unprompted: the edit replaces a waiting update.
        """
        render = fixed(shown) if isinstance(shown, Screen) else shown
        return await self._put(chat_id, self._item(render, message_id, pressed=True))

    async def say(
        self,
        chat_id: int,
        render: Render,
        *,
        silent: Silent = False,
    ) -> int | None:
        """Send a message unprompted, in its turn; waits until it is sent.

        ``render`` is called when the message is sent; None from it means that the message is no
        longer needed.
        """
        return await self._put(chat_id, self._item(render, None, silent=silent))

    async def say_once(
        self,
        chat_id: int,
        render: Render,
        *,
        silent: Silent = False,
        photo: Photo | None = None,
    ) -> DeliveryStatus:
        """Like :meth:`say`, but without a retry after a lost answer, and without a wait for a chat
        that the bot cannot write to. With a ``photo``, ``render`` returns its caption."""
        item = self._item(render, None, silent=silent, upload=photo)
        item.once = True
        await self._put(chat_id, item)
        return item.status

    def show(
        self,
        chat_id: int,
        message_id: int,
        render: Render,
        *,
        gap: float = EDIT_GAP,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Update a message in its turn; replaces an older update of it that still waits.
        ``on_lost`` is called if the message no longer exists."""
        self._queue(chat_id, self._item(render, message_id, gap=gap, on_lost=on_lost))

    async def bring(self, chat_id: int, message_id: int, render: Render) -> int | None:
        """Like :meth:`show`, for a message that only one caller changes; waits until it is sent.
        None if the message is gone, or as from :meth:`say`."""
        return await self._put(chat_id, self._item(render, message_id))

    def heard_from(self, chat_id: int) -> None:
        """An update of the person arrived: an unreachable mark, which the answer to an earlier call
        may still set, is out of date."""
        lane = self._lanes.get(chat_id)
        if lane is not None:
            lane.heard_at = self._clock.monotonic()

    def release(self, chat_id: int) -> None:
        """Send the held messages of the chat, in their turn."""
        self._deletions.release(chat_id)
        lane = self._lanes.get(chat_id)
        if lane is not None:
            lane.releases += 1
            if lane.is_held and not self._closed:
                lane.is_held = False
                self._set_to_work(chat_id, lane)

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """As :meth:`~bot.outbox.deletions.Deletions.delete`."""
        return await self._deletions.delete(chat_id, message_id)

    async def close(self, seconds: float) -> None:
        """Send the waiting messages without spacing, within ``seconds`` real seconds; then drop the
        rest."""
        self._hurrying = True
        for lane in self._lanes.values():
            lane.wake.set()
        until = self._clock.monotonic() + seconds
        # A sent message may make its caller queue another one.
        while (waiting := self._workers()) and (left := until - self._clock.monotonic()) > 0:
            await asyncio.wait(waiting, timeout=left)
        self._closed = True
        self._deletions.close()
        waiting = self._workers()
        for worker in waiting:
            worker.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for lane in self._lanes.values():
            lane.clear()

    def _workers(self) -> "list[asyncio.Task[None]]":
        return [lane.worker for lane in self._lanes.values() if lane.worker is not None]

    def _item(
        self,
        render: Render,
        message_id: int | None,
        *,
        pressed: bool = False,
        silent: Silent = False,
        gap: float = EDIT_GAP,
        on_lost: Callable[[], None] | None = None,
        upload: Upload | None = None,
    ) -> OutboxItem:
        done: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        return OutboxItem(render, message_id, done, pressed, silent, gap, on_lost, upload=upload)

    async def _put(self, chat_id: int, item: OutboxItem) -> int | None:
        self._queue(chat_id, item)
        # Cancelling the caller does not cancel its message.
        return await asyncio.shield(item.done)

    def _queue(self, chat_id: int, item: OutboxItem) -> None:
        if self._closed:
            item.finish(None)
            return
        lane = self._lane(chat_id)
        if lane.is_held and item.once:
            item.finish(None)
            return
        lane.add(item)
        self._set_to_work(chat_id, lane)

    def _set_to_work(self, chat_id: int, lane: ChatQueue) -> None:
        lane.wake.set()
        if lane.worker is None and lane.has_work:
            lane.worker = asyncio.create_task(self._work(chat_id, lane))

    def _lane(self, chat_id: int) -> ChatQueue:
        """The chat's queue. Drops the queues that are empty and sent nothing for a while, with
        their spacing."""
        long_ago = self._clock.monotonic() - IDLE_LANE
        for idle in [
            each
            for each, lane in self._lanes.items()
            if lane.worker is None and lane.is_empty
            if lane.sent_at < long_ago and each != chat_id
        ]:
            del self._lanes[idle]
        return self._lanes.setdefault(chat_id, ChatQueue())

    async def _work(self, chat_id: int, lane: ChatQueue) -> None:
        item: OutboxItem | None = None
        try:
            while lane.has_work:
                lane.wake.clear()
                item, wait = lane.take(self._clock.monotonic(), spaced=not self._hurrying)
                if item is None:
                    await lane.rest(self._clock.sleep(wait))
                    continue
                releases = lane.releases
                if item.pressed or not await self._is_unreachable(chat_id):
                    await self._say(chat_id, lane, item)
                elif lane.releases == releases:
                    self._hold(lane, item)
                else:  # the mark was read before the person's update cleared it
                    lane.put_back(item)
        except asyncio.CancelledError:
            if item is not None:
                item.finish(None)
            raise
        finally:
            lane.worker = None

    async def _say(self, chat_id: int, lane: ChatQueue, item: OutboxItem) -> None:
        """Make the call; after a temporary failure the item goes back to the head of its queue."""
        result: int | None = None
        called_at = self._clock.monotonic()
        try:
            screen = await item.render()
            if screen is not None:
                silent = await item.is_silent()
                item.status, called_at = DeliveryStatus.UNKNOWN, self._clock.monotonic()
                result = await make_call(self._calls, chat_id, item, screen, silent=silent)
                item.status = DeliveryStatus.SENT
        except WaitAsTold as told:
            item.status = DeliveryStatus.UNSENT
            lane.wait_until = self._clock.monotonic() + seconds_of(told)
            lane.put_back(item)
            return
        except (NetworkError, InvalidToken) as away:
            item.status = status_after(away)
            if self._retry_later(lane, item, away):
                return
        except ChatMigrated as moved:
            item.status = DeliveryStatus.UNSENT
            self._move(lane, item, moved.new_chat_id)
            return
        except ChatUnreachable as error:
            item.status = DeliveryStatus.UNSENT if error.is_by_person else DeliveryStatus.NOT_FOUND
            await self._unreachable(chat_id, lane, item, called_at, error)
            return
        except TelegramError as error:
            item.status = DeliveryStatus.REFUSED
            _log.error("Telegram refused a message", chat=chat_id, trouble=str(error))
        except Exception:  # noqa: BLE001 - one message's fault must not silence the chat
            if item.status is DeliveryStatus.UNSENT:
                item.status = DeliveryStatus.REFUSED
            _log.exception("a message could not be rendered", chat=chat_id)
        finally:
            lane.told(item, self._clock.monotonic())
        item.finish(result)

    def _retry_later(self, lane: ChatQueue, item: OutboxItem, away: TelegramError) -> bool:
        """True if the item will be retried. BadRequest is a kind of NetworkError in the library."""
        if isinstance(away, BadRequest):
            if not isinstance(away, Lost):
                _log.error("Telegram refused a message", trouble=str(away))
            return False
        if item.once and item.status is DeliveryStatus.UNKNOWN:
            _log.warning("nobody knows whether a message came", trouble=str(away))
            return False
        item.failures += 1
        if item.pressed and item.failures >= PRESSED_ATTEMPTS:
            _log.warning("Telegram is away: something pressed for went unsaid", trouble=str(away))
            self._leave_for_later(lane, item)
            return False
        wait = min(RETRY_FIRST * 2 ** (item.failures - 1), RETRY_LONGEST)
        item.not_before = self._clock.monotonic() + wait
        lane.put_back(item)
        return True

    def _leave_for_later(self, lane: ChatQueue, item: OutboxItem) -> None:
        """Resolve the item as not sent; the last state of an edited message is retried all the
        same."""
        item.finish(None)
        if item.instead_of is not None:
            lane.put_back(item.instead_of)
        elif item.message_id is not None:
            item.pressed = False
            item.not_before = self._clock.monotonic() + RETRY_FIRST * 2**item.failures
            lane.put_back(item)

    def _move(self, lane: ChatQueue, item: OutboxItem, to_chat_id: int) -> None:
        """The group got another id: new messages go to the new id, edits of old messages are
        dropped."""
        waiting = [item, *lane]
        lane.empty()
        for each in waiting:
            if each.message_id is None:
                self._queue(to_chat_id, each)
            else:
                each.finish(None)

    async def _unreachable(
        self,
        chat_id: int,
        lane: ChatQueue,
        item: OutboxItem,
        called_at: float,
        error: ChatUnreachable,
    ) -> None:
        """Hold the queue, unless the person sent an update after the call began: then the answer is
        out of date."""
        if lane.heard_at > called_at:
            lane.put_back(item)
            return
        _log.info("the chat cannot be written to", chat=chat_id, trouble=str(error))
        self._hold(lane, *lane.take_pressed(), item, status=item.status)
        try:
            await self._reach.note_unreachable(chat_id)
        except Exception:  # noqa: BLE001 - the lane is held all the same
            _log.exception("it could not be noted that a chat is unreachable", chat=chat_id)

    def _hold(
        self, lane: ChatQueue, *items: OutboxItem, status: DeliveryStatus = DeliveryStatus.UNSENT
    ) -> None:
        """Hold the queue, and the items taken out of it, newest first. Items prompted by a press,
        and items that are sent once, are resolved as not sent; the last state of an edited message
        stays queued."""
        for item in (*lane.hold(), *items):
            item.status = status
            if item.pressed or item.once:
                item.finish(None)
            if item.message_id is not None or not item.done.done():
                item.pressed = False
                lane.put_back(item)

    async def _is_unreachable(self, chat_id: int) -> bool:
        try:
            return not await self._reach.is_reachable(chat_id)
        except Exception:  # noqa: BLE001 - Telegram's answer says it as well
            _log.exception("it is not known whether a chat is reachable", chat=chat_id)
            return False
