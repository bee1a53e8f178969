"""Seals secrets for the database: AES-256-GCM, bound to the row that holds them.

A sealed secret is a version byte, the key's id (8 bytes), a nonce (12 bytes) and the ciphertext
with its tag. The row's text and the bytes before the nonce are authenticated with it, so a sealed
secret that is copied to another row does not open.
"""

# ruff: noqa: N818 -- the names say what is wrong; the root says that it is an error
import hashlib
import logging
import secrets
from collections.abc import Iterable, Sequence
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEAD_BYTES = len(_VERSION) + _KEY_ID_BYTES

_log = logging.getLogger(__name__)


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


class KeySource(Protocol):
    """Where keys come from, such as a file that another process may replace."""

    def read(self) -> Sequence[bytes]:
        """The keys, the newest first. Raises VaultError or ValueError, with one sentence that holds
        no key."""

    def signature(self) -> object:
        """What differs whenever :meth:`read` would return other keys."""


class Vault:
    """Holds the keys: one that seals, and older ones that still open secrets sealed with them.

    Keys that are added while the process runs are taken over before the next secret is sealed, and
    when a secret is met that none of the known ones sealed.
    """

    def __init__(
        self, current: bytes, older: Iterable[bytes] = (), *, sources: Sequence[KeySource] = ()
    ) -> None:
        """Takes keys of 32 bytes each, and where to look for others. Raises KeyDamaged for another
        length."""
        self._ciphers: dict[bytes, AESGCM] = {}
        self._current = b""
        self._take([current, *older])
        self._sources = sources
        self._seen: object = None

    @classmethod
    def following(cls, sources: Sequence[KeySource]) -> Self:
        """The vault of what the sources hold: the first key of the first of them seals. Raises
        KeyMissing if they hold none, and what reading them raises."""
        seen = [source.signature() for source in sources]
        try:
            keys = [key for source in sources for key in source.read()]
        except ValueError as error:
            raise KeyDamaged(f"The keys cannot be used: {error}.") from None
        if not keys:
            raise KeyMissing("There is no key.")
        vault = cls(keys[0], keys[1:], sources=sources)
        vault._seen = seen
        return vault

    @property
    def current(self) -> bytes:
        """The :func:`key_id` of the key that seals."""
        self._follow()
        return self._current

    def key_ids(self) -> frozenset[bytes]:
        """The :func:`key_id` of each key."""
        self._follow()
        return frozenset(self._ciphers)

    def seal(self, secret: str, row: str) -> bytes:
        """The sealed form of ``secret`` for ``row``, a text that names table, column and row."""
        self._follow()
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
        if head[1:] not in self._ciphers:
            self._follow()
        cipher = self._ciphers.get(head[1:])
        if cipher is None:
            raise WrongKey(f"What is stored for {row} was sealed with key {head[1:].hex()}.")
        try:
            secret = cipher.decrypt(nonce, blob[len(head) + len(nonce) :], head + row.encode())
        except InvalidTag as error:
            raise SealBroken(f"What is stored for {row} was changed, or moved there.") from error
        return secret.decode()

    def _follow(self) -> None:
        """Takes over what the sources hold, if it changed. Keys that were known stay known."""
        seen = [source.signature() for source in self._sources]
        if not seen or seen == self._seen:
            return
        # A source that cannot be read is not asked again until it changes.
        self._seen = seen
        try:
            keys = [key for source in self._sources for key in source.read()]
        except (VaultError, ValueError):
            _log.warning(
                "the keys changed and cannot be read; the known ones are used", exc_info=True
            )
            return
        if keys:
            self._take(keys)

    def _take(self, keys: Sequence[bytes]) -> None:
        self._ciphers |= {key_id(key): AESGCM(key) for key in keys}
        self._current = key_id(keys[0])


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
