"""The body of an answer, read up to a bound of unpacked bytes.

httpx's own decoders unpack whatever comes in one go: 400 kB can become 400 MB. So the bot asks
for gzip alone and unpacks it itself, piece by piece.
"""

import zlib

import httpx

MOST_BYTES = 4 * 2**20
"""Unpacked; the longest real answers have some hundred kB."""
ACCEPTED = "gzip"
_ZLIB_OR_GZIP = 47
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


class BadBody(Exception):  # noqa: N818 - says what is bad
    """The body is too long or packed in a way that was not asked for, or broke off."""


async def read_body(response: httpx.Response) -> bytes:
    """The unpacked body of a response that is being streamed. Raises :class:`BadBody` and what
    httpx raises."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in _PLAIN:
        return await _plain(response)
    if coding in _PACKED:
        return await _unpacked(response)
    raise BadBody("packed in a way that was not asked for")


async def _plain(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        _bound(body)
    return bytes(body)


async def _unpacked(response: httpx.Response) -> bytes:
    body, came = bytearray(), False
    unpacker = zlib.decompressobj(_ZLIB_OR_GZIP)
    async for piece in response.aiter_raw():
        came = True
        try:
            # One byte more than may come tells that the bound is passed.
            body += unpacker.decompress(piece, MOST_BYTES + 1 - len(body))
        except zlib.error as error:
            raise BadBody(f"cannot be unpacked: {error}") from None
        _bound(body)
    if came and not unpacker.eof:
        raise BadBody("broke off packed")
    return bytes(body)


def _bound(body: bytearray) -> None:
    if len(body) > MOST_BYTES:
        raise BadBody(f"longer than {MOST_BYTES} bytes")
