"""The chat's jobs, and one of them with all that happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.charts import bar
from bot.chat.i18n import Voice
from bot.chat.keyboards import Row, button, fitting, keyboard
from bot.chat.views.home import home_row
from bot.chat.views.job import course_labels
from bot.chat.views.words import STATE_MARKS, state_word
from bot.naming import told_apart
from bot.outbox.screen import Screen
from bot.study.progress import Counts
from storage.enums import JobReason, JobState, Wanted
from storage.jobs import Job, JobEvent

NAME_WIDTH = 40
LABEL_WIDTH = 22
EVENTS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Now:
    """The moment at which a screen is made, and the person's time zone."""

    moment: datetime
    zone: tzinfo


def job_list(voice: Voice, entries: Sequence[tuple[Job, Counts]], now: Now) -> Screen:
    """The chat's jobs, newest first, each with its counts; a button opens each."""
    if not entries:
        return Screen(
            voice.html("📋 No jobs yet. Pick a course to begin."), keyboard(home_row(voice))
        )
    lines = [voice.html("📋 <b>Jobs</b>")]
    jobs = [job for job, _ in entries]
    names, short = course_labels(jobs, NAME_WIDTH), course_labels(jobs, LABEL_WIDTH)
    buttons = []
    for (job, counts), name, short_name in zip(entries, names, short, strict=True):
        began = voice.clock_time(job.created_at, now.zone, now.moment)
        lines.append(
            f"{STATE_MARKS[job.state]} "
            + voice.html(
                "{course} · {state} · {done}/{total}",
                course=name,
                state=state_word(voice, job.state),
                done=counts.done,
                total=counts.total,
            )
        )
        buttons.append(f"{STATE_MARKS[job.state]} {short_name} · {began}")
    rows: list[Row] = [
        [button(label, Action.JOB, job.id)]
        for job, label in zip(jobs, told_apart(buttons), strict=True)
    ]
    return Screen(fitting(lines), keyboard(*rows, [button(voice("📚 Courses"), Action.COURSES)]))


def details(
    voice: Voice, job: Job, counts: Counts, events: Sequence[JobEvent], now: Now, *, may_retry: bool
) -> Screen:
    """One job: how it stands and its history, oldest first, the latest part of it."""
    lines = [
        f"{STATE_MARKS[job.state]} " + voice.html("<b>{course}</b>", course=job.course_name),
        bar(counts.total - counts.open, counts.total)
        + voice.html(" {done}/{total}", done=counts.done, total=counts.total)
        + f" · {_state(voice, job)}",
    ]
    if counts.failed:
        lines.append(voice.html("Failed so far: {n}", n=counts.failed))
    lines += ["", voice.html("<b>What happened</b>")]
    left_out = len(events) - EVENTS_SHOWN
    if left_out > 0:
        lines.append(voice.plural("… {n} line before", "… {n} lines before", left_out))
    for event in events[-EVENTS_SHOWN:]:
        time = voice.clock_time(event.at, now.zone, now.moment)
        lines.append(voice.html("{time} · {what}", time=time, what=_happened(voice, event)))
    back = [
        button(voice("🔄 Refresh"), Action.JOB, job.id),
        button(voice("Back"), Action.JOBS),
    ]
    return Screen(fitting(lines), keyboard(_actions(voice, job, may_retry=may_retry), back))


def _state(voice: Voice, job: Job) -> str:
    if job.wanted is Wanted.CANCEL:
        return voice.html("Stopping…")
    return voice.html("Pausing…") if job.wanted is Wanted.PAUSE else state_word(voice, job.state)


def _actions(voice: Voice, job: Job, *, may_retry: bool) -> list[InlineKeyboardButton]:
    if job.state.is_ended:
        return [button(voice("Retry"), Action.RETRY, job.id)] if may_retry else []
    cancel = button(voice("Cancel"), Action.CANCEL, job.id)
    if job.state is JobState.PAUSED or job.wanted is Wanted.PAUSE:
        return [button(voice("Resume"), Action.RESUME, job.id), cancel]
    if job.state is JobState.NEEDS_LOGIN:
        return [button(voice("🔑 How to log in"), Action.LOGIN), cancel]
    return [button(voice("Pause"), Action.PAUSE, job.id), cancel]


def _happened(voice: Voice, event: JobEvent) -> str:
    """One line of a job's history."""
    match event.state:
        case JobState.QUEUED:
            return _queued(voice, event.reason)
        case JobState.RUNNING:
            return voice("studying")
        case JobState.PAUSED if event.reason == JobReason.NO_ACCESS:
            return voice("paused: you were no longer allowed to use the bot")
        case JobState.PAUSED:
            return voice("paused by you")
        case JobState.NEEDS_LOGIN:
            return voice("the session expired")
        case JobState.WAITING if event.reason == JobReason.BARRED:
            return voice("the platform barred the account")
        case JobState.WAITING if event.reason == JobReason.BROKE_OFF:
            return voice("something went wrong on my side")
        case JobState.WAITING:
            return voice("the platform was away")
        case _:
            return _ended(voice, event)


def _queued(voice: Voice, reason: str | None) -> str:
    match reason:
        case JobReason.RESTARTED:
            return voice("I was restarted; it goes on")
        case JobReason.NEW_COOKIE:
            return voice("a new cookie came; it goes on")
        case JobReason.TIME:
            return voice("the wait was over; it goes on")
        case JobReason.BY_PERSON:
            return voice("resumed by you")
        case _:
            return voice("confirmed")


def _ended(voice: Voice, event: JobEvent) -> str:
    match event.reason:
        case JobReason.BARRED_AGAIN:
            return voice("ended: barred a second time within the hour")
        case JobReason.PLATFORM_AWAY:
            return voice("ended: the platform stayed away")
        case JobReason.BROKE_OFF:
            return voice("ended: it went wrong on my side each time")
        case _ if event.state is JobState.CANCELLED:
            return voice("cancelled by you")
        case _:
            return state_word(voice, event.state)
