"""Presses of buttons: which button is meant, and the bot's answer."""

from demo.telegram.messages import Button, Message
from demo.telegram.state import CallbackAnswer, Chat, PressRecord, World


class Press:
    """A press of a button, and what the bot answered to it."""

    def __init__(self, world: World, record: PressRecord) -> None:
        self._world = world
        self._record = record

    @property
    def query_id(self) -> str:
        return self._record.query_id

    @property
    def update_id(self) -> int | None:
        """The update that told the bot; none if the bot does not ask for presses."""
        return self._record.update_id

    @property
    def data(self) -> str:
        return self._record.data

    @property
    def message_id(self) -> int:
        return self._record.message_id

    @property
    def answer(self) -> CallbackAnswer | None:
        """What the bot answered, once it has."""
        return self._record.answer

    async def answered(self, timeout: float = 10) -> CallbackAnswer:
        """Wait for the bot's answer. Raises ``TimeoutError`` after ``timeout`` seconds."""
        return await self._world.changes.wait_for(lambda: self._record.answer, timeout)


def match(message: Message, button: str | Button) -> Button | None:
    """The message's button: a text is matched exactly, else as the only text that contains it."""
    if isinstance(button, str):
        return message.button(button)
    return button if any(button in row for row in message.buttons) else None


def labels(chat: Chat) -> str:
    """The texts of all buttons of the chat, for an error."""
    texts = [b.text for m in chat.messages for row in m.buttons for b in row]
    return ", ".join(texts) or "none"
