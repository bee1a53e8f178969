"""The digest, its one line without news, and the notice of new lessons."""

from collections.abc import Iterator, Sequence

from telegram import InlineKeyboardButton

from bot.chat import digest_words as words
from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, fitting, folding, keyboard
from bot.chat.labels import cut, labels
from bot.chat.text_bars import percent
from bot.chat.views.home import login_row
from bot.chat.views.words import reached
from bot.digest.report import LEAST_GAIN, AccountPart, CourseLine, DigestReport, Standing
from bot.naming import told_apart
from bot.outbox.screen import Screen
from bot.tracking.new_lessons import NewLessonsNotice

COURSES_SHOWN = 6
"""The most courses of one account; with several accounts each shows fewer: a phone shows some
twenty lines at once."""
COURSES_SHOWN_OF_SEVERAL = 3
IN_FULL = 3
"""Courses of an account that list what is left; the others show only their percent."""
ACCOUNTS_WITH_BUTTONS = 4
ACCOUNTS_WITH_COURSES = 2
"""With more accounts, the buttons that open a course would fill the screen."""
ON_ONE_LINE = 3
LABEL_WIDTH = 16
LINE_WIDTH = 24
COURSE_WIDTH = 40


def digest(tr: Translator, report: DigestReport) -> Screen:
    """The whole report, the courses that changed first."""
    lines = [_title(tr, report), *words.missed_lines(tr, report.missed)]
    most = COURSES_SHOWN if len(report.accounts) == 1 else COURSES_SHOWN_OF_SEVERAL
    for part in report.accounts:
        lines.append("")
        if len(report.accounts) > 1:
            lines.append(tr.html("👤 <b>{name}</b>", name=part.name))
        lines += _account_lines(tr, part, report, most)
    return Screen(folding(lines), keyboard(*_account_rows(tr, report), _last_row(tr)))


def headline(tr: Translator, report: DigestReport) -> Screen:
    """The caption of the picture if the digest itself is too long for a caption."""
    courses = _by_interest([each for part in report.accounts for each in part.courses])
    line = _title(tr, report)
    if courses:
        top = courses[0]
        moved = words.gained(top.gained)
        line += " · " + tr.html(
            "{course} {percent}",
            course=_course_names(report, words.NAME_WIDTH)[top.course_id],
            percent=f"{reached(tr, top.percent)} {moved}".rstrip(),
        )
    return Screen(line)


def no_news(tr: Translator, report: DigestReport) -> Screen:
    """The digest without news, as one line."""
    courses = _by_interest([each for part in report.accounts for each in part.courses])
    line = _title(tr, report) + " · " + tr.html("nothing new")
    names = _course_names(report, LINE_WIDTH)
    standing = [
        tr.html("{course} {percent}", course=names[each.course_id], percent=percent(each.percent))
        for each in courses[:ON_ONE_LINE]
        if each.percent is not None and not each.is_complete
    ]
    if standing:
        line += tr.html(": ") + tr(", ").join(standing)
    rows = _account_rows(tr, report)
    return Screen(line, keyboard(*rows, _last_row(tr)))


def new_lessons(
    tr: Translator, course: str, news: NewLessonsNotice, notice_id: int, *, can_study: bool = True
) -> Screen:
    """The notice of newly published lessons of a course. Its Start button, where they can be
    studied, first shows the preview."""
    name = cut(course, COURSE_WIDTH)
    lines = [
        tr.html("🆕 New course: <b>{course}</b>", course=name)
        if news.is_new
        else tr.html("🆕 <b>{course}</b> has new lessons", course=name)
    ]
    lines += words.new_lines(tr, news.modules, news.unnamed)
    rows: list[Row] = []
    if news.modules and can_study:
        rows.append([button(tr("Start"), Action.START_NEW, notice_id)])
    rows.append(
        [
            button(tr("📖 Open the course"), Action.OTHER_MODULE, news.course_id),
            button(tr("🕘 Set the time"), Action.OTHER_DIGEST),
        ]
    )
    return Screen(fitting(lines), keyboard(*rows))


def _title(tr: Translator, report: DigestReport) -> str:
    return tr.html("📊 <b>Digest</b> · {day}", day=tr.day(report.local_date))


def _account_lines(
    tr: Translator, part: AccountPart, report: DigestReport, most: int
) -> Iterator[str]:
    standing = list(words.standing_lines(tr, part, report))
    yield from standing
    courses = _by_interest(part.courses)
    if not courses and part.standing is Standing.READ:
        yield tr.html("📭 The platform lists no courses for you yet.")
    told = [each for each in courses if not each.is_complete or _moved(each) or each.left.by_hand]
    shown = told[:most]
    names = labels([each.name for each in courses], words.NAME_WIDTH)
    name_of = {each.course_id: name for each, name in zip(courses, names, strict=True)}
    for number, course in enumerate(shown):
        if 0 < number <= IN_FULL or (standing and number == 0):
            yield ""
        name = name_of[course.course_id]
        yield from words.course_lines(tr, course, name, report, in_full=number < IN_FULL)
    last = [*_rest_lines(tr, courses, told, shown), *words.job_lines(tr, part.jobs, report)]
    school = words.school_line(tr, part)
    if school is not None:
        last.append(school)
    if last and shown:
        yield ""
    yield from last


def _rest_lines(
    tr: Translator,
    courses: Sequence[CourseLine],
    told: Sequence[CourseLine],
    shown: Sequence[CourseLine],
) -> Iterator[str]:
    """The number of courses beyond those that are named."""
    if rest := len(told) - len(shown):
        yield tr.plural("… and {n} more course", "… and {n} more courses", rest)
    if finished := len(courses) - len(told):
        yield tr.plural("✅ {n} course at 100%", "✅ {n} courses at 100%", finished)


def _by_interest(courses: Sequence[CourseLine]) -> list[CourseLine]:
    """Courses with new lessons or changes first, then the unfinished ones of this term."""
    return sorted(
        courses,
        key=lambda each: (
            not _moved(each),
            not each.has_news,
            -abs(each.gained or 0.0),
            each.is_complete,
            not each.is_current,
        ),
    )


def _course_names(report: DigestReport, width: float) -> dict[int, str]:
    """Names by the course's row, each unlike those of all accounts."""
    there = [(part.name, each) for part in report.accounts for each in part.courses]
    names = told_apart([each.name for _, each in there], [[student] for student, _ in there])
    ids = [each.course_id for _, each in there]
    return dict(zip(ids, labels(names, width), strict=True))


def _moved(course: CourseLine) -> bool:
    return course.has_news or abs(course.gained or 0.0) >= LEAST_GAIN


def _account_rows(tr: Translator, report: DigestReport) -> Iterator[Row]:
    """The buttons for each account. With several accounts, the name is on the button."""
    parts = report.accounts[:ACCOUNTS_WITH_BUTTONS]
    students = labels([part.name for part in parts], LABEL_WIDTH)
    for part, student in zip(parts, students, strict=True):
        row: list[InlineKeyboardButton] = []
        todo = [each for each in _by_interest(part.courses) if not each.is_complete]
        several = len(report.accounts) > 1
        if todo and part.can_study:
            label = tr("🎓 Study the rest")
            if several:
                label += f" · {student}"
            row.append(button(label, Action.OTHER_ALL_COURSES, part.account_id))
        if row and several:
            yield row
            row = []
        if todo and len(parts) <= ACCOUNTS_WITH_COURSES:
            names = labels([each.name for each in part.courses], LABEL_WIDTH)
            name = names[list(part.courses).index(todo[0])]
            label = f"📖 {name}" if name else tr("📖 Open the course")
            if several:
                label += f" · {student}"
            row.append(button(label, Action.OTHER_MODULE, todo[0].course_id))
        yield row
    if any(part.standing is Standing.EXPIRED for part in report.accounts):
        yield login_row(tr)


def _last_row(tr: Translator) -> Row:
    return [
        button(tr("📈 30 days"), Action.PROGRESS),
        button(tr("🕘 Set the time"), Action.OTHER_DIGEST),
    ]
