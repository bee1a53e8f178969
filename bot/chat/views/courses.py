"""Screens from the list of courses to the preview of a job."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.charts import bar, percent
from bot.chat.i18n import Translator
from bot.chat.keyboards import Row, button, keyboard
from bot.chat.labels import cut, labels
from bot.chat.pages import page_of, turning
from bot.chat.views.home import home_row
from bot.chat.views.words import kinds_line, reached
from bot.courses.drafts import Plan
from bot.outbox.screen import Screen
from bot.study.estimate import Estimate
from storage.cells import COMPLETE
from storage.courses import Course, Module
from storage.enums import Pace

MODULE_WIDTH = 32
COURSE_WIDTH = 28
MODULES = 6
NAME_WIDTH = 30
NAMES_SHOWN = 6
"""Widths are columns of a phone's font: a Chinese character takes two. Six modules, and the rows
below them, fit on a phone's screen."""


def loading(tr: Translator) -> Screen:
    return Screen(tr.html("⏳ Asking the platform…"))


def course_list(tr: Translator, name: str, courses: Sequence[Course], page: int) -> Screen:
    """The student's unfinished courses, a page of them as buttons; a button leads to the finished
    ones."""
    if not courses:
        text = tr.html(
            "The platform lists no courses for <b>{name}</b>. Join one there first.", name=name
        )
        return Screen(text, keyboard([button(tr("Back"), Action.HOME)]))
    todo = [course for course in courses if not course.is_complete]
    done = len(courses) - len(todo)
    shown, page = page_of(todo, page)
    text = tr.html("📚 <b>Courses of {name}</b>", name=name) + "\n"
    text += tr.html("Which one?") if todo else tr.html("✅ All your courses show 100 %.")
    whole: Row = [button(tr("🎓 All courses"), Action.ALL_COURSES)] if len(todo) > 1 else []
    folded: Row = [button(tr("✅ Finished ({n})", n=done), Action.FINISHED)] if done else []
    return Screen(
        text,
        keyboard(
            *_course_rows(todo, shown, page),
            turning(len(todo), page, Action.COURSES),
            whole,
            [*folded, button(tr("Back"), Action.HOME)],
        ),
    )


def with_unreadable(tr: Translator, screen: Screen, unreadable: int) -> Screen:
    """The screen with a line that so many entries of the platform's list cannot be read."""
    if not unreadable:
        return screen
    said = tr.plural(
        "⚠️ {n} entry of the platform's list cannot be read and may be missing here.",
        "⚠️ {n} entries of the platform's list cannot be read and may be missing here.",
        unreadable,
    )
    return replace(screen, text=f"{screen.text}\n\n{said}")


def finished_courses(tr: Translator, name: str, courses: Sequence[Course], page: int) -> Screen:
    """The courses that the list hides."""
    done = [course for course in courses if course.is_complete]
    shown, page = page_of(done, page)
    return Screen(
        tr.html("✅ <b>Finished courses of {name}</b>", name=name),
        keyboard(
            *_course_rows(done, shown, page),
            turning(len(done), page, Action.FINISHED),
            [button(tr("Back"), Action.COURSES)],
        ),
    )


def _course_rows(courses: Sequence[Course], shown: Sequence[Course], page: int) -> list[Row]:
    """A row per shown course, under a name that differs from those of all others, on other pages
    too."""
    names = labels([course.name for course in courses], COURSE_WIDTH)
    label_of = {course.id: name for course, name in zip(courses, names, strict=True)}
    return [
        [button(_course_label(course, label_of[course.id]), Action.COURSE, course.id, page=page)]
        for course in shown
    ]


def _course_label(course: Course, name: str) -> str:
    """A bar, the progress, and the name: ``■■□□ 12/37 网络基础``."""
    if course.cell_count and course.studied_count is not None and not course.is_complete:
        shown = f"{course.studied_count}/{course.cell_count}"
    else:
        shown = percent(course.percent)
    return f"{_bar(course, 4)}{shown} {name}"


def _bar(course: Course, width: int) -> str:
    """A bar and a space; empty if the percent is unknown."""
    return "" if course.percent is None else f"{bar(course.percent, COMPLETE, width)} "


def no_modules(tr: Translator, course: Course) -> Screen:
    text = tr.html(
        "📭 <b>{course}</b> has no modules yet. Ask your teacher, or pick another course.",
        course=course.name,
    )
    return Screen(text, keyboard([button(tr("Back"), Action.COURSES)]))


def module_list(
    tr: Translator,
    course: Course,
    modules: Sequence[Module],
    ticked: Collection[int],
    draft_id: int,
    page: int,
) -> Screen:
    """The modules with tick boxes: pressing a name ticks it, the › with its number opens it.

    Buttons of one row are equally wide in every client, so a › beside a name would cut the name.
    """
    shown, page = page_of(modules, page, MODULES)
    numbered = list(enumerate(shown, page * MODULES + 1))
    names = labels([module.name for module in modules], MODULE_WIDTH)
    rows = [
        [
            button(
                _module_label(number, module, names[number - 1], ticked),
                Action.UNTICK if module.id in ticked else Action.TICK,
                draft_id,
                module.id,
                page=page,
            )
        ]
        for number, module in numbered
    ]
    opening = [
        button(f"{number} ›", Action.MODULE, draft_id, module.id) for number, module in numbered
    ]
    lines = [tr.html("📖 <b>{course}</b>", course=course.name)]
    if course.teacher:
        lines.append(tr.html("👩‍🏫 {teacher}", teacher=cut(course.teacher, NAME_WIDTH)))
    lines.append(_bar(course, 10) + _reached(tr, course))
    lines += ["", tr.html("Tick the modules that I shall study; › shows what is in one.")]
    if ticked:
        lines.append(tr.plural("{n} module ticked", "{n} modules ticked", len(ticked)))
    return Screen(
        "\n".join(lines),
        keyboard(
            *rows,
            opening,
            turning(len(modules), page, Action.MODULES, draft_id, size=MODULES),
            [
                button(tr("All unfinished"), Action.TICK_ALL, draft_id, page=page),
                button(tr("Clear"), Action.CLEAR, draft_id, page=page),
            ],
            [
                button(tr("Back"), Action.COURSES),
                button(tr("Next"), Action.NEXT, draft_id, page=page),
            ],
        ),
    )


def _reached(tr: Translator, course: Course) -> str:
    """``52% · 12 of 37 cells · score 8.5``, as far as the platform tells."""
    parts = [reached(tr, course.percent)]
    if course.cell_count and course.studied_count is not None:
        parts.append(tr.html("{n} of {m} cells", n=course.studied_count, m=course.cell_count))
    if course.score:
        parts.append(tr.html("score {score}", score=f"{course.score:g}"))
    return " · ".join(parts)


def reading(tr: Translator, course_name: str, draft_id: int, done: int, total: int) -> Screen:
    text = tr.html(
        "📖 <b>{course}</b>\nReading what is in it… {done}/{total}\n{bar}",
        course=course_name,
        done=done,
        total=total,
        bar=bar(done, total),
    )
    return Screen(text, keyboard([button(tr("Cancel"), Action.STOP_READING, draft_id)]))


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
    elif finished or not (plan.by_hand or plan.unsupported):
        lines.append(
            tr.html("✅ Everything here is finished already.")
            if finished
            else tr.html("📭 There is nothing in it yet. Pick another module.")
        )
    if plan.to_study and plan.complete:
        lines.append(
            "✅ " + tr.plural("{n} cell is finished", "{n} cells are finished", plan.complete)
        )
    if plan.by_hand:
        names = _names(tr, plan.by_hand)
        lines.append(tr.html("✍️ Yours to do by hand: {names}", names=names))
    if plan.unsupported:
        names = _names(tr, plan.unsupported)
        lines.append(tr.html("❔ Kinds I cannot study: {names}", names=names))
    rows: list[list[InlineKeyboardButton]] = []
    if plan.to_study:
        rows.append(pace_row(Action.PACE, draft_id, plan.pace))
        rows.append([button(tr("Start"), Action.START, draft_id)])
    if plan.new_lessons is not None:
        rows.append([button(tr("📖 The whole module"), Action.WHOLE_MODULES, draft_id)])
    rows.append([button(tr("Back"), Action.MODULES, draft_id)])
    return Screen("\n".join(lines), keyboard(*rows))


def cell_count(tr: Translator, plan: Plan) -> str:
    """How many cells the job has, as its progress and summary count them, and how many of them it
    leaves to the student."""
    left = []
    if plan.by_hand:
        left.append(
            tr.plural("{n} yours to do by hand", "{n} yours to do by hand", len(plan.by_hand))
        )
    if plan.unsupported:
        left.append(
            tr.plural("{n} that I cannot study", "{n} that I cannot study", len(plan.unsupported))
        )
    cells = tr.plural("{n} cell", "{n} cells", plan.total)
    if not left:
        return cells
    return tr.html("{cells} (of them {left})", cells=cells, left=tr(", ").join(left))


def pace_row(action: Action, draft_id: int, chosen: Pace) -> list[InlineKeyboardButton]:
    """A button per pace; the one in use is marked."""
    return [
        button(("✓ " if pace is chosen else "") + f"{pace.value}×", action, draft_id, index)
        for index, pace in enumerate(Pace)
    ]


def study_time(tr: Translator, estimate: Estimate, pace: Pace) -> str:
    """The estimated duration. Only opening a video tells its length, so unknown lengths are named,
    not guessed."""
    known = tr.duration(estimate.seconds)
    if not estimate.unknown_media:
        return tr.html("about {time} at {pace}×", time=known, pace=pace.value)
    return tr.plural(
        "about {time} and the length of {n} video or audio, at {pace}×",
        "about {time} and the length of {n} videos or audios, at {pace}×",
        estimate.unknown_media,
        time=known,
        pace=pace.value,
    )


def _ending_lines(tr: Translator, ending: Ending) -> list[str]:
    lines = []
    if ending.at is not None:
        lines.append(tr.html("🏁 Begun now, it ends at about {time}.", time=ending.at))
    if ending.cookie_ends_at is not None:
        lines.append(
            tr.html(
                "🔑 Your cookie ends at about {time}: the job then waits for a new one.",
                time=ending.cookie_ends_at,
            )
        )
    return lines


def read_failed(tr: Translator, sentence: str) -> Screen:
    """Reading from the platform failed; ``sentence`` is HTML and says what to do."""
    return Screen(sentence, keyboard(home_row(tr)))


def _module_label(number: int, module: Module, name: str, ticked: Collection[int]) -> str:
    return f"{_mark(module, ticked)} {number} · {percent(module.percent)} {name}"


def _mark(module: Module, ticked: Collection[int]) -> str:
    if module.id in ticked:
        return "☑"
    return "✅" if module.is_complete else "☐"


def _names(tr: Translator, names: Sequence[str]) -> str:
    shown = tr(", ").join(labels(names, NAME_WIDTH)[:NAMES_SHOWN])
    rest = len(names) - NAMES_SHOWN
    return shown + (tr(" and {n} more", n=rest) if rest > 0 else "")
