"""What a chat shows, read as a person does: messages of the bot, buttons, final counts."""

import re
from collections.abc import Iterator

from demo.telegram import Button, Chat, Message

COUNTS = re.compile(r"(?:完成|done) (\d+) · (?:失败|failed) (\d+) · (?:跳过|skipped) (\d+)")
"""Stands in a job's final message."""


def from_bot(chat: Chat) -> list[Message]:
    """The bot's messages that are still shown, oldest first."""
    return [each for each in chat.messages if each.from_bot]


def saying(chat: Chat, text: str) -> Message | None:
    """The newest shown message of the bot that holds the text."""
    return next((each for each in reversed(from_bot(chat)) if text in each.text), None)


def buttons(message: Message) -> list[Button]:
    return [button for row in message.buttons for button in row]


def labels(message: Message) -> list[str]:
    return [button.text for button in buttons(message)]


def has_button(message: Message, *parts: str) -> bool:
    """Whether the text of one button holds all of these."""
    return any(all(part in label for part in parts) for label in labels(message))


def with_button(chat: Chat, *parts: str) -> Message | None:
    """The newest shown message that has such a button."""
    return next((each for each in reversed(chat.messages) if has_button(each, *parts)), None)


def as_text(chat: Chat) -> str:
    """The chat as it is shown now."""
    return "\n".join(_lines(chat))


def _lines(chat: Chat) -> Iterator[str]:
    for message in chat.messages:
        who = "bot" if message.from_bot else "person"
        yield f"#{message.message_id} {who}: {message.text}"
        yield "    " + " ".join(f"[{label}]" for label in labels(message))
