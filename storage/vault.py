"""Seals secrets for the database: AES-256-GCM, bound to the row that holds them.

A sealed secret is a version byte, the key's id (8 bytes), a nonce (12 bytes) and the ciphertext
with its tag. The row's text and the bytes before the nonce are authenticated with it, so a sealed
secret that is copied to another row does not open.
"""

# ruff: noqa: N818 -- the names say what is wrong; the root says that it is an error
import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.files import FILE_MODE, make_file_private, make_folder_private, sync_folder

KEY_BYTES = 32
_VERSION = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEAD_BYTES = len(_VERSION) + _KEY_ID_BYTES


class VaultError(Exception):
    """A secret could not be sealed or opened; the text says why, and never holds the secret."""


class KeyMissing(VaultError):
    """A needed key file is missing, or it cannot be read or made."""


class KeyDamaged(VaultError):
    """The key file does not hold a key."""


class WrongKey(VaultError):
    """The secret was sealed with a key that this vault does not have."""


class SealBroken(VaultError):
    """The sealed bytes are truncated, changed, of an unknown version, or of another row."""


class Vault:
    """Holds the keys: one that seals, and older ones that still open secrets sealed with them."""

    def __init__(self, current: bytes, older: Iterable[bytes] = ()) -> None:
        """Takes keys of 32 bytes each. Raises KeyDamaged for another length."""
        self._ciphers = {key_id(key): AESGCM(key) for key in (current, *older)}
        self._current = key_id(current)

    @classmethod
    def open(cls, key_file: Path, *, expect_existing: bool = False) -> Self:
        """The vault of ``key_file``, which is made (0600) if there is none.

        With ``expect_existing``, for a database that already holds sealed secrets, it is not made.
        Raises KeyMissing or KeyDamaged.
        """
        try:
            if not key_file.exists():
                if expect_existing:
                    raise KeyMissing(
                        f"The key file {key_file} is missing, and cookies are sealed with it: put "
                        "it back from where it was kept; without it everybody has to log in again."
                    )
                _make_key_file(key_file)
            make_file_private(key_file)
            key = key_file.read_bytes()
        except OSError as error:
            raise KeyMissing(f"The key file {key_file} cannot be used ({error}).") from error
        if len(key) != KEY_BYTES:
            raise KeyDamaged(
                f"The key file {key_file} holds {len(key)} bytes instead of {KEY_BYTES}: put it "
                "back from where it was kept."
            )
        return cls(key)

    def has_key(self, identity: bytes) -> bool:
        """Whether the key with this :func:`key_id` is one of the vault's."""
        return identity in self._ciphers

    def seal(self, secret: str, row: str) -> bytes:
        """The sealed form of ``secret`` for ``row``, a text that names table, column and row."""
        head = _VERSION + self._current
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, secret.encode(), head + row.encode())
        return head + nonce + sealed

    def unseal(self, blob: bytes, row: str) -> str:
        """The secret that :meth:`seal` sealed for the same ``row``. Raises WrongKey or
        SealBroken."""
        if len(blob) < _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES or blob[:1] != _VERSION:
            raise SealBroken(f"What is stored for {row} is no sealed secret of this program.")
        head, nonce = blob[:_HEAD_BYTES], blob[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
        cipher = self._ciphers.get(head[1:])
        if cipher is None:
            raise WrongKey(f"What is stored for {row} was sealed with key {head[1:].hex()}.")
        try:
            secret = cipher.decrypt(nonce, blob[len(head) + len(nonce) :], head + row.encode())
        except InvalidTag as error:
            raise SealBroken(f"What is stored for {row} was changed, or moved there.") from error
        return secret.decode()


def key_id(key: bytes) -> bytes:
    """8 bytes that identify a key without revealing it. Raises KeyDamaged unless it has 32
    bytes."""
    if len(key) != KEY_BYTES:
        raise KeyDamaged(f"A key has {KEY_BYTES} bytes, this one {len(key)}.")
    return hashlib.sha256(b"zjy-study-bot key id\x00" + key).digest()[:_KEY_ID_BYTES]


def sealed_by(blob: bytes) -> bytes | None:
    """The :func:`key_id` of the key that sealed a secret, of which the head is enough; None if the
    bytes are no sealed secret."""
    head = blob[:_HEAD_BYTES]
    return head[1:] if len(head) == _HEAD_BYTES and head[:1] == _VERSION else None


def _make_key_file(key_file: Path) -> None:
    """Makes the file whole or not at all, and never replaces one: a kill leaves no partial key."""
    make_folder_private(key_file.parent)
    draft = key_file.with_name(f"{key_file.name}.{secrets.token_hex(8)}.new")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, key_file)
        except FileExistsError:
            # Another process made the file first: its key is used.
            return
        sync_folder(key_file.parent)
    finally:
        draft.unlink(missing_ok=True)
