"""The canvas of the pictures: panels, texts, bars and rings with smooth edges, and the PNG.

Telegram turns photos into JPEG, so nothing is transparent: the card has its own background.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw
from PIL.Image import Dither, Transpose

from bot.chat.cards.font import Typeface
from bot.chat.cards.palette import PAGE, PANEL, Ink, palette

WIDTH = 1080
"""The width of every picture, in pixels. A phone shows it about 350 points wide: 34 px are 11
points."""
MARGIN = 36
PADDING = 48
LEFT, RIGHT = MARGIN + PADDING, WIDTH - MARGIN - PADDING
"""The left and right edge of a panel's content, in pixels."""
SMALL, TEXT, TITLE = 36, 40, 54
"""Font sizes in pixels."""
TITLE_LINE = 70
_FINE = 4
_COMPRESSION = 6
"""Shapes are drawn at ``_FINE`` times their size, then scaled down: Pillow's own have jagged
edges."""

Part = tuple[float, Ink]
"""A share, 0–1, at which an ink ends."""


class Canvas:
    """A picture of :data:`WIDTH` by ``height`` pixels."""

    def __init__(self, face: Typeface, height: int) -> None:
        self.face = face
        self.image = Image.new("RGB", (WIDTH, height), PAGE)
        self._pen = ImageDraw.Draw(self.image)

    def panel(self, top: int, bottom: int) -> None:
        """Draw a light panel from margin to margin."""
        self.shape(rounded(WIDTH - 2 * MARGIN, bottom - top, 40), (MARGIN, top), PANEL)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        ink: Ink,
        *,
        anchor: str = "ls",
        weight: float = 0.0,
    ) -> None:
        """Draw a drawable text; ``at`` is on its baseline. ``weight`` thickens each stroke by so
        many pixels: the typeface has no bold."""
        with self.face.lock:
            self._pen.text(
                at,
                text,
                fill=ink,
                font=self.face.at(size),
                anchor=anchor,
                stroke_width=weight,
                stroke_fill=ink,
            )

    def line(self, start: tuple[int, int], end: tuple[int, int], ink: Ink, width: int) -> None:
        """Draw a horizontal or vertical line."""
        self._pen.line((start, end), fill=ink, width=width)

    def shape(self, mask: Image.Image, at: tuple[int, int], ink: Ink) -> None:
        """Draw ink through a greyscale mask."""
        self.image.paste(ink, (*at, at[0] + mask.width, at[1] + mask.height), mask)

    def bar(self, box: tuple[int, int, int, int], track: Ink, parts: Sequence[Part]) -> None:
        """Draw a bar with round ends; ``box`` is left, top, width, height. The parts follow one
        another; each ends at its share."""
        left, top, width, height = box
        whole = rounded(width, height, height // 2)
        self.shape(whole, (left, top), track)
        started = 0
        drawn = []
        for share, ink in parts:
            end = pixels(share, width)
            if end > started:
                drawn.append((started, end, ink))
            started = max(started, end)
        # From the right, so that each part's round end covers the next part.
        for start, end, ink in reversed(drawn):
            cap = rounded(end + 2 * height, height, height // 2)
            mask = ImageChops.multiply(
                whole.crop((0, 0, end, height)), cap.crop((2 * height, 0, *cap.size))
            )
            if start:
                mask.paste(0, (0, 0, max(0, start - height // 2), height))
            self.shape(mask, (left, top), ink)

    def ring(self, box: tuple[int, int, int, int], track: Ink, parts: Sequence[Part]) -> None:
        """Draw a ring that fills clockwise from the top; ``box`` is left, top, diameter, thickness.
        The parts follow one another, as in a bar."""
        left, top, diameter, thick = box
        self.shape(arc(diameter, thick, 0.0, 1.0), (left, top), track)
        begun = 0.0
        drawn = []
        for share, ink in parts:
            if share > begun:
                drawn.append((max(0.0, begun - thick / diameter / 3), min(share, 1.0), ink))
                begun = share
        for start, end, ink in reversed(drawn):
            self.shape(arc(diameter, thick, start, end), (left, top), ink)

    def png(self) -> bytes:
        """The picture as PNG with a palette, which keeps it to a few dozen kilobytes."""
        flat = self.image.quantize(palette=palette(), dither=Dither.NONE)
        file = io.BytesIO()
        flat.save(file, "PNG", compress_level=_COMPRESSION)
        return file.getvalue()


def pixels(share: float, width: int) -> int:
    """How many of ``width`` pixels a share fills: all only for the whole, and a few for any share
    above zero."""
    if share <= 0:
        return 0
    return width if share >= 1 else min(max(round(width * share), 4), width - 4)


def rounded(width: int, height: int, radius: int) -> Image.Image:
    """The mask of a box with round corners."""
    mask = Image.new("L", (width, height), 255)
    radius = min(radius, width // 2, height // 2)
    if radius:
        right, bottom = width - radius, height - radius
        corner = _corner(radius)
        mirrored = corner.transpose(Transpose.FLIP_LEFT_RIGHT)
        mask.paste(corner, (0, 0))
        mask.paste(mirrored, (right, 0))
        mask.paste(corner.transpose(Transpose.FLIP_TOP_BOTTOM), (0, bottom))
        mask.paste(mirrored.transpose(Transpose.FLIP_TOP_BOTTOM), (right, bottom))
    return mask


@lru_cache(maxsize=16)
def _corner(radius: int) -> Image.Image:
    """The mask of the top left corner."""
    fine = Image.new("L", (radius * _FINE, radius * _FINE), 0)
    ImageDraw.Draw(fine).circle((radius * _FINE, radius * _FINE), radius * _FINE, fill=255)
    return fine.reduce(_FINE)


def arc(diameter: int, thick: int, start: float, end: float) -> Image.Image:
    """The mask of an arc of a ring, in turns from the top. Its ends are round if it is long enough
    and not the whole ring."""
    fine = Image.new("L", (diameter * _FINE, diameter * _FINE), 0)
    pen = ImageDraw.Draw(fine)
    centre, radius, cap = diameter * _FINE / 2, (diameter - thick) * _FINE / 2, thick * _FINE / 2
    inset = cap / radius / (2 * pi)
    if end - start < 1 and end - start > 2 * inset:
        start, end = start + inset, end - inset
        for turn in (start, end):
            across, down = sin(turn * 2 * pi), -cos(turn * 2 * pi)
            pen.circle((centre + radius * across, centre + radius * down), cap, fill=255)
    edge = diameter * _FINE - 1
    begin, finish = start * 360 - 90, end * 360 - 90
    pen.arc((0, 0, edge, edge), begin, finish, fill=255, width=thick * _FINE)
    return fine.reduce(_FINE)
