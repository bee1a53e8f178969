"""Which chats the bot can write to: one mark per chat, in its row, from the first answer of
Telegram that refuses the chat until the person's next update."""

from collections import Counter
from datetime import datetime
from typing import Protocol

from aiosqlite import Connection

from bot.clock import Clock
from storage import chats
from storage.database import Database


class Reach(Protocol):
    """The outbox's port to the stored reachability of chats."""

    async def is_reachable(self, chat_id: int) -> bool: ...

    async def note_unreachable(self, chat_id: int) -> None: ...


class Reachability:
    """A :class:`Reach` on the table of chats."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._noting: Counter[int] = Counter()
        """Marks that are being written: a reader of the table does not see them yet."""
        self._marks = 0
        self._reachable: set[int] = set()
        """Chats without a mark. Nothing else marks them, so that their rows are read once."""

    async def is_reachable(self, chat_id: int) -> bool:
        """Whether the bot can write to the chat; True for a chat without a row, too."""
        return await self._since(chat_id) is None

    async def note_unreachable(self, chat_id: int) -> None:
        """Mark the chat: messages sent unprompted wait from now on. The first moment is kept."""
        now = self._clock.now()
        self._marks += 1
        self._reachable.discard(chat_id)
        self._noting[chat_id] += 1
        try:
            await self._db.write(lambda conn: chats.mark_blocked(conn, chat_id, now))
        finally:
            self._noting[chat_id] -= 1
            self._noting += Counter()  # drops the zeros

    async def heard_from(self, chat_id: int) -> datetime | None:
        """An update of the person arrived: mark the chat reachable again. Returns since when it was
        not; None if it was, or if there is no such chat.

        This also reverts a mark that is being written: writes keep their order.
        """
        if await self._since(chat_id) is None:
            return None

        async def unit(conn: Connection) -> datetime | None:
            chat = await chats.get(conn, chat_id)
            await chats.clear_blocked(conn, chat_id)
            return chat.blocked_at if chat is not None else None

        return await self._db.write(unit)

    async def _since(self, chat_id: int) -> datetime | None:
        if self._noting[chat_id]:
            return self._clock.now()
        if chat_id in self._reachable:
            return None
        marks = self._marks
        chat = await self._db.read(lambda conn: chats.get(conn, chat_id))
        if chat is not None and chat.blocked_at is None and marks == self._marks:
            self._reachable.add(chat_id)
        return chat.blocked_at if chat is not None else None
