"""Reads the body of an answer up to a bound of received and of unpacked bytes.

The HTTP library's own decoders unpack each received piece whole: 400 kB can become 400 MB. So the
bot accepts only gzip and unpacks it itself within the bound.
"""

import zlib
from collections.abc import AsyncIterable

MOST_BYTES = 4 * 2**20
"""The most bytes, received and unpacked; the longest real answers have some hundred kB."""
ACCEPTED = "gzip"
_ZLIB_OR_GZIP = 47
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


class BadBody(Exception):  # noqa: N818 - says what is bad
    """The body is too long, in a coding that was not accepted, or incomplete."""


async def read_body(coding: str, pieces: AsyncIterable[bytes]) -> bytes:
    """The unpacked body whose bytes come in ``pieces``, as they were sent; ``coding`` is the header
    ``Content-Encoding``. Raises :class:`BadBody` and what ``pieces`` raises."""
    coding = coding.strip().lower()
    if coding in _PLAIN:
        return await _plain(pieces)
    if coding in _PACKED:
        return await _unpacked(pieces)
    raise BadBody("packed in a way that was not asked for")


async def _plain(pieces: AsyncIterable[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        _bound(len(body))
    return bytes(body)


async def _unpacked(pieces: AsyncIterable[bytes]) -> bytes:
    body, received = bytearray(), 0
    unpacker = zlib.decompressobj(_ZLIB_OR_GZIP)
    async for piece in pieces:
        # Bytes that unpack to none, as of a long header or empty blocks, have the same bound.
        received += len(piece)
        _bound(received)
        try:
            # One byte more than the bound shows that it is exceeded.
            body += unpacker.decompress(piece, MOST_BYTES + 1 - len(body))
        except zlib.error as error:
            raise BadBody(f"cannot be unpacked: {error}") from None
        _bound(len(body))
        if unpacker.unused_data:
            raise BadBody("goes on after its packed end")
    if received and not unpacker.eof:
        raise BadBody("broke off packed")
    return bytes(body)


def _bound(length: int) -> None:
    if length > MOST_BYTES:
        raise BadBody(f"longer than {MOST_BYTES} bytes")
