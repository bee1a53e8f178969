"""How to log in at the site since 2023, and why an account of it can only be looked at."""

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import back_row, button, keyboard
from bot.outbox.screen import Screen

ADDRESS_LINE = "javascript:prompt('Token',(document.cookie.match(/(?:^|; )Token=([^;]+)/)||[])[1])"
"""Shows the cookie where scripts of the page may read it."""


def where_token(tr: Translator) -> Screen:
    """The caption of the drawing that is sent before :func:`ask_for_token`."""
    return Screen(tr.html("👆 It is the value of the cookie <code>Token</code>."))


def ask_for_token(tr: Translator) -> Screen:
    """All the steps in words, and what is not known of them."""
    lines = [
        tr.html("🌐 <b>Today's site: send me its Token, to look only</b>"),
        "",
        tr.html("1. On a computer, log in at zjy2.icve.com.cn."),
        tr.html("2. Press F12 → Application → Cookies (Firefox: Storage)."),
        tr.html("3. Copy the value of <code>Token</code> and paste it here."),
        "",
        tr.html(
            "⌨️ Or put this into the address bar; type <code>javascript:</code> by hand: "
            "<code>{line}</code> It works on a sister site; here nobody has confirmed it.",
            line=ADDRESS_LINE,
        ),
        tr.html(
            "👀 I read your courses, their percents and what is new, and can change nothing there."
        ),
        tr.html(
            "⚠️ Built from public code, never confirmed on the living site. Only this site's "
            "Token, never that of the central login."
        ),
        tr.html(
            "🔒 I delete your message at once and keep the Token encrypted. It lives 1 to 7 days."
        ),
    ]
    return Screen(
        "\n".join(lines),
        keyboard([button(tr("🔑 The old API"), Action.LOGIN)], back_row(tr, Action.HOME)),
    )


def only_read(tr: Translator) -> str:
    """Why nothing is studied with an account of the site since 2023."""
    return tr.html(
        "👀 Today's 职教云 can only be looked at: its study records are encrypted, and I leave "
        "that protection alone. Progress, new lessons and digests work."
    )


def page_instead(tr: Translator) -> str:
    """A page came where data was due."""
    return tr.html(
        "🛑 The platform sent a web page instead of data, perhaps its protection against "
        "programs: I stop and do not work around it. Look there yourself, and try again another "
        "time."
    )
