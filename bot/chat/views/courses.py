"""Screens from the list of courses to the preview of a job."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.charts import bar, cut, percent
from bot.chat.i18n import Voice
from bot.chat.screen import Screen, button, keyboard
from bot.chat.views.home import home_row
from bot.chat.views.words import kinds_line
from bot.jobs.drafts import Plan
from bot.study.outline import COMPLETE
from bot.study.pace import Pace
from storage.courses import Course, Module

_T = TypeVar("_T")

PAGE = 8
LABEL_WIDTH = 40
NAMES_SHOWN = 6


def loading(voice: Voice) -> Screen:
    return Screen(voice.html("⏳ Asking the platform…"))


def course_list(voice: Voice, name: str, courses: Sequence[Course], page: int) -> Screen:
    """The student's courses, unfinished ones first, a page of them as buttons."""
    if not courses:
        text = voice.html(
            "The platform lists no courses for <b>{name}</b>. Join one there first.", name=name
        )
        return Screen(text, keyboard([button(voice("Back"), Action.HOME)]))
    shown, page = _page(courses, page)
    rows = [
        [
            button(
                f"{percent(course.percent)} {cut(course.name, LABEL_WIDTH)}",
                Action.COURSE,
                course.id,
                page=page,
            )
        ]
        for course in shown
    ]
    text = voice.html("📚 <b>Courses of {name}</b>\nWhich one?", name=name)
    turn = _turning(len(courses), page, Action.COURSES)
    return Screen(text, keyboard(*rows, turn, [button(voice("Back"), Action.HOME)]))


def no_modules(voice: Voice, course: Course) -> Screen:
    text = voice.html(
        "📭 <b>{course}</b> has no modules yet. Ask your teacher, or pick another course.",
        course=course.name,
    )
    return Screen(text, keyboard([button(voice("Back"), Action.COURSES)]))


def module_list(
    voice: Voice,
    course: Course,
    modules: Sequence[Module],
    ticked: Collection[int],
    draft_id: int,
    page: int,
) -> Screen:
    """The modules with tick boxes; pressing a name ticks it."""
    shown, page = _page(modules, page)
    rows = [
        [
            button(
                _module_label(module, ticked),
                Action.UNTICK if module.id in ticked else Action.TICK,
                draft_id,
                module.id,
                page=page,
            )
        ]
        for module in shown
    ]
    text = voice.html(
        "📖 <b>{course}</b>\n{bar} {percent}\nTick the modules that I shall study.",
        course=course.name,
        bar=bar(course.percent, COMPLETE),
        percent=percent(course.percent),
    )
    if ticked:
        text += "\n" + voice.plural("{n} module ticked", "{n} modules ticked", len(ticked))
    return Screen(
        text,
        keyboard(
            *rows,
            _turning(len(modules), page, Action.MODULES, draft_id),
            [
                button(voice("All unfinished"), Action.TICK_ALL, draft_id, page=page),
                button(voice("Clear"), Action.CLEAR, draft_id, page=page),
            ],
            [
                button(voice("Back"), Action.COURSES),
                button(voice("Next"), Action.NEXT, draft_id, page=page),
            ],
        ),
    )


def reading(voice: Voice, course_name: str, draft_id: int, done: int, total: int) -> Screen:
    text = voice.html(
        "📖 <b>{course}</b>\nReading what is in it… {done}/{total}\n{bar}",
        course=course_name,
        done=done,
        total=total,
        bar=bar(done, total),
    )
    return Screen(text, keyboard([button(voice("Cancel"), Action.STOP_READING, draft_id)]))


def preview(voice: Voice, plan: Plan, draft_id: int) -> Screen:
    """What a job would do, how long it takes, what stays for the student."""
    lines = [
        voice.html("📋 <b>{course}</b>", course=plan.course_name),
        voice.html("Modules: {names}", names=_names(voice, plan.modules)),
    ]
    finished = plan.complete or plan.finished_modules
    if plan.to_study:
        to_study = voice.plural("{n} cell to study", "{n} cells to study", plan.to_study)
        lines.append(f"▶️ <b>{to_study}</b>: " + kinds_line(voice, plan.by_kind))
        lines.append("⏱ " + _time(voice, plan))
    elif finished or not (plan.by_hand or plan.unsupported):
        lines.append(
            voice.html("✅ Everything here is finished already.")
            if finished
            else voice.html("📭 There is nothing in it yet. Pick another module.")
        )
    if plan.to_study and plan.complete:
        lines.append(
            "✅ " + voice.plural("{n} cell is finished", "{n} cells are finished", plan.complete)
        )
    if plan.by_hand:
        names = _names(voice, plan.by_hand)
        lines.append(voice.html("✍️ Yours to do by hand: {names}", names=names))
    if plan.unsupported:
        names = _names(voice, plan.unsupported)
        lines.append(voice.html("❔ Kinds I cannot study: {names}", names=names))
    rows: list[list[InlineKeyboardButton]] = []
    if plan.to_study:
        rows.append(
            [
                button(
                    ("✓ " if pace is plan.pace else "") + f"{pace.value}×",
                    Action.PACE,
                    draft_id,
                    index,
                )
                for index, pace in enumerate(Pace)
            ]
        )
        rows.append([button(voice("Start"), Action.START, draft_id)])
    rows.append([button(voice("Back"), Action.MODULES, draft_id)])
    return Screen("\n".join(lines), keyboard(*rows))


def _time(voice: Voice, plan: Plan) -> str:
    """Only opening a video tells its length, so unknown ones are named, not invented."""
    known = voice.duration(plan.estimate.seconds)
    if not plan.estimate.unknown_media:
        return voice.html("about {time} at {pace}×", time=known, pace=plan.pace.value)
    return voice.plural(
        "about {time} and the length of {n} video or audio, at {pace}×",
        "about {time} and the length of {n} videos or audios, at {pace}×",
        plan.estimate.unknown_media,
        time=known,
        pace=plan.pace.value,
    )


def read_failed(voice: Voice, sentence: str) -> Screen:
    """Reading the platform failed; ``sentence`` is HTML and says what to do."""
    return Screen(sentence, keyboard(home_row(voice)))


def _module_label(module: Module, ticked: Collection[int]) -> str:
    name = cut(module.name, LABEL_WIDTH)
    return f"{_mark(module, ticked)} {percent(module.percent)} {name}"


def _mark(module: Module, ticked: Collection[int]) -> str:
    if module.id in ticked:
        return "☑"
    return "✅" if module.percent >= COMPLETE else "☐"


def _names(voice: Voice, names: Sequence[str]) -> str:
    shown = voice(", ").join(cut(name, LABEL_WIDTH) for name in names[:NAMES_SHOWN])
    rest = len(names) - NAMES_SHOWN
    return shown + (voice(" and {n} more", n=rest) if rest > 0 else "")


def _page(entries: Sequence[_T], page: int) -> tuple[Sequence[_T], int]:
    last = max(0, (len(entries) - 1) // PAGE)
    page = min(max(page, 0), last)
    return entries[page * PAGE : (page + 1) * PAGE], page


def _turning(count: int, page: int, action: Action, *ids: int) -> list[InlineKeyboardButton]:
    """‹ 2/3 ›, with the ends closed; nothing where one page holds all."""
    last = (count - 1) // PAGE
    if last <= 0:
        return []
    row = [button(f"{page + 1}/{last + 1}", Action.NOTHING)]
    if page > 0:
        row.insert(0, button("‹", action, *ids, page=page - 1))
    if page < last:
        row.append(button("›", action, *ids, page=page + 1))
    return row
