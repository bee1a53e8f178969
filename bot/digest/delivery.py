"""The interfaces through which digests are prepared and sent."""

from collections.abc import Awaitable, Callable

from bot.delivery_status import DeliveryStatus
from bot.digest.report import DigestReport

Send = Callable[[], Awaitable[DeliveryStatus]]
"""Sends one digest, at most once."""
Prepare = Callable[[DigestReport], Awaitable[Send]]
"""Renders a report as text and pictures, which may take a while; the :data:`Send` that it returns
sends them."""
