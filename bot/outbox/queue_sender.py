"""Sends an item of a chat's queue, and decides what each failure means for it and the others."""

import asyncio
from collections.abc import Callable

from telegram.error import (
    BadRequest,
    ChatMigrated,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.logs import get_log
from bot.outbox.budget import Budget, Spent
from bot.outbox.chat_queue import RETRY_FIRST, RETRY_LONGEST, ChatQueue, OutboxItem
from bot.outbox.item_call import make_call
from bot.outbox.reachability import Reach
from bot.outbox.telegram_calls import Calls, Lost, seconds_of, status_after
from bot.outbox.unreachable import ChatUnreachable

PRESSED_ATTEMPTS = 4
"""Attempts for a message prompted by a press while Telegram is away; the caller waits no longer."""

_log = get_log(__name__)


class QueueSender:
    """``requeue`` takes an item for a chat whose id changed."""

    def __init__(
        self,
        calls: Calls,
        clock: Clock,
        reach: Reach,
        budget: Budget,
        requeue: Callable[[int, OutboxItem], None],
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._reach = reach
        self._budget = budget
        self._requeue = requeue

    async def send(self, chat_id: int, queue: ChatQueue, item: OutboxItem, spent: Spent) -> None:
        """Send an item that was taken out of the chat's queue, and that the budget counted."""
        is_called = False
        try:
            releases = queue.releases
            if item.pressed or not await self._is_unreachable(chat_id):
                is_called = await self._send(chat_id, queue, item, spent)
            elif queue.releases == releases:
                self._hold(queue, item)
            else:  # the mark was read before the person's update cleared it
                queue.put_back(item)
        except asyncio.CancelledError:
            item.finish(None)
            raise
        finally:
            self._budget.ended(spent, self._clock.monotonic(), made=is_called)

    async def _send(self, chat_id: int, queue: ChatQueue, item: OutboxItem, spent: Spent) -> bool:
        """Make the call; after a temporary failure the item goes back to the head of its queue.
        False if no call was needed."""
        result: int | None = None
        is_called = False
        called_at = self._clock.monotonic()
        try:
            screen = await item.render()
            if screen is not None:
                silent = await item.is_silent()
                is_called = True
                item.status, called_at = DeliveryStatus.UNKNOWN, self._clock.monotonic()
                result = await make_call(self._calls, chat_id, item, screen, silent=silent)
                item.status = DeliveryStatus.SENT
        except RetryAfter as told:
            item.status = DeliveryStatus.UNSENT
            now, seconds = self._clock.monotonic(), seconds_of(told)
            queue.wait_until = now + seconds
            self._budget.refused(chat_id, seconds, now, is_probe=spent.is_probe)
            queue.put_back(item)
            return True
        except (NetworkError, InvalidToken) as away:
            item.status = status_after(away)
            if self._retry_later(queue, item, away):
                return is_called
        except ChatMigrated as moved:
            item.status = DeliveryStatus.UNSENT
            self._move(queue, item, moved.new_chat_id)
            return is_called
        except ChatUnreachable as error:
            item.status = DeliveryStatus.UNSENT if error.is_by_person else DeliveryStatus.NOT_FOUND
            await self._unreachable(chat_id, queue, item, called_at, error)
            return is_called
        except TelegramError as error:
            item.status = DeliveryStatus.REFUSED
            _log.error("Telegram refused a message", chat=chat_id, trouble=str(error))
        except Exception:  # noqa: BLE001 - one message's fault must not silence the chat
            if item.status is DeliveryStatus.UNSENT:
                item.status = DeliveryStatus.REFUSED
            _log.exception("a message could not be rendered", chat=chat_id)
        finally:
            queue.told(item, self._clock.monotonic())
        item.finish(result)
        return is_called

    def _retry_later(self, queue: ChatQueue, item: OutboxItem, away: TelegramError) -> bool:
        """True if the item was answered or will be retried. BadRequest is a kind of NetworkError in
        the library."""
        if isinstance(away, BadRequest):
            if not isinstance(away, Lost):
                _log.error("Telegram refused a message", trouble=str(away))
            return False
        if item.once and item.status is DeliveryStatus.UNKNOWN:
            _log.warning("the delivery of a message is unknown", trouble=str(away))
            return False
        item.failures += 1
        if item.pressed and item.failures >= PRESSED_ATTEMPTS:
            _log.warning("Telegram is away: the answer to a press was not sent", trouble=str(away))
            self._leave_for_later(queue, item)
            return True
        wait = min(RETRY_FIRST * 2 ** (item.failures - 1), RETRY_LONGEST)
        item.not_before = self._clock.monotonic() + wait
        queue.put_back(item)
        return True

    def _leave_for_later(self, queue: ChatQueue, item: OutboxItem) -> None:
        """Resolve the item as not sent; the last state of an edited message is retried all the
        same."""
        item.answer(None)
        if item.instead_of is not None:
            queue.put_back(item.instead_of)
        elif item.message_id is not None:
            item.is_unprompted_now()
            item.not_before = self._clock.monotonic() + RETRY_FIRST * 2**item.failures
            queue.put_back(item)

    def _move(self, queue: ChatQueue, item: OutboxItem, to_chat_id: int) -> None:
        """The group got another id: new messages go to the new id, edits of old messages are
        dropped."""
        waiting = [item, *queue]
        queue.empty()
        for each in waiting:
            if each.message_id is None:
                self._requeue(to_chat_id, each)
            else:
                each.finish(None)

    async def _unreachable(
        self,
        chat_id: int,
        queue: ChatQueue,
        item: OutboxItem,
        called_at: float,
        error: ChatUnreachable,
    ) -> None:
        """Hold the queue, unless the person sent an update after the call began: then the answer is
        out of date."""
        if queue.heard_at > called_at:
            queue.put_back(item)
            return
        _log.info("the chat cannot be written to", chat=chat_id, trouble=str(error))
        self._hold(queue, *queue.take_pressed(), item, status=item.status)
        try:
            await self._reach.note_unreachable(chat_id)
        except Exception:  # noqa: BLE001 - the queue is held all the same
            _log.exception("an unreachable chat could not be marked", chat=chat_id)

    def _hold(
        self, queue: ChatQueue, *items: OutboxItem, status: DeliveryStatus = DeliveryStatus.UNSENT
    ) -> None:
        """Hold the queue, and the items taken out of it, newest first. Items prompted by a press,
        and items that are sent once, are resolved as not sent; the last state of an edited message
        stays queued."""
        for item in (*queue.hold(), *items):
            item.status = status
            if item.pressed or item.once:
                item.answer(None)
            if item.message_id is not None or not item.done.done():
                item.is_unprompted_now()
                queue.put_back(item)

    async def _is_unreachable(self, chat_id: int) -> bool:
        try:
            return not await self._reach.is_reachable(chat_id)
        except Exception:  # noqa: BLE001 - Telegram's answer says it as well
            _log.exception("a chat's mark of unreachability could not be read", chat=chat_id)
            return False
