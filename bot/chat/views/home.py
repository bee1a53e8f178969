"""The first screens: start, help, refusals and what is said in groups."""

import html
from collections.abc import Iterable

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.commands import COMMANDS
from bot.chat.i18n import Voice
from bot.chat.screen import Screen, button, keyboard


def home_row(voice: Voice) -> list[InlineKeyboardButton]:
    """The way on from any screen."""
    return [
        button(voice("📚 Courses"), Action.COURSES),
        button(voice("📋 Jobs"), Action.JOBS),
    ]


def welcome(voice: Voice) -> Screen:
    """For somebody who is not logged in."""
    text = "\n\n".join(
        (
            voice.html("👋 <b>Hello! I study 职教云 courses for you.</b>"),
            voice.html(
                "Pick a course and its modules; I go through documents and videos at a player's "
                "pace and report what the platform really shows. Tests, homework and "
                "discussions stay yours."
            ),
            voice.html(
                "🔐 Stored here: your platform cookie (encrypted), your name and number, courses "
                "and jobs. /logout removes an account, /erase removes everything."
            ),
            voice.html(
                "⚠️ Your school's rules may forbid automation. Whether to use it is your decision."
            ),
        )
    )
    return Screen(text, keyboard([button(voice("🔑 Log in"), Action.LOGIN)], _more(voice)))


def known(voice: Voice, name: str) -> Screen:
    """For a student who is logged in."""
    text = voice.html("👋 Hello, <b>{name}</b>! What shall we do?", name=name)
    return Screen(text, keyboard(home_row(voice), _more(voice)))


def help_screen(voice: Voice) -> Screen:
    """Every command with its meaning, from the one registry."""
    lines = [voice.html("<b>What I understand</b>")]
    lines += [f"/{each.name} – {html.escape(voice(each.summary))}" for each in COMMANDS]
    lines.append("")
    lines.append(
        voice.html(
            "You may paste a cookie at any time; that is the same as /login, and I delete it."
        )
    )
    return Screen("\n".join(lines), keyboard(home_row(voice)))


def not_understood(voice: Voice, *, logged_in: bool) -> Screen:
    text = voice.html("I did not understand that. Use the buttons, or /help.")
    row = home_row(voice) if logged_in else [button(voice("🔑 Log in"), Action.LOGIN)]
    return Screen(text, keyboard(row))


def old_button(voice: Voice, *, logged_in: bool) -> Screen:
    """In place of silence for a button that no longer means anything."""
    text = voice.html("That button is from an older menu. Here is a fresh one:")
    row = home_row(voice) if logged_in else [button(voice("🔑 Log in"), Action.LOGIN)]
    return Screen(text, keyboard(row))


def not_allowed(voice: Voice, user_id: int) -> Screen:
    return Screen(
        voice.html(
            "🚫 This bot is private. Its owner can let you in by adding your id "
            "<code>{user_id}</code> to ALLOWED_USERS.",
            user_id=str(user_id),
        )
    )


def group_only_private(voice: Voice, username: str) -> Screen:
    """Nothing is done in groups: what is said there, everybody reads."""
    text = voice.html("I only work in a private chat. Never post a cookie in a group!")
    link = InlineKeyboardButton(voice("Open the private chat"), url=f"https://t.me/{username}")
    return Screen(text, keyboard([link]))


def failed(voice: Voice, reference: str) -> Screen:
    """Something broke on our side; the operator finds the rest under the reference."""
    text = voice.html(
        "😓 Something went wrong on my side. Please try again; if it stays so, tell the bot's "
        "owner this number: <code>{reference}</code>",
        reference=reference,
    )
    return Screen(text, keyboard(home_row(voice)))


def confirm_erase(voice: Voice) -> Screen:
    text = voice.html(
        "🗑 <b>Erase everything?</b>\nAccounts, cookies, courses, jobs and settings of this chat "
        "go for good. Running jobs end."
    )
    return Screen(
        text,
        keyboard(
            [button(voice("🗑 Erase everything"), Action.ERASE, 1)],
            [button(voice("Back"), Action.HOME)],
        ),
    )


def erased(voice: Voice) -> Screen:
    return Screen(voice.html("✅ Everything of this chat is erased. /start begins anew."))


def settings(
    voice: Voice, languages: Iterable[tuple[str, bool]], paces: Iterable[tuple[str, bool]]
) -> Screen:
    """Language and pace; the flag marks the one in use."""
    rows = [
        [
            button(("✓ " if used else "") + label, action, index)
            for index, (label, used) in enumerate(choices)
        ]
        for action, choices in ((Action.LANGUAGE, languages), (Action.CHAT_PACE, paces))
    ]
    text = voice.html(
        "⚙️ <b>Settings</b>\nLanguage, and the pace of new jobs: 1× moves a video 10 s in 10 s, "
        "1.5× 15 s in 10 s, 2× 10 s in 5 s."
    )
    return Screen(text, keyboard(*rows, [button(voice("Back"), Action.HOME)]))


def _more(voice: Voice) -> list[InlineKeyboardButton]:
    return [
        button(voice("⚙️ Settings"), Action.SETTINGS),
        button(voice("❓ Help"), Action.HELP),
    ]
