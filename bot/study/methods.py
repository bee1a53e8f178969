"""Defines the reports, and their timing, that complete each kind of cell after a view.

Only ``categoryName`` decides the kind, by substring: which of a view's numbers are non-zero does
not (``docs/platform.md``, section *Studying a cell*).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.study.pace import LAST_PAGE_AFTER, MAX_STEP, MIN_GAP, gap_for, gap_of, step_of
from bot.zjy.models import CellView, Report
from storage.enums import Pace


class CellKind(StrEnum):
    """The kinds of cells, as a student would name them."""

    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    PICTURE = "picture"
    ARCHIVE = "archive"
    LINK = "link"
    BY_HAND = "by_hand"
    UNSUPPORTED = "unsupported"

    @property
    def is_media(self) -> bool:
        return self in {CellKind.VIDEO, CellKind.AUDIO}

    @property
    def can_be_studied(self) -> bool:
        return self not in {CellKind.BY_HAND, CellKind.UNSUPPORTED}


_WORDS: tuple[tuple[CellKind, tuple[str, ...]], ...] = (
    # Kinds that must never be studied are matched first.
    (CellKind.BY_HAND, ("测验", "作业", "讨论", "考试", "测试")),
    (CellKind.VIDEO, ("视频",)),
    (CellKind.AUDIO, ("音频",)),
    (CellKind.DOCUMENT, ("文档", "文本", "ppt", "pdf", "office", "word", "excel", "课件", "幻灯")),
    (CellKind.PICTURE, ("图片",)),
    (CellKind.ARCHIVE, ("压缩包",)),
    (CellKind.LINK, ("链接", "swf", "其他", "其它", "图文")),
)


def kind_of(category: str) -> CellKind:
    """The kind that a ``categoryName`` contains, with any text around the word."""
    name = category.casefold()
    for kind, words in _WORDS:
        if any(word in name for word in words):
            return kind
    return CellKind.UNSUPPORTED


def kind_when_opened(listed: str, viewed: str) -> CellKind:
    """The kind of an opened cell. The view is more exact than the list (``pdf文档`` rather than
    ``文档``), but a cell that either of them names as the student's own work is not studied."""
    in_list, in_view = kind_of(listed), kind_of(viewed)
    if CellKind.BY_HAND in (in_list, in_view):
        return CellKind.BY_HAND
    return in_list if in_view is CellKind.UNSUPPORTED else in_view


@dataclass(frozen=True, slots=True)
class Step:
    """One report, with the waits before it is sent, in platform seconds."""

    report: Report
    gap: float
    """The least wait after the answer to the view and to the previous report."""
    after_view: float = 0.0
    """The least wait after the answer to the view."""


def steps(
    kind: CellKind, view: CellView, pace: Pace, *, halvings: int = 0, second_try: bool = False
) -> Iterator[Step]:
    """The reports that complete an opened cell from the position that the platform shows.

    After a refusal ``halvings`` shortens the steps of media, not the gap. The view alone completes
    a link; it gets a report only on a ``second_try``.
    """
    if kind.is_media:
        yield from _media(view, pace, halvings)
    elif kind is CellKind.DOCUMENT:
        yield from _document(view.pages)
    elif kind in {CellKind.PICTURE, CellKind.ARCHIVE} or (kind is CellKind.LINK and second_try):
        yield Step(Report(page=1), gap=MIN_GAP)


def _document(pages: int) -> Iterator[Step]:
    if pages > 1:
        yield Step(Report(page=1), gap=MIN_GAP)
    yield Step(Report(page=pages), gap=MIN_GAP, after_view=LAST_PAGE_AFTER)


def _media(view: CellView, pace: Pace, halvings: int) -> Iterator[Step]:
    position, length = max(view.position, Decimal(0)), view.length
    if length <= 0:
        # The length is unknown: one report of the current position is all that can be sent.
        yield Step(Report(position=position), gap=MIN_GAP)
        return
    if position >= length:
        # Stored beyond the end, or at the end and not counted: only a report of the exact end
        # counts.
        yield Step(Report(position=length), gap=MIN_GAP)
        return
    stride = min(step_of(pace) / 2**halvings, MAX_STEP)
    while position < length:
        advance = min(stride, length - position)
        position += advance
        gap = gap_of(pace) if halvings else gap_for(pace, advance)
        yield Step(Report(position=position), gap=gap)
