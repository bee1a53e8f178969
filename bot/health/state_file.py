"""The file ``health`` in the data folder: how the bot is, for ``python -m bot health``.

Its size never changes and it is written in place, so that it can be written on a full disk too.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from storage.files import FILE_MODE, make_file_private

FILE_NAME = "health"
SIZE = 8192
_LONGEST_CAUSE = 300
_MOST_CAUSES = 4


@dataclass(frozen=True, slots=True)
class StoredState:
    """What the bot last wrote: when, and its causes, empty if it is healthy. ``reports`` counts the
    reports to the platform since its start, ``late_reports`` those that the bound on its requests
    held up for longer than a second."""

    at: datetime
    causes: tuple[str, ...]
    reports: int = 0
    late_reports: int = 0


class StateFile:
    """Open from :meth:`create` to :meth:`close`, which removes it."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Makes the file in the data folder, or takes the one that is there. Raises OSError."""
        path = folder / FILE_NAME
        if path.is_symlink():
            # What it leads to is not the bot's to write to.
            path.unlink()
        make_file_private(path)
        # Without O_NONBLOCK, a pipe of that name would be waited for.
        flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        return cls(path, os.open(path, flags, FILE_MODE))

    @property
    def is_removed(self) -> bool:
        """Whether the file lost its name: what is written to it reaches no other process."""
        return os.fstat(self._handle).st_nlink == 0

    def write(self, state: StoredState) -> None:
        """Raises OSError."""
        causes = [cause[:_LONGEST_CAUSE] for cause in state.causes[:_MOST_CAUSES]]
        text = json.dumps(
            {
                "at": state.at.astimezone(UTC).isoformat(),
                "causes": causes,
                "reports": state.reports,
                "late_reports": state.late_reports,
            }
        )
        os.pwrite(self._handle, text.encode().ljust(SIZE - 1) + b"\n", 0)

    def close(self) -> None:
        """Raises nothing: a file that stays tells its age."""
        os.close(self._handle)
        forget_state(self._path.parent)


def forget_state(folder: Path) -> None:
    """Removes what an earlier process left, which would be taken for the state of the one that now
    has the folder. Raises nothing: a file that stays tells its age."""
    with suppress(OSError):
        (folder / FILE_NAME).unlink(missing_ok=True)


def read_state(folder: Path) -> StoredState:
    """What the bot last wrote. Raises OSError, and ValueError for a file of another content."""
    content = (folder / FILE_NAME).read_bytes()
    try:
        stored = json.loads(content)
        return StoredState(
            datetime.fromisoformat(stored["at"]),
            tuple(map(str, stored["causes"])),
            int(stored["reports"]),
            int(stored["late_reports"]),
        )
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError("the file does not hold how the bot is") from error
