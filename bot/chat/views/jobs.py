"""The chat's jobs, and one of them with its history."""

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, expandable, fitting, keyboard
from bot.chat.text_bars import bar
from bot.chat.time_ranges import duration_range
from bot.chat.views.home import home_row
from bot.chat.views.job import control_row, course_labels, left_lines, modules_line
from bot.chat.views.reasons import reason_lines
from bot.chat.views.words import STATE_MARKS, state_word
from bot.chat.zones import Now
from bot.jobs.items import counts_of
from bot.naming import told_apart
from bot.outbox.screen import Screen
from bot.study.estimate import Estimate
from bot.study.progress import Counts
from storage.enums import JobReason, JobRequest, JobState
from storage.jobs import Job, JobEvent, JobItem

NAME_WIDTH = 40
LABEL_WIDTH = 22
EVENTS_SHOWN = 6
"""The latest events that are always seen; older ones are folded."""
EVENTS_KEPT = 30
REASONS_KEPT = 2000
"""Characters of the reasons: the history has its place below them."""
_NOTHING_KNOWN: Mapping[int, Estimate] = {}


def job_list(
    tr: Translator,
    entries: Sequence[tuple[Job, Counts]],
    now: Now,
    left: Mapping[int, Estimate] = _NOTHING_KNOWN,
) -> Screen:
    """The chat's jobs, newest first, each with its counts and, by its id, the time left of it; a
    button opens each."""
    if not entries:
        return Screen(tr.html("📋 No jobs yet. Pick a course to begin."), keyboard(home_row(tr)))
    lines = [tr.html("📋 <b>Jobs</b>"), tr.html("Tap one for details and reasons.")]
    jobs = [job for job, _ in entries]
    names, short = course_labels(jobs, NAME_WIDTH), course_labels(jobs, LABEL_WIDTH)
    buttons = []
    for (job, counts), name, short_name in zip(entries, names, short, strict=True):
        began = now.clock_time(tr, job.created_at)
        line = job_line(tr, job, counts, name)
        if job.id in left and left[job.id].high >= 1:
            time = duration_range(tr, left[job.id].low, left[job.id].high)
            line += " · " + tr.html("{left} left", left=time)
        lines.append(line)
        buttons.append(f"{STATE_MARKS[job.state]} {short_name} · {began}")
    rows: list[Row] = [
        [button(label, Action.JOB, job.id)]
        for job, label in zip(jobs, told_apart(buttons), strict=True)
    ]
    return Screen(fitting(lines), keyboard(*rows, [button(tr("📚 Courses"), Action.COURSES)]))


def job_line(tr: Translator, job: Job, counts: Counts, name: str) -> str:
    """A job with its state and counts, under this name of its course."""
    return f"{STATE_MARKS[job.state]} " + tr.html(
        "{course} · {state} · {done}/{total}",
        course=name,
        state=state_word(tr, job.state),
        done=counts.done,
        total=counts.total,
    )


def details(
    tr: Translator,
    job: Job,
    items: Sequence[JobItem],
    events: Sequence[JobEvent],
    now: Now,
    *,
    may_retry: bool,
    left: Estimate | None = None,
) -> Screen:
    """One job: its state, the time left, and, folded, why cells are not done; then its history,
    oldest first, all but the latest part folded."""
    counts = counts_of(items)
    lines = [
        f"{STATE_MARKS[job.state]} " + tr.html("<b>{course}</b>", course=job.course_name),
        *modules_line(tr, items),
        bar(counts.done if job.state.is_ended else counts.total - counts.open, counts.total)
        + tr.html(" {done}/{total}", done=counts.done, total=counts.total),
    ]
    state = _state(tr, job)
    if counts.failed:
        state += " · " + (
            tr.html("Failed: {n}", n=counts.failed)
            if job.state.is_ended
            else tr.html("Failed so far: {n}", n=counts.failed)
        )
    lines += [state, *left_lines(tr, job, left)]
    # A quotation has its own margin.
    reasons = reason_lines(tr, items)
    lines.append(expandable([fitting(reasons, REASONS_KEPT)]) if reasons else "")
    lines.append(tr.html("<b>What happened</b>"))
    told = [
        tr.html(
            "{time} · {what}",
            time=now.clock_time(tr, event.at),
            what=_happened(tr, event),
        )
        for event in events[-EVENTS_KEPT:]
    ]
    left_out = len(events) - EVENTS_KEPT
    if left_out > 0:
        told.insert(0, tr.plural("… {n} line before", "… {n} lines before", left_out))
    if len(told) > EVENTS_SHOWN:
        lines.append(expandable(told[:-EVENTS_SHOWN]))
    lines += told[-EVENTS_SHOWN:]
    back = [
        button(tr("🔄 Refresh"), Action.JOB, job.id),
        button(tr("Back"), Action.JOBS),
    ]
    return Screen(fitting(lines), keyboard(_actions(tr, job, may_retry=may_retry), back))


def _state(tr: Translator, job: Job) -> str:
    if job.requested is JobRequest.CANCEL:
        return tr.html("Stopping…")
    return tr.html("Pausing…") if job.requested is JobRequest.PAUSE else state_word(tr, job.state)


def _actions(tr: Translator, job: Job, *, may_retry: bool) -> list[InlineKeyboardButton]:
    if job.state.is_ended:
        return [button(tr("Retry"), Action.RETRY, job.id)] if may_retry else []
    return control_row(tr, job)


def _happened(tr: Translator, event: JobEvent) -> str:
    """One line of a job's history."""
    match event.state:
        case JobState.QUEUED:
            return _queued(tr, event.reason)
        case JobState.RUNNING:
            return tr("studying")
        case JobState.PAUSED if event.reason == JobReason.NO_ACCESS:
            return tr("paused: you were no longer allowed to use the bot")
        case JobState.PAUSED:
            return tr("paused by you")
        case JobState.NEEDS_LOGIN:
            return tr("the session expired")
        case JobState.WAITING if event.reason == JobReason.BARRED:
            return tr("the platform restricted the account")
        case JobState.WAITING if event.reason == JobReason.BROKE_OFF:
            return tr("something went wrong on my side")
        case JobState.WAITING:
            return tr("the platform was away")
        case _:
            return _ended(tr, event)


def _queued(tr: Translator, reason: str | None) -> str:
    match reason:
        case JobReason.RESTARTED:
            return tr("I was restarted; it continues")
        case JobReason.NEW_COOKIE:
            return tr("a new cookie came; it continues")
        case JobReason.TIME:
            return tr("the wait was over; it continues")
        case JobReason.BY_PERSON:
            return tr("resumed by you")
        case _:
            return tr("confirmed")


def _ended(tr: Translator, event: JobEvent) -> str:
    match event.reason:
        case JobReason.BARRED_AGAIN:
            return tr("ended: restricted a second time within the hour")
        case JobReason.PLATFORM_AWAY:
            return tr("ended: the platform stayed away")
        case JobReason.BROKE_OFF:
            return tr("ended: it went wrong on my side each time")
        case _ if event.state is JobState.CANCELLED:
            return tr("cancelled by you")
        case _:
            return state_word(tr, event.state)
