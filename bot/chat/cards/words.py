"""The small texts of every picture: names, values, and the footer."""

from datetime import date

from bot.chat.cards.canvas import LEFT, RIGHT, SMALL, Canvas
from bot.chat.cards.font import Typeface
from bot.chat.cards.palette import DARK, QUIET, Ink
from bot.chat.i18n import Translator
from bot.chat.text_bars import gain
from bot.digest.report import LEAST_GAIN

FOOTER = 92
"""Pixels from the last panel to the bottom of the picture."""


def named(face: Typeface, name: str) -> str:
    """A name as one drawable line, never empty."""
    return face.drawable(name) or "–"


def draw_value(
    canvas: Canvas,
    base: int,
    value: str,
    gained: float,
    ink: Ink,
    *,
    value_ink: Ink = DARK,
    widest: str = "100%",
) -> float:
    """Draw a value at the right end of a row and the gain before it, each in its column;
    ``widest`` is the widest value of its column. Returns where the row's name must end, in
    pixels."""
    canvas.text((RIGHT, base), value, SMALL, value_ink, anchor="rs", weight=0.6)
    right = RIGHT - max(canvas.face.width(value, SMALL), canvas.face.width(widest, SMALL))
    if gained >= LEAST_GAIN:
        right -= 20
        canvas.text((right, base), gain(gained), SMALL, ink, anchor="rs", weight=0.6)
        right -= canvas.face.width(gain(gained), SMALL)
    return right


def draw_footer(canvas: Canvas, tr: Translator, student: str, today: date) -> None:
    """Draw the student's name and the day."""
    base = canvas.image.height - 34
    moment = tr.short_day(today)
    canvas.text((RIGHT, base), moment, SMALL, QUIET, anchor="rs")
    room = RIGHT - LEFT - canvas.face.width(moment, SMALL) - 40
    name = canvas.face.fit(canvas.face.drawable(student), SMALL, room)
    canvas.text((LEFT, base), name, SMALL, QUIET)
