"""The link of the log: who opens it first within an hour becomes the owner."""

import hmac
from collections.abc import Callable

CLAIM_LASTS = 3600.0
"""Real seconds in which the link of the log makes the owner."""


class Claim:
    """The hash of the one code that makes the owner, while there is one. ``monotonic`` gives real
    seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._hash: str | None = None
        self._until = 0.0

    def put(self, code_hash: str) -> None:
        """Take this code for :data:`CLAIM_LASTS`; an earlier one ends."""
        self._hash, self._until = code_hash, self._monotonic() + CLAIM_LASTS

    def take(self) -> str | None:
        """End the code. Returns its hash, None if there was none."""
        taken, self._hash = self._hash, None
        return taken

    def put_back(self, taken: str | None) -> None:
        """Undo :meth:`take`; the time that was left goes on."""
        self._hash = taken

    def is_open_by(self, code_hash: str) -> bool:
        """Whether the code of this hash makes the owner now."""
        if self._hash is None or self._monotonic() >= self._until:
            return False
        return hmac.compare_digest(self._hash, code_hash)
