"""The conversation as readable text, one change of the chat after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import TextIO

from demo.telegram import Event, EventKind, Message

BOT, PERSON, EDIT, DELETED = "🤖", "🧑", "✏️ ", "🗑"
_HIDE_FROM = 32


class Transcript:
    """Prints one chat. An edit that says the same as before the last one is not printed again."""

    def __init__(self, chat_id: int, out: TextIO) -> None:
        self._chat_id = chat_id
        self._out = out
        self._said: dict[int, str] = {}
        self._printed = asyncio.Event()
        self._presses: deque[str] = deque()

    async def until(self, message: Message) -> None:
        """Wait until a message has been printed as it is now."""
        while self._said.get(message.message_id) != _whole(message):
            self._printed.clear()
            await self._printed.wait()

    async def follow(self, events: AsyncIterator[Event]) -> None:
        """Print until the events end."""
        async for event in events:
            if event.chat_id == self._chat_id and event.message is not None:
                self._tell(event.kind, event.message)

    def press(self, label: str) -> None:
        """The person is about to press a button; printed when the chat has it."""
        self._presses.append(label)

    def _tell(self, kind: EventKind, message: Message) -> None:
        if kind is EventKind.PRESSED and self._presses:
            self._print(PERSON, f"[ {self._presses.popleft()} ]")
        elif kind is EventKind.MESSAGE:
            self._print(BOT if message.from_bot else PERSON, self._text(message))
        elif kind is EventKind.EDITED and self._said.get(message.message_id) != _whole(message):
            self._print(EDIT, self._text(message))
        elif kind is EventKind.DELETED:
            self._print(DELETED, self._text(message))
        self._said[message.message_id] = _whole(message)
        self._printed.set()

    def _text(self, message: Message) -> str:
        if not message.from_bot and len(message.text) >= _HIDE_FROM:
            return message.text[:8] + "…"
        return _whole(message)

    def _print(self, who: str, text: str) -> None:
        first, *rest = text.split("\n")
        print(f"{who} {first}", file=self._out)
        for line in rest:
            print(f"   {line}", file=self._out)
        self._out.flush()


def _whole(message: Message) -> str:
    rows = ["  ".join(f"[{button.text}]" for button in row) for row in message.buttons]
    return "\n".join([message.text, *rows])
