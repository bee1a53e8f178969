"""What a person whose data is stored may do in any case: end their jobs, and remove what is stored
of them."""

import re

from bot.chat.callbacks import Action, decode
from bot.chat.typed_phrases import meaning_of

ALWAYS_COMMANDS = frozenset({"logout", "erase", "cancel"})
ALWAYS_ACTIONS = frozenset(
    {
        Action.LOGOUT,
        Action.ASK_LOGOUT,
        Action.ACCOUNTS,
        Action.ERASE,
        Action.CANCEL,
        Action.CANCEL_YES,
        Action.CANCEL_NO,
    }
)
_BARE_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@\w+)?\s*", re.ASCII)
"""A command alone: a text after it may be a cookie, which another handler would take."""


def press_removes(data: str | None) -> bool:
    """Whether a button with this callback data serves that."""
    read = decode(data)
    return read is not None and read.action in ALWAYS_ACTIONS


def text_removes(text: str | None) -> bool:
    """Whether a message with this text serves that."""
    bare = _BARE_COMMAND.fullmatch(text or "")
    command = bare[1].lower() if bare is not None else meaning_of(text or "")
    return command in ALWAYS_COMMANDS
