"""Runs a restore again and again, each time in a process that dies one step later.

``python -m tests.storage.power_cut PRISTINE BACKUP CASES``: case ``CASES/n`` is a copy of the data
folder ``PRISTINE`` after a restore that ended, with nothing cleaned up, right before its ``n``-th
change to a file or a name; the last case is the whole restore. Prints the step before which each
one died.
"""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage.restore import restore

NOW = datetime(2021, 3, 10, 12, tzinfo=UTC)
_STEPS = {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate", "sqlite3.connect"}
_DIED = 9


def _die_before(number: int, folder: Path) -> None:
    """Ends this process before the step of that number in the folder, as a power cut would."""
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in _STEPS or str(folder) not in str(arguments[:1]):
            return
        seen += 1
        if seen == number:
            name = Path(str(arguments[0]).partition("?")[0]).name
            sys.stdout.write(f"{number} {event} {name}\n")
            sys.stdout.flush()
            os._exit(_DIED)

    sys.addaudithook(hook)


def _case(number: int, folder: Path, backup: Path) -> bool:
    """Whether the process died there; False if the restore was done before."""
    child = os.fork()
    if child == 0:
        _die_before(number, folder)
        restore(backup, folder / "bot.sqlite3", NOW)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, _DIED):
        raise RuntimeError(f"case {number} ended with {code}")
    return code == _DIED


def main(pristine: Path, backup: Path, cases: Path) -> None:
    """Make every case."""
    number, died = 0, True
    while died:
        number += 1
        folder = cases / str(number)
        shutil.copytree(pristine, folder)
        died = _case(number, folder, backup)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
