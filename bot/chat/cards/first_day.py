"""The picture of the only recorded day: a bar per course, because one day is no curve."""

from collections.abc import Iterator
from datetime import date

from bot.chat.cards import rows, words
from bot.chat.cards.canvas import LEFT, MARGIN, PADDING, RIGHT, SMALL, TITLE, TITLE_LINE, Canvas
from bot.chat.cards.content import HistoryCard, ModuleBar
from bot.chat.cards.font import typeface
from bot.chat.cards.palette import DARK, QUIET
from bot.chat.i18n import Translator

_NOTE = 70


def first_day(tr: Translator, history: HistoryCard, day: date) -> bytes:
    """The percents of ``day`` as PNG, 1080 px wide, unfinished courses first."""
    face = typeface()
    courses = rows.unfinished_first(list(_bars(history, day)))
    bars = rows.shown(courses)
    left_out = len(courses) - len(bars)
    title_bottom = MARGIN + PADDING + TITLE_LINE
    rows_bottom = title_bottom + rows.height(bars, left_out)
    bottom = rows_bottom + _NOTE
    canvas = Canvas(face, bottom + words.FOOTER)
    canvas.panel(MARGIN, bottom)
    title = tr("Progress today")
    note = tr("From tomorrow a curve appears here.")
    if day != history.today:
        title = tr("Progress on {day}", day=tr.short_day(day))
        note = tr("With one more recorded day there is a curve here.")
    canvas.text((LEFT, title_bottom - 16), title, TITLE, DARK, weight=0.8)
    more = tr.plural("{n} more course", "{n} more courses", left_out) if left_out else ""
    rows.draw_rows(canvas, tr, bars, more, title_bottom)
    canvas.text((LEFT, bottom - 40), face.fit(note, SMALL, RIGHT - LEFT), SMALL, QUIET)
    words.draw_footer(canvas, tr, history.student, history.today)
    return canvas.png()


def _bars(history: HistoryCard, day: date) -> Iterator[ModuleBar]:
    for course in history.courses:
        values = [value for moment, value in course.points if moment == day]
        if values:
            yield ModuleBar(course.name, min(max(values[-1], 0.0), 100.0))
