"""Messages, buttons and files as a chat shows them, and as the wire carries them."""

import mimetypes
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Entity:
    """A formatted part of a text; ``offset`` and ``length`` in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user_id: int | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    def wire(self) -> Json:
        """The ``MessageEntity`` of the Bot API."""
        entity: Json = {"offset": self.offset, "length": self.length, "type": self.type}
        if self.url is not None:
            entity["url"] = self.url
        if self.language is not None:
            entity["language"] = self.language
        if self.custom_emoji_id is not None:
            entity["custom_emoji_id"] = self.custom_emoji_id
        if self.user_id is not None:
            entity["user"] = {"id": self.user_id, "is_bot": False, "first_name": ""}
        if self.unix_time is not None:
            entity["unix_time"] = self.unix_time
            entity["date_time_format"] = self.date_time_format or ""
        return entity


@dataclass(frozen=True)
class Button:
    """A button of an inline keyboard. At most one of ``data``, ``url`` and ``copy_text`` is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    style: str | None = None

    def wire(self) -> Json:
        """The ``InlineKeyboardButton`` of the Bot API."""
        button: Json = {"text": self.text}
        if self.data is not None:
            button["callback_data"] = self.data
        if self.url is not None:
            button["url"] = self.url
        if self.copy_text is not None:
            button["copy_text"] = {"text": self.copy_text}
        if self.style is not None:
            button["style"] = self.style
        return button


Keyboard = list[list[Button]]


@dataclass(frozen=True)
class StoredFile:
    """A file that Telegram keeps: ``path`` is what ``getFile`` names; width and height are in
    pixels. ``told_type`` and ``told_size`` stand in updates in place of what the file is."""

    file_id: str
    name: str
    content: bytes
    path: str
    width: int = 0
    height: int = 0
    told_type: str | None = None
    told_size: int | None = None

    @property
    def mime_type(self) -> str:
        return self.told_type or mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def unique_id(self) -> str:
        return f"u{self.file_id}"

    def wire(self) -> Json:
        """The fields that every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content) if self.told_size is None else self.told_size,
        }


@dataclass
class Message:
    """A message as the chat shows it now: it changes in place when it is edited.

    ``text`` is the plain text, or the caption of a photo or document. ``html`` is the text as
    the sender gave it. ``reply_to`` is the id of the message that this one answers, ``topic`` the
    thread of a forum that it is in, ``effect_id`` the animation that apps play once when the
    message comes.
    """

    message_id: int
    chat: Json
    sender: Json
    from_bot: bool
    date: datetime
    text: str = ""
    html: str = ""
    entities: list[Entity] = field(default_factory=list)
    buttons: Keyboard = field(default_factory=list)
    edit_date: datetime | None = None
    edits: int = 0
    photo: StoredFile | None = None
    document: StoredFile | None = None
    sticker: StoredFile | None = None
    voice: StoredFile | None = None
    deleted: bool = False
    silent: bool = False
    reply_to: int | None = None
    topic: int | None = None
    media_group_id: str | None = None
    forward_from: Json | None = None
    forward_date: datetime | None = None
    reaction: str | None = None
    effect_id: str | None = None
    service: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        return int(self.chat["id"])

    @property
    def has_media(self) -> bool:
        return any((self.photo, self.document, self.sticker, self.voice))

    def button(self, label: str) -> Button | None:
        """The button with exactly this text, else the only one whose text contains it.

        Raises ``LookupError`` when several contain it.
        """
        flat = [button for row in self.buttons for button in row]
        exact = [button for button in flat if button.text == label]
        if exact:
            return exact[0]
        partial = [button for button in flat if label in button.text]
        if len(partial) > 1:
            names = ", ".join(button.text for button in partial)
            raise LookupError(f"several buttons contain {label!r}: {names}")
        return partial[0] if partial else None
