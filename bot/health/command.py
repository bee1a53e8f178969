"""``python -m bot health``: whether the bot of a data folder works, asked from another process."""

from datetime import datetime
from pathlib import Path

from bot.health.monitor import STARTING, TOLD_WITHIN, late_verdict
from bot.health.state_file import FILE_NAME, StoredState, read_state
from storage.errors import StorageError
from storage.lock import is_taken


def causes_of(folder: Path, now: datetime) -> tuple[str, ...]:
    """One sentence per cause that makes the bot unhealthy; empty if it works. ``now`` is the
    machine's time. Changes nothing in the folder."""
    try:
        if not is_taken(folder):
            return (f"No bot is running with the data folder {folder}.",)
        state = read_state(folder)
    except FileNotFoundError:
        return (STARTING,)
    except (OSError, ValueError, StorageError) as error:
        return (f"{folder / FILE_NAME} cannot be read ({error}): run this as the bot's user.",)
    # The machine's clock may have been put back in between.
    age = abs((now - state.at).total_seconds())
    return (late_verdict(age),) if age > TOLD_WITHIN else state.causes


def state_of(folder: Path) -> StoredState | None:
    """What a running bot last wrote; None if there is none, or it cannot be read. Changes nothing
    in the folder."""
    try:
        return read_state(folder) if is_taken(folder) else None
    except (OSError, ValueError, StorageError):
        return None
