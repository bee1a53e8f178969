"""Everything that this Telegram knows: people, chats, messages, files, menus, calls."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from demo.telegram.changes import Changes, Event, EventKind
from demo.telegram.errors import ApiError
from demo.telegram.messages import Json, Message, StoredFile
from demo.telegram.updates import Updates
from demo.telegram.wire import message_object


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class BotStatus(StrEnum):
    """What the bot is in a chat. In a private chat ``KICKED`` means blocked."""

    STRANGER = "stranger"
    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    LEFT = "left"
    KICKED = "kicked"


class Account(StrEnum):
    """How Telegram itself sees the person of a private chat. ``NOT_FOUND`` is its own trouble, and
    passes: the person can write all the while."""

    FINE = "fine"
    DEACTIVATED = "deactivated"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Call:
    """One call of the bot: ``at`` in seconds of the server's clock, ``params`` as sent.

    ``answered`` is false when the connection was dropped after the call took effect.
    """

    at: float
    method: str
    params: dict[str, str]
    ok: bool
    error_code: int | None = None
    description: str | None = None
    answered: bool = True

    @property
    def chat_id(self) -> int | None:
        """The chat that the call names, if it names one by number."""
        try:
            return int(self.params.get("chat_id", ""))
        except ValueError:
            return None


@dataclass(frozen=True)
class BotCommand:
    """One line of a menu of commands."""

    command: str
    description: str


@dataclass(frozen=True)
class CallbackAnswer:
    """What the bot said to a press; ``text`` is empty for a silent answer."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass
class Chat:
    """A chat. ``messages`` are those that are still shown, oldest first; ``topics`` are the threads
    of a forum beside the general one."""

    chat_id: int
    kind: ChatKind
    title: str
    user: Json | None = None
    members: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    bot: BotStatus = BotStatus.STRANGER
    account: Account = Account.FINE
    migrated_to: int | None = None
    everything: list[Message] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    action: str | None = None
    menu_button: Json | None = None

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.everything if not message.deleted]

    @property
    def last(self) -> Message:
        """The newest message that is shown. Raises ``LookupError`` in an empty chat."""
        for message in reversed(self.everything):
            if not message.deleted:
                return message
        raise LookupError(f"chat {self.chat_id} shows no message")

    def find(self, message_id: int) -> Message | None:
        """The message with this id, deleted or not."""
        return next((m for m in self.everything if m.message_id == message_id), None)

    def wire(self) -> Json:
        """The short ``Chat`` object of the Bot API."""
        chat: Json = {"id": self.chat_id, "type": self.kind.value}
        if self.user is None:
            chat["title"] = self.title
            return chat
        for name in ("first_name", "username"):
            if name in self.user:
                chat[name] = self.user[name]
        return chat


class World:
    """The state, changed only through the methods below and the Bot API's methods."""

    def __init__(
        self, token: str, username: str, now: Callable[[], float], answer_within: float
    ) -> None:
        self.token = token
        self.now = now
        self.answer_within = answer_within
        self.changes = Changes()
        self.updates = Updates(self.changes, now)
        self.bot: Json = {
            "id": int(token.split(":", 1)[0]),
            "is_bot": True,
            "first_name": username,
            "username": username,
        }
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[tuple[str, str], list[BotCommand]] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.profile_photos: list[StoredFile] = []
        self.menu_button: Json = {"type": "commands"}
        self.started = now()
        self.logged_out_until = 0.0
        self.next_set_webhook = 0.0
        self.local_folder: Path | None = None
        self.calls: list[Call] = []
        self.presses: dict[str, PressRecord] = {}
        self._message_ids = itertools.count(1)
        self._numbers = itertools.count(1)

    def moment(self) -> datetime:
        """Now, in whole seconds, as Telegram dates things."""
        return datetime.fromtimestamp(int(self.now()), UTC)

    def number(self) -> int:
        """A number that was not given out before, for ids."""
        return next(self._numbers)

    def record(
        self,
        method: str,
        params: dict[str, str],
        error: ApiError | None,
        *,
        answered: bool = True,
    ) -> None:
        """Remember a call of the bot, and wake what waits for one."""
        code, told = (error.code, error.description) if error else (None, None)
        self.calls.append(
            Call(self.now(), method, params, error is None, code, told, answered=answered)
        )
        self.changes.wake()

    def tell(self, kind: EventKind, message: Message) -> None:
        """Let waiters know that something happened to a message."""
        self.changes.tell(Event(kind, message.chat_id, message))

    def new_message(
        self, chat: Chat, sender: Json, *, from_bot: bool, message_id: int | None = None
    ) -> Message:
        """An empty message, not shown in the chat yet. Ids are unique over all chats."""
        return Message(
            message_id=message_id if message_id is not None else next(self._message_ids),
            chat=chat.wire(),
            sender=sender,
            from_bot=from_bot,
            date=self.moment(),
        )

    def show(self, message: Message) -> Message:
        """Put a message at the end of its chat."""
        chat = self.chats[message.chat_id]
        chat.everything.append(message)
        if message.from_bot:
            chat.action = None
        self.tell(EventKind.MESSAGE, message)
        return message

    def find(self, chat_id: int, message_id: int) -> Message | None:
        """A message, deleted or not."""
        chat = self.chats.get(chat_id)
        return chat.find(message_id) if chat is not None else None

    def wire(self, message: Message) -> Json:
        """The ``Message`` object of the Bot API."""
        return message_object(message, self.find)

    def keep_file(
        self,
        name: str,
        content: bytes,
        folder: str,
        *,
        width: int = 0,
        height: int = 0,
        mime_type: str | None = None,
        told_size: int | None = None,
    ) -> StoredFile:
        """Store a file under a new ``file_id``."""
        number = self.number()
        suffix = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
        file = StoredFile(
            file_id=f"AgACAgUAAxkBAAM{number}",
            name=name,
            content=content,
            path=f"{folder}/file_{number}{suffix}",
            width=width,
            height=height,
            told_type=mime_type,
            told_size=told_size,
        )
        self.files[file.file_id] = file
        return file


@dataclass
class PressRecord:
    """A callback query: when it was made, and the answer once it came."""

    query_id: str
    chat_id: int
    message_id: int
    data: str
    at: float
    update_id: int | None = None
    answer: CallbackAnswer | None = None
