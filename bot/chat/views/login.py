"""Screens about logging in: cookies and their expiry."""

from collections.abc import Sequence
from enum import Enum

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, folding, keyboard
from bot.chat.labels import labels
from bot.chat.views.home import home_row, login_row, way_on
from bot.chat.views.hub import Hub, hub_keyboard, hub_lines, job_lines
from bot.chat.views.token_login import only_read, page_instead
from bot.chat.views.words import Deletion, deletion_line
from bot.outbox.screen import Screen
from bot.zjy.cookies import NotACookieReason

NAME_WIDTH = 40
COURSES_SHOWN = 6


class FileTrouble(Enum):
    """Why a file gave no cookie."""

    NO_COOKIE = "no cookie"
    TOO_LARGE = "too large"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    """A kind of file that is not read, a locked archive, or one that holds too much."""


class LoginTrouble(Enum):
    """Why a cookie could not be proved."""

    EXPIRED = "expired"
    """The expiry in the pasted text is past."""
    NOT_TAKEN = "not taken"
    """The platform rejects it; an old cookie and an invented one look alike to it."""
    UNCHECKED = "unchecked"
    """The platform never confirmed or rejected it."""
    PAGE = "page"
    """A web page came in place of an answer."""


def where_cookie(tr: Translator) -> Screen:
    """The caption of the drawing that is sent before :func:`ask_for_cookie`."""
    return Screen(tr.html("👆 The cookie is the value of <code>auth</code>."))


def ask_for_cookie(tr: Translator) -> Screen:
    """All the steps in words, because not every person can see the picture."""
    lines = [
        tr.html("🔑 <b>Log in: send me your 职教云 cookie</b>"),
        "",
        tr.html("1. On a computer, log in at zjy2.icve.com.cn."),
        tr.html("2. Press F12 → Application → Cookies (Firefox: Storage)."),
        tr.html("3. Copy the value of <code>auth</code> and paste it here."),
        "",
        tr.html(
            "📱 <b>Only a phone?</b> Android: a browser with extensions, and one that exports "
            "cookies. iPhone: you need a computer once for every login."
        ),
        tr.html(
            "📋 <b>Also good, as text or file:</b> a whole Cookie header, cURL, an "
            "extension's JSON, cookies.txt, HAR."
        ),
        tr.html(
            "🔒 No password is needed. I delete your message at once and keep the cookie "
            "encrypted. It lives 10 hours."
        ),
    ]
    todays = button(tr("🌐 Today's site (view only)"), Action.LOGIN_TODAY)
    return Screen("\n".join(lines), keyboard([todays], back_row(tr, Action.HOME)))


def awaits_cookie(tr: Translator) -> Screen:
    """The answer to a text that is no cookie, while the bot waits for one."""
    lines = [
        tr.html("🙂 That is not the cookie yet. I am still waiting for it."),
        tr.html(
            "On a computer, log in at zjy2.icve.com.cn, press F12, copy the value of "
            "<code>auth</code> and paste it here."
        ),
    ]
    return Screen(
        "\n".join(lines),
        keyboard(login_row(tr), back_row(tr, Action.HOME)),
    )


def checking_cut_off(tr: Translator) -> Screen:
    """Replaces the result of a check that a restart interrupted."""
    text = tr.html("🔄 I was restarted while I checked the cookie: please send it again.")
    return Screen(text, keyboard(login_row(tr)))


def checking(tr: Translator) -> Screen:
    return Screen(tr.html("🔎 Checking the cookie…"))


def still_checking(tr: Translator) -> Screen:
    """Replaces :func:`checking` while the platform has not said whose the cookie is."""
    return Screen(
        tr.html(
            "🌧 The platform has not given a clear answer yet. I keep the cookie encrypted and try "
            "again in the next minutes; once it works, this message becomes the greeting."
        )
    )


def cookie_withdrawn(tr: Translator) -> Screen:
    """Replaces :func:`checking` or :func:`still_checking` after everything was removed."""
    return Screen(tr.html("🗑 This cookie was removed and is not checked any more."))


def delete_it_yourself(tr: Translator, *, logged_in: bool) -> Screen:
    text = tr.html("⚠️ I could not delete your message with the cookie. Please delete it.")
    return Screen(text, keyboard(way_on(tr, logged_in=logged_in)))


def file_without_cookie(tr: Translator, trouble: FileTrouble, deletion: Deletion) -> Screen:
    """For a document, or for several that came together."""
    match trouble:
        case FileTrouble.NO_COOKIE:
            text = tr.html(
                "📎 I found no cookie in the file. Export the cookies of zjy2.icve.com.cn again, "
                "or paste the value of auth."
            )
        case FileTrouble.TOO_LARGE:
            text = tr.html(
                "📎 The file is too large: I read up to 1 MB. Export the cookies of "
                "zjy2.icve.com.cn alone, or paste the value of auth."
            )
        case FileTrouble.UNREACHABLE:
            text = tr.html(
                "📎 I could not get the file from Telegram. Please send it again in a minute, or "
                "paste its text."
            )
        case FileTrouble.UNREADABLE:
            text = tr.html(
                "📎 I cannot read this kind of file. Send a txt, json, har or an open zip, or "
                "paste the value of auth."
            )
    text += deletion_line(tr, deletion)
    return Screen(text, keyboard(login_row(tr)))


def not_a_cookie(
    tr: Translator, reason: NotACookieReason, deletion: Deletion = Deletion.NOT_TRIED
) -> Screen:
    text = tr.html("❌ This is not a cookie I can use.") + "\n" + _why(tr, reason)
    text += deletion_line(tr, deletion)
    return Screen(text, keyboard(login_row(tr)))


def _why(tr: Translator, reason: NotACookieReason) -> str:
    match reason:
        case NotACookieReason.TOO_SHORT:
            return tr.html(
                "It is too short: the whole value has 32 characters or more. Double-click the "
                "cell, then copy."
            )
        case NotACookieReason.TOO_LONG:
            return tr.html("It is too long: copy the value of auth alone.")
        case NotACookieReason.NOT_HEX:
            return tr.html("The value of auth has only the digits 0–9 and the letters a–f.")
        case NotACookieReason.OTHER_SITE:
            return tr.html("It belongs to another site: take the one of zjy2.icve.com.cn.")
        case NotACookieReason.OTHER_JWT:
            return tr.html(
                "It is not the cookie <code>Token</code> of zjy2.icve.com.cn. Copy that value "
                "alone, never the token of the central login or of another site."
            )
        case NotACookieReason.CUT_JWT:
            return tr.html(
                "The Token is not whole: it has three parts with dots between them. Copy the "
                "whole value again."
            )
        case NotACookieReason.EMPTY | NotACookieReason.NO_AUTH:
            return tr.html("It has no value named auth: copy that line and paste it here.")


def login_failed(tr: Translator, trouble: LoginTrouble, said: str = "") -> Screen:
    """``said`` is the platform's message, quoted, if there is one."""
    match trouble:
        case LoginTrouble.EXPIRED:
            text = tr.html(
                "⌛ This cookie has expired. Log in at zjy2.icve.com.cn again and send me the new "
                "cookie."
            )
        case LoginTrouble.NOT_TAKEN:
            text = tr.html(
                "⌛ The platform does not accept this cookie: it has expired, or it was not "
                "copied whole. Log in at zjy2.icve.com.cn again and copy the value once more."
            )
        case LoginTrouble.UNCHECKED:
            text = tr.html(
                "🌧 I tried for some minutes, and the platform never said clearly whose cookie "
                "this is. I could not check it and removed it. Please send it again later."
            )
        case LoginTrouble.PAGE:
            text = page_instead(tr) + "\n" + tr.html("I did not keep what you sent.")
    if said and trouble in (LoginTrouble.UNCHECKED, LoginTrouble.PAGE):
        text += "\n" + tr.html("The platform said: {words}", words=said)
    return Screen(text, keyboard(login_row(tr)))


def welcome_student(
    tr: Translator, hub: Hub, *, resumed: Sequence[str], waiting: Sequence[tuple[str, str]]
) -> Screen:
    """A successful login, and the hub. ``resumed`` are courses whose jobs go on; ``waiting`` are
    courses and the names of the other students whose cookies their jobs wait for."""
    lines = [tr.html("✅ Hello, <b>{name}</b>! You are logged in.", name=hub.account.name)]
    if not hub.account.can_study and hub.account.is_new:
        lines.append(only_read(tr))
    jobs = [tr.html("▶️ <b>{course}</b> continues.", course=course) for course in resumed]
    jobs += [
        tr.html(
            "⏸ <b>{course}</b> still waits for the cookie of <b>{student}</b>; this one is of "
            "another student and was added as a further account.",
            course=course,
            student=student,
        )
        for course, student in waiting
    ]
    lines += job_lines(tr, jobs)
    lines += hub_lines(tr, hub, with_jobs=not jobs)
    return Screen(folding(lines), hub_keyboard(tr, hub))


def further_student(
    tr: Translator, name: str, *, in_use: str, resumed: Sequence[str], can_study: bool = True
) -> Screen:
    """Follows :func:`welcome_student` if the same message held another student's cookie too."""
    lines = [
        tr.html(
            "✅ There was a cookie of <b>{name}</b> too: added as a further account. In use: "
            "<b>{in_use}</b>.",
            name=name,
            in_use=in_use,
        )
    ]
    if not can_study:
        lines.append(only_read(tr))
    lines += [tr.html("▶️ <b>{course}</b> continues.", course=course) for course in resumed]
    accounts_button = button(tr("👤 Accounts"), Action.ACCOUNTS)
    return Screen(folding(lines), keyboard([accounts_button], home_row(tr)))


def log_in_first(tr: Translator) -> Screen:
    text = tr.html("🔑 Please log in first: send me your platform cookie.")
    return Screen(text, keyboard(login_row(tr)))


def session_expired(tr: Translator, name: str, courses: Sequence[str]) -> Screen:
    """The notice of an expired session, and of the courses whose jobs wait for a new cookie;
    contains 登录 and cookie in every language."""
    keys = keyboard(login_row(tr))
    if not courses:
        text = tr.html(
            "⌛ <b>{name}</b>'s session has expired. Please log in again and send me the new "
            "cookie.",
            name=name,
        )
        return Screen(text, keys)
    text = tr.html(
        "⌛ <b>{name}</b>'s session has expired. Please log in at zjy2.icve.com.cn again and "
        "send me the new cookie; then everything continues automatically.",
        name=name,
    )
    shown = tr(", ").join(labels(courses, NAME_WIDTH)[:COURSES_SHOWN])
    left_out = tr(", ") + "…" if len(courses) > COURSES_SHOWN else ""
    text += "\n" + tr.html("Waiting: {courses}", courses=shown + left_out)
    return Screen(text, keys)


def expiring(tr: Translator, name: str, course: str, time: str) -> Screen:
    """The warning, an hour before the expiry of a cookie that a job needs for longer."""
    text = tr.html(
        "⏰ <b>{name}</b>'s cookie ends at about {time}, before <b>{course}</b> can be done. Copy "
        "a new cookie and send it to me now, and the job goes on without a break; otherwise it "
        "stops then and waits for you.",
        name=name,
        time=time,
        course=course,
    )
    return Screen(text, keyboard([button(tr("🔑 Where the cookie is"), Action.LOGIN)]))
