"""Which messages a person sent: anything else gets no answer, service messages above all."""

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

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
"""The kinds of content of a ``Message`` that a person writes, sends or forwards. Kinds that are
added to the Bot API later count as none until they stand here."""


def is_personal(message: Message) -> bool:
    """Whether a message holds what a person sends; in a private chat also whether a person did.

    In groups an anonymous administrator writes under the name of a bot.
    """
    if not any(getattr(message, name, None) for name in SENT_BY_PEOPLE):
        return False
    sender = message.from_user
    return sender is not None and (message.chat.type != message.chat.PRIVATE or not sender.is_bot)


def is_anonymous(message: Message) -> bool:
    """Whether a message was written in the name of a chat, or by a bot."""
    sender = message.from_user
    return sender is None or sender.is_bot or message.sender_chat is not None


async def only_personal(update: Update) -> None:
    """Raises ApplicationHandlerStop for a message that no person sent."""
    message = update.message or update.edited_message
    if message is not None and not is_personal(message):
        raise ApplicationHandlerStop
