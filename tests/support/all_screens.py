"""Every screen that the bot has, in all its forms, made of any names."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

from bot.access.access import MOST_OPEN_INVITES
from bot.access.records import CameBy
from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Translator
from bot.chat.optional_notices import OptionalNotice
from bot.chat.phrases import Courtesy, Question
from bot.chat.views import (
    account,
    batches,
    courses,
    digest,
    digest_settings,
    full_list,
    home,
    hub,
    job,
    jobs,
    limits,
    login,
    owner_notices,
    preview,
    progress,
    settings,
    summary,
    token_login,
)
from bot.chat.views import invites as invite_views
from bot.chat.views import modules as contents
from bot.chat.views import people as people_views
from bot.chat.views.words import Deletion
from bot.chat.zones import Now, Region, all_zones
from bot.courses.plan import Plan
from bot.limits import Limit
from bot.outbox.screen import Screen
from bot.study.estimate import CurrentCell, Estimate
from bot.study.methods import CellKind
from bot.study.progress import Counts, Snapshot
from bot.zjy.cookies import NotACookieReason
from storage.accounts import Account
from storage.audit import AuditRow
from storage.cells import Cell
from storage.courses import Course, Module
from storage.enums import (
    AuditAction,
    JobReason,
    JobRequest,
    JobState,
    Origin,
    Outcome,
    OwnerCause,
    Pace,
    Platform,
)
from storage.invites import Invite
from storage.job_queue import Place
from storage.jobs import Job, JobEvent, JobItem
from storage.people import PersonRow, Usage
from tests.support import digest_reports

LARGEST = 2**63 - 1
MANY = 1_000_000
"""More invites than one bot ever makes."""
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

_REQUESTED_IN = {"between two cells", "in a video"}

Shows = Callable[..., object]


@dataclass(frozen=True)
class Shown:
    """A screen, the view that made it, and what kind of message it is."""

    view: Shows
    form: str
    screen: Screen
    is_final: bool = False
    is_caption: bool = False
    """Whether it stands below a picture or a file."""

    def __str__(self) -> str:
        return f"{getattr(self.view, '__name__', '?')}: {self.form}"


def a_job(name: str, state: JobState = JobState.RUNNING, **changes: object) -> Job:
    made = Job(
        id=LARGEST,
        chat_id=LARGEST,
        account_id=1,
        stu_id="s",
        course_id=LARGEST,
        course_open_id="o",
        open_class_id="c",
        course_name=name,
        pace=Pace.FAST,
        state=state,
        reason=None,
        requested=None,
        message_id=5,
        resume_at=NOW + timedelta(days=2) if state is JobState.WAITING else None,
        outline_at=None,
        troubles=0,
        restarts=1,
        barred_until=None,
        created_at=NOW,
        started_at=NOW,
        finished_at=NOW + timedelta(hours=3) if state.is_ended else None,
        percent_before=None,
        percent_after=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_cell(number: int, name: str, category: str = "视频") -> Cell:
    return Cell("m", name, f"t{number % 7}", name, f"c{number}", name, category, 52.39)


def items(name: str, *outcomes: Outcome | None, msg: str | None = None) -> list[JobItem]:
    return [
        JobItem(a_cell(number, name, name), outcome, None if msg is None else "-1", msg)
        for number, outcome in enumerate(outcomes)
    ]


def a_course(name: str, percent: float | None = 99.99, number: int = LARGEST) -> Course:
    return Course(
        course_open_id="o",
        open_class_id="c",
        name=name,
        teacher=name,
        term=name,
        percent=percent,
        score=0,
        current=True,
        id=number,
        account_id=1,
        cell_count=None,
        studied_count=None,
        listed=True,
        found_at=None,
        seen_at=NOW,
        percent_at=None if percent is None else NOW,
    )


def an_account(name: str, *, has_cookie: bool = True) -> Account:
    return Account(
        id=LARGEST,
        chat_id=LARGEST,
        stu_id="s",
        name=name,
        number=name,
        has_cookie=has_cookie,
        pasted_at=NOW,
        expires_at=NOW,
        expired_at=None,
        created_at=NOW,
        homework=70,
        exams=6,
        unread=0,
    )


def a_reader(name: str) -> Account:
    """An account of the site that is only read."""
    plain = an_account(name)
    return replace(plain, platform=Platform.SPOC, homework=0, exams=0, expires_at=None)


def modules(name: str, count: int) -> list[Module]:
    return [
        Module(f"m{number}", name, 100.0 if number % 3 == 0 else 12.5, LARGEST - number, 1)
        for number in range(count)
    ]


def plans(name: str) -> Iterator[tuple[str, Plan]]:
    full = Plan(
        course_name=name,
        modules=[name] * 20,
        by_kind=[(kind, 1234) for kind in CellKind if kind.can_be_studied],
        complete=7,
        finished_modules=0,
        by_hand=[name] * 50,
        unsupported=[name] * 50,
        estimate=Estimate(7_000.0, 86_400.0),
        pace=Pace.DOUBLE,
    )
    nothing = replace(full, by_kind=[], by_hand=[], unsupported=[], complete=0)
    yield "all of it", full
    yield "lengths known", replace(full, estimate=Estimate(1200.0, 1200.0), complete=0)
    yield "finished", replace(nothing, complete=4)
    yield "by hand alone", replace(nothing, by_hand=[name])
    yield "nothing", nothing
    yield "no modules", replace(full, modules=[])
    yield "a part planned", replace(full, planned=12)
    yield "all planned", replace(nothing, planned=12, complete=3)


def snapshots(name: str) -> Iterator[tuple[str, Snapshot]]:
    cells = [a_cell(number, name) for number in range(60)]
    some = Snapshot(tuple(cells[50:]), Counts(total=60))
    counts = replace(some.counts, done=40, failed=5, skipped=5)
    some = replace(some, counts=counts, lengths={"another": Decimal(600)})
    here, length = Decimal("430.5"), Decimal("750.123456")
    yield "between two cells", some
    yield "no length known", replace(some, lengths={})
    for kind in CellKind:
        current = CurrentCell(cells[55], kind, here, length)
        yield f"in a {kind.value}", replace(some, current=current)
    yield "reported", replace(some, reported=frozenset({"c55", "c56"}))
    yield "nothing left", replace(some, open_cells=())


def a_hub(name: str, kept: Sequence[Course], **changes: object) -> hub.Hub:
    now = Now(NOW, ZONE)
    made = hub.Hub(an_account(name), kept, jobs=[], more_jobs=0, now=now)
    return replace(made, **changes)  # type: ignore[arg-type]


def hubs(name: str) -> Iterator[tuple[str, hub.Hub]]:
    kept = [a_course(name, 12.5, LARGEST - n) for n in range(9)]
    expired = an_account(name, has_cookie=False)
    yield "old", a_hub(name, kept, told_at=NOW)
    for reading in hub.Reading:
        yield f"no courses, {reading.value}", a_hub(name, [], reading=reading)
    yield "expired", a_hub(name, [], account=expired)
    yield "only read", a_hub(name, kept, account=a_reader(name))
    nothing = replace(an_account(name), homework=0, exams=0, unread=0)
    yield "nothing at school", a_hub(name, kept[:4], account=nothing)
    counts = Counts(total=9, done=3, failed=2, skipped=1)
    unfinished = [state for state in JobState if not state.is_ended]
    for state in unfinished:
        waiting = [(a_job(name, state), counts)]
        yield f"a job {state.value}", a_hub(name, kept[:1], jobs=waiting)
    several = [(a_job(name, state, id=n), counts) for n, state in enumerate(unfinished[:3])]
    everything = a_hub(name, kept, account=expired, jobs=several, more_jobs=7, told_at=NOW)
    yield "everything, expired", everything


def of_replies(tr: Translator, _: str) -> Iterator[Shown]:
    for known, meaning in product((True, False), (*Courtesy, *Question)):
        answer = home.reply(tr, meaning, logged_in=known)
        yield Shown(home.reply, f"{meaning.name}, logged in: {known}", answer)


def of_home(tr: Translator, name: str) -> Iterator[Shown]:
    yield Shown(home.welcome, "", home.welcome(tr))
    for count in (0, 1, 200):
        for percent in (12.5, 100.0, None):
            kept = [a_course(name, percent, LARGEST - n) for n in range(count)]
            form = f"{count} courses at {percent}"
            yield Shown(hub.hub, form, hub.hub(tr, a_hub(name, kept)))
    for form, made in hubs(name):
        yield Shown(hub.hub, form, hub.hub(tr, made))
    for known in (True, False):
        for view in (home.help_screen, home.not_understood, home.old_button):
            yield Shown(view, f"logged in: {known}", view(tr, logged_in=known))
        way_back = Callback(Action.MODULES, (LARGEST,)) if known else None
        yield Shown(home.broken_off, f"way back: {known}", home.broken_off(tr, way_back))
        broken = home.failed(tr, name[:200] or "r-1", logged_in=known)
        yield Shown(home.failed, f"logged in: {known}", broken)
    for stored in (True, False):
        refused = home.not_allowed(tr, LARGEST, is_stored=stored)
        yield Shown(home.not_allowed, f"stored: {stored}", refused)
    for deletion in Deletion:
        posted = home.group_only_private(tr, "zjy_demo_bot", deletion)
        yield Shown(home.group_only_private, deletion.name, posted)
    yield Shown(home.confirm_erase, "", home.confirm_erase(tr))
    for known in (True, False):
        for begins in (True, False):
            erased = home.erased(tr, may_begin_again=begins, keeps_id=known)
            yield Shown(home.erased, f"begins again: {begins}, keeps the id: {known}", erased)
    yield Shown(
        home.help_screen, "of the owner", home.help_screen(tr, logged_in=True, is_owner=True)
    )


def members(name: str, count: int) -> list[people_views.Member]:
    ways = list(CameBy)
    return [
        people_views.Member(
            PersonRow(
                user_id=LARGEST - number,
                name=name,
                origin=Origin.INVITE,
                invite_id=LARGEST if number else None,
                since=NOW,
                removed_at=None,
            ),
            ways[number % len(ways)],
            is_owner=number == 0,
            is_removed=number % 5 == 4,
        )
        for number in range(count)
    ]


def of_people(tr: Translator, name: str) -> Iterator[Shown]:
    when = Now(NOW, ZONE)
    for count in (1, 8):
        shown = people_views.people(tr, members(name, count), 1, 20, 17, when)
        yield Shown(people_views.people, f"{count} people", shown)
    for each in members(name, 6):
        shown = people_views.member(tr, each, Usage(LARGEST, LARGEST, LARGEST), 2, when)
        yield Shown(people_views.member, f"{each.came_by.name} {each.is_removed}", shown)
    one = members(name, 2)[1]
    for view in (people_views.confirm_removal, people_views.removed):
        yield Shown(view, "", view(tr, one, 2))
    facts = {"seconds": 5400, "free_mb": LARGEST, "reference": name, "version": name, "schema": 11}
    for cause in OwnerCause:
        for known in (facts, {}):
            shown = owner_notices.notice(tr, cause, known)
            yield Shown(owner_notices.notice, f"{cause.value}, {len(known)} facts", shown)
    for limit in Limit:
        yield Shown(limits.reached, limit.value, limits.reached(tr, limit))
    for told in (
        people_views.you_are_removed,
        people_views.you_are_in,
        people_views.you_are_owner,
    ):
        yield Shown(told, "", told(tr))
    invite = Invite(MANY, "", 500, 499, NOW + timedelta(days=7), None)
    for count in (0, MOST_OPEN_INVITES):
        numbered = [replace(invite, id=MANY - number) for number in range(count)]
        shown = invite_views.invites(tr, numbered, 2**31, when)
        yield Shown(invite_views.invites, f"{count} invites", shown)
    link = f"https://t.me/{'b' * 32}?start={'x' * 26}"
    yield Shown(invite_views.invite_made, "", invite_views.invite_made(tr, invite, link, when))
    yield Shown(
        invite_views.too_many_invites, "", invite_views.too_many_invites(tr, MOST_OPEN_INVITES)
    )
    yield Shown(invite_views.bad_invite, "", invite_views.bad_invite(tr, 500, 90))
    rows = [
        AuditRow(NOW, action, user_id, detail, name)
        for user_id in (LARGEST, None)
        for action, detail in (
            *((each, str(LARGEST)) for each in AuditAction),
            *((AuditAction.LIMITED, limit) for limit in ("accounts", "jobs", "drafts", "logins")),
        )
    ]
    for found in ((), rows[:10], rows[10:20], rows[20:]):
        audit = people_views.audit(tr, found, 1, 50, when)
        yield Shown(people_views.audit, f"{len(found)} rows", audit)


def of_settings(tr: Translator, name: str) -> Iterator[Shown]:
    languages, paces = [("中文", True), ("English", False)], [("1×", False), ("2×", True)]
    for zone in ("Asia/Shanghai", "Asia/Kathmandu", "Etc/GMT+3"):
        here = Now(NOW, ZoneInfo(zone))
        main = settings.settings(tr, languages * 5, paces, here)
        yield Shown(settings.settings, zone, main)
        yield Shown(settings.regions, zone, settings.regions(tr, here))
        for region in Region:
            shown = settings.region(tr, region, here)
            yield Shown(settings.region, f"{region.name}, {zone}", shown)
        found = settings.found_zones(tr, name, all_zones()[:: len(all_zones()) // 7], here)
        yield Shown(settings.found_zones, zone, found)
        yield Shown(settings.no_such_zone, zone, settings.no_such_zone(tr, name, here))
    yield Shown(settings.type_a_city, "", settings.type_a_city(tr))
    for wanted in (True, False):
        choices = [(notice, wanted) for notice in OptionalNotice]
        yield Shown(settings.notices, f"{wanted}", settings.notices(tr, choices))


def of_digest(tr: Translator, name: str) -> Iterator[Shown]:
    for form, report in digest_reports.reports(name):
        yield Shown(digest.digest, form, digest.digest(tr, report))
        yield Shown(digest.headline, form, digest.headline(tr, report), is_caption=True)
        yield Shown(digest.no_news, form, digest.no_news(tr, report))
    for modules_, unnamed in ((0, 7), (1, 0), (2, 1), (40, 3)):
        form = f"{modules_} modules, {unnamed} unnamed"
        found = digest_reports.notice(name, modules_, unnamed)
        for can in (True, False):
            shown = digest.new_lessons(tr, name, found, LARGEST, can_study=can)
            yield Shown(digest.new_lessons, f"{form}, to study: {can}", shown)


def of_digest_settings(tr: Translator, name: str) -> Iterator[Shown]:
    here = Now(NOW, ZONE)
    for form, chosen in digest_reports.several_settings():
        is_due = chosen.is_on and chosen.has_account_since is not None
        next_at = digest_reports.MADE_AT + timedelta(days=1) if is_due else None
        shown = digest_settings.main(tr, chosen, next_at, here)
        yield Shown(digest_settings.main, form, shown)
        yield Shown(digest_settings.times, form, digest_settings.times(tr, chosen, here))
        for choices in (
            digest_settings.days,
            digest_settings.quiet,
            digest_settings.watch,
            digest_settings.start_hour,
        ):
            yield Shown(choices, form, choices(tr, chosen))
    wrong = digest_settings.no_such_time(tr, name)
    yield Shown(digest_settings.no_such_time, "", wrong)
    yield Shown(digest_settings.sending, "", digest_settings.sending(tr))


def of_progress(tr: Translator, name: str) -> Iterator[Shown]:
    me = an_account(name)
    others = [replace(me, id=LARGEST - n) for n in range(1, 40)]
    for count in (0, 1, 39):
        for as_of in (None, "11-14 09:05"):
            for is_away in (False, True):
                since = NOW.date()
                chart = progress.chart(tr, me, others[:count], since, as_of, is_away=is_away)
                form = f"{count} others, {as_of}, away {is_away}"
                yield Shown(progress.chart, form, chart, is_caption=True)
        nothing = progress.nothing_yet(tr, me, others[:count])
        yield Shown(progress.nothing_yet, f"{count} others", nothing)


def of_login_steps(tr: Translator, _: str) -> Iterator[Shown]:
    yield Shown(login.ask_for_cookie, "", login.ask_for_cookie(tr))
    yield Shown(token_login.ask_for_token, "", token_login.ask_for_token(tr))
    for caption in (login.where_cookie, token_login.where_token):
        yield Shown(caption, "", caption(tr), is_caption=True)


def of_account(tr: Translator, name: str) -> Iterator[Shown]:
    lines = [
        account.AccountLine(
            replace(an_account(name) if n % 3 else a_reader(name), id=LARGEST - n),
            n == 0,
            lives=account.Lives(tr.duration(3600), "21:30") if n % 2 else None,
            age=tr.duration(3600) if n else None,
        )
        for n in range(120)
    ]
    accounts = [line.account for line in lines]
    yield Shown(login.checking, "", login.checking(tr))
    for view in (login.checking_cut_off, login.still_checking, login.cookie_withdrawn):
        yield Shown(view, "", view(tr))
    for known in (True, False):
        alone = login.delete_it_yourself(tr, logged_in=known)
        yield Shown(login.delete_it_yourself, f"logged in: {known}", alone)
    for file, deletion in product(login.FileTrouble, Deletion):
        form = f"{file.name}, {deletion.name}"
        screen = login.file_without_cookie(tr, file, deletion)
        yield Shown(login.file_without_cookie, form, screen)
    for reason, deletion in product(NotACookieReason, Deletion):
        form = f"{reason.name}, {deletion.name}"
        screen = login.not_a_cookie(tr, reason, deletion)
        yield Shown(login.not_a_cookie, form, screen)
    for trouble in login.LoginTrouble:
        for said in ("", name):
            screen = login.login_failed(tr, trouble, said)
            yield Shown(login.login_failed, f"{trouble.name}, said: {bool(said)}", screen)
    newcomer = a_hub(name, [], reading=hub.Reading.GOING_ON)
    for form, made in hubs(name):
        greeting = login.welcome_student(tr, made, resumed=[], waiting=[])
        yield Shown(login.welcome_student, form, greeting)
    for count in (0, 1, 120):
        form = f"{count} courses"
        greeting = login.welcome_student(
            tr, newcomer, resumed=[name] * count, waiting=[(name, name)] * count
        )
        yield Shown(login.welcome_student, form, greeting)
        further = login.further_student(
            tr, name, in_use=name, resumed=[name] * count, can_study=count > 0
        )
        yield Shown(login.further_student, form, further)
        expired = login.session_expired(tr, name, [name] * count)
        yield Shown(login.session_expired, form, expired)
        form = f"{count} accounts"
        yield Shown(account.accounts, form, account.accounts(tr, lines[:count]))
        yield Shown(account.choose_logout, form, account.choose_logout(tr, accounts[:count]))
    soon = login.expiring(tr, name, name, "21:30")
    yield Shown(login.expiring, "", soon)
    yield Shown(login.log_in_first, "", login.log_in_first(tr))
    yield Shown(login.awaits_cookie, "", login.awaits_cookie(tr))
    yield Shown(account.confirm_logout, "", account.confirm_logout(tr, accounts[1]))
    for in_use in (None, name):
        gone = account.logged_out(tr, name, in_use=in_use)
        yield Shown(account.logged_out, f"logged in: {in_use is not None}", gone)


def of_courses(tr: Translator, name: str) -> Iterator[Shown]:
    course = a_course(name)
    yield Shown(courses.loading, "", courses.loading(tr))
    for count, page in ((0, 0), (1, 0), (200, 0), (200, 12), (200, 24), (200, 99), (9, -1)):
        listed = [a_course(name, 12.5, LARGEST - n) for n in range(count)]
        form = f"page {page} of {count}"
        yield Shown(
            courses.course_list, form, courses.course_list(tr, an_account(name), listed, page)
        )
        read_only = courses.course_list(tr, a_reader(name), listed, page)
        yield Shown(courses.course_list, f"only read, {form}", read_only)
        screen = courses.modules_to_read(tr, course, modules(name, count), LARGEST, page)
        yield Shown(courses.modules_to_read, form, screen)
        for ticked in (set(), {LARGEST}, {LARGEST - n for n in range(count)}):
            screen = courses.module_list(tr, course, modules(name, count), ticked, LARGEST, page)
            yield Shown(courses.module_list, f"{form}, {len(ticked)} ticked", screen)
        ended = [replace(each, percent=100.0) for each in listed]
        screen = courses.finished_courses(tr, an_account(name), [*ended, *listed], page)
        yield Shown(courses.finished_courses, form, screen)
        screen = courses.course_list(tr, an_account(name), [*ended, *listed], page)
        yield Shown(courses.course_list, f"half finished, {form}", screen)
        unknown = [replace(each, percent=None) for each in listed]
        screen = courses.course_list(tr, an_account(name), unknown, page)
        yield Shown(courses.course_list, f"unknown, {form}", screen)
        counted = [replace(each, cell_count=137, studied_count=12) for each in listed]
        screen = courses.course_list(tr, an_account(name), counted, page)
        yield Shown(courses.course_list, f"counted, {form}", screen)
    full = replace(course, cell_count=137, studied_count=12, score=87.5)
    screen = courses.module_list(tr, full, modules(name, 3), set(), LARGEST, 0)
    yield Shown(courses.module_list, "counted", screen)
    unknown_modules = [replace(each, percent=None) for each in modules(name, 3)]
    unknown_course = replace(course, percent=None)
    screen = courses.module_list(tr, unknown_course, unknown_modules, set(), LARGEST, 0)
    yield Shown(courses.module_list, "unknown", screen)
    yield Shown(courses.no_modules, "", courses.no_modules(tr, course))
    for done, total in ((0, 0), (0, 140), (12, 140), (140, 140)):
        screen = courses.reading(tr, name, LARGEST, done, total)
        yield Shown(courses.reading, f"{done}/{total}", screen)
    for form, plan in plans(name):
        yield Shown(preview.preview, form, preview.preview(tr, plan, LARGEST))
        ending = preview.Ending(at="21:30", cookie_ends_at="20:15")
        screen = preview.preview(tr, plan, LARGEST, ending)
        yield Shown(preview.preview, f"{form}, with its end", screen)
        for unreadable in (1, 300_000):
            odd = courses.with_unreadable(tr, screen, unreadable)
            yield Shown(courses.with_unreadable, f"{form}, {unreadable} odd", odd)
    sentence = tr.html("The platform is away; next try at {time}", time=name)
    yield Shown(courses.read_failed, "", courses.read_failed(tr, sentence))


def of_modules(tr: Translator, name: str) -> Iterator[Shown]:
    (module,) = modules(name, 1)
    for count, page in ((0, 0), (3, 0), (200, 0), (200, 4), (200, 99)):
        cells = [replace(a_cell(n, name), percent=50.0 * (n % 3)) for n in range(count)]
        for ticked in (None, False, True):
            screen = contents.contents(
                tr, module, cells, LARGEST, page, list_page=33, ticked=ticked
            )
            form = f"page {page} of {count}, ticked: {ticked}"
            yield Shown(contents.contents, form, screen)


def of_batches(tr: Translator, name: str) -> Iterator[Shown]:
    for done, total in ((0, 0), (0, 5), (5, 5)):
        screen = batches.reading(tr, name, done, total)
        yield Shown(batches.reading, f"{done}/{total}", screen)
    yield Shown(batches.stopped, "", batches.stopped(tr))
    every = [plan for _, plan in plans(name)]
    planned = [plan for form, plan in plans(name) if form == "all planned"]
    for form, many in (("none", planned[:0]), ("some", every), ("many", every * 20)):
        yield Shown(batches.preview, form, batches.preview(tr, many, LARGEST))
    yield Shown(batches.preview, "all planned", batches.preview(tr, planned * 9, LARGEST))


def progresses(tr: Translator, name: str) -> Iterator[Shown]:
    """The progress message in each state, asking or not, following a request or not."""
    requests = [(each, asking) for asking in (False, True) for each in (None, *JobRequest)]
    rest = [state for state in JobState if not state.is_ended and state is not JobState.RUNNING]
    for form, snapshot in snapshots(name):
        states = [JobState.RUNNING, *rest] if form == "between two cells" else [JobState.RUNNING]
        for state in states:
            for requested, asking in requests if form in _REQUESTED_IN else requests[:1]:
                made = a_job(name, state, requested=requested, reason=JobReason.BARRED)
                place = Place(2)
                what = job.Shown(made, snapshot, NOW, ZONE, 600.0, place, asking=asking)
                screen = job.progress(tr, what)
                yield Shown(job.progress, f"{form}, {state}, {requested}, {asking}", screen)
    waiting = a_job(name, JobState.WAITING, reason=JobReason.PLATFORM_AWAY, resume_at=None)
    what = job.Shown(waiting, snapshot, NOW, ZONE, 1.0)
    yield Shown(job.progress, "away, waiting, None, False", job.progress(tr, what))
    queued = a_job(name, JobState.QUEUED)
    for place in (Place(0), Place(0, 1), Place(0, 800)):
        what = job.Shown(queued, snapshot, NOW, ZONE, 1.0, place, 200)
        yield Shown(job.progress, f"{place}, queued, None, False", job.progress(tr, what))


def of_job(tr: Translator, name: str) -> Iterator[Shown]:
    yield from progresses(tr, name)
    ended = [state for state in JobState if state.is_ended]
    for state in ended:
        made = a_job(name, state)
        yield Shown(job.ended_line, state.value, job.ended_line(tr, made, 3, 9))
    for course_id in (None, LARGEST):
        made = a_job(name, JobState.CANCELLED, course_id=course_id)
        yield Shown(job.cancelled, f"course {course_id}", job.cancelled(tr, made, 3, 9))
    all_states = [a_job(name, state, id=n) for n, state in enumerate(JobState, 1)]
    now, counts = Now(NOW, ZONE), Counts(total=9, done=3, failed=2, skipped=1)
    for many in ([], [(each, counts) for each in all_states]):
        yield Shown(jobs.job_list, f"{len(many)} jobs", jobs.job_list(tr, many, now))
    left = {each.id: Estimate(7_000.0, 86_400.0) for each in all_states}
    screen = jobs.job_list(tr, [(each, counts) for each in all_states], now, left)
    yield Shown(jobs.job_list, "with the time left", screen)
    of_all = items(name, *tuple(Outcome) * 20, msg=name)
    events = [
        JobEvent(NOW + timedelta(hours=n), state, reason)
        for n, (state, reason) in enumerate(product(JobState, (None, *JobReason)))
    ]
    for each in all_states:
        for retry in (False, True):
            screen = jobs.details(
                tr, each, of_all, events, now, may_retry=retry, left=Estimate(7_000.0, 86_400.0)
            )
            yield Shown(jobs.details, f"{each.state.value}, {retry}", screen)
    for event in events:
        screen = jobs.details(tr, all_states[0], of_all[:1], [event], now, may_retry=False)
        yield Shown(jobs.details, f"{event.state.value}, {event.reason}", screen)
    for action in (Action.PAUSE, Action.RESUME, Action.CANCEL):
        for count in (2, 120) if action is Action.CANCEL else (2,):
            several = [a_job(name, id=LARGEST - n) for n in range(count)]
            screen = job.which_job(tr, action, several)
            yield Shown(job.which_job, f"{action.name}, {count}", screen)
    yield Shown(job.confirm_cancel, "", job.confirm_cancel(tr, a_job(name)))
    yield Shown(job.no_job, "", job.no_job(tr))
    planned = job.already_planned(tr, a_job(name, JobState.PAUSED))
    yield Shown(job.already_planned, "", planned)
    yield Shown(job.told, "", job.told(tr, a_job(name), tr("Paused")))


def of_summary(tr: Translator, name: str) -> Iterator[Shown]:
    forms: dict[str, tuple[Outcome, ...]] = {
        "no cells": (),
        "all done": (Outcome.DONE,) * 4,
        "one of each": tuple(Outcome),
        "many of each": tuple(Outcome) * 50,
    }
    for form, outcomes in forms.items():
        for state in (JobState.SUCCEEDED, JobState.PARTLY_FAILED, JobState.FAILED):
            for reason in (None, JobReason.BARRED_AGAIN):
                made = a_job(name, state, reason=reason, course_id=LARGEST if reason else None)
                ended = items(name, *outcomes, msg=name if reason else None)
                screen = summary.summary(tr, made, ended, 600.0)
                what = f"{form}, {state}, {reason}"
                yield Shown(summary.summary, what, screen, is_final=True)
    several = {
        "2 modules, all done": (Outcome.DONE,) * 2,
        "many of each, 40 modules": (tuple(Outcome) * 9)[:40],
    }
    for form, outcomes in several.items():
        # A job of some modules, with all that a summary can say; each cell in a module of its own.
        made = a_job(
            name,
            JobState.PARTLY_FAILED,
            reason=JobReason.BARRED_AGAIN,
            percent_before=7.0,
            percent_after=26.4,
        )
        ended = [
            replace(each, cell=replace(each.cell, module_id=f"m{number}"))
            for number, each in enumerate(items(name, *outcomes, msg=name))
        ]
        screen = summary.summary(tr, made, ended, 600.0)
        yield Shown(summary.summary, form, screen, is_final=True)
        screen = jobs.details(tr, made, ended, [], Now(NOW, ZONE), may_retry=True)
        yield Shown(jobs.details, form, screen)
    made = a_job(name, JobState.PARTLY_FAILED)
    with_file = full_list.caption(tr, made, items(name, *Outcome))
    yield Shown(full_list.caption, "", with_file, is_caption=True)
    for until in (None, NOW + timedelta(minutes=20)):
        barred = summary.barred(tr, name, 20, until, ZONE, NOW)
        yield Shown(summary.barred, f"until {until}", barred)
    yield Shown(summary.platform_away, "", summary.platform_away(tr, name, 5))


def all_screens(tr: Translator, name: str) -> Iterator[Shown]:
    """Every form of every screen, made of one name wherever a name can stand."""
    for part in (
        of_home,
        of_replies,
        of_people,
        of_login_steps,
        of_account,
        of_courses,
        of_modules,
        of_batches,
        of_job,
        of_summary,
        of_settings,
        of_digest,
        of_digest_settings,
        of_progress,
    ):
        yield from part(tr, name)
