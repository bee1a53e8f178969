"""What one report does to the open cell (docs/platform.md, section *Studying a cell*)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from demo.platform.progress import FULL, Progress, media_percent, pages_percent
from demo.platform.rules import (
    NO_SUCH_CELL,
    OK,
    OTHER_CELL_OPEN,
    REFUSED,
    STEP_REFUSED,
    Shape,
    StudyState,
    Verdict,
)
from demo.platform.school import Cell, Method, Place
from demo.platform.violations import ViolationKind

MIN_GAP = 5.0
STEP_LIMIT = 20.0
SAFE_STEP = 18.0
MAX_SPEED = 2.0
LAST_PAGE_WAIT = 10.0
SLACK = 1e-3
"""Platform seconds forgiven in every comparison: two clocks' rounding, far below any rule."""

ACCEPTED = Verdict(OK, "操作成功！")


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of one `stuProcessCellLog` request: seconds and pages."""

    token: str
    position: float
    page: int
    page_again: int
    log_id: str

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> "Report":
        """Read a request's form; raises ValueError where a number is none."""
        position = float(form.get("studyNewlyTime") or 0)
        if not math.isfinite(position):
            raise ValueError(position)
        return cls(
            token=form.get("token", ""),
            position=position,
            page=int(form.get("picNum") or 0),
            page_again=int(form.get("studyNewlyPicNum") or 0),
            log_id=form.get("cellLogId", ""),
        )


def apply_report(
    study: StudyState, place: Place, report: Report, now: float, *, count: bool
) -> Verdict:
    """Judge a report that arrived at `now` (platform seconds) and record what it achieves.

    `count` False accepts it by the same rules and records nothing.
    """
    cell = place.cell
    refusal = _refusal(study, place, report)
    if refusal is not None:
        return refusal
    progress = study.progress(cell.id)
    if progress.is_full and (progress.shown_full or study.finished_by == report.token):
        study.note(ViolationKind.ALREADY_DONE, f"report on {cell.id}, which is at 100")
    if progress.is_full:
        return ACCEPTED
    if cell.method is Method.MEDIA:
        return _media(study, cell, progress, report, now, count=count)
    if cell.method in (Method.PAGES, Method.ONE_PAGE) and report.page != report.page_again:
        return Verdict(REFUSED, "操作失败！")
    if count:
        progress.raise_to(_other_percent(study, cell, progress, report, now), now)
    return ACCEPTED


def _refusal(study: StudyState, place: Place, report: Report) -> Verdict | None:
    cell = place.cell
    if cell.is_folder:
        study.note(ViolationKind.FOLDER, f"report on folder {cell.id}")
        return NO_SUCH_CELL
    if cell.method is Method.BY_HAND:
        study.note(ViolationKind.BY_HAND, f"report on {cell.category} {cell.id}")
    if not report.token:
        study.note(ViolationKind.NO_TOKEN, f"report on {cell.id}")
        return Verdict(REFUSED, "参数错误！")
    if study.open_cell != cell.id:
        study.note(ViolationKind.WRONG_CELL, f"report on {cell.id}, open is {study.open_cell}")
        return Verdict(OTHER_CELL_OPEN, shape=Shape.OTHER_CELL)
    if report.token != study.token:
        study.note(ViolationKind.STALE_TOKEN, f"report on {cell.id}")
        return Verdict(REFUSED, "提交失败，请重新打开课件！")
    if report.log_id and report.log_id != study.log_id:
        return Verdict(REFUSED, "参数错误！")
    return None


def _media(
    study: StudyState, cell: Cell, progress: Progress, report: Report, now: float, *, count: bool
) -> Verdict:
    gap = now - max(study.viewed_at, study.reported_at)
    before = progress.position if study.accepted_at is None else study.accepted_at
    step = report.position - before if cell.length > 0 else 0.0
    seen = f"{step:.3f} s of {cell.id} after {gap:.3f} s"
    too_soon, too_large = gap < MIN_GAP - SLACK, step >= STEP_LIMIT
    if too_soon:
        study.note(ViolationKind.TOO_SOON, seen)
    if too_large:
        study.note(ViolationKind.STEP_TOO_LARGE, seen)
    if too_soon or too_large:
        study.strike(now)
        return Verdict(STEP_REFUSED, "操作失败！")
    if step > SAFE_STEP + SLACK:
        study.note(ViolationKind.STEP_OVER_18, seen)
    if step > MAX_SPEED * gap + SLACK:
        study.note(ViolationKind.TOO_FAST, seen)
    if report.position < 0:
        return Verdict(STEP_REFUSED, "操作失败！")
    if count:
        progress.position, study.accepted_at = report.position, None
        full = cell.length <= 0
        progress.raise_to(FULL if full else media_percent(report.position, cell.length), now)
    else:
        # A platform that counts nothing takes the next report as a player would send it.
        study.accepted_at = report.position
    return ACCEPTED


def _other_percent(
    study: StudyState, cell: Cell, progress: Progress, report: Report, now: float
) -> float:
    """What a page, or any report, is worth; a page that does not count is worth nothing."""
    if cell.method is Method.ONE_REPORT:
        return FULL
    if cell.method is Method.ONE_PAGE:
        return FULL if report.page == 1 else 0.0
    if cell.method is not Method.PAGES or report.page > cell.pages:
        return 0.0
    if report.page == cell.pages and now - study.viewed_at < LAST_PAGE_WAIT - SLACK:
        return 0.0
    progress.pages_read = max(progress.pages_read, report.page)
    return pages_percent(progress.pages_read, cell.pages)
