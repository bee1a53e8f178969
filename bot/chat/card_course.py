"""The card of one course."""

from bot.chat.card_content import CourseCard
from bot.chat.i18n import Voice


def course_card(voice: Voice, card: CourseCard) -> bytes:
    """A PNG, 1080 px wide."""
    raise NotImplementedError
