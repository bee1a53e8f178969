"""Pictures of progress as PNG: one course with its modules, and the last 30 days.

Pure functions without the event loop: call them in ``asyncio.to_thread``. This package re-exports
the names of ``bot.chat.cards.content``, so that callers import it alone.
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
