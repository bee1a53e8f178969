"""Whom the bot speaks with: a chat's row, and the voice it is spoken to in."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from aiosqlite import Connection

from bot.chat.i18n import Voice, Voices
from bot.clock import Clock
from bot.study.pace import Pace
from storage import chats
from storage.chats import Chat
from storage.database import Database

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Person:
    """A chat with the voice that it hears."""

    chat: Chat
    voice: Voice
    zone: tzinfo
    was_blocked: bool = False
    """Whether the bot was blocked until this very update."""

    @property
    def chat_id(self) -> int:
        return self.chat.chat_id


class People:
    """Finds the chat of an update or of a job."""

    def __init__(self, db: Database, voices: Voices, clock: Clock) -> None:
        self._db = db
        self._voices = voices
        self._clock = clock

    @property
    def voices(self) -> Voices:
        return self._voices

    async def meet(self, chat_id: int, user_id: int, language_code: str | None) -> Person:
        """The person who just wrote; known from now on, and no longer counted as having blocked
        the bot."""
        now = self._clock.now()
        chat = await self._db.read(lambda conn: chats.get(conn, chat_id))
        was_blocked = chat is not None and chat.blocked_at is not None
        if chat is None or chat.blocked_at is not None or chat.language_code != language_code:
            chat = await self._db.write(
                lambda conn: _met(conn, chat_id, user_id, now, language_code)
            )
        return replace(self._person(chat), was_blocked=was_blocked)

    async def of_chat(self, chat_id: int) -> Person | None:
        """The person of a chat that the bot speaks to by itself; None if it was erased."""
        chat = await self._db.read(lambda conn: chats.get(conn, chat_id))
        return self._person(chat) if chat is not None else None

    def voice_for(self, language_code: str | None) -> Voice:
        """The voice for somebody who is not stored."""
        return self._voices.choose(None, language_code)

    async def set_language(self, chat_id: int, language: str) -> None:
        await self._db.write(lambda conn: chats.set_language(conn, chat_id, language))

    async def set_pace(self, chat_id: int, pace: Pace) -> None:
        await self._db.write(lambda conn: chats.set_pace(conn, chat_id, pace.value))

    async def left(self, chat_id: int) -> None:
        """The person blocked the bot: notices wait until they return."""
        now = self._clock.now()
        await self._db.write(lambda conn: chats.mark_blocked(conn, chat_id, now))

    def _person(self, chat: Chat) -> Person:
        voice = self._voices.choose(chat.language, chat.language_code)
        return Person(chat, voice, DEFAULT_ZONE)


async def _met(
    conn: Connection, chat_id: int, user_id: int, now: datetime, language_code: str | None
) -> Chat:
    await chats.clear_blocked(conn, chat_id)
    return await chats.ensure(conn, chat_id, user_id, now, language_code=language_code)
