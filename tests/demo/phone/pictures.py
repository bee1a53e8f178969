"""Pictures: a PNG without a library, and a JPEG."""

import io
import struct
import zlib

from PIL import Image


def png(width: int, height: int) -> bytes:
    """A blue PNG of this size in pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + b"\x30\x80\xd0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(side: int) -> bytes:
    """A blue square JPEG with sides of so many pixels."""
    content = io.BytesIO()
    Image.new("RGB", (side, side), (48, 128, 208)).save(content, "JPEG")
    return content.getvalue()
