"""Sends all messages of the bot: one queue per chat, one call at a time in it, and one budget for
all of them.

Messages prompted by a press are sent at once. Messages sent unprompted are spaced in real time:
sends at least 1 s apart, edits of a message at least 3 s and, as a job ages, more. They also share
the budget of the whole bot: notices first, then digests, then progress, the message that was
changed longest ago first. Of several edits of one message the newest wins. Each is rendered when it
is sent, so that it shows the state of that moment, and those that were replaced cost nothing. The
last state always arrives: Telegram's «wait» (429) and outages delay it, never drop it.

In a chat that the bot cannot write to, unprompted messages are held until the person's next update,
and messages prompted by a press are tried once.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from telegram.error import RetryAfter

from bot.answer_times import answered
from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.loop_lag import LoopLag
from bot.outbox.budget import MESSAGES_PER_SECOND, Budget, Rank
from bot.outbox.chat_action import announced_picture
from bot.outbox.chat_queue import EDIT_GAP, OutboxItem, Render, Silent, fixed
from bot.outbox.deletions import Deletions
from bot.outbox.dispatcher import Dispatcher
from bot.outbox.reachability import Reach
from bot.outbox.screen import Photo, Screen, Upload
from bot.outbox.telegram_calls import Calls, seconds_of

LONGEST_ANSWER = 10.0
"""Real seconds after which a press is answered in any case: Telegram soon takes no answer."""
SHORT_LOOK = 0.05
"""Real seconds after which an answer to a press looks at the budget again."""
LONGEST_LOOK = 1.0
"""Real seconds after which a call that is no message looks at the budget again."""


class Outbox:
    """``reach`` stores, over a restart too, which chats the bot cannot write to; ``per_second`` is
    the budget of the whole bot, and ``lag`` gets how late the event loop is."""

    def __init__(
        self,
        calls: Calls,
        clock: Clock,
        reach: Reach,
        *,
        per_second: float = MESSAGES_PER_SECOND,
        lag: LoopLag | None = None,
    ) -> None:
        self._calls = calls
        self._clock = clock
        lag = lag or LoopLag()
        self._budget = Budget(per_second, lag)
        self._dispatcher = Dispatcher(calls, clock, reach, self._budget, lag)
        self._queues = self._dispatcher.queues
        self._deletions = Deletions(calls, clock, self._budget)

    async def send(self, chat_id: int, screen: Screen, *, topic: int | None = None) -> int | None:
        """Send a message prompted by a press, in that topic of a forum. Returns the new message's
        id, or None if it was not sent (logged, or the bot cannot write to the chat)."""
        return await self._put_pressed(chat_id, fixed(screen), topic=topic)

    async def send_file(self, chat_id: int, file: Upload, caption: Screen) -> int | None:
        """Like :meth:`send`, with a picture or a file above at most ``MAX_CAPTION`` units of text.
        A later :meth:`edit` of it sends a new message: Telegram cannot turn it into a text."""
        return await self._put_pressed(chat_id, fixed(caption), upload=file)

    def announced_picture(self, chat_id: int) -> AbstractAsyncContextManager[None]:
        """Show above the chat, during the block, that a picture is on its way."""
        return announced_picture(self._calls, self._clock, self._budget, chat_id)

    async def edit(self, chat_id: int, message_id: int, shown: Screen | Render) -> int | None:
        """Edit a message at once, prompted by a press. Returns its id, or the id of the new message
        that replaces it if the person deleted it; None as in :meth:`send`.

        Pass a render if the message also changes unprompted: the edit replaces a waiting update.
        """
        render = fixed(shown) if isinstance(shown, Screen) else shown
        return await self._put_pressed(chat_id, render, message_id)

    async def say(
        self,
        chat_id: int,
        render: Render,
        *,
        silent: Silent = False,
        photo: Photo | None = None,
        rank: Rank = Rank.NOTICE,
    ) -> int | None:
        """Send a message unprompted, in its turn; waits until it is sent.

        ``render`` is called when the message is sent; None from it means that the message is no
        longer needed. With a ``photo``, it returns its caption.
        """
        item = OutboxItem(render, None, self._now(), rank, silent=silent, upload=photo)
        return await self._put(chat_id, item)

    async def say_surely(
        self, chat_id: int, render: Render, *, silent: Silent = False
    ) -> DeliveryStatus:
        """Like :meth:`say`; returns the status: REFUSED if a retry would fail too."""
        item = OutboxItem(render, None, self._now(), silent=silent)
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
        item = OutboxItem(
            render, None, self._now(), Rank.DIGEST, silent=silent, upload=photo, once=True
        )
        await self._put(chat_id, item)
        return item.status

    def show(
        self,
        chat_id: int,
        message_id: int,
        render: Render,
        *,
        gap: float = EDIT_GAP,
        rank: Rank = Rank.NOTICE,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Update a message in its turn; replaces an older update of it that still waits. ``rank``
        is PERSON if a person looks at it and waits. ``on_lost`` is called if the message no longer
        exists."""
        item = OutboxItem(render, message_id, self._now(), rank, gap=gap, on_lost=on_lost)
        item.answer(None)  # no caller waits for it
        self._dispatcher.put(chat_id, item)

    async def bring(self, chat_id: int, message_id: int, render: Render) -> int | None:
        """Like :meth:`show`, for a message that only one caller changes; waits until it is sent.
        None if the message is gone, or as from :meth:`say`. If another edit of the message replaces
        it, the answer is that of the other edit."""
        return await self._put(chat_id, OutboxItem(render, message_id, self._now(), Rank.PERSON))

    def hurry(self, chat_id: int, message_id: int) -> None:
        """The person pressed a button of the message: its update, if one waits, goes at once."""
        queue = self._queues.get(chat_id)
        if queue is not None and queue.hurry(message_id):
            self._dispatcher.put_in(chat_id, queue)

    async def answer(self, query_id: str, words: str | None = None, *, alert: bool = False) -> None:
        """Answer a press, with a toast or an in-app alert: at once within Telegram's limit, and in
        any case before it is too late for an answer. Raises TelegramError."""
        late = (now := self._now()) + LONGEST_ANSWER
        while now < late and self._budget.wait(Rank.PERSON, now) > 0:
            await self._clock.sleep(SHORT_LOOK)
            now = self._now()
        spent = self._budget.spend(Rank.PERSON, now)
        try:
            await self._calls.answer(query_id, words, alert=alert)
        except RetryAfter as told:
            now, is_probe = self._now(), spent.is_probe
            self._budget.refused(None, seconds_of(told), now, is_probe=is_probe)
            raise
        finally:
            self._budget.ended(spent, self._now(), made=True)
            self._dispatcher.advance()  # messages may wait for this end

    async def turn(self) -> None:
        """Wait until the budget has room after all messages, for a call that is none; counts it."""
        while (wait := self._budget.wait(Rank.PROGRESS, self._now())) > 0:
            await self._clock.sleep(min(wait, LONGEST_LOOK))
        self._budget.spend_unasked(self._now())

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is sent."""
        return self._dispatcher.is_closed

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent, to all chats together."""
        return sum(len([*queue]) for queue in self._queues.values())

    def heard_from(self, chat_id: int) -> None:
        """An update of the person arrived: an unreachable mark, which the answer to an earlier call
        may still set, is out of date."""
        queue = self._queues.get(chat_id)
        if queue is not None:
            queue.heard_at = self._now()

    def release(self, chat_id: int) -> None:
        """Send the held messages of the chat, in their turn."""
        self._deletions.release(chat_id)
        self._dispatcher.release(chat_id)

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """As :meth:`~bot.outbox.deletions.Deletions.delete`."""
        return await self._deletions.delete(chat_id, message_id)

    async def close(self, seconds: float) -> None:
        """Send the waiting messages without spacing, within ``seconds`` real seconds; then drop the
        rest."""
        await self._dispatcher.close(seconds)
        self._deletions.close()

    async def _put_pressed(
        self,
        chat_id: int,
        render: Render,
        message_id: int | None = None,
        *,
        upload: Upload | None = None,
        topic: int | None = None,
    ) -> int | None:
        item = OutboxItem(
            render,
            message_id,
            self._now(),
            Rank.PERSON,
            pressed=True,
            upload=upload,
            topic=topic,
        )
        result = await self._put(chat_id, item)
        if item.status is DeliveryStatus.SENT:
            answered()
        return result

    async def _put(self, chat_id: int, item: OutboxItem) -> int | None:
        self._dispatcher.put(chat_id, item)
        # Cancelling the caller does not cancel its message.
        return await asyncio.shield(item.done)

    def _now(self) -> float:
        return self._clock.monotonic()
