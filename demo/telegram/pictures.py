"""The size of a picture, read from its first bytes."""

from demo.telegram.errors import bad_request

MAX_BYTES = 10 * 1024 * 1024
MAX_SIDES = 10_000
MAX_RATIO = 20
MIN_PROFILE_SIDE = 160


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, JPEG or GIF that may be sent as a photo.

    Raises ``ApiError`` 400 for anything else, and for what is too large or too narrow.
    """
    size = _png(content) or _gif(content) or _jpeg(content)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if len(content) > MAX_BYTES:
        raise bad_request("too big file for a photo")
    width, height = size
    if width + height > MAX_SIDES or max(size) > MAX_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def profile_picture_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a JPEG that may be a profile photo.

    Raises ``ApiError`` 400 for anything else, and for what is too large or too small.
    """
    size = picture_size(content)
    if _jpeg(content) is None:
        raise bad_request("PHOTO_EXT_INVALID")
    if min(size) < MIN_PROFILE_SIDE:
        raise bad_request("PHOTO_CROP_SIZE_SMALL")
    return size


def _png(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _gif(content: bytes) -> tuple[int, int] | None:
    if not content.startswith((b"GIF87a", b"GIF89a")) or len(content) < 10:
        return None
    return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height = int.from_bytes(content[at + 5 : at + 7], "big")
            return int.from_bytes(content[at + 7 : at + 9], "big"), height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
