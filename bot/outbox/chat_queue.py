"""The outgoing messages of one chat, and their order."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from bot.delivery_status import DeliveryStatus
from bot.outbox.budget import Rank
from bot.outbox.screen import Screen, Upload

SEND_GAP = 1.0
EDIT_GAP = 3.0
RETRY_FIRST = 1.0
RETRY_LONGEST = 60.0
KEPT_EDITS = 3600.0
"""Real seconds for which the moment of a message's last edit is known."""
_ROUNDING = 1e-6

Render = Callable[[], Awaitable[Screen | None]]
Silent = bool | Callable[[], Awaitable[bool]]
"""Whether a message makes no sound; a callable is asked when the message is sent."""


def fixed(screen: Screen) -> Render:
    """A render that returns the same screen whenever it is called."""

    async def render() -> Screen:
        return screen

    return render


@dataclass(slots=True)
class OutboxItem:
    """One outgoing message or edit. ``message_id`` None means a new message; ``done`` gets the id
    of the message that shows the screen, or None if it was not sent. Times are of the real
    monotonic clock."""

    render: Render
    message_id: int | None
    queued_at: float
    rank: Rank = Rank.NOTICE
    pressed: bool = False
    silent: Silent = False
    gap: float = EDIT_GAP
    on_lost: Callable[[], None] | None = None
    not_before: float = 0.0
    failures: int = 0
    instead_of: "OutboxItem | None" = None
    """The waiting update of the same message that an edit prompted by a press replaced."""
    upload: Upload | None = None
    """The file that a new message carries; ``render`` returns its caption then."""
    topic: int | None = None
    """The topic of a forum that a new message goes to; None for the general one, and elsewhere."""
    once: bool = False
    """The message is not retried after a lost answer: it may have been delivered."""
    hurried: bool = False
    """An edit that does not wait for its spacing, because its message's button was pressed."""
    status: DeliveryStatus = DeliveryStatus.UNSENT
    done: "asyncio.Future[int | None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    followers: "list[asyncio.Future[int | None]]" = field(default_factory=list)
    """The unresolved ``done`` of earlier updates of the same message that this one replaced."""

    async def is_silent(self) -> bool:
        return self.silent if isinstance(self.silent, bool) else await self.silent()

    def is_unprompted_now(self) -> None:
        """The person no longer waits for it."""
        if self.pressed:
            self.pressed, self.rank = False, Rank.NOTICE

    def answer(self, said_in: int | None) -> None:
        """Resolve ``done`` alone: the item may still be sent, and the updates that it replaced wait
        for that."""
        if not self.done.done():
            self.done.set_result(said_in)

    def finish(self, said_in: int | None) -> None:
        """Resolve ``done``, and that of each update that this one replaced; later calls have no
        effect."""
        for waiting in self.waiting():
            waiting.set_result(said_in)

    def waiting(self) -> "list[asyncio.Future[int | None]]":
        """What :meth:`finish` resolves."""
        replaced = self.instead_of.waiting() if self.instead_of is not None else []
        return [each for each in (self.done, *self.followers, *replaced) if not each.done()]


@dataclass(frozen=True, slots=True)
class Head:
    """What a chat has to send first in one rank: when it is due, and since when its message shows
    nothing newer."""

    rank: Rank
    due: float
    since: float


@dataclass(slots=True)
class ChatQueue:
    """Three queues: items prompted by a press, new messages, and one waiting edit per message.

    While the queue is held, only items prompted by a press are sent; the rest waits for the person.
    """

    pressed: deque[OutboxItem] = field(default_factory=deque)
    sends: deque[OutboxItem] = field(default_factory=deque)
    edits: dict[int, OutboxItem] = field(default_factory=dict)
    edited_at: dict[int, float] = field(default_factory=dict)
    sent_at: float = float("-inf")
    wait_until: float = 0.0
    """Telegram told the bot to send nothing to this chat until then."""
    is_held: bool = False
    """The chat cannot be written to for now."""
    releases: int = 0
    """How many updates of the person ended an unreachable mark, also while the queue was not yet
    held."""
    heard_at: float = float("-inf")
    """When the last update of the person arrived."""
    worker: "asyncio.Task[None] | None" = None
    """Sends ``sending``; a chat has one call on the way at most."""
    sending: OutboxItem | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.pressed or self.sends or self.edits)

    def __iter__(self) -> Iterator[OutboxItem]:
        yield from (*self.pressed, *self.sends, *self.edits.values())

    def add(self, item: OutboxItem) -> None:
        """Queue a new item; an edit replaces the message's waiting update."""
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
        """Put an item at the head of its queue, unless a newer edit of its message was queued
        meanwhile."""
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
            replaced = pressed.instead_of
            pressed.instead_of = item if replaced is None else _after(item, replaced)
        else:
            self.edits[item.message_id] = item

    def hurry(self, message_id: int) -> bool:
        """Let the message's waiting update go as if it was pressed for; False if none waits."""
        item = self.edits.get(message_id)
        if item is None:
            return False
        item.rank, item.hurried = Rank.PERSON, True
        return True

    def heads(self, *, spaced: bool) -> Iterator[Head]:
        """What may be sent, now or later: one head for each rank. Without ``spaced``, only the
        waits that Telegram or a failure asked for apply."""
        found: dict[Rank, Head] = {}
        for rank, due, since, _ in self._due(spaced=spaced):
            head = found.get(rank)
            if head is None:
                found[rank] = Head(rank, due, since)
            else:
                found[rank] = Head(rank, min(due, head.due), min(since, head.since))
        yield from found.values()

    def take(self, rank: Rank, now: float, *, spaced: bool) -> OutboxItem | None:
        """Take the next item of the rank out of the queue; None if none is due now."""
        ready = [
            entry
            for entry in self._due(spaced=spaced)
            if entry[0] is rank and entry[1] <= now + _ROUNDING
        ]
        if not ready:
            return None
        item = min(ready, key=_order)[3]
        if item.pressed:
            self.pressed.popleft()
        elif item.message_id is None:
            self.sends.popleft()
        else:
            del self.edits[item.message_id]
        return item

    def _due(self, *, spaced: bool) -> Iterator[tuple[Rank, float, float, OutboxItem]]:
        """For the head of each queue: its rank, the moment at which it is due, since when it waits
        or its message is unchanged."""
        least, next_send = self.wait_until, self.sent_at + SEND_GAP if spaced else 0.0
        if self.pressed:
            item = self.pressed[0]
            yield Rank.PERSON, max(item.not_before, least), item.queued_at, item
        if self.is_held:
            return
        if self.sends:
            item, rank = self.sends[0], min(each.rank for each in self.sends)
            yield rank, max(item.not_before, next_send, least), item.queued_at, item
        for message_id, item in self.edits.items():
            edited = self.edited_at.get(message_id)
            since = item.queued_at if edited is None else edited
            due = max(item.not_before, least)
            if not item.hurried:
                next_edit = -math.inf if edited is None or not spaced else edited + item.gap
                due = max(due, next_send, next_edit)
            yield item.rank, due, since, item

    def hold(self) -> list[OutboxItem]:
        """Hold the items that are sent unprompted; takes out and returns those that are sent
        once."""
        self.is_held = True
        leaving = [each for each in self.sends if each.once]
        self.sends = deque(each for each in self.sends if not each.once)
        return leaving

    def take_pressed(self) -> list[OutboxItem]:
        """Take out and return all items prompted by a press, newest first."""
        taken = list(reversed(self.pressed))
        self.pressed.clear()
        return taken

    def told(self, item: OutboxItem, now: float) -> None:
        """Record that a call for the item ended now, with or without success: spacing begins
        here."""
        self.sent_at = now
        if item.message_id is not None:
            self.edited_at.pop(item.message_id, None)  # the newest stand last
            self.edited_at[item.message_id] = now
            while next(iter(self.edited_at.values())) < now - KEPT_EDITS:
                del self.edited_at[next(iter(self.edited_at))]

    def clear(self) -> None:
        """Drop all items, and resolve each as not sent; the worker has ended."""
        for item in self:
            item.finish(None)
        if self.sending is not None:  # its task may have been cancelled before it began
            self.sending.finish(None)
        self.empty()

    def empty(self) -> None:
        """Drop all items; the caller must resolve them."""
        self.pressed.clear()
        self.sends.clear()
        self.edits.clear()


def _order(entry: tuple[Rank, float, float, OutboxItem]) -> tuple[bool, float]:
    """New messages come before edits, then what has waited longest."""
    return entry[3].message_id is not None, entry[2]


def _after(older: OutboxItem | None, newer: OutboxItem) -> OutboxItem:
    """The newer state of a message. It inherits the older one's callers, and its wait and failures,
    so that the retry waits of a message grow however often its text changes."""
    if older is not None:
        newer.followers += older.waiting()
        newer.failures = older.failures
        newer.rank = min(newer.rank, older.rank)
        newer.hurried = older.hurried
        newer.queued_at = older.queued_at
        newer.not_before = max(newer.not_before, older.not_before)
    return newer
