"""The first screen of a student who is logged in: the courses, what waits, and the ways on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, keyboard
from bot.chat.labels import labels
from bot.chat.text_bars import percent_bar
from bot.chat.views.home import home_row, more_row
from bot.chat.views.job import course_labels
from bot.chat.views.jobs import job_line
from bot.chat.views.words import at_school, reached
from bot.chat.zones import Now
from bot.outbox.screen import Screen
from bot.study.progress import Counts
from storage.accounts import Account
from storage.courses import Course
from storage.enums import JobState
from storage.jobs import Job

COURSES_SHOWN = 4
JOBS_SHOWN = 3
NAME_WIDTH = 26
LABEL_WIDTH = 30
JOB_WIDTH = 20


class Reading(Enum):
    """Whether the courses are as the platform lists them."""

    DONE = "done"
    GOING_ON = "going on"
    """They are being read; the screen is replaced afterwards."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Hub:
    """``jobs`` are the first :data:`JOBS_SHOWN` unfinished ones of the chat with their counts,
    those that wait for a login before the others; ``more_jobs`` is the number of the rest.
    ``told_at`` is from when the percents are, if not of now."""

    account: Account
    courses: Sequence[Course]
    jobs: Sequence[tuple[Job, Counts]]
    more_jobs: int
    now: Now
    told_at: datetime | None = None
    reading: Reading = Reading.DONE

    @property
    def todo(self) -> list[Course]:
        return [course for course in self.courses if not course.is_complete]

    @property
    def needs_login(self) -> bool:
        waits = any(job.state is JobState.NEEDS_LOGIN for job, _ in self.jobs)
        return waits or not self.account.has_cookie


def hub(tr: Translator, shown: Hub) -> Screen:
    greeting = tr.html("👋 Hello, <b>{name}</b>!", name=shown.account.name)
    return Screen("\n".join([greeting, *hub_lines(tr, shown)]), hub_keyboard(tr, shown))


def hub_lines(tr: Translator, shown: Hub, *, with_jobs: bool = True) -> list[str]:
    """The lines below a greeting: at most eleven, or eight without the jobs."""
    waiting = _waiting_jobs(tr, shown) if with_jobs else []
    account = shown.account
    waiting += at_school(tr, f"{account.homework}", f"{account.exams}", account.unread)
    if not shown.account.has_cookie:
        waiting.append(_expired(tr, shown))
    parts = [part for part in (_course_lines(tr, shown), waiting) if part]
    return [line for part in parts for line in ("", *part)]


def hub_keyboard(tr: Translator, shown: Hub) -> InlineKeyboardMarkup:
    todo = shown.todo
    first: list[InlineKeyboardButton] = []
    has_rest = bool(todo) or not shown.courses
    if shown.account.can_study and shown.account.has_cookie and has_rest:
        first.append(rest_button(tr, Origin.HOME))
    if shown.needs_login:
        first.append(button(tr("🔑 Log in"), Action.LOGIN))
    names = labels([course.name for course in todo], LABEL_WIDTH)
    courses: list[Row] = [
        [open_button(tr, name, course.id)]
        for course, name in list(zip(todo, names, strict=True))[: _most_shown(todo)]
        if shown.account.has_cookie
    ]
    reports = [
        button(tr("📊 Daily digest"), Action.DIGEST),
        button(tr("📈 Progress"), Action.PROGRESS),
    ]
    return keyboard(*courses, first, home_row(tr), reports, more_row(tr))


def open_button(tr: Translator, name: str, course_id: int) -> InlineKeyboardButton:
    return button(f"📖 {name}" if name else tr("📖 Open the course"), Action.COURSE, course_id)


class Origin(IntEnum):
    """The screen from which the preview of all courses was reached; the values are stored in
    callback data."""

    HOME = 0
    COURSES = 1

    @classmethod
    def of(cls, number: int) -> "Origin":
        """The origin of callback data; home for a number that means none."""
        return cls(number) if number in [*cls] else cls.HOME


def rest_button(tr: Translator, origin: Origin) -> InlineKeyboardButton:
    """Leads to the preview of all that is left in all courses."""
    return button(tr("🎓 Study the rest"), Action.ALL_COURSES, origin)


def job_lines(tr: Translator, lines: Sequence[str], more: int = 0) -> list[str]:
    """At most :data:`JOBS_SHOWN` lines, each of a job; the last one says how many are left out.
    ``more`` jobs have no line."""
    more += len(lines)
    if more <= JOBS_SHOWN:
        return list(lines)
    left_out = more - JOBS_SHOWN + 1
    said = tr.plural("… and {n} more job", "… and {n} more jobs", left_out)
    return [*lines[: JOBS_SHOWN - 1], said]


def _most_shown(todo: Sequence[Course]) -> int:
    """How many courses are shown, so that those and a line about the others have their place."""
    return COURSES_SHOWN if len(todo) <= COURSES_SHOWN else COURSES_SHOWN - 1


def _course_lines(tr: Translator, shown: Hub) -> list[str]:
    if not shown.courses:
        return _no_courses(tr, shown)
    todo = shown.todo
    lines = [] if todo else [tr.html("✅ All your courses show 100%.")]
    most = _most_shown(todo)
    names = labels([course.name for course in todo], NAME_WIDTH)
    named = list(zip(todo, names, strict=True))[:most]
    lines += [_course_line(tr, course, name) for course, name in named]
    if len(todo) > most:
        left_out = len(todo) - most
        lines.append(tr.plural("… and {n} more course", "… and {n} more courses", left_out))
    as_of = _as_of(tr, shown)
    if as_of is not None and shown.account.has_cookie:
        lines.append(tr.html("🕰 The numbers are from {time}.", time=as_of))
    return lines


def _as_of(tr: Translator, shown: Hub) -> str | None:
    if shown.told_at is None:
        return None
    return shown.now.clock_time(tr, shown.told_at)


def _expired(tr: Translator, shown: Hub) -> str:
    as_of = _as_of(tr, shown)
    if as_of is None:
        return tr.html("🔑 The cookie has expired: please log in again.")
    return tr.html(
        "🔑 The cookie has expired: please log in again. The numbers are from {time}.", time=as_of
    )


def _no_courses(tr: Translator, shown: Hub) -> list[str]:
    if not shown.account.has_cookie:
        return []
    match shown.reading:
        case Reading.DONE:
            return [tr.html("📭 The platform lists no courses for you yet.")]
        case Reading.GOING_ON:
            return [tr.html("🔎 I am looking at your courses…")]
        case Reading.FAILED:
            return [
                tr.html("🌧 I could not read your courses just now. Press 📚 Courses to try again.")
            ]


def _course_line(tr: Translator, course: Course, name: str) -> str:
    percent = reached(tr, course.percent)
    return percent_bar(course.percent, 6) + tr.html(
        "{percent} {course}", percent=percent, course=name
    )


def _waiting_jobs(tr: Translator, shown: Hub) -> list[str]:
    names = course_labels([job for job, _ in shown.jobs], JOB_WIDTH)
    lines = [
        job_line(tr, job, counts, name)
        for (job, counts), name in zip(shown.jobs, names, strict=True)
    ]
    return job_lines(tr, lines, shown.more_jobs)
