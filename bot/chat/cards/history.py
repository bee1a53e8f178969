"""The chart of the last 30 days: a line per course, broken on days without a snapshot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    rounded,
)
from bot.chat.cards.content import HistoryCard
from bot.chat.cards.first_day import first_day
from bot.chat.cards.font import typeface
from bot.chat.cards.markers import draw_sign
from bot.chat.cards.palette import DARK, GRID, LINES, QUIET, Ink, faint
from bot.chat.cards.plot import Plot, runs
from bot.chat.i18n import Translator
from bot.chat.text_bars import percent

DAYS = 30
MOST_LINES = len(LINES)
PLOT_TOP, PLOT_HEIGHT = MARGIN + PADDING + TITLE_LINE + 44, 520
_LEGEND_ROW = 68
_NOTE_ROW = 54
_EMPTY_PLOT = 240


@dataclass(frozen=True, slots=True)
class Drawn:
    """A course in the chart: its points within the window, by day, at least one."""

    name: str
    points: Sequence[tuple[date, float]]
    ink: Ink
    sign: int
    """The index of the marker at its end."""

    @property
    def moved(self) -> float:
        return self.points[-1][1] - self.points[0][1]


def history_chart(tr: Translator, history: HistoryCard) -> bytes:
    """The chart as PNG, 1080 px wide and at most 1460 high; bars if all snapshots are of one day,
    which is no curve yet, and a friendly card if there is none."""
    lines, left_out = drawn_lines(history)
    if not lines:
        return _empty(tr, history)
    days = _days(history)
    if len(days) == 1:
        return first_day(tr, history, days.pop())
    notes = list(_notes(tr, history, lines, left_out))
    legend_top = PLOT_TOP + PLOT_HEIGHT + 96
    notes_top = legend_top + len(lines) * _LEGEND_ROW + 20 * bool(notes)
    bottom = notes_top + len(notes) * _NOTE_ROW + PADDING // 2 + 8
    canvas = Canvas(typeface(), bottom + words.FOOTER)
    canvas.panel(MARGIN, bottom)
    _draw_title(canvas, tr)
    plot = Plot(canvas, PLOT_TOP, PLOT_HEIGHT, _window(history.today))
    if len(lines) == 1:
        plot.draw_area(lines[0].points, lines[0].ink)
    plot.draw_axes([(each, tr.short_day(each)) for each in plot.labelled_days()])
    for line in lines:
        plot.draw_line(line.points, line.ink, line.sign)
    plot.draw_values(
        [(line.points[-1][1], line.ink) for line in lines if line.points[-1][0] == history.today]
    )
    _draw_legend(canvas, tr, lines, history.today, legend_top)
    for number, note in enumerate(notes):
        line_of_note = canvas.face.fit(note, SMALL, RIGHT - LEFT)
        canvas.text((LEFT, notes_top + number * _NOTE_ROW + 44), line_of_note, SMALL, QUIET)
    words.draw_footer(canvas, tr, history.student, history.today)
    return canvas.png()


def drawn_lines(history: HistoryCard) -> tuple[list[Drawn], int]:
    """The courses in the chart, in their own order, and how many more have points. If not all fit,
    those that changed most stay."""
    start = _window(history.today)[0]
    found = []
    for course in history.courses:
        known = {
            moment: min(max(value, 0.0), 100.0)
            for moment, value in course.points
            if start <= moment <= history.today
        }
        if known:
            found.append((course, sorted(known.items())))
    most = sorted(range(len(found)), key=lambda n: -abs(found[n][1][-1][1] - found[n][1][0][1]))
    kept = [found[number] for number in sorted(most[:MOST_LINES])]
    face = typeface()
    lines = [
        Drawn(words.named(face, course.name), points, LINES[number], number)
        for number, (course, points) in enumerate(kept)
    ]
    return lines, len(found) - len(kept)


def _days(history: HistoryCard) -> set[date]:
    """The recorded days of the window."""
    start = _window(history.today)[0]
    moments = (moment for course in history.courses for moment, _ in course.points)
    return {moment for moment in moments if start <= moment <= history.today}


def _window(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _draw_title(canvas: Canvas, tr: Translator) -> None:
    title = canvas.face.fit(tr("The last {n} days", n=DAYS), TITLE, RIGHT - LEFT)
    canvas.text((LEFT, MARGIN + PADDING + TITLE_LINE - 16), title, TITLE, DARK, weight=0.8)


def _notes(
    tr: Translator, history: HistoryCard, lines: Sequence[Drawn], left_out: int
) -> Iterator[str]:
    """What the chart leaves out, and why."""
    if left_out:
        yield tr.plural("{n} more course is not drawn", "{n} more courses are not drawn", left_out)
    if any(len(runs(line.points)) > 1 for line in lines):
        yield tr("Dotted: no record of those days")
    if history.kept_since is not None and history.kept_since > _window(history.today)[0]:
        yield tr("Recorded since {day}", day=tr.short_day(history.kept_since))


def _draw_legend(
    canvas: Canvas, tr: Translator, lines: Sequence[Drawn], today: date, top: int
) -> None:
    """Draw for each line its marker and name, its change and its percent."""
    left, right = LEFT + 58, float(RIGHT)
    bases = [top + number * _LEGEND_ROW + 48 for number in range(len(lines))]
    for line, base in zip(lines, bases, strict=True):
        draw_sign(canvas, line.sign, (LEFT + 18, base - 14), line.ink)
        moment, value = line.points[-1]
        shown = percent(value)
        if moment != today:
            shown = tr("{percent} on {day}", percent=shown, day=tr.short_day(moment))
        right = min(right, words.draw_value(canvas, base, shown, line.moved, QUIET))
    names = canvas.face.fit_all([line.name for line in lines], SMALL, right - left - 28)
    for name, base in zip(names, bases, strict=True):
        canvas.text((left, base), name, SMALL, DARK)


def _empty(tr: Translator, history: HistoryCard) -> bytes:
    """The card shown before the first snapshot."""
    face = typeface()
    if history.kept_since is None:
        why = tr("Your progress is recorded once a day. The chart begins with the first record.")
    else:
        since = tr.short_day(history.kept_since)
        why = tr(
            "Your progress is recorded once a day, since {day}. There is no record of these {n} "
            "days yet.",
            day=since,
            n=DAYS,
        )
    lines = face.lines(why, TEXT, RIGHT - LEFT, most=4)
    text_top = MARGIN + PADDING + TITLE_LINE + _EMPTY_PLOT + PADDING
    bottom = text_top + len(lines) * _NOTE_ROW + PADDING
    canvas = Canvas(face, bottom + words.FOOTER)
    canvas.panel(MARGIN, bottom)
    _draw_title(canvas, tr)
    middle = text_top - PADDING - _EMPTY_PLOT // 2
    for down in (middle - _EMPTY_PLOT // 3, middle + _EMPTY_PLOT // 3):
        canvas.line((LEFT, down), (RIGHT, down), GRID, 2)
    for across in range(LEFT + 70, RIGHT - 10, 28):
        canvas.shape(rounded(10, 10, 5), (across, middle - 5), faint(LINES[0]))
    draw_sign(canvas, 0, (LEFT + 24, middle), LINES[0])
    for number, line in enumerate(lines):
        canvas.text((LEFT, text_top + number * _NOTE_ROW + 44), line, TEXT, DARK)
    words.draw_footer(canvas, tr, history.student, history.today)
    return canvas.png()
