"""``python -m bot keys rotate``: seals every cookie with a new key."""

from collections.abc import Callable

from bot.app import DATABASE_NAME, KEY_NAME
from bot.fault_point import FaultPoint
from bot.settings import Settings
from bot.settings_reading import die_at
from storage.errors import StorageUnavailable
from storage.key_file import KeyFile, open_vault
from storage.lock import FolderLock, LockName
from storage.rotation import Resealed, reseal, unwatched

STEPS = """\
The keys are those of BOT_KEYS, so it is you who adds and removes them:
1. Put a new key before the old one, BOT_KEYS=NEW,OLD (`python -m bot keys new` prints one), and
   start the bot again.
2. Run `python -m bot keys rotate`: it seals every cookie with the first key.
3. Remove the old key from BOT_KEYS, and start the bot again. Keep it apart as long as there are
   backups from before."""


def rotate(settings: Settings, say: Callable[[str], object]) -> None:
    """Make a new key, unless ``BOT_KEYS`` names the keys, and seal every cookie with the first one.
    A rotation that was interrupted goes on. ``say`` is told what was done. Raises StorageError and
    VaultError."""
    folder = settings.data_dir.resolve()
    file = KeyFile(folder / KEY_NAME)
    if settings.bot_keys is None:
        file.require()
    elif not folder.is_dir():
        raise StorageUnavailable(
            f"There is no data folder {folder} yet: start the bot once, or set DATA_DIR to the one "
            "that it uses."
        )
    boundary = FaultPoint(text) if (text := die_at(settings)) is not None else unwatched
    lock = FolderLock.take(folder, LockName.KEYS)
    try:
        database = folder / DATABASE_NAME
        if settings.bot_keys is not None:
            vault = open_vault(file.path, given=settings.bot_keys)
            _say(say, reseal(database, vault, boundary=boundary), "the first key of BOT_KEYS")
            say(STEPS)
            return
        is_new = file.begin_rotation(boundary)
        done = reseal(database, open_vault(file.path), boundary=boundary)
        file.end_rotation()
        _say(say, done, "a new key" if is_new else "the key of the rotation that was interrupted")
        say(
            f"Back up {file.path} again. It still holds the keys from before, for backups from "
            "before."
        )
    finally:
        lock.release()


def _say(say: Callable[[str], object], done: Resealed, with_what: str) -> None:
    say(f"Cookies sealed anew with {with_what}: {done.cookies}.")
    if done.locked:
        say(f"Cookies that stay as they are, damaged or of a key that is not here: {done.locked}.")
