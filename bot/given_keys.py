"""``BOT_KEYS``: the keys that seal cookies, given as text or in a file, such as a Docker secret.

The text is one or several keys of 32 bytes in URL-safe Base64, the newest first, separated by
commas or white space. ``@`` before a path names a file with such a text.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG

KEY_BYTES = 32
SECRET_FILE = Path("/run/secrets/bot_keys")
"""Where Docker puts the secret ``bot_keys``; read if ``BOT_KEYS`` is not set."""
LONGEST_FILE = 64 * 1024

_SEPARATORS = re.compile(r"[\s,，、;；]+")
_SIGNS = re.compile(r"[A-Za-z0-9_-]+")


class GivenKeys:
    """The keys of ``BOT_KEYS``; of a file, those that it holds now. Never shows a key."""

    def __init__(self, keys: Sequence[bytes], file: Path | None = None) -> None:
        self._keys = tuple(keys)
        self.file = file
        """Where they come from; None if they are in the setting itself."""

    def __repr__(self) -> str:
        return f"GivenKeys({self.file or len(self._keys)})"

    @classmethod
    def parse(cls, text: str) -> "GivenKeys":
        """Raises ValueError with what is wrong, without the text."""
        said = text.strip()
        if not said.startswith("@"):
            return cls(parse_keys(text))
        path = said[1:].strip()
        # A key behind the @ is not repeated in a sentence.
        if not path.startswith("/") or _is_key(path):
            raise ValueError("behind @ must stand the full path of a file, which begins with /")
        return cls.of_file(Path(path))

    @classmethod
    def of_file(cls, file: Path) -> "GivenKeys":
        """Raises ValueError with what is wrong, without what the file holds."""
        return cls(_keys_in(file), file)

    def read(self) -> Sequence[bytes]:
        """The keys, the newest first. Raises ValueError if the file no longer holds any."""
        return self._keys if self.file is None else _keys_in(self.file)

    def signature(self) -> object:
        """What differs whenever :meth:`read` would return other keys."""
        if self.file is None:
            return None
        try:
            found = self.file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def secrets(self) -> list[str]:
        """The texts that no log line may hold."""
        return [form for key in self._keys for form in (key_text(key), key_text(key).rstrip("="))]


def parse_keys(text: str) -> list[bytes]:
    """The keys that the text names. Raises ValueError with what is wrong, without the text."""
    words = [word for word in _SEPARATORS.split(text.strip().strip("\"'")) if word]
    if not words:
        raise ValueError("there is no key in it (`python -m bot keys new` prints one)")
    keys = [_key(word, number) for number, word in enumerate(words, start=1)]
    if len({*keys}) < len(keys):
        raise ValueError("the same key is in it twice")
    return keys


def key_text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def new_key_text() -> str:
    """A new key, as ``BOT_KEYS`` takes it."""
    return key_text(secrets.token_bytes(KEY_BYTES))


def _key(word: str, number: int) -> bytes:
    # Other programs write + and / for the same values, and may leave the = at the end out.
    signs = word.replace("+", "-").replace("/", "_").rstrip("=")
    if not _SIGNS.fullmatch(signs):
        raise ValueError(f"key {number} is not written in URL-safe Base64 (A-Z, a-z, 0-9, - and _)")
    try:
        key = base64.urlsafe_b64decode(signs + "=" * (-len(signs) % 4))
    except binascii.Error:
        raise ValueError(f"key {number} is cut off, or has a letter too many") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"key {number} has {len(key)} bytes instead of {KEY_BYTES}")
    return key


def _is_key(word: str) -> bool:
    try:
        return bool(_key(word, 1))
    except ValueError:
        return False


def _keys_in(file: Path) -> list[bytes]:
    try:
        return parse_keys(_text_of(file))
    except OSError as error:
        raise ValueError(f"the file {file} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ValueError(f"the file {file} cannot be used: {error}") from None


def _text_of(file: Path) -> str:
    # Reading a pipe would wait for its writer.
    if not S_ISREG(file.stat().st_mode):
        raise ValueError("it is no file")
    with file.open("rb") as opened:
        content = opened.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise ValueError("it is too long")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it holds no text") from None
