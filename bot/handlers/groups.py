"""Groups: the bot does nothing there, and takes no cookie."""

from collections.abc import Sequence

from telegram import Message, Update

from bot.chat.views import home
from bot.chat.views.words import Deletion
from bot.handlers.gathering import Gathered, Gatherer
from bot.handlers.personal import is_anonymous
from bot.handlers.reading import PasteReader, document_of, ids_of, is_meant
from bot.handlers.services import Services


class GroupHandlers:
    def __init__(self, services: Services, reader: PasteReader) -> None:
        self._services = services
        self._reader = reader
        self._gatherer = Gatherer(services.background, services.clock.clock, self._gathered)

    async def message(self, update: Update) -> None:
        """Point to the private chat; delete a posted cookie if the bot may. A message in the name
        of a group or channel gets no answer: it has no private chat."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        chat_id = message.chat.id
        is_part = update.message is not None and self._gatherer.is_part(message, user.id)
        if is_part or self._gatherer.holds(message, user.id):
            self._gatherer.add(message, user.id, None)
        elif document_of(message) is not None or is_meant(message):
            work = self._look(chat_id, user.language_code, [message])
            self._services.background.start(chat_id, ("posted", chat_id, message.message_id), work)
        elif update.message is not None and not is_anonymous(message) and self._is_for_us(message):
            tr = self._services.people.translator_for(user.language_code)
            screen = home.group_only_private(tr, message.get_bot().username)
            await self._services.outbox.send(chat_id, screen, topic=_topic_of(message))

    async def _gathered(self, gathered: Gathered) -> None:
        await self._look(gathered.chat_id, gathered.language_code, gathered.messages)

    async def _look(
        self, chat_id: int, language_code: str | None, messages: Sequence[Message]
    ) -> None:
        """Delete messages that hold a cookie: this works where the bot is an administrator."""
        read = await self._reader.read(messages)
        is_for_us = any(map(self._is_for_us, messages))
        if not read.must_go and not is_for_us:
            return
        deletion = Deletion.NOT_TRIED
        if read.must_go:
            outbox = self._services.outbox
            deleted = [await outbox.delete(chat_id, each) for each in ids_of(messages)]
            deletion = Deletion.of(deleted=all(deleted))
        if any(map(is_anonymous, messages)):
            return
        tr = self._services.people.translator_for(language_code)
        username = messages[0].get_bot().username
        screen = home.group_only_private(tr, username, deletion)
        await self._services.outbox.send(chat_id, screen, topic=_topic_of(messages[0]))

    def _is_for_us(self, message: Message) -> bool:
        """Whether the message is a command that names this bot or none, or mentions the bot."""
        text, username = message.text or "", message.get_bot().username
        if text.startswith("/"):
            _, _, named = text.split(maxsplit=1)[0].partition("@")
            return not named or named.casefold() == username.casefold()
        return f"@{username}".casefold() in text.casefold()


def _topic_of(message: Message) -> int | None:
    """The forum's topic that a message is in. Answers in other groups have threads too, which no
    message can be sent to."""
    return message.message_thread_id if message.is_topic_message else None
