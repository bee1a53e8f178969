"""What digests need of whoever speaks to people."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.digest.report import DigestReport


class Delivery(StrEnum):
    """What became of a digest that was handed over."""

    SENT = "sent"
    UNSENT = "unsent"
    """It surely never left: the process ends, its day is over, or nobody wants it any more, as
    a person who blocked the bot."""
    NOT_FOUND = "not_found"
    """It surely did not come: the chat could not be written to, and not by the person's will."""
    REFUSED = "refused"
    """It surely did not come, and would not the next time."""
    UNKNOWN = "unknown"
    """It left, and nobody knows whether it came."""


Send = Callable[[], Awaitable[Delivery]]
"""Sends one digest, at most once."""
Prepare = Callable[[DigestReport], Awaitable[Send]]
"""Puts a report into words and pictures, which may take a while; nothing leaves before the
:data:`Send` that it gives is called."""
