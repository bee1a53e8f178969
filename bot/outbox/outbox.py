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
from contextlib import AbstractAsyncContextManager

from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.outbox.chat_action import announced_picture
from bot.outbox.chat_queue import EDIT_GAP, ChatQueue, OutboxItem, Render, Silent, fixed
from bot.outbox.deletions import Deletions
from bot.outbox.queue_sender import QueueSender
from bot.outbox.reachability import Reach
from bot.outbox.screen import Screen
from bot.outbox.telegram_calls import Calls
from bot.outbox.uploads import Document, Photo, Upload

IDLE_QUEUE = 120.0
"""Real seconds after the last call for a chat; its empty queue is dropped then."""


class Outbox:
    """``reach`` stores, over a restart too, which chats the bot cannot write to."""

    def __init__(self, calls: Calls, clock: Clock, reach: Reach) -> None:
        self._calls = calls
        self._clock = clock
        self._queues: dict[int, ChatQueue] = {}
        self._sender = QueueSender(calls, clock, reach, self._enqueue)
        self._deletions = Deletions(calls, clock)
        self._closed = False

    async def send(self, chat_id: int, screen: Screen, *, topic: int | None = None) -> int | None:
        """Send a message prompted by a press, in that topic of a forum. Returns the new message's
        id, or None if it was not sent (logged, or the bot cannot write to the chat)."""
        item = self._item(fixed(screen), None, pressed=True)
        item.topic = topic
        return await self._put(chat_id, item)

    async def send_photo(self, chat_id: int, photo: Photo, caption: Screen) -> int | None:
        """Like :meth:`send`, with a picture above at most ``MAX_CAPTION`` units of text. A later
        :meth:`edit` of it sends a new message: Telegram cannot turn a picture into a text."""
        item = self._item(fixed(caption), None, pressed=True, upload=photo)
        return await self._put(chat_id, item)

    async def send_document(self, chat_id: int, document: Document, caption: Screen) -> int | None:
        """Like :meth:`send_photo`, with a file to keep."""
        item = self._item(fixed(caption), None, pressed=True, upload=document)
        return await self._put(chat_id, item)

    def announced_picture(self, chat_id: int) -> AbstractAsyncContextManager[None]:
        """Show above the chat, during the block, that a picture is on its way."""
        return announced_picture(self._calls, self._clock, chat_id)

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
        photo: Photo | None = None,
    ) -> int | None:
        """Send a message unprompted, in its turn; waits until it is sent.

        ``render`` is called when the message is sent; None from it means that the message is no
        longer needed. With a ``photo``, it returns its caption.
        """
        return await self._put(chat_id, self._item(render, None, silent=silent, upload=photo))

    async def say_surely(
        self, chat_id: int, render: Render, *, silent: Silent = False
    ) -> DeliveryStatus:
        """Like :meth:`say`; returns the status: REFUSED if a retry would fail too."""
        item = self._item(render, None, silent=silent)
        await self._put(chat_id, item)
        return item.status

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
        item = self._item(render, message_id, gap=gap, on_lost=on_lost)
        item.answer(None)  # no caller waits for it
        self._enqueue(chat_id, item)

    async def bring(self, chat_id: int, message_id: int, render: Render) -> int | None:
        """Like :meth:`show`, for a message that only one caller changes; waits until it is sent.
        None if the message is gone, or as from :meth:`say`. If another edit of the message replaces
        it, the answer is that of the other edit."""
        return await self._put(chat_id, self._item(render, message_id))

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is sent."""
        return self._closed

    def heard_from(self, chat_id: int) -> None:
        """An update of the person arrived: an unreachable mark, which the answer to an earlier call
        may still set, is out of date."""
        queue = self._queues.get(chat_id)
        if queue is not None:
            queue.heard_at = self._clock.monotonic()

    def release(self, chat_id: int) -> None:
        """Send the held messages of the chat, in their turn."""
        self._deletions.release(chat_id)
        queue = self._queues.get(chat_id)
        if queue is not None:
            queue.releases += 1
            if queue.is_held and not self._closed:
                queue.is_held = False
                self._set_to_work(chat_id, queue)

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """As :meth:`~bot.outbox.deletions.Deletions.delete`."""
        return await self._deletions.delete(chat_id, message_id)

    async def close(self, seconds: float) -> None:
        """Send the waiting messages without spacing, within ``seconds`` real seconds; then drop the
        rest."""
        self._sender.is_spaced = False
        for queue in self._queues.values():
            queue.wake.set()
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
        for queue in self._queues.values():
            queue.clear()

    def _workers(self) -> "list[asyncio.Task[None]]":
        return [queue.worker for queue in self._queues.values() if queue.worker is not None]

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
        self._enqueue(chat_id, item)
        # Cancelling the caller does not cancel its message.
        return await asyncio.shield(item.done)

    def _enqueue(self, chat_id: int, item: OutboxItem) -> None:
        if self._closed:
            item.finish(None)
            return
        queue = self._queue_of(chat_id)
        if queue.is_held and item.once:
            item.finish(None)
            return
        queue.add(item)
        self._set_to_work(chat_id, queue)

    def _set_to_work(self, chat_id: int, queue: ChatQueue) -> None:
        queue.wake.set()
        if queue.worker is None and queue.has_work:
            queue.worker = asyncio.create_task(self._sender.work(chat_id, queue))

    def _queue_of(self, chat_id: int) -> ChatQueue:
        """The chat's queue. Drops the queues that are empty and sent nothing for a while, with
        their spacing."""
        long_ago = self._clock.monotonic() - IDLE_QUEUE
        for idle in [
            each
            for each, queue in self._queues.items()
            if queue.worker is None and queue.is_empty
            if queue.sent_at < long_ago and each != chat_id
        ]:
            del self._queues[idle]
        return self._queues.setdefault(chat_id, ChatQueue())
