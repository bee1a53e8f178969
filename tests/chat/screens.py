"""Every screen that the bot has, in all its forms, made of any names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.chat.callbacks import Action
from bot.chat.i18n import Voice
from bot.chat.screen import Screen
from bot.chat.views import account, courses, home, job, summary
from bot.jobs.drafts import Plan
from bot.jobs.records import Item, Job
from bot.jobs.states import JobState, Reason, Wanted
from bot.study.estimate import Estimate
from bot.study.methods import Kind
from bot.study.outcome import Outcome
from bot.study.outline import PlannedCell
from bot.study.pace import Pace
from bot.study.progress import Counts, CurrentCell, Snapshot
from bot.zjy.cookies import NotACookieReason
from bot.zjy.models import CourseRef
from storage.courses import Course, Module

LARGEST = 2**63 - 1
NOW = datetime(2021, 3, 1, 7, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
NASTY_NAMES = {
    "plain": "第一章 网络基础",
    "markup": '<b>&"</b>&amp;{n}{name}%s</code>',
    "emoji": "👩\u200d👧👍🏽🇨🇳" * 4,
    "long": "很长的名字" * 60,
    "escapes": "<&" * 150,
    "rtl": "مرحبا \u202e abc",
    "lines": "a\r\nb\u2028c\td",
    "empty": "",
}

_WISHED_IN = {"between two cells", "in a video"}

Shows = Callable[..., object]


@dataclass(frozen=True)
class Shown:
    """A screen, the view that made it, and whether it is a job's final message."""

    view: Shows
    form: str
    screen: Screen
    is_final: bool = False

    def __str__(self) -> str:
        return f"{getattr(self.view, '__name__', '?')}: {self.form}"


def a_job(name: str, state: JobState = JobState.RUNNING, **changes: object) -> Job:
    made = Job(
        id=LARGEST,
        chat_id=LARGEST,
        account_id=1,
        stu_id="s",
        course_id=LARGEST,
        course=CourseRef("o", "c"),
        course_name=name,
        pace=Pace.FAST,
        state=state,
        reason=None,
        wanted=None,
        message_id=5,
        resume_at=NOW + timedelta(days=2) if state is JobState.WAITING else None,
        outline_at=None,
        troubles=0,
        restarts=1,
        barred_until=None,
        created_at=NOW,
        started_at=NOW,
        finished_at=NOW + timedelta(hours=3) if state.is_ended else None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_cell(number: int, name: str, category: str = "视频") -> PlannedCell:
    return PlannedCell("m", name, f"t{number % 7}", name, f"c{number}", name, category, 52.39)


def items(name: str, *outcomes: Outcome | None, msg: str | None = None) -> list[Item]:
    return [
        Item(a_cell(number, name, name), outcome, None if msg is None else "-1", msg)
        for number, outcome in enumerate(outcomes)
    ]


def a_course(name: str, percent: float = 99.99, number: int = LARGEST) -> Course:
    return Course(
        course_open_id="o",
        open_class_id="c",
        name=name,
        teacher=name,
        term=name,
        percent=percent,
        score=0,
        id=number,
        account_id=1,
        cell_count=None,
        studied_count=None,
        listed=True,
        seen_at=NOW,
    )


def modules(name: str, count: int) -> list[Module]:
    return [
        Module(f"m{number}", name, 100.0 if number % 3 == 0 else 12.5, LARGEST - number, 1)
        for number in range(count)
    ]


def plans(name: str) -> Iterator[tuple[str, Plan]]:
    full = Plan(
        course_name=name,
        modules=[name] * 20,
        by_kind=[(kind, 1234) for kind in Kind if kind.can_be_studied],
        complete=7,
        finished_modules=0,
        by_hand=[name] * 50,
        unsupported=[name] * 50,
        estimate=Estimate(86_400.0, 3),
        pace=Pace.DOUBLE,
    )
    nothing = replace(full, by_kind=[], by_hand=[], unsupported=[], complete=0)
    yield "all of it", full
    yield "lengths known", replace(full, estimate=Estimate(1200.0, 0), complete=0)
    yield "finished", replace(nothing, complete=4)
    yield "by hand alone", replace(nothing, by_hand=[name])
    yield "nothing", nothing
    yield "no modules", replace(full, modules=[])


def snapshots(name: str) -> Iterator[tuple[str, Snapshot]]:
    cells = [a_cell(number, name) for number in range(60)]
    some = Snapshot(tuple(cells[50:]), Counts(total=60))
    counts = replace(some.counts, done=40, failed=5, skipped=5)
    some = replace(some, counts=counts, lengths={"another": Decimal(600)})
    here, length = Decimal("430.5"), Decimal("750.123456")
    yield "between two cells", some
    yield "no length known", replace(some, lengths={})
    for kind in Kind:
        current = CurrentCell(cells[55], kind, here, length)
        yield f"in a {kind.value}", replace(some, current=current)
    yield "reported", replace(some, reported=frozenset({"c55", "c56"}))
    yield "nothing left", replace(some, open_cells=())


def of_home(voice: Voice, name: str) -> Iterator[Shown]:
    yield Shown(home.welcome, "", home.welcome(voice))
    yield Shown(home.known, "", home.known(voice, name))
    yield Shown(home.help_screen, "", home.help_screen(voice))
    for known in (True, False):
        for view in (home.not_understood, home.old_button):
            yield Shown(view, f"logged in: {known}", view(voice, logged_in=known))
    yield Shown(home.not_allowed, "", home.not_allowed(voice, LARGEST))
    yield Shown(home.group_only_private, "", home.group_only_private(voice, "zjy_demo_bot"))
    yield Shown(home.failed, "", home.failed(voice, name or "r-1"))
    yield Shown(home.confirm_erase, "", home.confirm_erase(voice))
    yield Shown(home.erased, "", home.erased(voice))
    languages, paces = [("中文", True), ("English", False)], [("1×", False), ("2×", True)]
    yield Shown(home.settings, "", home.settings(voice, languages, paces))


def of_account(voice: Voice, name: str) -> Iterator[Shown]:
    lines = [
        account.AccountLine(LARGEST - n, name, name, n == 0, voice.duration(3600) if n else None)
        for n in range(120)
    ]
    yield Shown(account.ask_for_cookie, "", account.ask_for_cookie(voice))
    yield Shown(account.checking, "", account.checking(voice))
    yield Shown(account.delete_it_yourself, "", account.delete_it_yourself(voice))
    for reason in NotACookieReason:
        yield Shown(account.not_a_cookie, reason.name, account.not_a_cookie(voice, reason))
    for trouble in account.LoginTrouble:
        screen = account.login_failed(voice, trouble, name)
        yield Shown(account.login_failed, trouble.name, screen)
    for count in (0, 1, 120):
        form = f"{count} courses"
        greeting = account.welcome_student(
            voice, name, resumed=[name] * count, waiting=[(name, name)] * count
        )
        yield Shown(account.welcome_student, form, greeting)
        expired = account.session_expired(voice, name, [name] * count)
        yield Shown(account.session_expired, form, expired)
        form = f"{count} accounts"
        yield Shown(account.accounts, form, account.accounts(voice, lines[:count]))
        yield Shown(account.choose_logout, form, account.choose_logout(voice, lines[:count]))
    yield Shown(account.log_in_first, "", account.log_in_first(voice))
    yield Shown(account.logged_out, "", account.logged_out(voice, name))


def of_courses(voice: Voice, name: str) -> Iterator[Shown]:
    course = a_course(name)
    yield Shown(courses.loading, "", courses.loading(voice))
    for count, page in ((0, 0), (1, 0), (200, 0), (200, 12), (200, 24), (200, 99), (9, -1)):
        listed = [a_course(name, 12.5, LARGEST - n) for n in range(count)]
        form = f"page {page} of {count}"
        yield Shown(courses.course_list, form, courses.course_list(voice, name, listed, page))
        for ticked in (set(), {LARGEST}, {LARGEST - n for n in range(count)}):
            screen = courses.module_list(voice, course, modules(name, count), ticked, LARGEST, page)
            yield Shown(courses.module_list, f"{form}, {len(ticked)} ticked", screen)
    yield Shown(courses.no_modules, "", courses.no_modules(voice, course))
    for done, total in ((0, 0), (0, 140), (12, 140), (140, 140)):
        screen = courses.reading(voice, name, LARGEST, done, total)
        yield Shown(courses.reading, f"{done}/{total}", screen)
    for form, plan in plans(name):
        yield Shown(courses.preview, form, courses.preview(voice, plan, LARGEST))
    sentence = voice.html("The platform is away; next try at {time}", time=name)
    yield Shown(courses.read_failed, "", courses.read_failed(voice, sentence))


def progresses(voice: Voice, name: str) -> Iterator[Shown]:
    """The progress message in each state, asking or not, obeying a wish or not."""
    wishes = [(wanted, asking) for asking in (False, True) for wanted in (None, *Wanted)]
    rest = [state for state in JobState if not state.is_ended and state is not JobState.RUNNING]
    for form, snapshot in snapshots(name):
        states = [JobState.RUNNING, *rest] if form == "between two cells" else [JobState.RUNNING]
        for state in states:
            for wanted, asking in wishes if form in _WISHED_IN else wishes[:1]:
                made = a_job(name, state, wanted=wanted, reason=Reason.BARRED.value)
                what = job.Shown(made, snapshot, NOW, ZONE, 600.0, before=2, asking=asking)
                screen = job.progress(voice, what)
                yield Shown(job.progress, f"{form}, {state}, {wanted}, {asking}", screen)
    waiting = a_job(name, JobState.WAITING, reason=Reason.PLATFORM_AWAY.value, resume_at=None)
    what = job.Shown(waiting, snapshot, NOW, ZONE, 1.0)
    yield Shown(job.progress, "away, waiting, None, False", job.progress(voice, what))


def of_job(voice: Voice, name: str) -> Iterator[Shown]:
    yield from progresses(voice, name)
    ended = [state for state in JobState if state.is_ended]
    for state in ended:
        made = a_job(name, state)
        yield Shown(job.ended_line, state.value, job.ended_line(voice, made, 3, 9))
    for course_id in (None, LARGEST):
        made = a_job(name, JobState.CANCELLED, course_id=course_id)
        yield Shown(job.cancelled, f"course {course_id}", job.cancelled(voice, made, 3, 9))
    all_states = [a_job(name, state, id=n) for n, state in enumerate(JobState, 1)]
    for many in ([], [(each, 3, 9) for each in all_states]):
        yield Shown(job.job_list, f"{len(many)} jobs", job.job_list(voice, many))
    for action in (Action.PAUSE, Action.RESUME, Action.CANCEL):
        for count in (2, 120) if action is Action.CANCEL else (2,):
            several = [a_job(name, id=LARGEST - n) for n in range(count)]
            screen = job.which_job(voice, action, several)
            yield Shown(job.which_job, f"{action.name}, {count}", screen)
    yield Shown(job.confirm_cancel, "", job.confirm_cancel(voice, a_job(name)))
    yield Shown(job.no_job, "", job.no_job(voice))
    yield Shown(job.told, "", job.told(voice, a_job(name), voice("Paused")))


def of_summary(voice: Voice, name: str) -> Iterator[Shown]:
    forms: dict[str, tuple[Outcome, ...]] = {
        "no cells": (),
        "all done": (Outcome.DONE,) * 4,
        "one of each": tuple(Outcome),
        "many of each": tuple(Outcome) * 50,
    }
    for form, outcomes in forms.items():
        for state in (JobState.SUCCEEDED, JobState.PARTLY_FAILED, JobState.FAILED):
            for reason in (None, Reason.BARRED_AGAIN.value):
                made = a_job(name, state, reason=reason, course_id=LARGEST if reason else None)
                ended = items(name, *outcomes, msg=name if reason else None)
                screen = summary.summary(voice, made, ended, 600.0)
                what = f"{form}, {state}, {reason}"
                yield Shown(summary.summary, what, screen, is_final=True)
    for until in (None, NOW + timedelta(minutes=20)):
        barred = summary.barred(voice, name, 20, until, ZONE, NOW)
        yield Shown(summary.barred, f"until {until}", barred)
    yield Shown(summary.platform_away, "", summary.platform_away(voice, name, 5))


def all_screens(voice: Voice, name: str) -> Iterator[Shown]:
    """Every form of every screen, made of one name wherever a name can stand."""
    for part in (of_home, of_account, of_courses, of_job, of_summary):
        yield from part(voice, name)
