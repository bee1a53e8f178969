"""Samples of the pictures that the bot draws: a course's card and the chart of its history."""

from datetime import date, timedelta

from bot.chat.cards.content import ChartLine, CourseCard, HistoryCard, ModuleBar
from demo.platform import STUDENT, Course, demo_school

TODAY = date(2021, 3, 31)
_MODULES = ((100, 0), (72, 18.4), (39.5, 12), (100, 6.5), (21, 0), (8, 8), (0, 0), (0, 0), (0, 0))


def sample_card() -> CourseCard:
    """The demo's first course in the middle of the term, the day after some study."""
    java = demo_school().courses[0]
    return CourseCard(
        course=java.name,
        percent=52.39,
        gained=5.5,
        cells_done=71,
        cells_total=137,
        modules=tuple(
            ModuleBar(module.name, now, gained)
            for module, (now, gained) in zip(java.modules, _MODULES, strict=False)
        ),
        student=STUDENT.name,
        today=TODAY,
        since=TODAY - timedelta(days=1),
    )


def sample_history() -> HistoryCard:
    """Four courses over 30 days, with days on which nothing was recorded."""
    rises = ((10.4, 1.4, 0), (48, 1.2, 0), (100, 0, 0), (0, 2.1, 16))
    courses = [
        _line(course, start, rise, first)
        for course, (start, rise, first) in zip(demo_school().courses, rises, strict=True)
    ]
    return HistoryCard(courses, TODAY, STUDENT.name, TODAY - timedelta(days=29))


def _line(course: Course, start: float, rise: float, first: int) -> ChartLine:
    points, value = [], float(start)
    for number in range(first, 30):
        value = min(100.0, value + rise * ((number * 7) % 5) / 2)
        if not 11 <= number <= 14:
            points.append((TODAY - timedelta(days=29 - number), value))
    return ChartLine(course.name, points)
