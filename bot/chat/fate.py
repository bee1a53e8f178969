"""What became of something that was to be said, as far as anybody knows."""

from enum import StrEnum

from telegram.error import BadRequest, TelegramError

from bot.chat.telegram_calls import says_unsent


class Fate(StrEnum):
    """The end of it: nothing of it waits any more."""

    SENT = "sent"
    UNSENT = "unsent"
    """It surely never left, or came to a person who blocked the bot."""
    NOT_FOUND = "not_found"
    """Telegram did not find the chat for now; it surely did not come."""
    REFUSED = "refused"
    """Telegram will not have it like that, or it could not be rendered."""
    UNKNOWN = "unknown"
    """It left, and nobody knows whether it came."""


def fate_after(trouble: TelegramError) -> Fate:
    """What became of a call that ended in trouble with Telegram or the way to it. BadRequest is a
    kind of NetworkError in the library."""
    if isinstance(trouble, BadRequest):
        return Fate.REFUSED
    return Fate.UNSENT if says_unsent(trouble) else Fate.UNKNOWN
