"""The first screens: start, help, refusals and the answer in groups."""

import html
from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action, Callback
from bot.chat.commands import CommandGroup, commands_for
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, copy_button, expandable, keyboard
from bot.chat.phrases import Courtesy, Question
from bot.chat.views.words import Deletion, deletion_line
from bot.outbox.screen import Screen


def home_row(tr: Translator) -> list[InlineKeyboardButton]:
    """The row of buttons to the main screens, for any screen."""
    return [
        button(tr("📚 Courses"), Action.COURSES),
        button(tr("📋 Jobs"), Action.JOBS),
    ]


def login_row(tr: Translator) -> list[InlineKeyboardButton]:
    """The row that leads to how to log in."""
    return [button(tr("🔑 How to log in"), Action.LOGIN)]


def way_on(tr: Translator, *, logged_in: bool) -> list[InlineKeyboardButton]:
    """The row of buttons to the main screens; without a login it offers no courses."""
    return home_row(tr) if logged_in else [button(tr("🔑 Log in"), Action.LOGIN)]


def welcome(tr: Translator) -> Screen:
    """For a person who is not logged in: what the bot is in three lines, what is stored, a
    button."""
    text = "\n\n".join(("\n".join(_introduction(tr)), *_what_is_stored(tr)))
    return Screen(text, keyboard([button(tr("🔑 Log in"), Action.LOGIN)], more_row(tr)))


def _introduction(tr: Translator) -> Sequence[str]:
    return (
        tr.html("👋 <b>Hello! I study 职教云 courses for you.</b>"),
        tr.html(
            "Pick a course and its modules; I go through documents and videos at a player's "
            "pace and report what the platform really shows."
        ),
        tr.html("Tests, homework and discussions stay yours."),
    )


def _what_is_stored(tr: Translator) -> Sequence[str]:
    return (
        tr.html(
            "🔐 Stored here: your platform cookie (encrypted), your name and number, courses "
            "and jobs. /logout removes an account, /erase removes everything."
        ),
        tr.html("⚠️ Your school's rules may forbid automation. Whether to use it is your decision."),
    )


def help_screen(tr: Translator, *, logged_in: bool, is_owner: bool = False) -> Screen:
    """Every command that exists for the person, with its meaning, in its group, from the one
    registry."""
    lines = [tr.html("<b>What I understand</b>")]
    for group in CommandGroup:
        commands = [
            f"/{each.name} – {html.escape(tr(each.summary))}"
            for each in commands_for(is_owner=is_owner)
            if each.group is group
        ]
        if not commands:
            continue
        lines += [f"<b>{_group_name(tr, group)}</b>", expandable(commands)]
    lines += [
        tr.html("💬 Plain words work too: <b>pause</b>, <b>progress</b> or <b>help</b>."),
        tr.html("🔑 Paste a cookie whenever you like: that logs you in, and I delete it."),
    ]
    return Screen("\n".join(lines), keyboard(way_on(tr, logged_in=logged_in)))


def _group_name(tr: Translator, group: CommandGroup) -> str:
    match group:
        case CommandGroup.STUDY:
            return tr.html("📖 Study")
        case CommandGroup.REPORTS:
            return tr.html("📊 Reports")
        case CommandGroup.ACCOUNT:
            return tr.html("👤 Account")
        case CommandGroup.DELETION:
            return tr.html("🗑 Delete")
        case CommandGroup.OWNER:
            return tr.html("👑 Owner")


def reply(tr: Translator, meaning: Courtesy | Question, *, logged_in: bool) -> Screen:
    text = _reply(tr, meaning, logged_in=logged_in)
    return Screen(text, keyboard(way_on(tr, logged_in=logged_in)))


def _reply(tr: Translator, meaning: Courtesy | Question, *, logged_in: bool) -> str:
    match meaning:
        case Courtesy.HELLO if logged_in:
            return tr.html("👋 Hello! What would you like to do?")
        case Courtesy.HELLO:
            return tr.html("👋 Hello! I study 职教云 courses for you. Log in, and we can begin.")
        case Courtesy.THANKS:
            return tr.html("😊 You are welcome! Good luck with your studies.")
        case Courtesy.ALL_RIGHT:
            # Changes nothing: an «OK» may be meant for a question that only its buttons answer.
            return tr.html("👌 All right. Whenever you want something done, press a button.")
        case Courtesy.GOODBYE:
            return tr.html("👋 See you! Your jobs go on meanwhile.")
        case Question.WHO:
            return "\n".join(_introduction(tr))
        case Question.SAFE:
            return "\n\n".join(_what_is_stored(tr))
        case Question.FREE:
            return tr.html("🙂 It is free: I ask for no money.")
        case Question.WORK_OF_ONES_OWN:
            return tr.html("✍️ Tests, homework and discussions are yours to do. I study the rest.")


def not_understood(tr: Translator, *, logged_in: bool) -> Screen:
    text = tr.html("🤔 I did not understand that. Use the buttons, or send <b>help</b>.")
    return Screen(text, keyboard(way_on(tr, logged_in=logged_in), more_row(tr)))


def old_button(tr: Translator, *, logged_in: bool) -> Screen:
    """The answer to a button that is out of date."""
    text = tr.html("That button is from an older menu. Here is a fresh one:")
    return Screen(text, keyboard(way_on(tr, logged_in=logged_in)))


def broken_off(tr: Translator, back: Callback | None) -> Screen:
    """What was read for this message broke off by a fault; ``back`` leads to where it began."""
    text = tr.html("That did not work out. Nothing is lost; you can try again:")
    row = home_row(tr) if back is None else back_row(tr, back.action, *back.ids)
    return Screen(text, keyboard(row))


def not_allowed(tr: Translator, user_id: int, *, is_stored: bool) -> Screen:
    """For a person who may not use the bot; with ``is_stored``, one who could before."""
    text = tr.html(
        "🔒 This bot is not open to you yet. Send this number to its owner: <code>{user_id}</code>",
        user_id=str(user_id),
    )
    if is_stored:
        text += " " + tr.html(
            "Your jobs are paused and your cookie is not used. /logout removes an account, "
            "/erase removes everything."
        )
    return Screen(text, keyboard([copy_button(tr("📋 Copy the number"), str(user_id))]))


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
            back_row(tr, Action.HOME),
        ),
    )


def erased(tr: Translator, *, may_begin_again: bool = True, keeps_id: bool = False) -> Screen:
    """With ``keeps_id`` the person's id stays stored, because it is what lets them in or keeps them
    out."""
    if may_begin_again:
        text = tr.html("✅ Everything stored for this chat is erased. Send /start to begin again.")
        why = tr.html("Your Telegram id stays on the list of who may use this bot.")
    else:
        text = tr.html("✅ Everything stored for this chat is erased.")
        why = tr.html("Your Telegram id alone stays stored: your access was taken away.")
    return Screen(f"{text} {why}" if keeps_id else text)


def more_row(tr: Translator) -> list[InlineKeyboardButton]:
    """The row of buttons to the settings and the help."""
    return [
        button(tr("⚙️ Settings"), Action.SETTINGS),
        button(tr("❓ Help"), Action.HELP),
    ]
