"""A chat as the page is told of it: plain JSON, every text as text."""

from dataclasses import dataclass
from typing import Any

from demo.telegram.effects import EFFECTS
from demo.telegram.messages import Button, Message, StoredFile

Json = dict[str, Any]


@dataclass(frozen=True)
class View:
    """What the phone shows at one moment. ``messages`` by message id, oldest first."""

    bot: Json
    commands: list[Json]
    messages: dict[int, Json]

    def whole(self) -> Json:
        """All of it, as the first thing that a page is told."""
        return {
            "whole": True,
            "bot": self.bot,
            "commands": self.commands,
            "messages": list(self.messages.values()),
        }

    def since(self, before: "View") -> Json:
        """What is new or changed against ``before``, and which messages are gone; may be empty."""
        change: Json = {}
        if self.bot != before.bot:
            change["bot"] = self.bot
        if self.commands != before.commands:
            change["commands"] = self.commands
        fresh = [shown for key, shown in self.messages.items() if before.messages.get(key) != shown]
        gone = [key for key in before.messages if key not in self.messages]
        if fresh:
            change["messages"] = fresh
        if gone:
            change["gone"] = gone
        return change


def shown(message: Message) -> Json:
    """One message for the page: ``date`` in Unix seconds, entities in UTF-16 code units."""
    return {
        "id": message.message_id,
        "out": not message.from_bot,
        "text": message.text,
        "entities": [entity.wire() for entity in message.entities],
        "buttons": [[_button(button) for button in row] for row in message.buttons],
        "date": int(message.date.timestamp()),
        "edited": message.edits > 0,
        "effect": EFFECTS.get(message.effect_id or ""),
        "reply_to": message.reply_to,
        "kind": _kind(message),
        "photo": _file(message, message.photo),
        "document": _file(message, message.document),
    }


def _file(message: Message, file: StoredFile | None) -> Json | None:
    """Where the page finds a file. The address changes with the file, so that none is stale."""
    if file is None:
        return None
    url = f"/file/{message.message_id}?of={file.file_id}"
    return {
        "url": url,
        "name": file.name,
        "bytes": len(file.content),
        "width": file.width,
        "height": file.height,
    }


def _button(button: Button) -> Json:
    named = {
        "data": button.data,
        "url": button.url,
        "copy": button.copy_text,
        "style": button.style,
    }
    return {"text": button.text} | {name: value for name, value in named.items() if value}


def _kind(message: Message) -> str | None:
    if message.sticker is not None:
        return "sticker"
    return "voice" if message.voice is not None else None
