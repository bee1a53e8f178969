"""Screens as Telegram takes them: read by its stand-in's own rules, refusals included."""

from dataclasses import dataclass
from functools import lru_cache
from unittest.mock import patch

from bot import naming
from bot.chat.i18n import Translator
from bot.outbox.screen import Screen
from demo.telegram import Button
from demo.telegram.markup import read_markup
from demo.telegram.request import Params
from demo.telegram.texts import read_text
from tests.support.all_screens import Shown, all_screens


@dataclass(frozen=True)
class Taken:
    """A screen with the text and the buttons that a person sees."""

    shown: Shown
    text: str
    rows: list[list[Button]]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    def __str__(self) -> str:
        return f"{self.shown}\n{self.text[:500]}\n{self.labels}"


def as_telegram_takes_it(screen: Screen) -> tuple[str, list[list[Button]]]:
    """The text and buttons of a screen. Raises ``ApiError`` as Telegram refuses."""
    given = {"text": screen.text, "parse_mode": "HTML"}
    if screen.keyboard is not None:
        given["reply_markup"] = screen.keyboard.to_json()
    params = Params(given, {})
    return read_text(params).text, read_markup(params, inline_only=True)


@lru_cache(maxsize=32)
def taken(tr: Translator, name: str) -> tuple[Taken, ...]:
    """All screens made of a name, as Telegram takes them."""
    found = []
    # All screens ask hundreds of thousands of times about few names, a sign at a time.
    keys = (naming.one_line, naming.look_key)
    one_line, look_key = (lru_cache(maxsize=4096)(each) for each in keys)
    with patch.multiple(naming, one_line=one_line, look_key=look_key):
        for shown in all_screens(tr, name):
            try:
                text, rows = as_telegram_takes_it(shown.screen)
            except Exception as refusal:
                raise AssertionError(f"{shown}: {refusal}") from refusal
            found.append(Taken(shown, text, rows))
    return tuple(found)
