"""Refuses updates of strangers before they are read and queued: a flood of them takes no memory and
no turn of people who may use the bot."""

from collections import OrderedDict, deque

from bot.access.access import Access
from bot.access.codes import code_in
from bot.chat.i18n import Translators
from bot.chat.telegram_answers import LARGEST_ID, Json, whole_number
from bot.chat.views import home
from bot.clock import Clock
from bot.handlers.own_data import text_removes
from bot.handlers.personal import SENT_BY_PEOPLE
from bot.outbox.stranger_answers import Stranger, StrangerAnswers
from bot.outbox.telegram_calls import Calls

PASSES, WITHIN = 20, 60.0
"""How many updates of one refused person pass within so many real seconds: those that remove what
is stored of them, and opened links."""
MOST_PASSING = 500
"""The most refused people whose passed updates are counted."""


class Door:
    """The handlers check again each update that passes here."""

    def __init__(self, access: Access, answers: StrangerAnswers, clock: Clock) -> None:
        self._access = access
        self._answers = answers
        self._clock = clock
        self._passed: OrderedDict[int, deque[float]] = OrderedDict()

    def refuses(self, kind: str, content: object) -> bool:
        """Whether to drop an update, by its content as Telegram sent it. If it is of a private
        chat, the person is told once in a while. Never raises."""
        if not isinstance(content, dict):
            return False
        sender = _of(content, "from")
        user_id = whole_number(sender.get("id"), 1, LARGEST_ID)
        if user_id is None or self._access.allows(user_id):
            return False
        message = _of(content, "message") if kind == "callback_query" else content
        is_private = _of(message, "chat").get("id") == user_id
        is_stored = is_private and user_id in self._access.shut_out
        if is_private and self._may_pass(kind, content, is_stored=is_stored):
            return not self._passes(user_id)
        if is_private and _is_new(kind, content, sender):
            code = sender.get("language_code")
            language_code = code if isinstance(code, str) else None
            self._answers.offer(Stranger(user_id, language_code, is_stored))
        return True

    def _may_pass(self, kind: str, content: Json, *, is_stored: bool) -> bool:
        """Whether the update opens a link, or is of a person whose data is stored and may serve to
        remove it."""
        if kind == "callback_query":
            return is_stored
        text = content.get("text")
        if kind != "message" or not isinstance(text, str):
            return False
        code = code_in(text)
        if code is not None and self._access.is_key(code):
            return True
        return is_stored and text_removes(text)

    def _passes(self, user_id: int) -> bool:
        now = self._clock.monotonic()
        passed = self._passed.setdefault(user_id, deque(maxlen=PASSES))
        self._passed.move_to_end(user_id)
        if len(self._passed) > MOST_PASSING:
            self._passed.popitem(last=False)
        if len(passed) == PASSES and now - passed[0] < WITHIN:
            return False
        passed.append(now)
        return True


async def answer_stranger(calls: Calls, translators: Translators, stranger: Stranger) -> None:
    """Tell a refused person their own id. Raises a TelegramError."""
    tr = translators.choose(None, stranger.language_code)
    screen = home.not_allowed(tr, stranger.user_id, is_stored=stranger.is_stored)
    await calls.send(stranger.user_id, screen, silent=False)


def _of(content: Json, name: str) -> Json:
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def _is_new(kind: str, content: Json, sender: Json) -> bool:
    """Whether a person just pressed a button or sent a message."""
    if kind == "callback_query":
        return True
    is_message = kind == "message" and sender.get("is_bot") is not True
    return is_message and any(content.get(name) for name in SENT_BY_PEOPLE)
