"""The first screens: start, help, refusals and the answer in groups."""

import html
from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.charts import bar
from bot.chat.commands import COMMANDS
from bot.chat.i18n import Translator
from bot.chat.keyboards import button, copy_button, folding, keyboard
from bot.chat.labels import labels
from bot.chat.views.deletion import Deletion, deletion_line
from bot.chat.views.words import reached
from bot.outbox.screen import Screen
from storage.accounts import Account
from storage.cells import COMPLETE
from storage.courses import Course

COURSES_SHOWN = 5
NAME_WIDTH = 26


def home_row(tr: Translator) -> list[InlineKeyboardButton]:
    """The row of buttons to the main screens, for any screen."""
    return [
        button(tr("📚 Courses"), Action.COURSES),
        button(tr("📋 Jobs"), Action.JOBS),
    ]


def way_on(tr: Translator, *, logged_in: bool) -> list[InlineKeyboardButton]:
    """The row of buttons to the main screens; without a login it offers no courses."""
    return home_row(tr) if logged_in else [button(tr("🔑 Log in"), Action.LOGIN)]


def welcome(tr: Translator) -> Screen:
    """For a person who is not logged in: what the bot is in three lines, what is stored, a
    button."""
    text = "\n\n".join(
        (
            tr.html("👋 <b>Hello! I study 职教云 courses for you.</b>")
            + "\n"
            + tr.html(
                "Pick a course and its modules; I go through documents and videos at a player's "
                "pace and report what the platform really shows."
            )
            + "\n"
            + tr.html("Tests, homework and discussions stay yours."),
            tr.html(
                "🔐 Stored here: your platform cookie (encrypted), your name and number, courses "
                "and jobs. /logout removes an account, /erase removes everything."
            ),
            tr.html(
                "⚠️ Your school's rules may forbid automation. Whether to use it is your decision."
            ),
        )
    )
    return Screen(text, keyboard([button(tr("🔑 Log in"), Action.LOGIN)], _more(tr)))


def known(
    tr: Translator, account: Account, courses: Sequence[Course], as_of: str | None = None
) -> Screen:
    """For a student who is logged in: the state of the courses, and the pending school items.
    ``as_of`` is from when the numbers are, where they are not of now."""
    lines = [tr.html("👋 Hello, <b>{name}</b>!", name=account.name)]
    unfinished = [course for course in courses if not course.is_complete]
    if unfinished:
        lines.append("")
        names = labels([course.name for course in unfinished], NAME_WIDTH)
        named = zip(unfinished[:COURSES_SHOWN], names, strict=False)
        lines += [_course_line(tr, course, name) for course, name in named]
        if len(unfinished) > COURSES_SHOWN:
            rest = len(unfinished) - COURSES_SHOWN
            lines.append(tr.plural("… and {n} more course", "… and {n} more courses", rest))
    elif courses:
        lines += ["", tr.html("✅ All your courses show 100 %.")]
    if account.homework or account.exams or account.unread:
        lines += ["", _at_school(tr, account)]
    if as_of is not None and courses:
        lines += ["", tr.html("🕰 The numbers are from {time}.", time=as_of)]
    if not account.has_cookie:
        lines += ["", tr.html("🔑 The cookie has expired: send me a new one to go on.")]
    return Screen("\n".join(lines), keyboard(home_row(tr), _more(tr)))


def _course_line(tr: Translator, course: Course, name: str) -> str:
    drawn = "" if course.percent is None else f"{bar(course.percent, COMPLETE, 6)} "
    shown = reached(tr, course.percent)
    return drawn + tr.html("{percent} {course}", percent=shown, course=name)


def _at_school(tr: Translator, account: Account) -> str:
    return tr.html(
        "🏫 At school: homework {homework} · exams {exams} · unread {unread}",
        homework=account.homework,
        exams=account.exams,
        unread=account.unread,
    )


def help_screen(tr: Translator, *, logged_in: bool) -> Screen:
    """Every command with its meaning, from the one registry."""
    lines = [tr.html("<b>What I understand</b>")]
    lines += [f"/{each.name} – {html.escape(tr(each.summary))}" for each in COMMANDS]
    lines.append("")
    lines.append(
        tr.html("You may paste a cookie at any time; that is the same as /login, and I delete it.")
    )
    return Screen(folding(lines), keyboard(way_on(tr, logged_in=logged_in)))


def not_understood(tr: Translator, *, logged_in: bool) -> Screen:
    text = tr.html("I did not understand that. Use the buttons, or /help.")
    return Screen(text, keyboard(way_on(tr, logged_in=logged_in)))


def old_button(tr: Translator, *, logged_in: bool) -> Screen:
    """The answer to a button that is out of date."""
    text = tr.html("That button is from an older menu. Here is a fresh one:")
    return Screen(text, keyboard(way_on(tr, logged_in=logged_in)))


def not_allowed(tr: Translator, user_id: int, *, is_stored: bool) -> Screen:
    """For a person who may not use the bot; with ``is_stored``, one who could before."""
    text = tr.html(
        "🚫 This bot is private. Its owner can let you in by adding your id "
        "<code>{user_id}</code> to ALLOWED_USERS.",
        user_id=str(user_id),
    )
    if is_stored:
        text += " " + tr.html(
            "Your jobs rest and your cookie is not used. /logout removes an account, /erase "
            "removes everything."
        )
    return Screen(text)


def group_only_private(
    tr: Translator, username: str, deletion: Deletion = Deletion.NOT_TRIED
) -> Screen:
    """The bot does nothing in groups, because all members read its messages."""
    text = tr.html("I only work in a private chat. Never post a cookie in a group!")
    text += deletion_line(tr, deletion)
    link = InlineKeyboardButton(tr("Open the private chat"), url=f"https://t.me/{username}")
    return Screen(text, keyboard([link]))


def failed(tr: Translator, reference: str, *, logged_in: bool) -> Screen:
    """An unexpected error of the bot; the operator finds the details under the reference."""
    text = tr.html(
        "😓 Something went wrong on my side. Please try again; if it stays so, tell the bot's "
        "owner this number: <code>{reference}</code>",
        reference=reference,
    )
    copy = copy_button(tr("📋 Copy the number"), reference)
    return Screen(text, keyboard([copy], way_on(tr, logged_in=logged_in)))


def confirm_erase(tr: Translator) -> Screen:
    text = tr.html(
        "🗑 <b>Erase everything?</b>\nAccounts, cookies, courses, jobs and settings of this chat "
        "go for good. Running jobs end."
    )
    return Screen(
        text,
        keyboard(
            [button(tr("🗑 Erase everything"), Action.ERASE, 1)],
            [button(tr("Back"), Action.HOME)],
        ),
    )


def erased(tr: Translator) -> Screen:
    return Screen(tr.html("✅ Everything of this chat is erased. /start begins anew."))


def _more(tr: Translator) -> list[InlineKeyboardButton]:
    return [
        button(tr("⚙️ Settings"), Action.SETTINGS),
        button(tr("❓ Help"), Action.HELP),
    ]
