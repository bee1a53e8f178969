"""Which messages say that the platform is being read: stored, so that no restart leaves one that
waits for ever."""

from collections.abc import Callable, Sequence

from bot.chat.callbacks import Callback
from bot.logs import get_log
from storage import loading_screens
from storage.database import Database
from storage.errors import StorageError
from storage.loading_screens import LoadingScreen

_log = get_log(__name__)


class LoadingScreens:
    """``is_closed``: whether the outbox sends nothing more. What was to replace a screen is lost
    then, and the next start reads again."""

    def __init__(self, db: Database, is_closed: Callable[[], bool]) -> None:
        self._db = db
        self._is_closed = is_closed
        self._open: set[tuple[int, int]] = set()

    async def begin(self, chat_id: int, message_id: int, again: Callback) -> None:
        """Store that the message waits for the platform, until :meth:`end`; a press of ``again``
        would show the same result."""
        self._open.add((chat_id, message_id))
        screen = LoadingScreen(chat_id, message_id, again.encode())
        await self._db.write(lambda conn: loading_screens.begin(conn, screen))

    async def end(self, chat_id: int, message_id: int) -> None:
        """The message shows another screen. If that cannot be stored, the next start only reads
        again, which is nothing for the person to hear of."""
        if self._is_closed() or (chat_id, message_id) not in self._open:
            return
        self._open.discard((chat_id, message_id))
        try:
            await self._db.write(lambda conn: loading_screens.end(conn, chat_id, message_id))
        except StorageError as error:
            _log.warning("the end of a reading could not be stored", trouble=str(error))

    async def left_over(self) -> Sequence[LoadingScreen]:
        """The screens of the last process; each is ended as one of this process."""
        found = await self._db.read(loading_screens.left_over)
        self._open |= {(each.chat_id, each.message_id) for each in found}
        return found
