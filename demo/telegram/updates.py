"""The queue of updates: in order, repeated until confirmed, one reader or one webhook."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from demo.telegram.changes import Changes
from demo.telegram.errors import conflict
from demo.telegram.messages import Json
from demo.telegram.webhook import Sending, Webhook, queue_of

DEFAULT_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "callback_query",
        "inline_query",
        "my_chat_member",
        "poll",
        "poll_answer",
    }
)
KEPT_SECONDS = 24 * 3600
"""The Bot API drops updates that were not fetched for 24 hours."""


@dataclass(frozen=True)
class _Waiting:
    at: float
    update_id: int
    update: object


class Updates:
    """Updates wait here until a later ``offset`` confirms them, or a webhook's answer does."""

    def __init__(self, changes: Changes, now: Callable[[], float]) -> None:
        self._changes = changes
        self._now = now
        self._next_id = 700_000_001
        self._pending: list[_Waiting] = []
        self._history: dict[int, Json] = {}
        self._again: list[Json] = []
        self._reader = 0
        self.waiting = 0
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.webhook: Webhook | None = None

    @property
    def pending(self) -> list[Any]:
        """Updates not confirmed yet, oldest first."""
        self._forget_old()
        return [each.update for each in self._pending]

    def _forget_old(self) -> None:
        limit = self._now() - KEPT_SECONDS
        self._pending = [each for each in self._pending if each.at >= limit]

    def add(self, kind: str, content: Json) -> int | None:
        """Queue an update and return its id, or nothing when the bot did not ask for the kind."""
        if kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        update = {"update_id": update_id, kind: content}
        self._history[update_id] = update
        self._pending.append(_Waiting(self._now(), update_id, update))
        self._changes.wake()
        return update_id

    def add_raw(self, update: object) -> int:
        """Queue an update as it stands, whatever kinds the bot asked for; it is kept under the id
        that is returned. An object without an ``update_id`` is given that one."""
        update_id = self._next_id
        self._next_id += 1
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": update_id, **update}
        self._pending.append(_Waiting(self._now(), update_id, update))
        self._changes.wake()
        return update_id

    def redeliver(self, update_id: int) -> None:
        """Hand out an update once more, whatever was confirmed. ``LookupError`` if unknown."""
        self._again.append(self._history[update_id])
        self._changes.wake()

    @property
    def ready(self) -> bool:
        """Whether there is anything to hand out."""
        return bool(self._again) or bool(self.pending)

    def take(self, limit: int) -> list[object]:
        """What to hand out now, at most ``limit``; it stays until it is confirmed."""
        again: list[object] = [*self._again[:limit]]
        self._again = self._again[limit:]
        return again + self.pending[: limit - len(again)]

    def to_send(self) -> list[Sending]:
        """What a webhook is to be sent, oldest first; it stays until it is acknowledged."""
        self._forget_old()
        again = [
            Sending(each["update_id"], each, ("again", each["update_id"])) for each in self._again
        ]
        return again + [
            Sending(each.update_id, each.update, queue_of(each.update_id, each.update))
            for each in self._pending
        ]

    def acknowledge(self, update_id: int) -> None:
        """Forget an update that a webhook took."""
        self._again = [each for each in self._again if each["update_id"] != update_id]
        self._pending = [each for each in self._pending if each.update_id != update_id]

    def drop(self, update_id: int) -> None:
        """Lose a waiting update: it is never delivered. ``LookupError`` if none waits."""
        left = [each for each in self._pending if each.update_id != update_id]
        if len(left) == len(self._pending):
            raise LookupError(f"no update {update_id} waits")
        self._pending = left

    def clear(self) -> None:
        """Drop what waits, as ``drop_pending_updates`` does."""
        self._pending.clear()

    def confirm(self, offset: int) -> None:
        """Forget all updates below ``offset``; a negative one keeps that many of the newest."""
        if offset > 0:
            self._pending = [each for each in self._pending if each.update_id >= offset]
        elif offset < 0:
            self._pending = self._pending[offset:]

    def remember_kinds(self, kinds: object) -> None:
        """Queue only these kinds from now on; an empty list means the API's default."""
        if isinstance(kinds, list):
            self.allowed = frozenset(map(str, kinds)) or DEFAULT_KINDS

    def take_over(self) -> int:
        """Become the only reader; the one before ends with a 409. Returns a ticket."""
        if self.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._reader += 1
        self._changes.wake()
        return self._reader

    @contextmanager
    def a_reader_waits(self) -> Iterator[None]:
        """Count a reader in ``waiting`` for as long as it hangs on the line."""
        self.waiting += 1
        self._changes.wake()
        try:
            yield
        finally:
            self.waiting -= 1
            self._changes.wake()

    def check(self, ticket: int) -> None:
        """Raise the 409 of a reader who was replaced."""
        if self.webhook is not None:
            raise conflict("terminated by setWebhook request")
        if ticket != self._reader:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
