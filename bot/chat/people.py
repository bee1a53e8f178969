"""The people who use the bot: a chat's row, and the translator of its language."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from aiosqlite import Connection

from bot.chat.i18n import Translator, Translators
from bot.chat.optional_notices import OptionalNotice
from bot.chat.zones import DEFAULT_ZONE, find
from bot.clock import Clock
from bot.logs import get_log
from bot.outbox.chat_queue import Render
from bot.outbox.screen import Screen
from storage import chats
from storage.chats import Chat
from storage.database import Database
from storage.enums import Awaiting, Pace

_log = get_log(__name__)


View = Callable[[Translator], Screen]
"""Makes a screen in one language."""


@dataclass(frozen=True, slots=True)
class Person:
    """A chat with the translator of its language."""

    chat: Chat
    tr: Translator
    zone: ZoneInfo

    @property
    def chat_id(self) -> int:
        return self.chat.chat_id


class People:
    """Finds the chat of an update or of a job."""

    def __init__(self, db: Database, translators: Translators, clock: Clock) -> None:
        self._db = db
        self.translators = translators
        self._clock = clock

    async def meet(self, chat_id: int, user_id: int, language_code: str | None) -> Person:
        """The person who just sent an update; stored from now on."""
        now = self._clock.now()
        chat = await self._db.read(lambda conn: chats.get(conn, chat_id))
        # Telegram leaves the code out at times; the stored one stays.
        is_other = language_code is not None and chat is not None
        if chat is None or (is_other and chat.language_code != language_code):
            chat = await self._db.write(
                lambda conn: chats.ensure(conn, chat_id, user_id, now, language_code=language_code)
            )
        return self.person(chat)

    async def of_chat(self, chat_id: int) -> Person | None:
        """The person of a chat, for messages sent unprompted; None if the chat was erased."""
        chat = await self._db.read(lambda conn: chats.get(conn, chat_id))
        return self.person(chat) if chat is not None else None

    def render(self, chat_id: int, view: View) -> Render:
        """A render of the screen in the chat's language at that time; it returns None if the chat
        was erased."""

        async def render() -> Screen | None:
            person = await self.of_chat(chat_id)
            return view(person.tr) if person is not None else None

        return render

    def translator_for(self, language_code: str | None) -> Translator:
        """The translator for a person who is not stored."""
        return self.translators.choose(None, language_code)

    async def set_language(self, chat_id: int, language: str) -> None:
        await self._db.write(lambda conn: chats.set_language(conn, chat_id, language))

    async def set_pace(self, chat_id: int, pace: Pace) -> None:
        await self._db.write(lambda conn: chats.set_pace(conn, chat_id, pace))

    async def set_zone(self, chat_id: int, zone: str) -> None:
        """Set the IANA name ``zone``; the chat's next text no longer counts as a city."""

        async def unit(conn: Connection) -> None:
            await chats.set_time_zone(conn, chat_id, zone)
            await chats.set_awaiting(conn, chat_id, None)

        await self._db.write(unit)

    async def set_notify(self, chat_id: int, notice: OptionalNotice, *, on: bool) -> None:
        await self._db.write(lambda conn: chats.set_notify(conn, chat_id, notice.value, on=on))

    async def expect(self, chat_id: int, awaiting: Awaiting) -> None:
        """Set what the chat's next text counts as."""
        await self._db.write(lambda conn: chats.set_awaiting(conn, chat_id, awaiting))

    async def expect_nothing(self, person: Person) -> Person:
        """The person, whose next text counts as nothing that the bot asked for."""
        if person.chat.awaiting is None:
            return person
        await self._db.write(lambda conn: chats.set_awaiting(conn, person.chat_id, None))
        return replace(person, chat=replace(person.chat, awaiting=None))

    def person(self, chat: Chat) -> Person:
        """The person of a chat's row."""
        tr = self.translators.choose(chat.language, chat.language_code)
        return Person(chat, tr, _zone_of(chat))


def _zone_of(chat: Chat) -> ZoneInfo:
    zone = find(chat.time_zone)
    if zone is None:
        _log.warning("a chat's time zone is unknown here", zone=chat.time_zone)
    return zone or DEFAULT_ZONE
