"""What a person is told who has as much as one person may have."""

from bot.chat.i18n import Translator
from bot.chat.keyboards import keyboard
from bot.chat.views.home import home_row
from bot.limits import MOST, Limit
from bot.outbox.screen import Screen


def reached(tr: Translator, limit: Limit) -> Screen:
    return Screen(tr.html("✋ {sentence}", sentence=sentence(tr, limit)), keyboard(home_row(tr)))


def sentence(tr: Translator, limit: Limit) -> str:
    """What there is too much of and what to do, also short enough for an in-app alert."""
    most = MOST[limit]
    match limit:
        case Limit.ACCOUNTS:
            return tr(
                "This chat has {most} accounts, and more are not possible. Remove one with "
                "/logout, then send the cookie again.",
                most=most,
            )
        case Limit.JOBS:
            return tr(
                "You have {most} jobs that have not ended, and more are not possible. Wait until "
                "one ends, or end one with /cancel.",
                most=most,
            )
        case Limit.DRAFTS:
            return tr(
                "You opened courses {most} times within an hour, and more is not possible. Please "
                "try again a little later.",
                most=most,
            )
        case Limit.LOGINS:
            return tr(
                "You sent {most} cookies within a minute, and more are not possible. Please wait "
                "a minute, then send it again.",
                most=most,
            )
