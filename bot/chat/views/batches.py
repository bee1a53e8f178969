"""All courses at once: the screen while they are read, and the preview of their jobs."""

from collections.abc import Sequence

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, keyboard, with_expandable
from bot.chat.labels import labels
from bot.chat.text_bars import bar
from bot.chat.views.home import home_row
from bot.chat.views.hub import Origin
from bot.chat.views.preview import cell_count, pace_row, planned_line, study_time
from bot.chat.views.words import first_of
from bot.courses.plan import Plan
from bot.outbox.screen import Screen
from bot.study.estimate import Estimate

NAME_WIDTH = 26
COURSES_SHOWN = 4
_BACK = {Origin.HOME: Action.HOME, Origin.COURSES: Action.COURSES}


def reading(tr: Translator, course_name: str = "", done: int = 0, total: int = 0) -> Screen:
    """Without a ``total`` the list of courses itself is still being read."""
    lines = [tr.html("🎓 <b>All unfinished courses</b>")]
    if total:
        lines += [
            tr.html("Reading what is in them… {done}/{total}", done=done, total=total),
            f"{bar(done, total)} " + tr.html("{name}", name=course_name),
        ]
    else:
        lines.append(tr.html("🔎 I am looking at your courses…"))
    return Screen("\n".join(lines), keyboard([button(tr("Cancel"), Action.STOP_BATCH)]))


def stopped(tr: Translator) -> Screen:
    return Screen(tr.html("Nothing was started."), keyboard(home_row(tr)))


def preview(
    tr: Translator, plans: Sequence[Plan], batch: int, origin: Origin = Origin.HOME
) -> Screen:
    """The preview of each job, and of all together: the jobs run one after another."""
    to_study = [plan for plan in plans if plan.to_study]
    planned = _planned_lines(tr, plans)
    back = back_row(tr, _BACK[origin])
    if not to_study:
        nothing = tr.html("📭 There is nothing left in your courses that I can study.")
        jobs = [button(tr("📋 Jobs"), Action.JOBS)] if planned else []
        return Screen("\n".join(planned or [nothing]), keyboard(jobs, back))
    lines = [tr.html("🎓 <b>All unfinished courses</b>"), ""]
    names = labels([plan.course_name for plan in to_study], NAME_WIDTH)
    courses = []
    for plan, course in zip(to_study, names, strict=True):
        name = tr.html("<b>{course}</b>", course=course)
        courses.append(f"• {name} · {cell_count(tr, plan)}")
    lines += courses[:COURSES_SHOWN]
    if len(courses) > COURSES_SHOWN:
        rest = len(courses) - COURSES_SHOWN
        lines.append(tr.plural("… and {n} more course", "… and {n} more courses", rest))
    pace = to_study[0].pace
    whole = sum((plan.estimate for plan in to_study), Estimate(0.0, 0.0))
    lines += ["", "⏱ " + study_time(tr, whole, pace)]
    # Only of courses that get a job: the others have their own line.
    by_hand = sum(len(plan.by_hand) for plan in plans if not plan.to_study)
    if by_hand:
        lines.append(
            tr.plural(
                "✍️ {n} item is for you to do yourself",
                "✍️ {n} items are for you to do yourself",
                by_hand,
            )
        )
    lines += planned
    if len(to_study) > 1:
        lines.append(tr.html("The jobs follow one another, each in a message of its own."))
    return Screen(
        with_expandable(lines, courses[COURSES_SHOWN:]),
        keyboard(
            pace_row(Action.BATCH_PACE, batch, pace, origin),
            [button(tr("Start"), Action.START_ALL, batch, origin)],
            back,
        ),
    )


def _planned_lines(tr: Translator, plans: Sequence[Plan]) -> list[str]:
    """One line with the courses of which a job will study a part already, or all; else none."""
    courses = [plan.course_name for plan in plans if plan.planned]
    if not courses:
        return []
    names = labels(courses, NAME_WIDTH)[:COURSES_SHOWN]
    return [planned_line(tr, first_of(tr, names, len(courses)))]
