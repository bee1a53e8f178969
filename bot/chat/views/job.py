"""The progress message, its short final form, and the questions about a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import MAX_CHOICES, back_row, button, keyboard
from bot.chat.labels import cut, labels
from bot.chat.text_bars import bar, position
from bot.chat.time_ranges import clock_range, duration_range
from bot.chat.views.home import home_row, login_row
from bot.chat.views.preview import planned_line
from bot.chat.views.words import STATE_MARKS, state_word
from bot.naming import told_apart
from bot.outbox.screen import Screen
from bot.study.estimate import CurrentCell, Estimate
from bot.study.methods import CellKind
from bot.study.progress import Snapshot
from storage.enums import JobReason, JobRequest, JobState
from storage.job_queue import Place
from storage.jobs import Job, JobItem

NAME_WIDTH = 40
MODULE_WIDTH = 30
MODULES_NAMED = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """The content of the progress message. ``place`` is that of a queued job, among ``places``;
    ``speed`` is the number of platform seconds in a real one."""

    job: Job
    snapshot: Snapshot
    now: datetime
    zone: tzinfo
    speed: float
    place: Place = Place(0)  # noqa: RUF009 - a frozen value
    places: int = 0
    asking: bool = False
    """Whether the message asks for confirmation to cancel the job."""


def progress(tr: Translator, shown: Shown) -> Screen:
    """The one message of a job that has not ended: edited in place."""
    job, counts = shown.job, shown.snapshot.counts
    lines = [
        f"{STATE_MARKS[job.state]} " + tr.html("<b>{course}</b>", course=job.course_name),
        bar(counts.total - counts.open, counts.total)
        + tr.html(" {done}/{total}", done=counts.done, total=counts.total),
    ]
    lines += _state_lines(tr, shown)
    if counts.failed:
        lines.append(tr.html("Failed so far: {n}", n=counts.failed))
    if job.restarts and job.state is JobState.RUNNING:
        lines.append(tr.html("🔄 Continued after a restart"))
    if shown.asking:
        lines.append("")
        lines.append(tr.html("❓ Really cancel this job?"))
    rows = [_buttons(tr, shown)]
    changes = job.state in {JobState.RUNNING, JobState.QUEUED} and job.requested is None
    if changes and not shown.asking:
        # With many jobs the message changes by itself every few minutes only.
        rows.append([button(tr("🔄 Refresh"), Action.REFRESH, job.id)])
    return Screen("\n".join(lines), keyboard(*rows))


def _state_lines(tr: Translator, shown: Shown) -> list[str]:
    job = shown.job
    match job.state:
        case JobState.RUNNING:
            return _running_lines(tr, shown)
        case JobState.QUEUED:
            words = _queued_line(tr, shown.place, shown.places)
        case JobState.PAUSED if job.reason == JobReason.NO_ACCESS:
            words = tr.html("Paused: you may no longer use this bot")
        case JobState.PAUSED:
            words = tr.html("Paused")
        case JobState.NEEDS_LOGIN:
            words = tr.html("The session expired: log in with a new cookie to go on")
        case JobState.WAITING:
            words = _waiting_line(tr, shown)
        case _:
            return []
    return [words, *left_lines(tr, job, shown.snapshot.left(job.pace))]


def _queued_line(tr: Translator, place: Place, places: int) -> str:
    if place.behind:
        return tr.plural("Queued behind {n} job", "Queued behind {n} jobs", place.behind)
    if place.number is None:
        return tr.html("Queued: it begins in a moment")
    return tr.html(
        "Queued as number {number}: all {places} places for jobs are taken",
        number=place.number,
        places=places,
    )


def left_lines(tr: Translator, job: Job, left: Estimate | None) -> list[str]:
    """How long an unfinished job takes, if that is known and there is more than to look at it."""
    if left is None or left.high < 1:
        return []
    time = duration_range(tr, left.low, left.high)
    return [tr.html("{pace}× · {left} left", pace=job.pace.value, left=time)]


def _waiting_line(tr: Translator, shown: Shown) -> str:
    moment = shown.job.resume_at or shown.now
    time = tr.moment(moment, shown.zone, shown.now)
    if shown.job.reason == JobReason.BARRED:
        return tr.html("The platform restricted the account; it continues at {time}", time=time)
    if shown.job.reason == JobReason.BROKE_OFF:
        return tr.html("Something went wrong on my side; next try at {time}", time=time)
    return tr.html("The platform is away; next try at {time}", time=time)


def _running_lines(tr: Translator, shown: Shown) -> list[str]:
    job, snapshot = shown.job, shown.snapshot
    lines = []
    if snapshot.current is not None:
        lines.append("▸ " + current_line(tr, snapshot.current))
    if snapshot.reported:
        lines.append(
            tr.plural(
                "Waiting for the platform to confirm {n} item",
                "Waiting for the platform to confirm {n} items",
                len(snapshot.reported),
            )
        )
    if job.requested is JobRequest.CANCEL:
        lines.append(tr.html("Stopping…"))
        return lines
    if job.requested is JobRequest.PAUSE:
        return [*lines, tr.html("Pausing…"), *left_lines(tr, job, snapshot.left(job.pace))]
    left = snapshot.left(job.pace)
    if left.high < 1:
        return lines
    first, last = (
        shown.now + timedelta(seconds=seconds / shown.speed) for seconds in (left.low, left.high)
    )
    ends_at = clock_range(tr, first, last, shown.zone, shown.now)
    if first < last:
        # Two ranges do not fit into one line of a phone.
        ends = tr.html("🏁 Ends about {time}", time=ends_at)
        return [*lines, *left_lines(tr, job, left), ends]
    lines.append(
        tr.html(
            "{pace}× · {left} left · ends about {time}",
            pace=job.pace.value,
            left=duration_range(tr, left.low, left.high),
            time=ends_at,
        )
    )
    return lines


def current_line(tr: Translator, current: CurrentCell) -> str:
    """The open cell and its position: ``name 07:10/12:30`` or ``name 1/12``."""
    name = cut(current.cell.name, NAME_WIDTH)
    if current.kind.is_media:
        where = f"{position(current.position)}/{position(current.length)}"
    elif current.kind is CellKind.DOCUMENT:
        where = tr("page {page}/{pages}", page=current.position, pages=current.length)
    else:
        where = ""
    return tr.html("{name} {where}", name=name, where=where).rstrip()


def modules_line(tr: Translator, items: Sequence[JobItem]) -> list[str]:
    """The modules of a job's cells, by name if they are few: jobs of one course differ in them."""
    names = list({item.cell.module_id: item.cell.module_name for item in items}.values())
    if len(names) > MODULES_NAMED:
        return [tr.plural("📂 {n} module", "📂 {n} modules", len(names))]
    joined = tr(", ").join(labels(names, MODULE_WIDTH))
    return [tr.html("📂 {names}", names=joined)] if joined else []


def _buttons(tr: Translator, shown: Shown) -> list[InlineKeyboardButton]:
    job = shown.job
    if shown.asking:
        return _confirming_row(tr, job)
    return control_row(tr, job)


def _confirming_row(tr: Translator, job: Job) -> list[InlineKeyboardButton]:
    return [
        button(tr("Yes, cancel"), Action.CANCEL_YES, job.id),
        button(tr("Keep going"), Action.CANCEL_NO, job.id),
    ]


def control_row(tr: Translator, job: Job) -> list[InlineKeyboardButton]:
    """The buttons that change an unfinished job."""
    cancel = button(tr("Cancel"), Action.CANCEL, job.id)
    if job.state is JobState.PAUSED or job.requested is JobRequest.PAUSE:
        return [button(tr("Resume"), Action.RESUME, job.id), cancel]
    if job.state is JobState.NEEDS_LOGIN:
        return [*login_row(tr), cancel]
    return [button(tr("Pause"), Action.PAUSE, job.id), cancel]


def ended_line(tr: Translator, job: Job, done: int, total: int) -> Screen:
    """The short final form of the progress message, when the summary is sent."""
    return Screen(
        f"{STATE_MARKS[job.state]} "
        + tr.html(
            "<b>{course}</b>: {state} ({done}/{total})",
            course=job.course_name,
            state=state_word(tr, job.state),
            done=done,
            total=total,
        )
    )


def cancelled(tr: Translator, job: Job, done: int, total: int) -> Screen:
    """The final text of a cancelled job, in its progress message."""
    text = tr.html(
        "🚫 <b>{course}</b>: cancelled\nThe platform had confirmed {done} of {total} items by "
        "then; I have not checked since.",
        course=job.course_name,
        done=done,
        total=total,
    )
    return Screen(text, keyboard(_onward(tr, job)))


def _onward(tr: Translator, job: Job) -> list[InlineKeyboardButton]:
    if job.course_id is None:
        return home_row(tr)
    return [
        button(tr("Another module"), Action.OTHER_MODULE, job.course_id),
        button(tr("📚 Courses"), Action.OTHER_COURSES),
    ]


def course_labels(jobs: Sequence[Job], width: float) -> list[str]:
    """The name of each job's course within ``width``: jobs of one course have the same name."""
    keys = [(job.account_id, job.course_open_id, job.open_class_id) for job in jobs]
    by_course = {key: job.course_name for key, job in zip(keys, jobs, strict=True)}
    names = dict(zip(by_course, labels([*by_course.values()], width), strict=True))
    return [names[key] for key in keys]


def which_job(tr: Translator, action: Action, entries: Sequence[Job]) -> Screen:
    """The question of a command that fits several unfinished jobs of the chat."""
    names = course_labels(entries, NAME_WIDTH - 6)
    marked = [f"{STATE_MARKS[job.state]} {name}" for job, name in zip(entries, names, strict=True)]
    choices = list(zip(entries, told_apart(marked), strict=True))[:MAX_CHOICES]
    rows = [[button(label, action, job.id)] for job, label in choices]
    return Screen(tr.html("Which job?"), keyboard(*rows, back_row(tr, Action.HOME)))


def confirm_cancel(tr: Translator, job: Job) -> Screen:
    """The question of the cancel command, in a message of its own."""
    text = tr.html("❓ Really cancel <b>{course}</b>?", course=job.course_name)
    return Screen(text, keyboard(_confirming_row(tr, job)))


def no_job(tr: Translator) -> Screen:
    return Screen(tr.html("There is no unfinished job in this chat."), keyboard(home_row(tr)))


def already_planned(tr: Translator, job: Job) -> Screen:
    """In place of a preview: the job will study all of it already."""
    return Screen(planned_line(tr, job.course_name), keyboard(home_row(tr)))


def told(tr: Translator, job: Job, words: str) -> Screen:
    """Result of a command that acts on a job."""
    text = tr.html("<b>{course}</b>: {words}", course=job.course_name, words=words)
    return Screen(text, keyboard(home_row(tr)))
