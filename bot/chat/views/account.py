"""Screens about cookies and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.chat.callbacks import Action
from bot.chat.charts import cut
from bot.chat.i18n import Voice
from bot.chat.screen import MAX_CHOICES, Screen, button, fitting, keyboard
from bot.chat.views.home import home_row
from bot.zjy.cookies import NotACookieReason

NAME_WIDTH = 40
COURSES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as the list shows it; ``age`` is None where there is no working cookie."""

    id: int
    name: str
    number: str
    active: bool
    age: str | None


class LoginTrouble(Enum):
    """Why a cookie could not be proved."""

    EXPIRED = "expired"
    AWAY = "away"
    STRANGE = "strange"


def ask_for_cookie(voice: Voice) -> Screen:
    text = "\n".join(
        (
            voice.html("🔑 <b>Send me your 职教云 cookie</b>"),
            "",
            voice.html("1. On a computer, log in at zjy2.icve.com.cn."),
            voice.html("2. Press F12 → Application → Cookies → the line named <code>auth</code>."),
            voice.html("3. Copy its value and paste it here."),
            "",
            voice.html(
                "On a phone this needs an Android browser that runs a cookie-export extension, or "
                "a computer once: the cookie is hidden from web pages."
            ),
            "",
            voice.html(
                "I also take a whole Cookie header, a copied cURL command, exported JSON or "
                "cookies.txt as text. A cookie lives 10 hours. I delete your message at once."
            ),
        )
    )
    return Screen(text, keyboard([button(voice("Back"), Action.HOME)]))


def checking(voice: Voice) -> Screen:
    return Screen(voice.html("🔎 Checking the cookie…"))


def delete_it_yourself(voice: Voice) -> Screen:
    text = voice.html("⚠️ I could not delete your message with the cookie. Please delete it.")
    return Screen(text, keyboard(home_row(voice)))


def not_a_cookie(voice: Voice, reason: NotACookieReason) -> Screen:
    text = voice.html("❌ This is not a cookie I can use.") + " " + _why(voice, reason)
    return Screen(text, keyboard([button(voice("🔑 How to log in"), Action.LOGIN)]))


def _why(voice: Voice, reason: NotACookieReason) -> str:
    match reason:
        case NotACookieReason.TOO_SHORT:
            return voice.html("It is too short: copy the whole value, 32 characters or more.")
        case NotACookieReason.TOO_LONG:
            return voice.html("It is too long: copy the value of auth alone.")
        case NotACookieReason.NOT_HEX:
            return voice.html("The value of auth has only the digits 0–9 and the letters a–f.")
        case NotACookieReason.OTHER_SITE:
            return voice.html("It belongs to another site: take the one of zjy2.icve.com.cn.")
        case NotACookieReason.EMPTY | NotACookieReason.NO_AUTH:
            return voice.html("It has no value named auth: copy that line and paste it here.")


def login_failed(voice: Voice, trouble: LoginTrouble, detail: str = "") -> Screen:
    match trouble:
        case LoginTrouble.EXPIRED:
            text = voice.html(
                "⌛ This cookie has expired. Log in at zjy2.icve.com.cn again and send me the new "
                "cookie."
            )
        case LoginTrouble.AWAY:
            text = voice.html(
                "🌧 The platform cannot be reached right now, so I could not check the cookie and "
                "did not keep it. Please send it again in a few minutes."
            )
        case LoginTrouble.STRANGE:
            text = voice.html(
                "❌ The platform did not accept this cookie: {detail}. Please send a new one.",
                detail=detail,
            )
    return Screen(text, keyboard([button(voice("🔑 How to log in"), Action.LOGIN)]))


def welcome_student(
    voice: Voice, name: str, *, resumed: Sequence[str], waiting: Sequence[tuple[str, str]]
) -> Screen:
    """A good login. ``resumed`` are courses whose jobs go on; ``waiting`` are courses and the
    names of the other students whose cookies their jobs wait for."""
    lines = [voice.html("✅ Hello, <b>{name}</b>! You are logged in.", name=name)]
    lines += [voice.html("▶️ <b>{course}</b> goes on.", course=course) for course in resumed]
    lines += [
        voice.html(
            "⏸ <b>{course}</b> still waits for the cookie of <b>{student}</b>; this one is of "
            "another student and was added as a further account.",
            course=course,
            student=student,
        )
        for course, student in waiting
    ]
    return Screen(fitting(lines), keyboard(home_row(voice)))


def log_in_first(voice: Voice) -> Screen:
    text = voice.html("🔑 Please log in first: send me your platform cookie.")
    return Screen(text, keyboard([button(voice("🔑 How to log in"), Action.LOGIN)]))


def session_expired(voice: Voice, name: str, courses: Sequence[str]) -> Screen:
    """The notice of an expired session; holds 登录 and cookie in every language."""
    text = voice.html(
        "⌛ <b>{name}</b>'s session has expired. Please log in at zjy2.icve.com.cn again and send "
        "me the new cookie; then everything goes on by itself.",
        name=name,
    )
    if courses:
        shown = voice(", ").join(cut(course, NAME_WIDTH) for course in courses[:COURSES_SHOWN])
        left_out = voice(", ") + "…" if len(courses) > COURSES_SHOWN else ""
        text += "\n" + voice.html("Waiting: {courses}", courses=shown + left_out)
    return Screen(text, keyboard([button(voice("🔑 How to log in"), Action.LOGIN)]))


def accounts(voice: Voice, lines: Sequence[AccountLine]) -> Screen:
    """The chat's accounts; pressing one makes it the one in use."""
    if not lines:
        return log_in_first(voice)
    text = [voice.html("👤 <b>Accounts</b>")]
    for line in lines:
        mark = "● " if line.active else "○ "
        state = (
            voice.html("cookie {age} old", age=line.age)
            if line.age
            else voice.html("needs a new cookie")
        )
        text.append(
            mark
            + voice.html(
                "<b>{name}</b> {number}",
                name=cut(line.name, NAME_WIDTH),
                number=cut(masked(line.number), NAME_WIDTH),
            )
            + f" · {state}"
        )
    rows = [
        [button(voice("Use {name}", name=cut(line.name, NAME_WIDTH)), Action.ACCOUNT, line.id)]
        for line in lines[:MAX_CHOICES]
        if not line.active
    ]
    return Screen(
        fitting(text),
        keyboard(
            *rows,
            [
                button(voice("🔑 Add an account"), Action.LOGIN),
                button(voice("🚪 Log out"), Action.LOGOUT),
            ],
            [button(voice("Back"), Action.HOME)],
        ),
    )


def masked(number: str) -> str:
    """A student's number with its middle hidden."""
    if len(number) <= 4:
        return "•" * len(number)
    return number[:2] + "•" * (len(number) - 4) + number[-2:]


def choose_logout(voice: Voice, lines: Sequence[AccountLine]) -> Screen:
    if not lines:
        return Screen(voice.html("Nobody is logged in here."), keyboard(home_row(voice)))
    text = voice.html("🚪 Whose account shall I remove? Its cookie, courses and jobs go with it.")
    rows = [
        [button(voice("🚪 Remove {name}", name=cut(line.name, NAME_WIDTH)), Action.LOGOUT, line.id)]
        for line in lines[:MAX_CHOICES]
    ]
    return Screen(text, keyboard(*rows, [button(voice("Back"), Action.HOME)]))


def logged_out(voice: Voice, name: str) -> Screen:
    text = voice.html("✅ The account of <b>{name}</b> and its cookie are removed.", name=name)
    return Screen(text, keyboard([button(voice("🔑 Log in"), Action.LOGIN)]))
