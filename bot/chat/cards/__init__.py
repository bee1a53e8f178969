"""Pictures of progress as PNG: one course with its modules, and the last 30 days.

Pure and free of the event loop: call them in ``asyncio.to_thread``. The names of
``bot.chat.cards.content`` are given on, so that who builds a picture imports this module alone.
"""

from bot.chat.cards.content import ChartLine, CourseCard, HistoryCard, ModuleBar
from bot.chat.cards.course import course_card
from bot.chat.cards.history import history_chart

__all__ = [
    "ChartLine",
    "CourseCard",
    "HistoryCard",
    "ModuleBar",
    "course_card",
    "history_chart",
]
