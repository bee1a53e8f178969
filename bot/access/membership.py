"""Who may use the bot, in memory: updates of strangers ask for it by the thousand."""

from bot.settings import AllowedUsers
from storage.enums import Origin
from storage.people import PersonRow


class Membership:
    """The settings' list, and the people whom a link let in. ``shut_out`` are the stored chats
    whose person may not use the bot; the set changes in place."""

    def __init__(self, allowed: AllowedUsers) -> None:
        self._allowed = allowed
        self._claimed: int | None = None
        self._let_in: set[int] = set()
        self._removed: set[int] = set()
        self._names: dict[int, str] = {}
        self.shut_out: set[int] = set()

    def allows(self, user_id: int) -> bool:
        """Whether the person may use the bot."""
        if user_id in self._removed:
            return False
        return user_id in self._let_in or user_id in self._allowed

    @property
    def owner(self) -> int | None:
        """Who opened the link of the log, else the first of the settings' list, if any."""
        if self._claimed is not None:
            return self._claimed
        first = self._allowed.first
        return None if first is None or first in self._removed else first

    def is_listed(self, user_id: int) -> bool:
        """Whether the settings let the person in."""
        return user_id in self._allowed

    def is_removed(self, user_id: int) -> bool:
        """Whether the owner took the person's access."""
        return user_id in self._removed

    @property
    def is_open_to_all(self) -> bool:
        return self._allowed.everybody

    def keeps_after_erasing(self, user_id: int) -> bool:
        """Whether the person's id stays stored when all of theirs is erased: because a link let
        them in, or because they were removed while the settings would let them in."""
        if user_id in self._removed:
            return self.is_listed(user_id)
        return user_id in self._let_in

    def _take(self, row: PersonRow) -> None:
        self._names[row.user_id] = row.name
        if row.removed_at is not None:
            self._removed.add(row.user_id)
        elif row.origin is not Origin.SETTINGS:
            self._let_in.add(row.user_id)
        if row.origin is Origin.CLAIM:
            self._claimed = row.user_id

    def _now_in(self, user_id: int, name: str) -> None:
        self._let_in.add(user_id)
        self._removed.discard(user_id)
        self._names[user_id] = name
        self.shut_out.discard(user_id)
