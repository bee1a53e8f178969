"""Which messages a person sent: other messages, such as service messages, get no answer."""

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.reduced_update import unparsed

SENT_BY_PEOPLE = (
    "text",
    "animation",
    "audio",
    "checklist",
    "contact",
    "dice",
    "document",
    "game",
    "live_photo",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
)
"""The content fields of a ``Message`` that a person writes, sends or forwards. Fields that the Bot
API adds later do not count until they are listed here."""


def is_personal(message: Message) -> bool:
    """Whether a message holds content that people send; in a private chat also whether a person
    sent it.

    In groups an anonymous administrator writes under the name of a bot.
    """
    rest = unparsed(message)
    if not any(getattr(message, name, None) or name in rest for name in SENT_BY_PEOPLE):
        return False
    sender = message.from_user
    return sender is not None and (message.chat.type != message.chat.PRIVATE or not sender.is_bot)


def is_anonymous(message: Message) -> bool:
    """Whether a message was sent in the name of a chat, or by a bot."""
    sender = message.from_user
    return sender is None or sender.is_bot or message.sender_chat is not None


async def only_personal(update: Update) -> None:
    """Raise ApplicationHandlerStop for a message that no person sent."""
    message = update.message or update.edited_message
    if message is not None and not is_personal(message):
        raise ApplicationHandlerStop
