"""What people do: write, press, edit, delete, block, join groups."""

import re
from collections.abc import Mapping, Sequence

from demo.telegram.changes import Event, EventKind
from demo.telegram.cutting import parts
from demo.telegram.entities import plain
from demo.telegram.html_text import Formatted, utf16_length
from demo.telegram.membership import reaches_bot, tell_membership
from demo.telegram.messages import Button, Json, Message, StoredFile
from demo.telegram.presses import Press, labels, match
from demo.telegram.state import (
    Account,
    BotStatus,
    Chat,
    ChatKind,
    PressRecord,
    World,
)

MAX_CAPTION = 1024
"""UTF-16 code units of a caption; apps take no more."""
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
ALBUM = range(2, 11)
"""How many messages an album has."""


class Person:
    """A person with one phone. The private chat's id is the person's id."""

    def __init__(self, world: World, user: Json) -> None:
        self._world = world
        self.user = user
        self.user_id = int(user["id"])
        self.last_update_id: int | None = None

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self._world.chats[self.user_id]

    def send(
        self,
        text: str,
        *,
        chat_id: int | None = None,
        reply_to: int | None = None,
        topic: int | None = None,
        **extra: object,
    ) -> Message:
        """Write a text; a long one is split as apps do, and the last part is returned.

        ``extra`` goes into the ``Message`` object as it stands.
        """
        for part in parts(text):
            message = self._draft(chat_id)
            formatted = plain(part)
            message.text, message.entities = formatted.text, formatted.entities
            message.html = message.text
            message.reply_to, message.topic = reply_to, topic
            message.extra = extra
            self._deliver(message)
        return message

    def open_link(self, parameter: str) -> Message:
        """Open ``t.me/<bot>?start=<parameter>`` and press Start there.

        Raises ValueError for a parameter that apps do not pass on.
        """
        if not _START_PARAMETER.fullmatch(parameter):
            raise ValueError("a start parameter is of 1 to 64 letters, digits, _ and -")
        return self.send(f"/start {parameter}")

    def send_sticker(self, *, chat_id: int | None = None) -> Message:
        """Send a sticker."""
        message = self._draft(chat_id)
        message.sticker = self._world.keep_file("sticker.webp", b"RIFF", "stickers")
        return self._deliver(message)

    def send_voice(self, *, chat_id: int | None = None) -> Message:
        """Send a voice message of one second."""
        message = self._draft(chat_id)
        message.voice = self._world.keep_file("voice.ogg", b"OggS", "voice")
        return self._deliver(message)

    def send_document(
        self,
        filename: str | None,
        content: bytes,
        *,
        caption: str = "",
        chat_id: int | None = None,
        mime_type: str | None = None,
        told_size: int | None = None,
    ) -> Message:
        """Send a file. ``told_size`` is what updates say of its size where that is not so."""
        message = self._draft(chat_id)
        message.document = self._world.keep_file(
            filename or "", content, "documents", mime_type=mime_type, told_size=told_size
        )
        self._caption(message, plain(caption))
        return self._deliver(message)

    def send_album(
        self,
        files: Sequence[tuple[str, bytes]],
        *,
        captions: Mapping[int, str] | None = None,
        author: Json | None = None,
        chat_id: int | None = None,
    ) -> list[Message]:
        """Send several photos (``.jpg``) or several documents as one album: an update each.

        ``captions`` are by place; with an ``author`` the album is forwarded. Raises ValueError
        for what is no album.
        """
        if len(files) not in ALBUM or len({name.endswith(".jpg") for name, _ in files}) > 1:
            raise ValueError("an album is of 2 to 10 photos, or of as many documents")
        group_id = str(13_000_000_000_000_000 + self._world.number())
        album = []
        for place, (name, content) in enumerate(files):
            message = self._draft(chat_id)
            message.media_group_id = group_id
            if name.endswith(".jpg"):
                message.photo = self._photo(content)
            else:
                message.document = self._world.keep_file(name, content, "documents")
            if author is not None:
                message.forward_from, message.forward_date = author, message.date
            self._caption(message, plain((captions or {}).get(place, "")))
            album.append(message)
        return [self._deliver(message) for message in album]

    def send_photo(
        self, content: bytes, *, caption: str = "", chat_id: int | None = None
    ) -> Message:
        """Send a picture."""
        message = self._draft(chat_id)
        message.photo = self._photo(content)
        self._caption(message, plain(caption))
        return self._deliver(message)

    def forward(
        self, text: str, *, author: Json | None = None, chat_id: int | None = None
    ) -> Message:
        """Forward a text of another user (of this person without ``author``)."""
        message = self._draft(chat_id)
        formatted = plain(text)
        message.text, message.entities = formatted.text, formatted.entities
        message.html = message.text
        message.forward_from = author or self.user
        message.forward_date = message.date
        return self._deliver(message)

    def service(self, **content: object) -> Message:
        """Do something in the private chat that Telegram tells by a service message; ``content``
        is the field of the ``Message`` that says what: ``pinned_message={…}``."""
        message = self._draft(None)
        message.service = content
        return self._deliver(message)

    def press(
        self,
        button: str | Button,
        message: Message | None = None,
        *,
        chat_id: int | None = None,
    ) -> Press:
        """Press a button on ``message``, else on the newest shown message that has it.

        A text is matched exactly, else as the only button text that contains it. Raises
        ``LookupError`` when no shown message has it, ``ValueError`` for one that opens a link.
        """
        chat = self._world.chats[self.user_id if chat_id is None else chat_id]
        shown = list(reversed(chat.messages)) if message is None else [message]
        for candidate in shown:
            if candidate.deleted:
                continue
            found = match(candidate, button)
            if found is not None:
                if found.data is None:
                    raise ValueError(f"{found.text!r} sends nothing to the bot")
                return self.press_data(candidate.message_id, found.data, chat_id=candidate.chat_id)
        wanted = button if isinstance(button, str) else button.text
        raise LookupError(f"no button {wanted!r} is shown; there are: {labels(chat)}")

    def press_data(self, message_id: int, data: str, *, chat_id: int | None = None) -> Press:
        """Send callback data as a changed app could: any data, on any message."""
        world = self._world
        chat = world.chats[self.user_id if chat_id is None else chat_id]
        message = chat.find(message_id)
        query_id = str(4_000_000_000_000_000_000 + world.number())
        record = PressRecord(query_id, chat.chat_id, message_id, data, world.now())
        world.presses[query_id] = record
        if message is not None and not message.deleted:
            shown = world.wire(message)
        else:
            shown = {"chat": chat.wire(), "message_id": message_id, "date": 0}
        record.update_id = self.last_update_id = world.updates.add(
            "callback_query",
            {
                "id": query_id,
                "from": self.user,
                "message": shown,
                "chat_instance": str(abs(chat.chat_id) * 7_919 + 1_000_003),
                "data": data,
            },
        )
        world.changes.tell(Event(EventKind.PRESSED, chat.chat_id, message, press_id=query_id))
        return Press(world, record)

    def edit(self, message_id: int, text: str, *, chat_id: int | None = None) -> Message:
        """Change one's own message. ``LookupError`` if it is not there."""
        message = self._own(message_id, chat_id)
        formatted = plain(text)
        message.text, message.entities = formatted.text, formatted.entities
        message.html = message.text
        message.edit_date = self._world.moment()
        message.edits += 1
        self.last_update_id = self._world.updates.add("edited_message", self._world.wire(message))
        self._world.tell(EventKind.EDITED, message)
        return message

    def delete(self, message_id: int, *, chat_id: int | None = None) -> None:
        """Delete a message for both sides; the bot is not told. ``LookupError`` if none."""
        chat = self._world.chats[self.user_id if chat_id is None else chat_id]
        message = chat.find(message_id)
        if message is None or message.deleted:
            raise LookupError(f"no message {message_id} is shown")
        message.deleted = True
        self._world.tell(EventKind.DELETED, message)

    def block(self) -> None:
        """Block the bot."""
        self._membership(BotStatus.KICKED)

    def unblock(self) -> None:
        """Let the bot write again."""
        self._membership(BotStatus.MEMBER)

    def deactivate(self) -> None:
        """Give the account up; the bot is not told."""
        self._account(Account.DEACTIVATED)

    def vanish(self) -> None:
        """Telegram does not find the chat for a while, and tells the bot of neither that nor of
        its end; what the person writes still arrives."""
        self._account(Account.NOT_FOUND)

    def reappear(self) -> None:
        """The account is there again, and found."""
        self._account(Account.FINE)

    def _account(self, new: Account) -> None:
        self.chat.account = new
        self._world.changes.tell(Event(EventKind.CHAT, self.user_id))

    def _membership(self, new: BotStatus) -> None:
        old, self.chat.bot = self.chat.bot, new
        if old is not new:
            tell_membership(self._world, self.chat, self.user, old, new)
        self._world.changes.tell(Event(EventKind.CHAT, self.user_id))

    def _own(self, message_id: int, chat_id: int | None) -> Message:
        message = self._world.find(self.user_id if chat_id is None else chat_id, message_id)
        if message is None or message.deleted or message.sender["id"] != self.user_id:
            raise LookupError(f"{message_id} is no message of {self.user_id}")
        return message

    def _draft(self, chat_id: int | None) -> Message:
        chat = self._world.chats[self.user_id if chat_id is None else chat_id]
        if chat.kind is ChatKind.PRIVATE:
            if chat.bot is BotStatus.KICKED:
                raise RuntimeError("a person who blocked the bot cannot write to it")
            if chat.account is Account.DEACTIVATED:
                raise RuntimeError("an account that was given up writes nothing")
            chat.bot = BotStatus.MEMBER
        elif self.user_id not in chat.members:
            raise RuntimeError(f"{self.user_id} is not in the group {chat.chat_id}")
        return self._world.new_message(chat, self.user, from_bot=False)

    def _photo(self, content: bytes) -> StoredFile:
        return self._world.keep_file("photo.jpg", content, "photos", width=90, height=90)

    def _caption(self, message: Message, caption: Formatted) -> None:
        if utf16_length(caption.text) > MAX_CAPTION:
            raise ValueError("a caption is too long")
        message.text, message.entities = caption.text, caption.entities
        message.html = caption.text

    def _deliver(self, message: Message) -> Message:
        world = self._world
        world.show(message)
        self.last_update_id = None
        if reaches_bot(world, world.chats[message.chat_id], message):
            self.last_update_id = world.updates.add("message", world.wire(message))
        return message
