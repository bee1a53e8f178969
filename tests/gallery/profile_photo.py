"""Draws the bot's profile photo: a graduation cap over a progress bar.

Apps cut it to a circle, in lists one of 40 px: few shapes, strong contrast, nothing in the corners.
"""

import io

from PIL import Image, ImageDraw

from bot.chat.cards.palette import DONE, GAIN, PANEL, mixed

SIDE = 640
_FINE = 4
"""Shapes are drawn at this many times their size, then scaled down: Pillow's own have jagged
edges."""
_TRACK = mixed(PANEL, DONE, 0.4)
_SHADE = mixed(PANEL, DONE, 0.8)
_BOARD = ((320, 128), (572, 238), (320, 348), (68, 238))
_HEAD = ((178, 240), (462, 240), (462, 366), (412, 396), (320, 410), (228, 396), (178, 366))
_CORD = ((320, 238), (522, 262), (522, 372))
_TASSEL = ((522, 352), (546, 424), (498, 424))
_BAR = (130, 454, 510, 520)
_FILLED = 0.68
_QUALITY = 92


def draw() -> Image.Image:
    """The photo, :data:`SIDE` pixels wide and high."""
    image = Image.new("RGB", (SIDE * _FINE, SIDE * _FINE), DONE)
    pen = ImageDraw.Draw(image)
    pen.polygon(_fine(_HEAD), fill=_SHADE)
    pen.line(_fine(_BOARD + _BOARD[:2]), fill=DONE, width=36 * _FINE, joint="curve")
    pen.polygon(_fine(_BOARD), fill=PANEL)
    pen.line(_fine(_CORD), fill=GAIN, width=18 * _FINE, joint="curve")
    pen.circle((320 * _FINE, 238 * _FINE), 17 * _FINE, fill=GAIN)
    pen.polygon(_fine(_TASSEL), fill=GAIN)
    left, top, right, bottom = _BAR
    for end, ink in ((right, _TRACK), (left + round((right - left) * _FILLED), GAIN)):
        box = (left * _FINE, top * _FINE, end * _FINE, bottom * _FINE)
        pen.rounded_rectangle(box, (bottom - top) * _FINE // 2, fill=ink)
    return image.reduce(_FINE)


def jpeg(image: Image.Image) -> bytes:
    """The photo as JPEG, the only format that Telegram takes for it."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return file.getvalue()


def _fine(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    return [(across * _FINE, down * _FINE) for across, down in points]
