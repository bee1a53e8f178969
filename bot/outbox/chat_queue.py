"""What one chat has still to hear, and whose turn it is."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.delivery_status import DeliveryStatus
from bot.outbox.screen import Screen
from bot.outbox.uploads import Upload

SEND_GAP = 1.0
EDIT_GAP = 3.0
RETRY_FIRST = 1.0
RETRY_LONGEST = 60.0

Render = Callable[[], Awaitable[Screen | None]]
Silent = bool | Callable[[], Awaitable[bool]]
"""Whether a message makes no sound; asked when it is sent, for it may have waited."""


def fixed(screen: Screen) -> Render:
    """A screen that says the same whenever it is sent."""

    async def render() -> Screen:
        return screen

    return render


@dataclass(slots=True)
class OutboxItem:
    """One thing to say. ``message_id`` None means a new message; ``done`` gets the id of the
    message that it is in, or None if it was not said. Times are of the real monotonic clock."""

    render: Render
    message_id: int | None
    done: "asyncio.Future[int | None]"
    pressed: bool = False
    silent: Silent = False
    gap: float = EDIT_GAP
    on_lost: Callable[[], None] | None = None
    not_before: float = 0.0
    failures: int = 0
    instead_of: "OutboxItem | None" = None
    """The waiting update of the same message that a pressed edit took the place of."""
    upload: Upload | None = None
    """The file that a new message brings; what is rendered is its caption then."""
    once: bool = False
    """Nothing is sent again whose answer was lost: it may have come."""
    status: DeliveryStatus = DeliveryStatus.UNSENT

    async def is_silent(self) -> bool:
        return self.silent if isinstance(self.silent, bool) else await self.silent()

    def finish(self, said_in: int | None) -> None:
        """Let go of whoever waits for it; the first word counts."""
        if not self.done.done():
            self.done.set_result(said_in)


@dataclass(slots=True)
class ChatQueue:
    """Three queues: what was pressed for, new messages, and one waiting edit per message.

    On a lane that is held, only what was pressed for is said; the rest waits for the person."""

    pressed: deque[OutboxItem] = field(default_factory=deque)
    sends: deque[OutboxItem] = field(default_factory=deque)
    edits: dict[int, OutboxItem] = field(default_factory=dict)
    edited_at: dict[int, float] = field(default_factory=dict)
    sent_at: float = float("-inf")
    wait_until: float = 0.0
    """Telegram told this chat to wait until then."""
    is_held: bool = False
    """The chat cannot be written to for now."""
    releases: int = 0
    """How often the person was heard from after a mark, also while the lane was not held yet."""
    heard_at: float = float("-inf")
    """When the last update of the person arrived."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    worker: "asyncio.Task[None] | None" = None

    @property
    def is_empty(self) -> bool:
        return not (self.pressed or self.sends or self.edits)

    @property
    def has_work(self) -> bool:
        """Whether anything may be said, now or after its wait."""
        return bool(self.pressed) if self.is_held else not self.is_empty

    def __iter__(self) -> Iterator[OutboxItem]:
        yield from (*self.pressed, *self.sends, *self.edits.values())

    def add(self, item: OutboxItem) -> None:
        """Queue something new; an edit takes the place of the message's waiting update."""
        if item.message_id is None:
            (self.pressed if item.pressed else self.sends).append(item)
            return
        replaced = self.edits.pop(item.message_id, None)
        if item.pressed:
            item.instead_of = replaced
            self.pressed.append(item)
        else:
            self.edits[item.message_id] = _after(replaced, item)

    def put_back(self, item: OutboxItem) -> None:
        """To the head of its queue, unless something newer for its message came meanwhile."""
        if item.pressed:
            self.pressed.appendleft(item)
            return
        if item.message_id is None:
            self.sends.appendleft(item)
            return
        newer = self.edits.get(item.message_id)
        pressed = next((each for each in self.pressed if each.message_id == item.message_id), None)
        if newer is not None:
            _after(item, newer)
        elif pressed is not None:
            pressed.instead_of = pressed.instead_of or item
        else:
            self.edits[item.message_id] = item

    def take(self, now: float, *, spaced: bool) -> tuple[OutboxItem | None, float]:
        """The item whose turn it is, taken out; else None and the seconds until there is one.

        Must not be called on a lane without work. Without ``spaced`` only what Telegram or a
        failure asked for is waited.
        """
        due = list(self._due(spaced=spaced))
        ready = [entry for entry in due if max(entry[0], self.wait_until) <= now]
        if not ready:
            return None, max(min(entry[0] for entry in due), self.wait_until) - now
        item = min(ready, key=lambda entry: (entry[1], entry[0]))[2]
        if item.pressed:
            self.pressed.popleft()
        elif item.message_id is None:
            self.sends.popleft()
        else:
            del self.edits[item.message_id]
        return item, 0.0

    def _due(self, *, spaced: bool) -> Iterator[tuple[float, int, OutboxItem]]:
        """The moment of each queue's head, and the rank of its kind."""
        next_send = self.sent_at + SEND_GAP if spaced else 0.0
        if self.pressed:
            yield self.pressed[0].not_before, 0, self.pressed[0]
        if self.is_held:
            return
        if self.sends:
            yield max(self.sends[0].not_before, next_send), 1, self.sends[0]
        for message_id, item in self.edits.items():
            edited = self.edited_at.get(message_id, float("-inf"))
            next_edit = edited + item.gap if spaced else 0.0
            yield max(item.not_before, next_send, next_edit), 2, item

    def hold(self) -> list[OutboxItem]:
        """Hold what nobody pressed for; returns what belongs to its moment, taken out."""
        self.is_held = True
        leaving = [each for each in self.sends if each.once]
        self.sends = deque(each for each in self.sends if not each.once)
        return leaving

    def take_pressed(self) -> list[OutboxItem]:
        """Everything that was pressed for, newest first, taken out."""
        taken = list(reversed(self.pressed))
        self.pressed.clear()
        return taken

    def told(self, item: OutboxItem, now: float) -> None:
        """A call for the item ended now, well or not: spacing begins from here."""
        self.sent_at = now
        if item.message_id is not None:
            self.edited_at[item.message_id] = now

    async def rest(self, sleep: Coroutine[Any, Any, None]) -> None:
        """Sleep, unless something new wakes the lane."""
        woken = asyncio.ensure_future(self.wake.wait())
        slept = asyncio.ensure_future(sleep)
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()
            await asyncio.gather(woken, slept, return_exceptions=True)

    def clear(self) -> None:
        """Drop everything that waits; nobody is left waiting for it."""
        for item in self:
            item.finish(None)
        self.empty()

    def empty(self) -> None:
        """Forget everything that waits; whoever takes it out answers for it."""
        self.pressed.clear()
        self.sends.clear()
        self.edits.clear()


def _after(older: OutboxItem | None, newer: OutboxItem) -> OutboxItem:
    """The newer state of a message. It waits as long as the older one had to: failures make the
    waits of a message longer, however often its text changes."""
    if older is not None:
        newer.failures = older.failures
        newer.not_before = max(newer.not_before, older.not_before)
    return newer
