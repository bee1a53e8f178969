"""The final message of a job, and the notices that are sent unprompted."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, copy_button, keyboard, with_expandable
from bot.chat.labels import cut
from bot.chat.text_bars import percent
from bot.chat.views.job import modules_line
from bot.chat.views.reasons import MSG_WIDTH, are_shortened, reason_lines
from bot.chat.views.words import platform_words
from bot.jobs.items import counts_of
from bot.jobs.reads import RETRIED
from bot.outbox.screen import Effect, Screen, units
from storage.cells import COMPLETE
from storage.enums import JobReason, Outcome, OutcomeGroup
from storage.jobs import Job, JobItem


def summary(tr: Translator, job: Job, items: list[JobItem], speed: float) -> Screen:
    """The present percent on the platform, the duration, what to do next (first of all if cells
    failed), and, folded, why the remaining cells are not done."""
    counts, advice = counts_of(items), _advice(tr, job, items)
    is_reward = bool(counts.done) and not counts.failed
    lines = [_headline(tr, job, items), *modules_line(tr, items)]
    if not is_reward:
        lines += advice
    lines.append(
        tr.html(
            "done {done} · failed {failed} · skipped {skipped}",
            done=counts.done,
            failed=counts.failed,
            skipped=counts.skipped,
        )
    )
    if job.percent_after is not None:
        lines.append(_course_progress(tr, job.percent_before, job.percent_after))
    if job.started_at is not None and job.finished_at is not None:
        took = (job.finished_at - job.started_at).total_seconds() * speed
        lines.append(tr.html("⏱ It took {time}", time=tr.duration(took)))
    if job.reason == JobReason.BARRED_AGAIN:
        lines.append(
            tr.html("The platform restricted the account twice within an hour, so I stopped.")
        )
    if is_reward:
        lines += advice
    folded = reason_lines(tr, items)
    text = with_expandable(lines, folded)
    rows = []
    if any(item.outcome in RETRIED for item in items):
        rows.append([button(tr("Retry"), Action.RETRY, job.id)])
    # Some names were left out, because of their number or the length of a message.
    is_cut = text != with_expandable(lines, folded, limit=2 * units("\n".join(lines + folded)))
    if is_cut or are_shortened(items):
        rows.append([button(tr("📄 Full list"), Action.FULL_LIST, job.id)])
    references = {item.code for item in items if item.outcome is Outcome.OWN_FAULT}
    if len(references) == 1 and (reference := references.pop()):
        rows.append([copy_button(tr("📋 Copy the number"), reference)])
    onward = [button(tr("📚 Courses"), Action.OTHER_COURSES)]
    if job.course_id is not None:
        onward.insert(0, button(tr("Another module"), Action.OTHER_MODULE, job.course_id))
    effect = Effect.PARTY if is_course_finished(job, items) else None
    return Screen(text, keyboard(*rows, onward), effect)


def is_course_finished(job: Job, items: Sequence[JobItem]) -> bool:
    """Whether this job brought its course to 100 on the platform."""
    before, after = job.percent_before, job.percent_after
    is_risen = before is None or before < COMPLETE
    is_done = any(item.outcome is Outcome.DONE for item in items)
    return after is not None and after >= COMPLETE and is_risen and is_done


def _course_progress(tr: Translator, before: float | None, after: float) -> str:
    """The course's percent as the platform shows it, and the percent before."""
    if before is None or percent(before) == percent(after):
        return tr.html("📈 Course progress {after}", after=percent(after))
    return tr.html(
        "📈 Course progress {before} → {after}", before=percent(before), after=percent(after)
    )


def _headline(tr: Translator, job: Job, items: Sequence[JobItem]) -> str:
    course, counts = job.course_name, counts_of(items)
    if _is_closed(items):
        return tr.html("🔒 Not open yet, try again once it is: <b>{course}</b>", course=course)
    if not counts.failed:
        if not counts.skipped:
            return tr.html("🎉 <b>{course}</b>: finished", course=course)
        if counts.done:
            return tr.html("🎉 <b>{course}</b>: finished all I can study", course=course)
        return tr.html("✍️ <b>{course}</b>: what is left is yours to do", course=course)
    if not counts.done:
        return tr.html("❌ <b>{course}</b>: it did not work", course=course)
    if counts.done > counts.failed:
        return tr.html(
            "⚠️ <b>{course}</b>: most of it is studied, a few items are not", course=course
        )
    return tr.html("⚠️ <b>{course}</b>: a part is studied, some items are not", course=course)


def _advice(tr: Translator, job: Job, items: Sequence[JobItem]) -> list[str]:
    """What the student can do, by the reasons why cells are not done; a line for each way."""
    outcomes = {item.outcome for item in items}
    lines = []
    if any(each is not None and each.group is OutcomeGroup.FAILED for each in outcomes):
        if job.reason == JobReason.BARRED_AGAIN:
            lines.append(tr.html("👉 Wait an hour, then press <b>Retry</b>."))
        else:
            lines.append(tr.html("👉 Press <b>Retry</b> to study failed ones."))
    if Outcome.LOCKED in outcomes and not _is_closed(items):
        lines.append(tr.html("🔒 Closed ones: press <b>Retry</b> once open."))
    if Outcome.BY_HAND in outcomes:
        lines.append(tr.html("✍️ Tests and homework are yours to do."))
    if Outcome.UNSUPPORTED in outcomes:
        lines.append(tr.html("❔ Open what I cannot study yourself."))
    return lines


def _is_closed(items: Sequence[JobItem]) -> bool:
    """Whether no cell was done or failed, because the platform has not opened the cells yet."""
    groups = {item.outcome.group for item in items if item.outcome is not None}
    is_closed = any(item.outcome is Outcome.LOCKED for item in items)
    return is_closed and groups == {OutcomeGroup.SKIPPED}


def barred(
    tr: Translator,
    course: str,
    minutes: int,
    until: datetime | None,
    zone: tzinfo,
    now: datetime,
    *,
    msg: str = "",
) -> Screen:
    """The notice of a bar; contains its length as ``20 分钟`` / ``20 min``, and the platform's
    message about it."""
    text = tr.html(
        "⏳ <b>{course}</b>: the platform has restricted the account, so the job waits for {time}.",
        course=course,
        time=tr.minutes(minutes),
    )
    if msg:
        words = platform_words(tr, cut(msg, MSG_WIDTH), None)
        text += "\n" + tr.html("The platform says: {words}", words=words)
    if until is not None:
        at = tr.moment(until, zone, now)
        text += "\n" + tr.html("It continues automatically at {at}.", at=at)
    return Screen(text, keyboard(_jobs_row(tr)))


def platform_away(tr: Translator, course: str, minutes: int) -> Screen:
    text = tr.html(
        "🌧 <b>{course}</b>: the platform cannot be reached. I try again in {time}; nothing is "
        "lost.",
        course=course,
        time=tr.minutes(minutes),
    )
    return Screen(text, keyboard(_jobs_row(tr)))


def _jobs_row(tr: Translator) -> Row:
    return [button(tr("📋 Jobs"), Action.OTHER_JOBS)]
