"""Messages of private chats that may hold a cookie: texts, parts of texts, files and albums.

Each message is stored before it is read, so that a restart can delete it. Reading, which may wait
for further parts or for a download, is a background task.
"""

from collections import OrderedDict
from collections.abc import Sequence

from telegram import Message, Update
from telegram.ext.filters import UpdateFilter

from bot.chat.people import Person
from bot.handlers.context import Context, Handler
from bot.handlers.gathering import Gathered, Gatherer
from bot.handlers.pasted import PastedCookies
from bot.handlers.reading import (
    PasteReader,
    Read,
    document_of,
    ids_of,
    is_meant,
    read_message,
    text_of,
)
from bot.handlers.services import Services

KNOWN_ALBUMS = 1000
"""Albums whose late messages get no further answer; the oldest are forgotten."""


class Arrivals:
    """``otherwise`` answers messages that have nothing to do with a cookie."""

    def __init__(
        self, services: Services, reader: PasteReader, pasted: PastedCookies, otherwise: Handler
    ) -> None:
        self._services = services
        self._reader = reader
        self._pasted = pasted
        self._otherwise = otherwise
        self._gatherer = Gatherer(services.background, services.clock.clock, self._gathered)
        self._albums: OrderedDict[tuple[int, str], bool] = OrderedDict()

    def takes(self, update: Update) -> bool:
        """Whether :meth:`take` is for the update."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return False
        if document_of(message) is not None or is_meant(message):
            return True
        return self._is_part(message, user.id, is_new=update.message is not None)

    def _is_part(self, message: Message, user_id: int, *, is_new: bool) -> bool:
        gatherer = self._gatherer
        return gatherer.holds(message, user_id) or (is_new and gatherer.is_part(message, user_id))

    async def take(self, update: Update) -> None:
        """Take a message that may hold a cookie. An edited message without one is not answered
        again, and waits for further parts only if it waited before."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        person = await self._services.person(update)
        is_new = update.message is not None
        meant = is_meant(message)
        if meant or document_of(message) is not None or _is_json(message):
            await self._services.login.remember_paste(person.chat_id, message.message_id)
        if self._is_part(message, user.id, is_new=is_new):
            if meant:
                self._pasted.delete_soon(person, message.message_id)
            self._gatherer.add(message, user.id, person)
        elif document_of(message) is not None:
            work = self._read(person, message, is_new=is_new)
            key = ("file", person.chat_id, message.message_id)
            self._services.background.start(person.chat_id, key, work)
        elif meant:
            self._pasted.begin(person, ids_of([message]), read_message(message))
        elif is_new:  # the parts before this one were read a moment ago
            await self._otherwise(Context(self._services, person, message.text))

    async def _read(self, person: Person, message: Message, *, is_new: bool) -> None:
        read = await self._reader.read([message])
        await self._judge(person, [message], read, is_answered=not is_new)

    async def _gathered(self, gathered: Gathered) -> None:
        person, messages = gathered.person, gathered.messages
        if person is None:
            return
        read = await self._reader.read(messages)
        if gathered.album is None:
            await self._judge(person, messages, read, is_answered=False)
            return
        album = (gathered.chat_id, gathered.album)
        is_late, must_go = album in self._albums, self._albums.get(album, False)
        self._albums[album] = must_go or read.must_go
        if len(self._albums) > KNOWN_ALBUMS:
            self._albums.popitem(last=False)
        if must_go and not read.must_go:
            await self._pasted.delete(person, [each.message_id for each in messages])
        else:
            await self._judge(person, messages, read, is_answered=is_late)

    async def _judge(
        self, person: Person, messages: Sequence[Message], read: Read, *, is_answered: bool
    ) -> None:
        """Act on what was read. With ``is_answered``, only messages that must be deleted get
        another answer."""
        if read.must_go:
            await self._pasted.take(person, ids_of(messages), read)
            return
        ids = [message.message_id for message in messages]
        await self._services.login.forget_paste(person.chat_id, *ids)
        if is_answered:
            return
        if read.trouble is not None:
            await self._pasted.say_no_cookie(person, read.trouble)
        else:
            text = next(filter(None, map(text_of, messages)), None)
            await self._otherwise(Context(self._services, person, text))


class MayHoldCookie(UpdateFilter):
    """Passes the updates that :class:`Arrivals` takes."""

    def __init__(self, arrivals: Arrivals) -> None:
        super().__init__()
        self._arrivals = arrivals

    def filter(self, update: Update) -> bool:
        return self._arrivals.takes(update)


def _is_json(message: Message) -> bool:
    """Whether a message may be part of a JSON text, such as a browser's export: all parts of such a
    text are deleted."""
    text = message.text or ""
    return text.lstrip().startswith(("[", "{")) or text.rstrip().endswith(("]", "}"))
