"""The card of one course: its percent, its modules, and what is new since the last digest."""

from collections.abc import Sequence

from bot.chat.cards import words
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
    Part,
    rounded,
)
from bot.chat.cards.content import CourseCard, ModuleBar
from bot.chat.cards.font import typeface
from bot.chat.cards.palette import DARK, DONE, GAIN, GAIN_TEXT, GAIN_TINT, QUIET, TRACK
from bot.chat.charts import percent
from bot.chat.i18n import Translator
from bot.digest.report import LEAST_GAIN

MOST_ROWS = 11
"""The most rows of a card: phones scale a taller picture down."""
BAR_HEIGHT = 24
_BAR_DOWN = 60
_ROW = 96
_MORE_ROW = 64
_RING, _RING_THICK = 276, 36
_PERCENT = 82
_CELLS_LINE, _CHIP, _CHIP_PADDING = 72, 70, 30


def course_card(tr: Translator, card: CourseCard) -> bytes:
    """The card as PNG, 1080 px wide and at most 1640 high. If not all modules fit, it shows those
    that changed, then unfinished ones, in the platform's order."""
    face = typeface()
    bars = shown_modules(card.modules)
    left_out = len(card.modules) - len(bars)
    head = _RING + 2 * PADDING
    body = len(bars) * _ROW + bool(left_out) * _MORE_ROW + PADDING if bars else -MARGIN
    canvas = Canvas(face, 2 * MARGIN + head + body + words.FOOTER)
    canvas.panel(MARGIN, MARGIN + head)
    _draw_whole(canvas, card, MARGIN + PADDING)
    _draw_head(canvas, tr, card, MARGIN + head // 2)
    if bars:
        canvas.panel(2 * MARGIN + head, 2 * MARGIN + head + body)
        top = 2 * MARGIN + head + PADDING // 2 + 4
        _draw_modules(canvas, tr, bars, left_out, top, of_courses=card.of_courses)
    words.draw_footer(canvas, tr, card.student, card.today)
    return canvas.png()


def shown_modules(modules: Sequence[ModuleBar]) -> list[ModuleBar]:
    """All modules if they fit; else those that changed, then the unfinished ones, then the rest."""
    if len(modules) <= MOST_ROWS:
        return list(modules)
    by_interest = sorted(range(len(modules)), key=lambda number: _rank(modules[number]))
    return [modules[number] for number in sorted(by_interest[: MOST_ROWS - 1])]


def parts_of(now: float, gained: float) -> list[Part]:
    """The earlier percent and the present one, as shares."""
    after = min(max(now / 100, 0.0), 1.0)
    if gained < LEAST_GAIN:
        return [(after, DONE)]
    return [(min(max((now - gained) / 100, 0.0), after), DONE), (after, GAIN)]


def _rank(module: ModuleBar) -> tuple[bool, bool]:
    return module.gained < LEAST_GAIN, module.percent is not None and module.percent >= 100


def _draw_whole(canvas: Canvas, card: CourseCard, top: int) -> None:
    """Draw the ring at the right, with the percent in it; no ring if the percent is unknown."""
    left, size = RIGHT - _RING, _PERCENT
    if card.percent is not None:
        canvas.ring((left, top, _RING, _RING_THICK), TRACK, parts_of(card.percent, card.gained))
        size -= 14 * (card.percent >= 100)
    middle = (left + _RING / 2, top + _RING / 2 + _PERCENT * 0.36)
    canvas.text(middle, percent(card.percent), size, DARK, anchor="ms", weight=1.6)


def _draw_head(canvas: Canvas, tr: Translator, card: CourseCard, centre: int) -> None:
    """Draw the course's name, its cells and its gain, beside the ring."""
    face, room = canvas.face, RIGHT - LEFT - _RING - PADDING
    title = face.lines(words.named(face, card.course), TITLE, room, most=2)
    cells = gain = ""
    if card.cells_done is not None and card.cells_total is not None:
        cells = tr("{n}/{m} items", n=card.cells_done, m=card.cells_total)
    gain = _gain(tr, card)
    height = len(title) * TITLE_LINE + bool(cells) * _CELLS_LINE + bool(gain) * (_CHIP + 16)
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


def _gain(tr: Translator, card: CourseCard) -> str:
    """The change in words; empty if there is no earlier percent."""
    since = None if card.since is None else words.day(tr, card.since)
    if abs(card.gained) < LEAST_GAIN:
        return "" if since is None else tr("no change since {day}", day=since)
    gain = f"{words.gain(card.gained)}%"
    if since is None:
        return tr("{gain} new", gain=gain)
    return tr("{gain} since {day}", gain=gain, day=since)


def _draw_modules(
    canvas: Canvas,
    tr: Translator,
    bars: Sequence[ModuleBar],
    left_out: int,
    top: int,
    *,
    of_courses: bool,
) -> None:
    ends = [
        words.draw_value(
            canvas, _base(top, number), percent(module.percent), module.gained, GAIN_TEXT
        )
        for number, module in enumerate(bars)
    ]
    named = [words.named(canvas.face, module.name) for module in bars]
    names = canvas.face.fit_all(named, SMALL, min(ends, default=RIGHT) - LEFT - 28)
    for number, (module, name) in enumerate(zip(bars, names, strict=True)):
        canvas.text((LEFT, _base(top, number)), name, SMALL, DARK)
        if module.percent is None:
            continue
        canvas.bar(
            (LEFT, top + number * _ROW + _BAR_DOWN, RIGHT - LEFT, BAR_HEIGHT),
            TRACK,
            parts_of(module.percent, module.gained),
        )
    if left_out:
        more = (
            tr.plural("{n} more course", "{n} more courses", left_out)
            if of_courses
            else tr.plural("{n} more module", "{n} more modules", left_out)
        )
        canvas.text((LEFT, top + len(bars) * _ROW + 52), more, SMALL, QUIET)


def _base(top: int, number: int) -> int:
    """The baseline of a row: a name with its percent and gain, and the bar below."""
    return top + number * _ROW + 44
