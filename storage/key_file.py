"""The file of the keys: 32 bytes each, the newest first. The first seals, the others open.

The file is replaced as a whole and never shortened: a backup made before a rotation holds cookies
that the key before it sealed.
"""

import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from storage.files import create_private, make_file_private, make_folder_private, sync_folder
from storage.vault import KEY_BYTES, KeyDamaged, KeyMissing, KeySource, Vault, key_id

Boundary = Callable[[str, str], None]
"""Called around each change, for tests that end the process there."""

_DRAFT = ".new"
_TEXT = re.compile(rb"[\t\n\r -~]+")
"""What no random key consists of; a text may well be as long as several keys."""


def open_vault(
    key_file: Path, *, given: KeySource | None = None, expect_existing: bool = False
) -> Vault:
    """The vault of ``key_file``, which is made (0600) if there is none.

    ``given`` are keys from elsewhere: they go before those of the file, which is then not made.
    Nor is it with ``expect_existing``, for a database that already holds sealed secrets. Raises
    KeyMissing or KeyDamaged.
    """
    file = KeyFile(key_file)
    if given is not None:
        return Vault.following([given, file])
    if expect_existing and not key_file.exists():
        raise KeyMissing(
            f"The key file {key_file} is missing, and cookies are sealed with it: put "
            "it back from where it was kept; without it everybody has to log in again."
        )
    file.make_if_missing()
    return Vault.following([file])


class KeyFile:
    """The keys in ``path``; a :class:`storage.vault.KeySource`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make_if_missing(self) -> None:
        """Makes the file, with one new key, whole or not at all; another process's is kept.

        Raises KeyMissing.
        """
        try:
            if not self.path.exists():
                self._write(self.path, secrets.token_bytes(KEY_BYTES), replace=False)
            make_file_private(self.path)
        except OSError as error:
            raise self._unusable(error) from error

    def read(self) -> Sequence[bytes]:
        """The keys, the newest first; none if there is no file. Raises KeyMissing or KeyDamaged."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable(error) from error
        if not content or len(content) % KEY_BYTES:
            raise KeyDamaged(
                f"The key file {self.path} holds {len(content)} bytes, and a key has {KEY_BYTES}: "
                "put it back from where it was kept."
            )
        keys = [content[at : at + KEY_BYTES] for at in range(0, len(content), KEY_BYTES)]
        if _TEXT.fullmatch(content) or len({*keys}) < len(keys):
            raise KeyDamaged(
                f"The key file {self.path} holds no keys but another program's bytes: put it back "
                "from where it was kept."
            )
        return keys

    def require(self) -> Sequence[bytes]:
        """As :meth:`read`, but raises KeyMissing if there is no file, too."""
        keys = self.read()
        if not keys:
            raise KeyMissing(
                f"There is no key file {self.path}: the bot makes one at its first start."
            )
        return keys

    def signature(self) -> object:
        """What differs whenever the file was replaced or changed."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def begin_rotation(self, boundary: Boundary) -> bool:
        """Puts a new key before the others. False if an earlier rotation has not ended: its key is
        the first one already. ``boundary`` is called around each change.

        Raises KeyMissing or KeyDamaged; the file is then as it was.
        """
        keys = self.require()
        try:
            if self._mark.exists() and self._mark.read_text() == key_id(keys[0]).hex():
                return False
            self._remove_drafts()
            new = secrets.token_bytes(KEY_BYTES)
            boundary("before", "the mark of a rotation")
            self._write(self._mark, key_id(new).hex().encode())
            boundary("before", "the new key")
            self._write(self.path.resolve(), b"".join((new, *keys)))
            boundary("after", "the new key")
        except OSError as error:
            raise self._unusable(error) from error
        return True

    def end_rotation(self) -> None:
        """Every cookie that can be opened is sealed with the first key now. Raises KeyMissing."""
        try:
            self._mark.unlink(missing_ok=True)
            sync_folder(self._mark.parent)
        except OSError as error:
            raise self._unusable(error) from error

    @property
    def _mark(self) -> Path:
        """Holds the id of the key that a rotation under way puts first."""
        return self.path.with_name(f"{self.path.name}.rotating")

    def _remove_drafts(self) -> None:
        """Removes what a process left that was killed while it wrote a file."""
        for file in (self.path.resolve(), self._mark):
            for left in file.parent.glob(f"{file.name}.*{_DRAFT}"):
                left.unlink(missing_ok=True)

    def _write(self, target: Path, content: bytes, *, replace: bool = True) -> None:
        """Writes the file whole or not at all; one that is there stays unless ``replace``."""
        make_folder_private(target.parent)
        draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}{_DRAFT}")
        try:
            with os.fdopen(create_private(draft), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                draft.replace(target)
            else:
                try:
                    os.link(draft, target)
                except FileExistsError:
                    # Another process made the file first: its key is used.
                    return
            sync_folder(target.parent)
        finally:
            draft.unlink(missing_ok=True)

    def _unusable(self, error: OSError) -> KeyMissing:
        return KeyMissing(f"The key file {self.path} cannot be used ({error}).")
