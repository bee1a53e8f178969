"""A stand-in of Telegram's Bot API, as strict as the real one, for one bot."""

from bot.demo.telegram.changes import Event, EventKind
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.groups import Group
from bot.demo.telegram.messages import Button, Entity, Message, StoredFile
from bot.demo.telegram.people import Person, Press
from bot.demo.telegram.server import TelegramServer
from bot.demo.telegram.state import BotCommand, Call, CallbackAnswer, Chat

__all__ = [
    "ApiError",
    "BotCommand",
    "Button",
    "Call",
    "CallbackAnswer",
    "Chat",
    "Entity",
    "Event",
    "EventKind",
    "Group",
    "Message",
    "Person",
    "Press",
    "StoredFile",
    "TelegramServer",
]
