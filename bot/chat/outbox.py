"""Everything that the bot says goes through here: one lane per chat, one call at a time in it.

What somebody pressed for goes at once. What nobody pressed for is spaced in real time: sends at
least 1 s apart, edits of a message at least 3 s and, as a job ages, more. Of several edits of
one message the newest wins, and it is rendered when it is sent, so that it says what is true
then. The last state always arrives: Telegram's «wait» (429) and outages delay it, never drop it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.error import RetryAfter as WaitAsTold

from bot.chat.screen import Screen
from bot.chat.telegram_calls import Calls, Lost, says_gone, says_unchanged
from bot.clock import Clock
from bot.logs import get_log

SEND_GAP = 1.0
EDIT_GAP = 3.0
RETRY_FIRST = 1.0
RETRY_LONGEST = 60.0
IDLE_LANE = 120.0
PRESSED_ATTEMPTS = 4
"""So often what somebody pressed for is tried while Telegram is away; nobody waits longer."""

Render = Callable[[], Awaitable[Screen | None]]

_log = get_log(__name__)


@dataclass(slots=True)
class _Item:
    """One thing to say. ``message_id`` None means a new message."""

    render: Render
    message_id: int | None
    silent: bool
    pressed: bool
    done: "asyncio.Future[int | None]"
    on_lost: Callable[[], None] | None = None
    gap: float = EDIT_GAP
    not_before: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class _Lane:
    """What one chat has still to hear."""

    pressed: deque[_Item] = field(default_factory=deque)
    sends: deque[_Item] = field(default_factory=deque)
    edits: dict[int, _Item] = field(default_factory=dict)
    edited_at: dict[int, float] = field(default_factory=dict)
    sent_at: float = float("-inf")
    wait_until: float = 0.0
    """Telegram told this chat to wait until then."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    worker: "asyncio.Task[None] | None" = None

    @property
    def is_empty(self) -> bool:
        return not (self.pressed or self.sends or self.edits)


class Outbox:
    """``on_blocked`` is told of a chat that the bot may no longer write to."""

    def __init__(
        self, calls: Calls, clock: Clock, on_blocked: Callable[[int], Awaitable[None]]
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._on_blocked = on_blocked
        self._lanes: dict[int, _Lane] = {}
        self._hurrying = False
        self._closed = False

    async def send(self, chat_id: int, screen: Screen) -> int | None:
        """Say something that was pressed for; returns the new message's id, or None if it could
        not be said (logged, or the chat blocked the bot)."""
        return await self._put(chat_id, self._item(_fixed(screen), None, pressed=True))

    async def edit(self, chat_id: int, message_id: int, shown: Screen | Render) -> int | None:
        """Change a message at once because somebody pressed for it. Returns its id, or that of
        the new message in its place if the person deleted it; None as in :meth:`send`.

        Give a render where the message changes by itself too: it replaces an update that waits.
        """
        render = _fixed(shown) if isinstance(shown, Screen) else shown
        return await self._put(chat_id, self._item(render, message_id, pressed=True))

    async def say(self, chat_id: int, render: Render, *, silent: bool = False) -> int | None:
        """Say something nobody pressed for, when its turn comes; waits until it is said.

        ``render`` is called when it is sent; None from it means that it is no longer worth it.
        """
        return await self._put(chat_id, self._item(render, None, silent=silent))

    def show(
        self,
        chat_id: int,
        message_id: int,
        render: Render,
        *,
        gap: float = EDIT_GAP,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Bring a message up to date in its turn; an older update of it that still waits is
        replaced. ``on_lost`` is called if the message is no longer there."""
        self._queue(chat_id, self._item(render, message_id, gap=gap, on_lost=on_lost))

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message, the person's own included where Telegram lets the bot; not queued."""
        try:
            return await self._calls.delete(chat_id, message_id)
        except TelegramError as error:
            _log.info("a message could not be deleted", chat=chat_id, trouble=str(error))
            return False

    async def close(self, seconds: float) -> None:
        """Say what waits without any more spacing, within so many real seconds; then let go of
        the rest."""
        self._hurrying = True
        for lane in self._lanes.values():
            lane.wake.set()
        waiting = [lane.worker for lane in self._lanes.values() if lane.worker is not None]
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)
        self._closed = True
        for worker in waiting:
            worker.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _item(
        self,
        render: Render,
        message_id: int | None,
        *,
        pressed: bool = False,
        silent: bool = False,
        gap: float = EDIT_GAP,
        on_lost: Callable[[], None] | None = None,
    ) -> _Item:
        done: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        return _Item(render, message_id, silent, pressed, done, on_lost, gap)

    async def _put(self, chat_id: int, item: _Item) -> int | None:
        self._queue(chat_id, item)
        # A caller that is cancelled leaves; what it wanted said is said all the same.
        return await asyncio.shield(item.done)

    def _queue(self, chat_id: int, item: _Item) -> None:
        if self._closed:
            item.done.set_result(None)
            return
        lane = self._lane(chat_id)
        replaced = None
        if item.message_id is not None:
            replaced = lane.edits.pop(item.message_id, None)
        if item.pressed:
            lane.pressed.append(item)
        elif item.message_id is None:
            lane.sends.append(item)
        else:
            lane.edits[item.message_id] = item
        if replaced is not None and not replaced.done.done():
            replaced.done.set_result(item.message_id)
        lane.wake.set()
        if lane.worker is None:
            lane.worker = asyncio.create_task(self._work(chat_id, lane))

    def _lane(self, chat_id: int) -> _Lane:
        """The chat's lane. One that said nothing for a while is let go with its spacing."""
        long_ago = self._clock.monotonic() - IDLE_LANE
        for idle in [
            each
            for each, lane in self._lanes.items()
            if lane.worker is None and lane.sent_at < long_ago and each != chat_id
        ]:
            del self._lanes[idle]
        return self._lanes.setdefault(chat_id, _Lane())

    async def _work(self, chat_id: int, lane: _Lane) -> None:
        try:
            while not lane.is_empty:
                lane.wake.clear()
                item, wait = self._next(lane)
                if item is None:
                    await self._sleep(lane, wait)
                    continue
                await self._say(chat_id, lane, item)
        finally:
            lane.worker = None
            for left in (*lane.pressed, *lane.sends, *lane.edits.values()):
                if not left.done.done():
                    left.done.set_result(None)

    async def _sleep(self, lane: _Lane, seconds: float) -> None:
        woken = asyncio.ensure_future(lane.wake.wait())
        slept = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()
            await asyncio.gather(woken, slept, return_exceptions=True)

    def _next(self, lane: _Lane) -> tuple[_Item | None, float]:
        """The item whose turn it is, taken out of the lane; else how long until there is one."""
        now = self._clock.monotonic()
        due: list[tuple[float, int, _Item]] = []
        if lane.pressed:
            due.append((lane.pressed[0].not_before, 0, lane.pressed[0]))
        if lane.sends:
            spaced = 0.0 if self._hurrying else lane.sent_at + SEND_GAP
            ready = max(lane.sends[0].not_before, spaced)
            due.append((ready, 1, lane.sends[0]))
        for message_id, item in lane.edits.items():
            edited = lane.edited_at.get(message_id, float("-inf"))
            spaced = max(edited + item.gap, lane.sent_at + SEND_GAP)
            ready = max(item.not_before, 0.0 if self._hurrying else spaced)
            due.append((ready, 2, item))
        ready_now = [entry for entry in due if max(entry[0], lane.wait_until) <= now]
        if not ready_now:
            soonest = min(entry[0] for entry in due)
            return None, max(soonest, lane.wait_until) - now
        item = min(ready_now, key=lambda entry: (entry[1], entry[0]))[2]
        self._take_out(lane, item)
        return item, 0.0

    @staticmethod
    def _take_out(lane: _Lane, item: _Item) -> None:
        if item.pressed:
            lane.pressed.popleft()
        elif item.message_id is None:
            lane.sends.popleft()
        else:
            del lane.edits[item.message_id]

    @staticmethod
    def _put_back(lane: _Lane, item: _Item) -> None:
        if item.pressed:
            lane.pressed.appendleft(item)
        elif item.message_id is None:
            lane.sends.appendleft(item)
        elif item.message_id not in lane.edits:
            # A newer state of the message that came in the meantime wins.
            lane.edits[item.message_id] = item

    async def _say(self, chat_id: int, lane: _Lane, item: _Item) -> None:
        """Make the call; what fails for a while goes back to the head of its queue."""
        result: int | None = None
        try:
            screen = await item.render()
            if screen is not None:
                result = await self._call(chat_id, item, screen)
        except WaitAsTold as told:
            lane.wait_until = self._clock.monotonic() + _seconds(told)
            self._put_back(lane, item)
            return
        except (NetworkError, InvalidToken) as away:
            if self._retry_later(lane, item, away):
                return
        except (Forbidden, ChatMigrated) as error:
            await self._blocked(chat_id, lane, error)
        except TelegramError as error:
            _log.error("Telegram refused a message", chat=chat_id, trouble=str(error))
        except Exception:  # noqa: BLE001 - one message's fault must not silence the chat
            _log.exception("a message could not be rendered", chat=chat_id)
        finally:
            now = self._clock.monotonic()
            lane.sent_at = now
            if item.message_id is not None:
                lane.edited_at[item.message_id] = now
        if not item.done.done():
            item.done.set_result(result)

    async def _call(self, chat_id: int, item: _Item, screen: Screen) -> int | None:
        if item.message_id is None:
            return await self._calls.send(chat_id, screen, silent=item.silent)
        try:
            await self._calls.edit(chat_id, item.message_id, screen)
        except BadRequest as error:
            if says_unchanged(error):
                return item.message_id
            if not says_gone(error):
                raise
            if item.pressed:
                return await self._calls.send(chat_id, screen, silent=False)
            if item.on_lost is not None:
                item.on_lost()
            raise Lost(str(error)) from error
        return item.message_id

    def _retry_later(self, lane: _Lane, item: _Item, away: TelegramError) -> bool:
        """True if the item will be tried again. BadRequest is a kind of NetworkError in PTB."""
        if isinstance(away, BadRequest):
            if not isinstance(away, Lost):
                _log.error("Telegram refused a message", trouble=str(away))
            return False
        item.failures += 1
        if item.pressed and item.failures >= PRESSED_ATTEMPTS:
            _log.warning("Telegram is away: something pressed for went unsaid", trouble=str(away))
            return False
        wait = min(RETRY_FIRST * 2 ** (item.failures - 1), RETRY_LONGEST)
        item.not_before = self._clock.monotonic() + wait
        self._put_back(lane, item)
        return True

    async def _blocked(self, chat_id: int, lane: _Lane, error: TelegramError) -> None:
        _log.info("the chat cannot be written to", chat=chat_id, trouble=str(error))
        dropped = [*lane.pressed, *lane.sends, *lane.edits.values()]
        lane.pressed.clear()
        lane.sends.clear()
        lane.edits.clear()
        for item in dropped:
            if not item.done.done():
                item.done.set_result(None)
        await self._on_blocked(chat_id)


def _seconds(told: WaitAsTold) -> float:
    wait = told.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()


def _fixed(screen: Screen) -> Render:
    async def render() -> Screen:
        return screen

    return render
