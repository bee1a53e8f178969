"""The rows of a picture: a name, its percent and its bar."""

from collections.abc import Sequence

from bot.chat.cards import words
from bot.chat.cards.canvas import LEFT, PADDING, RIGHT, SMALL, Canvas, Part
from bot.chat.cards.content import ModuleBar
from bot.chat.cards.palette import COMPLETE, DARK, DONE, GAIN, GAIN_TEXT, QUIET, TRACK
from bot.chat.i18n import Translator
from bot.chat.text_bars import percent
from bot.digest.report import LEAST_GAIN

MOST_ROWS = 11
"""The most rows of a picture: phones scale a taller picture down."""
BAR_HEIGHT = 24
_BAR_DOWN = 60
_ROW = 96
_MORE_ROW = 64
_TOP = PADDING // 2 + 4
_APART = 28
_TICK = "✓ "


def shown(bars: Sequence[ModuleBar]) -> list[ModuleBar]:
    """All bars if they fit; else those that changed, then the unfinished ones, then the rest."""
    if len(bars) <= MOST_ROWS:
        return list(bars)
    by_interest = sorted(range(len(bars)), key=lambda number: _rank(bars[number]))
    return [bars[number] for number in sorted(by_interest[: MOST_ROWS - 1])]


def unfinished_first(bars: Sequence[ModuleBar]) -> list[ModuleBar]:
    """The bars in their order, the complete ones after the others."""
    return sorted(bars, key=lambda bar: is_complete(bar.percent))


def is_complete(value: float | None) -> bool:
    return value is not None and value >= 100


def parts_of(now: float, gained: float) -> list[Part]:
    """The earlier percent and the present one, as shares."""
    after = min(max(now / 100, 0.0), 1.0)
    ink = COMPLETE if is_complete(now) else DONE
    if gained < LEAST_GAIN:
        return [(after, ink)]
    return [(min(max((now - gained) / 100, 0.0), after), ink), (after, GAIN)]


def _rank(bar: ModuleBar) -> tuple[bool, bool]:
    return bar.gained < LEAST_GAIN, is_complete(bar.percent)


def height(bars: Sequence[ModuleBar], left_out: int) -> int:
    """The pixels that the rows take in a panel, with a line about ``left_out`` more."""
    return len(bars) * _ROW + bool(left_out) * _MORE_ROW + PADDING


def draw_rows(
    canvas: Canvas, tr: Translator, bars: Sequence[ModuleBar], more: str, top: int
) -> None:
    """Draw the bars of a panel that begins at ``top``, and the line ``more`` below them."""
    top += _TOP
    bases = [top + number * _ROW + 44 for number in range(len(bars))]
    widest = f"{_TICK}100%" if any(is_complete(bar.percent) for bar in bars) else "100%"
    ends = [
        _draw_values(canvas, tr, bar, base, widest) for bar, base in zip(bars, bases, strict=True)
    ]
    named = [words.named(canvas.face, bar.name) for bar in bars]
    names = canvas.face.fit_all(named, SMALL, min(ends, default=RIGHT) - LEFT - _APART)
    for bar, name, base in zip(bars, names, bases, strict=True):
        canvas.text((LEFT, base), name, SMALL, DARK)
        if bar.percent is not None:
            box = (LEFT, base - 44 + _BAR_DOWN, RIGHT - LEFT, BAR_HEIGHT)
            canvas.bar(box, TRACK, parts_of(bar.percent, bar.gained))
    if more:
        canvas.text((LEFT, top + len(bars) * _ROW + 52), more, SMALL, QUIET)


def _draw_values(canvas: Canvas, tr: Translator, bar: ModuleBar, base: int, widest: str) -> float:
    """Draw what stands at the right end of a row. Returns where its name must end, in pixels."""
    value, ink = percent(bar.percent), DARK
    if is_complete(bar.percent):
        value, ink = f"{_TICK}{value}", COMPLETE
    right = words.draw_value(
        canvas, base, value, bar.gained, GAIN_TEXT, value_ink=ink, widest=widest
    )
    if bar.done_by is not None:
        end = tr("done ~{day}", day=tr.short_day(bar.done_by))
        canvas.text((right - _APART, base), end, SMALL, QUIET, anchor="rs")
        right -= _APART + canvas.face.width(end, SMALL)
    return right
