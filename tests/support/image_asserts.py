"""What the tests of pictures look through: texts as they are written, pixels as they stand."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.chat.cards.canvas import WIDTH, Canvas
from bot.chat.cards.content import ChartLine, HistoryCard
from bot.chat.cards.font import typeface
from bot.chat.cards.history import PLOT_HEIGHT, PLOT_TOP
from bot.chat.cards.palette import Ink
from bot.chat.cards.plot import Plot

TODAY = date(2021, 3, 31)
WINDOW = [TODAY - timedelta(days=back) for back in range(29, -1, -1)]


@dataclass
class Spy:
    """Every text that is written on a canvas, with its size, and where."""

    written: list[tuple[str, int]] = field(default_factory=list)
    places: list[tuple[str, tuple[float, float]]] = field(default_factory=list)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write = Canvas.text

        def spied(
            canvas: Canvas, at: tuple[float, float], text: str, size: int, *how: Ink, **more: object
        ) -> None:
            self.written.append((text, size))
            self.places.append((text, at))
            write(canvas, at, text, size, *how, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(Canvas, "text", spied)

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.written]

    def sees(self, *parts: str) -> bool:
        """Whether one text holds all of these."""
        return any(all(part in text for part in parts) for text in self.texts)


def opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.convert("RGB")


def colours(image: Image.Image) -> set[Ink]:
    found = image.getcolors(4096)
    assert found is not None
    return {colour for _, colour in found if isinstance(colour, tuple)}  # type: ignore[misc]


def pixel(image: Image.Image, across: int, down: int) -> Ink:
    found = image.getpixel((across, down))
    assert isinstance(found, tuple)
    red, green, blue = found
    return red, green, blue


def history(*lines: ChartLine, kept_since: date | None = None) -> HistoryCard:
    return HistoryCard(lines, TODAY, "张三", kept_since)


def steady(name: str, *days: date, start: float = 40, rise: float = 1) -> ChartLine:
    return ChartLine(name, [(day, start + rise * number) for number, day in enumerate(days)])


class Columns:
    """The columns of a chart's plot, and whether one of some inks stands in them."""

    def __init__(self, png: bytes, *wanted: Ink) -> None:
        self._image = opened(png).crop((0, PLOT_TOP, WIDTH, PLOT_TOP + PLOT_HEIGHT + 20))
        self._wanted = wanted
        self._plot = Plot(Canvas(typeface(), 10), 0, PLOT_HEIGHT, WINDOW)

    def has(self, day: date, part: float = 0.0) -> bool:
        """In the column of a day, or of a part of the day after it."""
        return bool(self.rows(day, part))

    def rows(self, day: date, part: float = 0.0) -> list[int]:
        step = self._plot.x(WINDOW[1]) - self._plot.x(WINDOW[0])
        across = round(self._plot.x(day) + part * step)
        down = range(self._image.height)
        return [each for each in down if pixel(self._image, across, each) in self._wanted]
