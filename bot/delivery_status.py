"""Delivery status of an outgoing message."""

from enum import StrEnum


class DeliveryStatus(StrEnum):
    """The final status of a message; no part of it is queued any more."""

    SENT = "sent"
    UNSENT = "unsent"
    """Not sent: the process ends, its day is over, it is no longer wanted, or the person blocked
    the bot."""
    NOT_FOUND = "not_found"
    """Not delivered: Telegram does not find the chat for now."""
    REFUSED = "refused"
    """Not delivered, and a retry would fail too: Telegram rejects the message, or its rendering
    failed."""
    UNKNOWN = "unknown"
    """Sent, but the delivery is not confirmed."""
