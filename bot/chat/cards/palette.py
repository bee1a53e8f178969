"""The colours of the pictures: calm, with contrast, and distinct without red and green.

Work that is done is blue and new work is orange, which differ for every kind of colour vision, and
in grey by their lightness. What is complete is green and also has a tick. The lines of a chart also
differ in the marker at their end.
"""

from functools import cache
from itertools import chain

from PIL import Image

Ink = tuple[int, int, int]

PAGE: Ink = (224, 232, 240)
PANEL: Ink = (252, 252, 252)
TRACK: Ink = (220, 228, 236)
"""Unfinished work."""
GRID: Ink = (208, 216, 228)
DARK: Ink = (24, 36, 52)
QUIET: Ink = (80, 96, 116)
"""Small print."""
DONE: Ink = (32, 108, 180)
COMPLETE: Ink = (0, 116, 76)
"""A green dark enough for text."""
GAIN: Ink = (244, 160, 44)
GAIN_TEXT: Ink = (156, 80, 0)
"""An orange dark enough for text."""
GAIN_TINT: Ink = (252, 240, 212)
LINES: tuple[Ink, ...] = (
    (32, 108, 180),
    (208, 88, 12),
    (0, 136, 104),
    (164, 68, 140),
    (72, 80, 100),
)
"""One colour for each course of a chart."""
_ON_PANELS = (PAGE, TRACK, DARK, QUIET, DONE, COMPLETE, GAIN, GAIN_TEXT, GAIN_TINT)
_STEPS = 7
_GRAIN = 4
"""All inks are multiples of it: Pillow looks for the nearest palette colour in steps of this
size."""


def mixed(ink: Ink, ground: Ink, share: float) -> Ink:
    """The ink at an opacity of ``share`` on the ground."""
    red, green, blue = (
        round((over * share + under * (1 - share)) / _GRAIN) * _GRAIN
        for over, under in zip(ink, ground, strict=True)
    )
    return red, green, blue


def tint(ink: Ink) -> Ink:
    """The pale colour of the area below a line."""
    return mixed(ink, PANEL, 1 / _STEPS)


def faint(ink: Ink) -> Ink:
    """The colour of a line across days without a snapshot."""
    return mixed(ink, PANEL, 4 / _STEPS)


@cache
def palette() -> Image.Image:
    """Every ink, and the steps of each smooth edge: 256 colours at most."""
    edges = [
        *((ink, PANEL) for ink in _ON_PANELS),
        *((ink, PAGE) for ink in (DARK, QUIET)),
        *((ink, PANEL) for ink in LINES),
        (GAIN_TEXT, GAIN_TINT),
        (DONE, TRACK),
        (COMPLETE, TRACK),
        (GAIN, TRACK),
        (DONE, GAIN),
        (COMPLETE, GAIN),
    ]
    colours = [PAGE, PANEL, GRID]
    for ink, ground in edges:
        colours += [mixed(ink, ground, step / _STEPS) for step in range(1, _STEPS + 1)]
    image = Image.new("P", (1, 1))
    image.putpalette(list(chain.from_iterable(dict.fromkeys(colours))))
    return image
