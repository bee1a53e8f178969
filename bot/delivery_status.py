"""What became of a message that was handed over to be sent, as far as it can be known."""

from enum import StrEnum


class DeliveryStatus(StrEnum):
    """The end of it: nothing of it waits any more."""

    SENT = "sent"
    UNSENT = "unsent"
    """It surely never left: the process ends, its day is over, it is not wanted any more, or the
    person blocked the bot."""
    NOT_FOUND = "not_found"
    """It surely did not come: Telegram did not find the chat for now."""
    REFUSED = "refused"
    """It surely did not come, and would not the next time: Telegram does not take it like that, or
    it could not be rendered."""
    UNKNOWN = "unknown"
    """It left, and whether it came is not known."""
