"""An error of the platform, as one plain sentence for the person who waits for an answer."""

from bot.chat.i18n import Translator
from bot.chat.views import courses as course_views
from bot.chat.views import login as login_views
from bot.chat.views.token_login import page_instead
from bot.chat.views.words import cookie_locked, platform_words
from bot.jobs.endings import BAR_MINUTES
from bot.logs import get_log, new_reference
from bot.outbox.screen import Screen
from bot.zjy.errors import Barred, CookieLocked, PageInstead, SessionExpired, Temporary, ZjyError
from storage.accounts import Account

_log = get_log(__name__)


def words_of(tr: Translator, error: ZjyError) -> str:
    """The platform's message with the error, quoted; empty if there is none."""
    return platform_words(tr, error.msg, None if error.code is None else str(error.code))


def trouble_screen(tr: Translator, account: Account, error: ZjyError) -> Screen:
    """What is wrong and what to do; the log gets the details under the same reference."""
    reference = new_reference()
    _log.warning("the platform gave trouble", trouble=str(error), reference=reference)
    if isinstance(error, SessionExpired):
        return login_views.session_expired(tr, account.name, [])
    if isinstance(error, CookieLocked):
        sentence = cookie_locked(tr)
    elif isinstance(error, PageInstead):
        sentence = page_instead(tr)
    elif isinstance(error, Barred):
        sentence = tr.html(
            "⏳ The platform has restricted this account for {time}. Please try again after that.",
            time=tr.minutes(error.minutes or BAR_MINUTES),
        )
    elif isinstance(error, Temporary) and (words := words_of(tr, error)):
        sentence = tr.html(
            "🌧 The platform is in trouble right now and says: {words}. Please try again in a few "
            "minutes.",
            words=words,
        )
    elif isinstance(error, Temporary):
        sentence = tr.html(
            "🌧 The platform cannot be reached right now. Please try again in a few minutes."
        )
    elif words := words_of(tr, error):
        sentence = tr.html(
            "❌ The platform sent something odd: {words}. Please try again later "
            "(<code>{reference}</code>).",
            words=words,
            reference=reference,
        )
    else:
        sentence = tr.html(
            "❌ The platform sent something odd. Please try again later "
            "(<code>{reference}</code>).",
            reference=reference,
        )
    return course_views.read_failed(tr, sentence)
