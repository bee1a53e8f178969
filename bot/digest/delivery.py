"""What digests need of whoever speaks to people."""

from collections.abc import Awaitable, Callable

from bot.delivery_status import DeliveryStatus
from bot.digest.report import DigestReport

Send = Callable[[], Awaitable[DeliveryStatus]]
"""Sends one digest, at most once."""
Prepare = Callable[[DigestReport], Awaitable[Send]]
"""Puts a report into words and pictures, which may take a while; nothing leaves before the
:data:`Send` that it gives is called."""
