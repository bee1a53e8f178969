"""The lines of a digest about a course, a job or an account. All are HTML."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.chat.i18n import Translator
from bot.chat.labels import labels
from bot.chat.text_bars import gain
from bot.chat.views.preview import study_time
from bot.chat.views.words import (
    STATE_MARKS,
    at_school,
    cookie_locked,
    first_of,
    kinds_line,
    reached,
    state_word,
)
from bot.digest.report import (
    LEAST_GAIN,
    AccountPart,
    CourseLine,
    DigestReport,
    JobLine,
    Left,
    Missed,
    MissedDigest,
    Standing,
)
from bot.study.methods import CellKind
from bot.tracking.new_lessons import TaughtModule
from bot.zones import zone_of

NAME_WIDTH = 30
CELL_WIDTH = 26
CELLS_SHOWN = 4
BY_HAND_SHOWN = 3
DAYS_SHOWN = 5
JOBS_SHOWN = 5
LESSONS_SHOWN = 4


def gained(points: float | None) -> str:
    """``+3%``, ``+0.4%``, ``−2%``; empty if the gain is zero or unknown."""
    if points is None or abs(points) < LEAST_GAIN:
        return ""
    return f"{gain(points)}%"


def missed_lines(tr: Translator, missed: Sequence[MissedDigest]) -> Iterator[str]:
    """One line per reason, with its days."""
    for why in Missed:
        days = [each.local_date for each in missed if each.why is why]
        if days:
            yield _missed(tr, why, _days(tr, days))


def _missed(tr: Translator, why: Missed, days: str) -> str:
    match why:
        case Missed.DOWN:
            return tr.html(
                "⚠️ The digest of {days} did not come: I could not send it that day.", days=days
            )
        case Missed.LOST:
            return tr.html(
                "⚠️ The digest of {days} may not have come: Telegram gave no answer, or I was "
                "ended while I sent it.",
                days=days,
            )
        case Missed.BROKEN:
            return tr.html(
                "⚠️ The digest of {days} did not come: something broke on my side.", days=days
            )


def _days(tr: Translator, days: Sequence[date]) -> str:
    """The last days by name."""
    return first_of(tr, [tr.day(each) for each in days[-DAYS_SHOWN:]], len(days))


def standing_lines(tr: Translator, part: AccountPart, report: DigestReport) -> Iterator[str]:
    """The source of the numbers, if they were not just read from the platform."""
    if part.standing is Standing.READ:
        return
    known = part.as_of
    at = tr.clock_time(known, zone_of(report.zone), report.made_at) if known is not None else None
    yield _why_not_read(tr, part)
    if at is None:
        yield tr.html("Nothing was read before.")
    else:
        yield tr.html("Last known, as of {time}:", time=at)


def _why_not_read(tr: Translator, part: AccountPart) -> str:
    if part.standing is Standing.AWAY:
        return tr.html("🌧 The platform could not be reached.")
    if part.standing is Standing.REFUSED:
        return tr.html("🌧 The platform answered, but not with the progress.")
    if part.standing is Standing.LOCKED:
        return cookie_locked(tr)
    if part.asks_for_cookie:
        return tr.html(
            "🔑 The cookie has expired. Please log in at zjy2.icve.com.cn and send me the new "
            "cookie."
        )
    return tr.html("🔑 The cookie has expired.")


def course_lines(
    tr: Translator, course: CourseLine, name: str, report: DigestReport, *, in_full: bool
) -> Iterator[str]:
    """A course: percent and gain, and what is new; in full also what is left and what must be done
    by hand."""
    head = tr.html("📖 <b>{course}</b>", course=name)
    moved = gained(course.gained)
    head += f" {reached(tr, course.percent)}" + (f" <b>{moved}</b>" if moved else "")
    head += _read_on(tr, course.percent_at, report)
    if course.cell_count and course.studied_count is not None:
        cells = tr.html("{n}/{m} items", n=course.studied_count, m=course.cell_count)
        head += f" · {cells}"
    yield head
    if course.is_new:
        yield tr.html("🆕 New course")
    yield from new_lines(tr, _taught(course), course.unnamed)
    if not in_full:
        return
    if not course.is_complete:
        yield from _left_lines(tr, course.left, report)
    if course.left.by_hand:
        names = _names(tr, course.left.by_hand, BY_HAND_SHOWN)
        yield tr.html("✍️ For you to do yourself: {names}", names=names)


def _taught(course: CourseLine) -> list[TaughtModule]:
    return [
        TaughtModule(each.module_id, each.module_name, each.is_new, [c.name for c in each.cells])
        for each in course.news
    ]


def new_lines(tr: Translator, news: Sequence[TaughtModule], unnamed: int) -> Iterator[str]:
    """The published lessons, by name."""
    modules = labels([each.name for each in news], NAME_WIDTH)
    for each, module in zip(news[:LESSONS_SHOWN], modules, strict=False):
        names = _names(tr, each.cells, CELLS_SHOWN)
        if not each.cells:
            yield tr.html("🆕 New module: <b>{module}</b>", module=module)
        elif each.is_new:
            yield tr.html("🆕 New module: <b>{module}</b>: {names}", module=module, names=names)
        else:
            yield tr.html("🆕 New in {module}: {names}", module=module, names=names)
    if len(news) > LESSONS_SHOWN:
        rest = len(news) - LESSONS_SHOWN
        yield tr.plural("🆕 … and in {n} more module", "🆕 … and in {n} more modules", rest)
    if unnamed:
        yield tr.plural(
            "🆕 {n} more new item, in a module I have not checked yet",
            "🆕 {n} more new items, in modules I have not checked yet",
            unnamed,
        )


def _left_lines(tr: Translator, left: Left, report: DigestReport) -> Iterator[str]:
    kinds = list(left.by_kind)
    if left.unsupported:
        kinds.append((CellKind.UNSUPPORTED, left.unsupported))
    if kinds:
        line = "⏳ " + tr.html("Left: ") + kinds_line(tr, kinds)
        yield line + _read_on(tr, left.as_of, report)
    if left.to_study and left.estimate is not None:
        yield "⏱ " + study_time(tr, left.estimate, report.pace)
    if left.unread_modules:
        yield "📂 " + tr.plural(
            "{n} unfinished module not read yet",
            "{n} unfinished modules not read yet",
            left.unread_modules,
        )


def _read_on(tr: Translator, moment: datetime | None, report: DigestReport) -> str:
    """The day of numbers that are older than the report's own; else empty."""
    if moment is None or date_in(report, moment) == report.local_date:
        return ""
    return tr.html(" (read on {day})", day=tr.day(date_in(report, moment)))


def date_in(report: DigestReport, moment: datetime) -> date:
    """The local date of a moment, in the zone of the report's chat."""
    return moment.astimezone(zone_of(report.zone)).date()


def job_lines(tr: Translator, jobs: Sequence[JobLine], report: DigestReport) -> Iterator[str]:
    """The jobs that have not ended, then those that have."""
    ordered = sorted(jobs, key=lambda job: job.state.is_ended)
    courses = list(dict.fromkeys(job.course_name for job in ordered))
    names = dict(zip(courses, labels(courses, NAME_WIDTH), strict=True))
    for job in ordered[:JOBS_SHOWN]:
        line = f"{STATE_MARKS[job.state]} " + tr.html(
            "Job {course}: {state}, {n} of {m}",
            course=names[job.course_name],
            state=state_word(tr, job.state),
            n=job.counts.done,
            m=job.counts.total,
        )
        if job.resume_at is not None and not job.state.is_ended:
            at = tr.clock_time(job.resume_at, zone_of(report.zone), report.made_at)
            line += tr.html(", continues at {time}", time=at)
        yield line
    if len(ordered) > JOBS_SHOWN:
        yield tr.plural("… and {n} more job", "… and {n} more jobs", len(ordered) - JOBS_SHOWN)


def school_line(tr: Translator, part: AccountPart) -> str | None:
    """The pending school items; None if there are none."""
    homework = _risen(part.homework, part.more_homework)
    exams = _risen(part.exams, part.more_exams)
    return next(iter(at_school(tr, homework, exams, part.unread)), None)


def _risen(count: int, more: int) -> str:
    return f"{count} (+{more})" if more else f"{count}"


def _names(tr: Translator, names: Sequence[str], most: int) -> str:
    return first_of(tr, labels(names, CELL_WIDTH)[:most], len(names))
