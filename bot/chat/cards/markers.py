"""Markers that distinguish the lines of a chart where colours do not."""

from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from bot.chat.cards.canvas import Canvas
from bot.chat.cards.palette import PANEL, Ink

SIZE = 34
_HALO = 5
_FINE = 4
_CORNERS: tuple[tuple[int, float], ...] = ((0, 0.0), (4, 45.0), (4, 0.0), (3, -90.0), (3, 90.0))
"""For each marker: the number of corners (0: a disc) and the angle of the first."""
_REACH = (0.74, 0.92, 0.98, 1.0, 1.0)
"""The radius of each marker relative to half its size: so they look equally large."""


def draw_sign(canvas: Canvas, sign: int, centre: tuple[int, int], ink: Ink) -> None:
    """Draw a marker with a light rim, which separates it from its line."""
    for size, colour in ((SIZE + 2 * _HALO, PANEL), (SIZE, ink)):
        mask = _mask(sign % len(_CORNERS), size)
        canvas.shape(mask, (centre[0] - size // 2, centre[1] - size // 2), colour)


@lru_cache(maxsize=32)
def _mask(sign: int, size: int) -> Image.Image:
    fine = Image.new("L", (size * _FINE, size * _FINE), 0)
    pen = ImageDraw.Draw(fine)
    corners, angle = _CORNERS[sign]
    middle = size * _FINE / 2
    reach = middle * _REACH[sign]
    if not corners:
        pen.circle((middle, middle), reach, fill=255)
    else:
        turns = [angle / 180 * pi + 2 * pi * number / corners for number in range(corners)]
        pen.polygon(
            [(middle + reach * cos(turn), middle + reach * sin(turn)) for turn in turns], fill=255
        )
    return fine.reduce(_FINE)
