"""A stand-in of Telegram's Bot API, as strict as the real one, for one bot."""

from demo.telegram.changes import Event, EventKind
from demo.telegram.errors import ApiError
from demo.telegram.groups import Group
from demo.telegram.messages import Button, Entity, Message, StoredFile
from demo.telegram.people import Person
from demo.telegram.presses import Press
from demo.telegram.server import TelegramServer
from demo.telegram.state import BotCommand, Call, CallbackAnswer, Chat

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
