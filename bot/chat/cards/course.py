"""The card of one course: its percent, its modules, and what is new since the last digest."""

from bot.chat.cards import rows, words
from bot.chat.cards.canvas import (
    LEFT,
    MARGIN,
    PADDING,
    RIGHT,
    SMALL,
    TEXT,
    TITLE,
    TITLE_LINE,
    Canvas,
    rounded,
)
from bot.chat.cards.content import CourseCard
from bot.chat.cards.font import typeface
from bot.chat.cards.palette import COMPLETE, DARK, GAIN_TEXT, GAIN_TINT, QUIET, TRACK
from bot.chat.i18n import Translator
from bot.chat.text_bars import gain, percent
from bot.digest.report import LEAST_GAIN

_RING, _RING_THICK = 276, 36
_PERCENT = 82
_CELLS_LINE, _END_LINE, _CHIP, _CHIP_PADDING = 72, 62, 70, 30


def course_card(tr: Translator, card: CourseCard) -> bytes:
    """The card as PNG, 1080 px wide and at most 1640 high. If not all modules fit, it shows those
    that changed, then unfinished ones, in the platform's order."""
    face = typeface()
    bars = rows.shown(card.modules)
    if card.of_courses:
        bars = rows.unfinished_first(bars)
    left_out = len(card.modules) - len(bars)
    head = _RING + 2 * PADDING
    body = rows.height(bars, left_out) if bars else -MARGIN
    canvas = Canvas(face, 2 * MARGIN + head + body + words.FOOTER)
    canvas.panel(MARGIN, MARGIN + head)
    _draw_whole(canvas, card, MARGIN + PADDING)
    _draw_head(canvas, tr, card, MARGIN + head // 2)
    if bars:
        canvas.panel(2 * MARGIN + head, 2 * MARGIN + head + body)
        more = _more(tr, left_out, of_courses=card.of_courses) if left_out else ""
        rows.draw_rows(canvas, tr, bars, more, 2 * MARGIN + head)
    words.draw_footer(canvas, tr, card.student, card.today)
    return canvas.png()


def _draw_whole(canvas: Canvas, card: CourseCard, top: int) -> None:
    """Draw the ring at the right, with the percent in it; no ring if the percent is unknown."""
    left, size = RIGHT - _RING, _PERCENT
    if card.percent is not None:
        canvas.ring(
            (left, top, _RING, _RING_THICK), TRACK, rows.parts_of(card.percent, card.gained)
        )
        size -= 14 * (card.percent >= 100)
    middle = (left + _RING / 2, top + _RING / 2 + _PERCENT * 0.36)
    ink = COMPLETE if rows.is_complete(card.percent) else DARK
    canvas.text(middle, percent(card.percent), size, ink, anchor="ms", weight=1.6)


def _draw_head(canvas: Canvas, tr: Translator, card: CourseCard, centre: int) -> None:
    """Draw the course's name, its cells, its gain and its end, beside the ring."""
    face, room = canvas.face, RIGHT - LEFT - _RING - PADDING
    title = face.lines(words.named(face, card.course), TITLE, room, most=2)
    cells = gain = ""
    if card.cells_done is not None and card.cells_total is not None:
        cells = tr("{n}/{m} items", n=card.cells_done, m=card.cells_total)
    gain = _gain(tr, card)
    end = ""
    if card.done_by is not None:
        end = tr("done around {day} at this rate", day=tr.short_day(card.done_by))
    height = len(title) * TITLE_LINE + bool(cells) * _CELLS_LINE
    height += bool(gain) * (_CHIP + 16) + bool(end) * _END_LINE
    down = centre - height // 2
    for line in title:
        canvas.text((LEFT, down + 54), line, TITLE, DARK, weight=0.8)
        down += TITLE_LINE
    if cells:
        canvas.text((LEFT, down + 50), face.fit(cells, TEXT, room), TEXT, DARK)
        down += _CELLS_LINE
    if gain and card.gained < LEAST_GAIN:
        canvas.text((LEFT, down + 50), face.fit(gain, SMALL, room), SMALL, QUIET)
    elif gain:
        line = face.fit(gain, SMALL, room - 2 * _CHIP_PADDING)
        width = round(face.width(line, SMALL)) + 2 * _CHIP_PADDING
        canvas.shape(rounded(width, _CHIP, _CHIP // 2), (LEFT, down + 16), GAIN_TINT)
        canvas.text((LEFT + _CHIP_PADDING, down + 64), line, SMALL, GAIN_TEXT, weight=0.5)
    down += bool(gain) * (_CHIP + 16)
    if end:
        canvas.text((LEFT, down + 48), face.fit(end, SMALL, room), SMALL, QUIET)


def _gain(tr: Translator, card: CourseCard) -> str:
    """The change in words; empty if there is no earlier percent."""
    since = None if card.since is None else tr.short_day(card.since)
    if abs(card.gained) < LEAST_GAIN:
        return "" if since is None else tr("no change since {day}", day=since)
    moved = f"{gain(card.gained)}%"
    if since is None:
        return tr("{gain} new", gain=moved)
    return tr("{gain} since {day}", gain=moved, day=since)


def _more(tr: Translator, left_out: int, *, of_courses: bool) -> str:
    """The line about the rows that do not fit."""
    if of_courses:
        return tr.plural("{n} more course", "{n} more courses", left_out)
    return tr.plural("{n} more module", "{n} more modules", left_out)
