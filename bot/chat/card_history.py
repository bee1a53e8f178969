"""The chart of the last 30 days."""

from bot.chat.card_content import History
from bot.chat.i18n import Voice


def history_chart(voice: Voice, history: History) -> bytes:
    """A PNG, 1080 px wide."""
    raise NotImplementedError
