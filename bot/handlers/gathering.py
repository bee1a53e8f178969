"""Gathers messages that belong together: the parts of a text that an app cut, or an album.

Telegram delivers each part as an update of its own, at once or a moment later. The parts are kept
for a short real time after the last one, in a separate task: no update slot waits for them.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram import Message

from bot.chat.background import Background
from bot.chat.people import Person
from bot.chat.pieces import goes_on, is_whole, may_go_on
from bot.clock import Clock
from bot.handlers.reading import text_of

QUIET = 2.0
"""Real seconds without another part after which the message counts as complete."""
LONGEST = 15.0
"""Real seconds from the first part on; later parts count as another message."""
MOST_PARTS = 40
ALBUM_PARTS = 10
"""The most parts of an album in Telegram."""


@dataclass(slots=True)
class Gathered:
    """Parts by their ids. ``person`` is None in groups, ``album`` for the parts of a text."""

    chat_id: int
    album: str | None
    person: Person | None
    language_code: str | None
    since: float
    until: float = 0.0
    parts: dict[int, Message] = field(default_factory=dict)

    @property
    def messages(self) -> list[Message]:
        """The parts, in the order in which they were sent."""
        return [self.parts[message_id] for message_id in sorted(self.parts)]

    def is_complete(self) -> bool:
        """Whether no further part can come."""
        if self.album is not None:
            return len(self.parts) >= ALBUM_PARTS
        texts = [text_of(message) for message in self.messages]
        return len(texts) >= MOST_PARTS or is_whole(texts)


Key = tuple[int, int, str | None]


class Gatherer:
    """``on_gathered`` is awaited with all parts, in a background task."""

    def __init__(
        self,
        background: Background,
        clock: Clock,
        on_gathered: Callable[[Gathered], Coroutine[Any, Any, None]],
    ) -> None:
        self._background = background
        self._clock = clock
        self._on_gathered = on_gathered
        self._open: dict[Key, Gathered] = {}

    def is_part(self, message: Message, user_id: int) -> bool:
        """Whether the message may be one of several that belong together."""
        if message.media_group_id is not None:
            return True
        text = text_of(message) if message.text else ""
        is_open = (message.chat.id, user_id, None) in self._open
        return may_go_on(text) or (is_open and goes_on(text))

    def holds(self, message: Message, user_id: int) -> bool:
        """Whether the message is a part that waits for others: its edit takes its place."""
        gathered = self._open.get((message.chat.id, user_id, message.media_group_id))
        return gathered is not None and message.message_id in gathered.parts

    def add(self, message: Message, user_id: int, person: Person | None) -> None:
        """Keep one more part. A repeated update counts once."""
        now = self._clock.monotonic()
        key = (message.chat.id, user_id, message.media_group_id)
        gathered = self._open.get(key)
        if gathered is None:
            code = message.from_user.language_code if message.from_user is not None else None
            album = message.media_group_id
            gathered = Gathered(message.chat.id, album, person, code, since=now)
            self._open[key] = gathered
            self._start(gathered, self._wait(key, gathered))
        gathered.parts[message.message_id] = message
        gathered.until = min(now + QUIET, gathered.since + LONGEST)
        if gathered.is_complete():
            del self._open[key]
            self._start(gathered, self._on_gathered(gathered))

    async def _wait(self, key: Key, gathered: Gathered) -> None:
        while (left := gathered.until - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        if self._open.get(key) is gathered:
            del self._open[key]
            await self._on_gathered(gathered)

    def _start(self, gathered: Gathered, work: Coroutine[Any, Any, None]) -> None:
        self._background.start(gathered.chat_id, None, work)
