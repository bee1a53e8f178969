"""Screens of a student's courses and of the modules of one."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import (
    Row,
    back_row,
    button,
    button_width,
    keyboard,
    page_of,
    rows_of,
    turning,
)
from bot.chat.labels import cut, display_width, labels
from bot.chat.text_bars import bar, percent, percent_bar
from bot.chat.views.home import home_row
from bot.chat.views.hub import Origin, rest_button
from bot.chat.views.words import reached
from bot.outbox.screen import Screen
from storage.accounts import Account
from storage.courses import Course, Module

COURSE_WIDTH = 28
MODULES = 6
NAME_WIDTH = 30
"""Widths are columns of a phone's font: a Chinese character takes two. Six modules, and the rows
below them, fit on a phone's screen."""


def loading(tr: Translator) -> Screen:
    """While the platform is read; the button leads on if a restart ends the reading."""
    row = back_row(tr, Action.HOME)
    return Screen(tr.html("⏳ Checking the platform…"), keyboard(row))


def course_list(tr: Translator, account: Account, courses: Sequence[Course], page: int) -> Screen:
    """The student's unfinished courses, a page of them as buttons; a button leads to the finished
    ones."""
    if not courses:
        text = tr.html(
            "The platform lists no courses for <b>{name}</b>. Join one there first.",
            name=account.name,
        )
        return Screen(text, keyboard(back_row(tr, Action.HOME)))
    todo = [course for course in courses if not course.is_complete]
    done = len(courses) - len(todo)
    shown, page = page_of(todo, page)
    text = tr.html("📚 <b>Courses of {name}</b>", name=account.name) + "\n"
    text += tr.html("Which one?") if todo else tr.html("✅ All your courses show 100%.")
    whole: Row = [rest_button(tr, Origin.COURSES)] if len(todo) > 1 and account.can_study else []
    folded: Row = [button(tr("✅ Finished ({n})", n=done), Action.FINISHED)] if done else []
    return Screen(
        text,
        keyboard(
            *_course_rows(todo, shown, page),
            turning(tr, len(todo), page, Action.COURSES),
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


def finished_courses(
    tr: Translator, account: Account, courses: Sequence[Course], page: int
) -> Screen:
    """The courses that the list hides."""
    done = [course for course in courses if course.is_complete]
    shown, page = page_of(done, page)
    return Screen(
        tr.html("✅ <b>Finished courses of {name}</b>", name=account.name),
        keyboard(
            *_course_rows(done, shown, page),
            turning(tr, len(done), page, Action.FINISHED),
            back_row(tr, Action.COURSES),
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
    return f"{percent_bar(course.percent, 4)}{shown} {name}"


def page_of_module(modules: Sequence[Module], module_id: int) -> int:
    """The page of the list on which the module with this row id is; 0 for an unknown one."""
    places = (place for place, module in enumerate(modules) if module.id == module_id)
    return next(places, 0) // MODULES


def no_modules(tr: Translator, course: Course) -> Screen:
    text = tr.html(
        "📭 <b>{course}</b> has no modules yet. Ask your teacher, or pick another course.",
        course=course.name,
    )
    return Screen(text, keyboard(back_row(tr, Action.COURSES)))


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
    heads = [
        _head(number, module, _mark(module, ticked)) for number, module in enumerate(modules, 1)
    ]
    actions = [Action.UNTICK if module.id in ticked else Action.TICK for module in modules]
    opening = [
        button(f"{number} ›", Action.MODULE, draft_id, module.id)
        for number, module in enumerate(modules, 1)
        if module in shown
    ]
    lines = _course_lines(tr, course)
    lines += ["", tr.html("Tap a name to tick ☑, or 1 › to open.")]
    if ticked:
        lines.append(tr.plural("{n} module ticked", "{n} modules ticked", len(ticked)))
    return Screen(
        "\n".join(lines),
        keyboard(
            *_module_rows(modules, heads, actions, draft_id, page),
            *rows_of(opening, MODULES),
            turning(tr, len(modules), page, Action.MODULES, draft_id, size=MODULES),
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


def modules_to_read(
    tr: Translator, course: Course, modules: Sequence[Module], draft_id: int, page: int
) -> Screen:
    """The modules of a course that is only read: pressing a name opens it."""
    _, page = page_of(modules, page, MODULES)
    heads = [
        _head(number, module, "✅" if module.is_complete else "📂")
        for number, module in enumerate(modules, 1)
    ]
    lines = [*_course_lines(tr, course), "", tr.html("Tap a name to see what is inside.")]
    return Screen(
        "\n".join(lines),
        keyboard(
            *_module_rows(modules, heads, [Action.MODULE] * len(modules), draft_id, page),
            turning(tr, len(modules), page, Action.MODULES, draft_id, size=MODULES),
            back_row(tr, Action.COURSES),
        ),
    )


def _module_rows(
    modules: Sequence[Module],
    heads: Sequence[str],
    actions: Sequence[Action],
    draft_id: int,
    page: int,
) -> list[Row]:
    """The buttons of one page of the modules, each under its head and a name unlike all others."""
    room = button_width(1) - max(map(display_width, heads), default=0)
    names = labels([module.name for module in modules], room)
    on_page = range(page * MODULES, min((page + 1) * MODULES, len(modules)))
    return [
        [button(heads[at] + names[at], actions[at], draft_id, modules[at].id, page=page)]
        for at in on_page
    ]


def _course_lines(tr: Translator, course: Course) -> list[str]:
    lines = [tr.html("📖 <b>{course}</b>", course=course.name)]
    if course.teacher:
        lines.append(tr.html("👩‍🏫 {teacher}", teacher=cut(course.teacher, NAME_WIDTH)))
    lines.append(percent_bar(course.percent, 6) + _reached(tr, course))
    return lines


def _reached(tr: Translator, course: Course) -> str:
    """``52% · 12 of 37 cells · score 8.5``, as far as the platform tells."""
    parts = [reached(tr, course.percent)]
    if course.cell_count and course.studied_count is not None:
        parts.append(tr.html("{n} of {m} items", n=course.studied_count, m=course.cell_count))
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


def read_failed(tr: Translator, sentence: str) -> Screen:
    """Reading from the platform failed; ``sentence`` is HTML and says what to do."""
    return Screen(sentence, keyboard(home_row(tr)))


def _head(number: int, module: Module, mark: str) -> str:
    return f"{mark} {number} · {percent(module.percent)} "


def _mark(module: Module, ticked: Collection[int]) -> str:
    if module.id in ticked:
        return "☑"
    return "✅" if module.is_complete else "☐"
