"""Selects the picture of a digest: the course that changed most, else all courses together."""

from datetime import date

from bot.chat.cards.content import CourseCard, ModuleBar
from bot.chat.digest_words import date_in
from bot.chat.i18n import Translator
from bot.digest.report import LEAST_GAIN, AccountPart, CourseLine, DigestReport, Standing


def card_of(tr: Translator, report: DigestReport) -> CourseCard | None:
    """The card of the report; None if it has no course to draw."""
    there = [(part, course) for part in report.accounts for course in part.courses]
    if not there:
        return None
    part, course = max(there, key=lambda each: each[1].gained or 0.0)
    if (course.gained or 0.0) >= LEAST_GAIN or len(part.courses) == 1:
        return _of_course(report, part, course)
    return _of_all(tr, report, part)


def _of_course(report: DigestReport, part: AccountPart, course: CourseLine) -> CourseCard:
    return CourseCard(
        course=course.name,
        percent=course.percent,
        gained=course.gained or 0.0,
        cells_done=course.studied_count,
        cells_total=course.cell_count,
        modules=[
            ModuleBar(module.name, module.percent, module.gained or 0.0)
            for module in course.modules
        ],
        student=part.name,
        today=_day_of(report, part),
        since=_since(report) if course.gained is not None and _is_read(part) else None,
        done_by=course.done_by,
    )


def _of_all(tr: Translator, report: DigestReport, part: AccountPart) -> CourseCard:
    """A card with a bar per course. The ring is the share of finished cells if all counts are
    known, else the mean of the known percents."""
    courses = part.courses
    done = [each.studied_count for each in courses if each.studied_count is not None]
    total = [each.cell_count for each in courses if each.cell_count is not None]
    counted = len(done) == len(total) == len(courses) and sum(total) > 0
    known = [each.percent for each in courses if each.percent is not None]
    mean = sum(known) / len(known) if known else None
    return CourseCard(
        course=tr("All courses"),
        percent=100 * sum(done) / sum(total) if counted else mean,
        gained=0.0,
        cells_done=sum(done) if counted else None,
        cells_total=sum(total) if counted else None,
        modules=[
            ModuleBar(each.name, each.percent, each.gained or 0.0, each.done_by) for each in courses
        ],
        of_courses=True,
        student=part.name,
        today=_day_of(report, part),
    )


def _is_read(part: AccountPart) -> bool:
    return part.standing is Standing.READ


def _day_of(report: DigestReport, part: AccountPart) -> date:
    """The local date of the numbers."""
    if _is_read(part) or part.as_of is None:
        return report.local_date
    return date_in(report, part.as_of)


def _since(report: DigestReport) -> date | None:
    return None if report.since is None else date_in(report, report.since)
