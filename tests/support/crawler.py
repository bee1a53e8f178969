"""A person who presses every button that a chat ever shows."""

from collections import Counter
from collections.abc import Collection

from bot.chat.callbacks import Action, Callback, decode
from tests.support.app_harness import AppHarness
from tests.support.shown import buttons, from_bot

OF_AN_ACTION = 4
"""Presses of buttons that do the same with other ids; a list of zones has hundreds."""


class Crawler:
    """``seen`` are the callbacks of all buttons that were shown, ``labels`` their texts.
    Buttons of the actions that are ``spared`` are seen and not pressed."""

    def __init__(self, app: AppHarness, *, spared: Collection[Action]) -> None:
        self._app = app
        self._spared = spared
        self._pressed: set[str] = set()
        self._times: Counter[Action] = Counter()
        self.seen: set[Callback] = set()
        self.labels: set[str] = set()

    async def say(self, text: str) -> None:
        """Send a text, wait for an answer to it, and press whatever is new from then on."""
        sent = self._app.person.send(text).message_id
        await self._app.until(
            lambda: any(each.message_id > sent for each in from_bot(self._app.person.chat))
        )
        await self.press_all()

    async def press_all(self) -> None:
        """Press until no button is left that was not pressed."""
        while (found := self._next()) is not None:
            message_id, data, callback = found
            self._pressed.add(data)
            self._times[callback.action] += 1
            await self.force(message_id, data)

    async def force(self, message_id: int, data: str) -> None:
        """Press a button, shown or not, and wait for the answer to the press."""
        await self._app.person.press_data(message_id, data).answered(30)

    @property
    def actions(self) -> set[Action]:
        """What the buttons that were shown do."""
        return {callback.action for callback in self.seen}

    def _next(self) -> tuple[int, str, Callback] | None:
        for message in reversed(from_bot(self._app.person.chat)):
            for button in buttons(message):
                self.labels.add(button.text)
                callback = decode(button.data)
                if button.data is None or callback is None:
                    continue
                self.seen.add(callback)
                is_enough = self._times[callback.action] >= OF_AN_ACTION
                if button.data in self._pressed or is_enough or callback.action in self._spared:
                    continue
                return message.message_id, button.data, callback
        return None
