"""Reads ``.env`` as people write it: UTF-8, with or without a byte order mark, with any line ends.

Windows editors and shells write other encodings too. Guessing an encoding could change a value, so
such a file is refused with a sentence that says how to save it.
"""

import codecs
import errno
import io
from collections.abc import Collection, Mapping
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from dotenv import dotenv_values

from bot.env_lines import UnclosedQuote, plain_lines

_SAVE_AGAIN = "save it again as UTF-8 (in Notepad: Save as, Encoding: UTF-8)"
_WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""In this order: the mark of UTF-32 begins with the mark of UTF-16."""


class EnvFileError(Exception):
    """The file cannot be used. The message is one sentence that names it and says what to do."""


def read_env_file(path: Path, names: Collection[str] = ()) -> Mapping[str, str]:
    """The file's values by name; empty if there is no file. Lines for ``names``, in lower case, are
    understood in more forms. Raises EnvFileError.

    A line without an assignment is skipped; the library logs a warning with its number.
    """
    try:
        text = plain_lines(read_text_file(path) or "", names)
    except UnclosedQuote as error:
        raise EnvFileError(
            f"{_named(path)} opens a quotation mark in line {error.line} and does not close it: "
            "close it, or remove it."
        ) from None
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def read_text_file(path: Path) -> str | None:
    """The text of a file; None if there is none. Raises EnvFileError."""
    content = _content(path)
    return None if content is None else _text(path, content)


def _content(path: Path) -> bytes | None:
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            # Reading a pipe would wait for its writer.
            what = "a folder" if S_ISDIR(mode) else "a pipe or a device"
            raise EnvFileError(
                f"{_named(path)} is {what}, not a text file: put a text file in its place."
            )
        return path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise EnvFileError(
                f"{_named(path)} is a link to no file: correct the link, or remove it."
            ) from None
        return None
    except OSError as error:
        raise EnvFileError(_unreadable(path, error)) from None


def _unreadable(path: Path, error: OSError) -> str:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{_named(path)} may not be read: let the account that runs the bot read it."
    return f"{_named(path)} cannot be read ({error.strerror}): put a text file in its place."


def _text(path: Path, content: bytes) -> str:
    for mark, name in _WIDE_MARKS.items():
        if content.startswith(mark):
            raise EnvFileError(f"{_named(path)} is written in {name}: {_SAVE_AGAIN}.")
    if b"\0" in content:
        raise EnvFileError(
            f"{_named(path)} holds NUL bytes, as UTF-16 and damaged files do: {_SAVE_AGAIN}."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EnvFileError(
            f"{_named(path)} is not written in UTF-8 (its line {line} may be GBK): {_SAVE_AGAIN}."
        ) from None


def _named(path: Path) -> str:
    """The file's name with its folder, for a sentence: people have several such files."""
    return str(path.absolute())
