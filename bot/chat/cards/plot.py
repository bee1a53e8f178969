"""The plot of a chart: days from left to right, percents from 0 at the bottom to 100."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw

from bot.chat.cards.canvas import LEFT, RIGHT, SMALL, Canvas
from bot.chat.cards.markers import draw_sign
from bot.chat.cards.palette import DARK, GRID, QUIET, Ink, faint, tint
from bot.chat.text_bars import percent

Point = tuple[date, float]
GUTTER_LEFT, GUTTER_RIGHT = 114, 124
"""Pixels for the percents of the axis and for today's values."""
LABEL_EVERY = 7
"""Days between two labels."""
LINE = 9
"""The width of a line in pixels."""
_DOT, _DOTS_APART = 7, 20
_VALUES_APART = 44
_DROP = 13
"""Pixels from the middle of a line of text to its baseline."""
_FINE = 3
_RIM = 20


class Plot:
    """A plot on a canvas: ``height`` pixels from 100 % at ``top`` down to 0 %, two days or more."""

    def __init__(self, canvas: Canvas, top: int, height: int, days: Sequence[date]) -> None:
        self._canvas = canvas
        self._top, self._height = top, height
        self._left, self._right = LEFT + GUTTER_LEFT, RIGHT - GUTTER_RIGHT
        self._days = days

    def x(self, day: date) -> float:
        """The horizontal pixel of a day."""
        span = (self._days[-1] - self._days[0]).days
        return self._left + (self._right - self._left) * (day - self._days[0]).days / span

    def y(self, value: float) -> float:
        """The vertical pixel of a percent."""
        return self._top + self._height * (1 - value / 100)

    def labelled_days(self) -> list[date]:
        """The days with a label: today and each week before it."""
        return list(self._days[::-LABEL_EVERY])

    def draw_area(self, points: Sequence[Point], ink: Ink) -> None:
        """Fill a pale area below each run of days."""
        mask, pen = self._sheet()
        for run in runs(points):
            edge = [self._fine(each) for each in run]
            floor = self._fine((run[0][0], 0.0))[1]
            pen.polygon([*edge, (edge[-1][0], floor), (edge[0][0], floor)], fill=255)
        self._lay(mask, tint(ink))

    def draw_axes(self, labels: Sequence[tuple[date, str]]) -> None:
        """Draw horizontal lines with their percents, and the days below."""
        for value in range(0, 101, 25):
            down = round(self.y(value))
            self._canvas.line((self._left, down), (self._right, down), GRID, 2)
            if value % 50 == 0:
                at = (self._left - 20, down + _DROP)
                self._canvas.text(at, percent(value), SMALL, QUIET, anchor="rs")
        floor = round(self.y(0))
        for day, label in labels:
            across = round(self.x(day))
            self._canvas.line((across, floor), (across, floor + 12), GRID, 2)
            self._canvas.text((across, floor + 58), label, SMALL, QUIET, anchor="ms")

    def draw_line(self, points: Sequence[Point], ink: Ink, sign: int) -> None:
        """Draw a full line between consecutive days, dots across days without a snapshot, a marker
        at the end."""
        found = runs(points)
        mask, pen = self._sheet()
        for before, after in pairwise(found):
            for at in _dots(self._fine(before[-1]), self._fine(after[0])):
                pen.circle(at, _DOT * _FINE / 2, fill=255)
        self._lay(mask, faint(ink))
        mask, pen = self._sheet()
        for run in found:
            edge = [self._fine(each) for each in run]
            pen.line(edge, fill=255, width=LINE * _FINE, joint="curve")
            for end in (edge[0], edge[-1]):
                pen.circle(end, LINE * _FINE / (2 if len(edge) > 1 else 1.4), fill=255)
        self._lay(mask, ink)
        day, value = points[-1]
        draw_sign(self._canvas, sign, (round(self.x(day)), round(self.y(value))), ink)

    def draw_values(self, values: Sequence[tuple[float, Ink]]) -> None:
        """Draw today's percents at the right, without overlaps. Percents that read the same are
        drawn once, without the colour of a line."""
        inks: dict[str, set[Ink]] = {}
        highest: dict[str, float] = {}
        for value, ink in sorted(values, key=lambda each: -each[0]):
            inks.setdefault(percent(value), set()).add(ink)
            highest.setdefault(percent(value), self.y(value))
        downs = spread(list(highest.values()), _VALUES_APART, self.y(0))
        for (label, of), down in zip(inks.items(), downs, strict=True):
            at = (self._right + 28, down + _DROP)
            self._canvas.text(at, label, SMALL, DARK if len(of) > 1 else min(of), weight=0.8)

    def _sheet(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """An empty mask at a larger scale than the plot."""
        width, height = self._right - self._left + 2 * _RIM, self._height + 2 * _RIM
        mask = Image.new("L", (width * _FINE, height * _FINE), 0)
        return mask, ImageDraw.Draw(mask)

    def _fine(self, point: Point) -> tuple[float, float]:
        """The place of a point on such a mask."""
        day, value = point
        across, down = self.x(day) - self._left + _RIM, self.y(value) - self._top + _RIM
        return across * _FINE, down * _FINE

    def _lay(self, sheet: Image.Image, ink: Ink) -> None:
        self._canvas.shape(sheet.reduce(_FINE), (self._left - _RIM, self._top - _RIM), ink)


def runs(points: Sequence[Point]) -> list[list[Point]]:
    """The points by day, split where a day is missing."""
    found: list[list[Point]] = []
    for point in points:
        if found and point[0] - found[-1][-1][0] == timedelta(days=1):
            found[-1].append(point)
        else:
            found.append([point])
    return found


def spread(wished: Sequence[float], apart: float, lowest: float) -> list[float]:
    """Positions near the ``wished`` ones, which ascend: at least ``apart`` from each other and none
    below ``lowest``."""
    placed: list[float] = []
    for down in wished:
        placed.append(max(down, placed[-1] + apart) if placed else down)
    floor = lowest
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], floor)
        floor = placed[number] - apart
    return placed


def _dots(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """The dots between two ends, without the ends."""
    across, down = end[0] - start[0], end[1] - start[1]
    count = max(2, round(hypot(across, down) / (_DOTS_APART * _FINE)))
    for number in range(1, count):
        yield start[0] + across * number / count, start[1] + down * number / count
