"""Whether a database file is as this program left it at an orderly end, and so needs no check.

A small file beside it holds which file was closed, and its size and moment of change by then. It is
removed when the database is opened: after a kill or a power cut there is none, and a file that was
copied, restored or changed since is another one.
"""

from contextlib import suppress
from pathlib import Path

from storage.files import LOG, write_privately

ENDING = "-closed"


def note_orderly_end(path: Path) -> None:
    """The connections to ``path`` were closed. Raises nothing: without a note the next start
    checks the file."""
    with suppress(OSError):
        if not path.with_name(path.name + LOG).exists():
            write_privately(_note_of(path), _state_of(path))


def is_as_closed(path: Path) -> bool:
    """Whether ``path`` is unchanged since :func:`note_orderly_end`. Raises OSError."""
    try:
        noted = _note_of(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return noted == _state_of(path) and not path.with_name(path.name + LOG).exists()


def forget_orderly_end(path: Path) -> None:
    """``path`` is in use from now on. Raises OSError."""
    _note_of(path).unlink(missing_ok=True)


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


def _state_of(path: Path) -> str:
    found = path.stat()
    return f"{found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}\n"
