"""The preview of a job, and how its cells, duration and pace are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, back_row, button, choice_button, keyboard
from bot.chat.labels import labels
from bot.chat.time_ranges import duration_range
from bot.chat.views.words import first_of, kinds_line
from bot.courses.plan import Plan
from bot.outbox.screen import Screen
from bot.study.estimate import Estimate
from storage.enums import Pace

NAME_WIDTH = 30
"""Columns of a phone's font: a Chinese character takes two."""
NAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Ending:
    """When a job would end, and when the cookie expires if that is sooner; on the person's clock,
    None if unknown or not needed."""

    at: str | None = None
    cookie_ends_at: str | None = None


def preview(tr: Translator, plan: Plan, draft_id: int, ending: Ending | None = None) -> Screen:
    """The preview of a job: its cells, its duration, and what the student must do by hand."""
    lines = [
        tr.html("📋 <b>{course}</b>", course=plan.course_name),
        tr.html("Modules: {names}", names=_names(tr, plan.modules)),
    ]
    if plan.new_lessons:
        names = _names(tr, plan.new_lessons)
        lines.append(tr.html("🆕 New lessons: {names}", names=names))
    finished = plan.complete or plan.finished_modules
    if plan.to_study:
        cells = cell_count(tr, plan)
        lines.append(f"▶️ <b>{cells}</b>" + tr.html(": ") + kinds_line(tr, plan.by_kind))
        lines.append("⏱ " + study_time(tr, plan.estimate, plan.pace))
        if ending is not None:
            lines += _ending_lines(tr, ending)
    elif not plan.planned and (finished or not (plan.by_hand or plan.unsupported)):
        lines.append(
            tr.html("✅ Everything here is finished already.")
            if finished
            else tr.html("📭 There is nothing in it yet. Pick another module.")
        )
    lines += _left_out_lines(tr, plan)
    rows: list[Row] = []
    if plan.to_study:
        rows.append(pace_row(Action.PACE, draft_id, plan.pace))
        rows.append([button(tr("Start"), Action.START, draft_id)])
    elif plan.planned:
        rows.append([button(tr("📋 Jobs"), Action.JOBS)])
    if plan.new_lessons is not None:
        rows.append([button(tr("📖 The whole module"), Action.WHOLE_MODULES, draft_id)])
    rows.append(back_row(tr, Action.MODULES, draft_id))
    return Screen("\n".join(lines), keyboard(*rows))


def _left_out_lines(tr: Translator, plan: Plan) -> list[str]:
    """What the job does not study, and why."""
    lines = []
    if plan.to_study and plan.complete:
        lines.append(
            "✅ "
            + tr.plural("{n} item already finished", "{n} items already finished", plan.complete)
        )
    if plan.planned:
        lines.append(planned_line(tr, tr.plural("{n} item", "{n} items", plan.planned)))
    if plan.by_hand:
        names = _names(tr, plan.by_hand)
        lines.append(tr.html("✍️ For you to do yourself: {names}", names=names))
    if plan.unsupported:
        names = _names(tr, plan.unsupported)
        lines.append(tr.html("❔ Kinds I cannot study: {names}", names=names))
    return lines


def planned_line(tr: Translator, what: str) -> str:
    """Says that an unfinished job will study it already."""
    return tr.html("📌 Already in a job: {what}", what=what)


def cell_count(tr: Translator, plan: Plan) -> str:
    """How many cells the job has, as its progress and summary count them, and how many of them it
    leaves to the student."""
    left = []
    if plan.by_hand:
        left.append(
            tr.plural("{n} for you to do yourself", "{n} for you to do yourself", len(plan.by_hand))
        )
    if plan.unsupported:
        left.append(
            tr.plural("{n} that I cannot study", "{n} that I cannot study", len(plan.unsupported))
        )
    cells = tr.plural("{n} item", "{n} items", plan.total)
    if not left:
        return cells
    return tr.html("{cells} ({left})", cells=cells, left=tr(", ").join(left))


def pace_row(action: Action, draft_id: int, chosen: Pace, *more: int) -> list[InlineKeyboardButton]:
    """A button per pace; the one in use is marked. ``more`` ids follow that of the pace."""
    return [
        choice_button(f"{pace.value}×", action, draft_id, index, *more, used=pace is chosen)
        for index, pace in enumerate(Pace)
    ]


def study_time(tr: Translator, estimate: Estimate, pace: Pace) -> str:
    """The estimated duration: a range while it depends on videos whose length is not known."""
    time = duration_range(tr, estimate.low, estimate.high)
    return tr.html("about {time} at {pace}×", time=time, pace=pace.value)


def _ending_lines(tr: Translator, ending: Ending) -> list[str]:
    lines = []
    if ending.at is not None:
        lines.append(tr.html("🏁 Start now: ends about {time}", time=ending.at))
    if ending.cookie_ends_at is not None:
        lines.append(
            tr.html(
                "🔑 Your cookie ends at about {time}: a job not done by then waits for a new one.",
                time=ending.cookie_ends_at,
            )
        )
    return lines


def _names(tr: Translator, names: Sequence[str]) -> str:
    return first_of(tr, labels(names, NAME_WIDTH)[:NAMES_SHOWN], len(names))
