"""What is played in front of the camera: the screens that tell most, in either language."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.callbacks import Action
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    School,
    course,
    demo_school,
    document,
    link,
    locked,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from tests.gallery.album import Sitting
from tests.support.digest_day import change, make_due, publish, tick, tomorrow

Scene = Callable[[Sitting], Awaitable[None]]
SLOW = 30.0
FAST = 600.0


def troubled_school() -> School:
    """A course in which something is left of every kind."""
    cells = [
        video(90),
        document(6),
        quiz(),
        unsupported(),
        locked(video(20)),
        *(picture() for _ in range(4)),
    ]
    return school_of(courses=[course([module([topic(cells)], name="网络基础")], name="计算机网络")])


def long_school() -> School:
    films = [video(1200) for _ in range(4)]
    return school_of(courses=[course([module([topic(films)], name="网络基础")], name="计算机网络")])


async def newcomer(sitting: Sitting) -> None:
    await sitting.say("/start")
    await sitting.shoot("welcome", "what this is, what is stored")
    await sitting.press(Action.LOGIN)
    await sitting.sees(Action.HOME)
    await sitting.shoot("login", "how to log in")


async def student(sitting: Sitting) -> None:
    await sitting.harness.log_in()
    await sitting.sees(Action.COURSE)
    await sitting.say("/start")
    await sitting.sees(Action.COURSES)
    await sitting.harness.until(lambda: "java" in sitting.newest().text.lower())
    await sitting.shoot("home", "the first screen of a student")
    await sitting.press(Action.COURSES)
    await sitting.sees(Action.COURSE)
    await sitting.press(Action.COURSE)
    await sitting.sees(Action.TICK)
    await sitting.press(Action.TICK)
    await sitting.sees(Action.UNTICK)
    await sitting.shoot("modules", "a course's modules")
    await sitting.press(Action.NEXT)
    await sitting.sees(Action.START)
    await sitting.shoot("preview", "what would be done")
    await sitting.press(Action.START)
    await _at_work(sitting)
    await sitting.shoot("progress", "a job at work")
    await sitting.harness.final(patience=240)
    await sitting.harness.until(lambda: not sitting.has(Action.CANCEL))
    await sitting.shoot("summary", "the end of a job")


async def failures(sitting: Sitting) -> None:
    harness = sitting.harness
    harness.platform.faults.add(
        Endpoint.REPORT, Fault.json({"code": 7, "msg": "操作失败，请稍后再试"}), times=None
    )
    await harness.log_in()
    await _start(sitting)
    await harness.final()
    await harness.until(lambda: not sitting.has(Action.CANCEL))
    await sitting.shoot("failures", "why something is not done")


async def bar(sitting: Sitting) -> None:
    harness = sitting.harness
    await harness.log_in()
    await _start(sitting)
    await _at_work(sitting)
    harness.platform.bar(STUDENT.stu_id, 20)
    await harness.until(lambda: "⏳" in sitting.newest().text)
    await _stopped(sitting)
    await sitting.shoot("bar", "the platform has restricted the account")


async def expiry(sitting: Sitting) -> None:
    harness = sitting.harness
    await harness.log_in()
    await _start(sitting)
    await _at_work(sitting)
    harness.platform.expire(STUDENT.stu_id)
    await harness.until(lambda: "⌛" in sitting.newest().text)
    await _stopped(sitting)
    await sitting.shoot("expired", "the session expired")


async def settings(sitting: Sitting) -> None:
    await sitting.say("/settings")
    await sitting.shoot("settings", "settings")


async def digest(sitting: Sitting) -> None:
    harness = sitting.harness
    await harness.log_in()
    await sitting.say("/digest")
    await sitting.sees(Action.DIGEST_ON)
    await sitting.press(Action.DIGEST_TIME)
    await sitting.sees(Action.DIGEST_AT)
    await sitting.say("21:30")
    await sitting.sees(Action.DIGEST_OFF)
    await _read(sitting)
    await make_due(harness)
    await tick(harness)
    await tomorrow(harness)
    first = harness.platform.school.courses[0]
    second = harness.platform.school.courses[1]
    harness.finish(*(each.id for each in (*first.leaves()[3:24], *second.leaves()[:2])))
    lessons = [
        video(600, name="集合框架"),
        document(12, name="集合框架.pptx"),
        quiz(name="集合测验"),
    ]
    named = [replace(each, id=f"new-{number}") for number, each in enumerate(lessons)]
    publish(harness, "模块九 集合与泛型", *named)
    await tick(harness)
    await harness.until(lambda: sitting.newest().photo and "🆕" in sitting.newest().text)
    await sitting.shoot("digest", "the daily digest")


async def new_lessons(sitting: Sitting) -> None:
    harness = sitting.harness
    await harness.log_in()
    await sitting.say("/digest")
    await sitting.sees(Action.DIGEST_ON)
    await sitting.press(Action.WATCH)
    await sitting.sees(Action.WATCH_TIMES)
    await sitting.press(Action.WATCH_TIMES, 3)
    await sitting.sees(Action.DIGEST_ON)
    await tick(harness)
    lessons = [video(600, name="集合框架"), document(12, name="集合框架.pptx")]
    named = [replace(each, id=f"new-{number}") for number, each in enumerate(lessons)]
    publish(harness, "模块九 集合与泛型", *named)
    await change(harness, "UPDATE digest_settings SET watched_at = NULL")
    await tick(harness)
    await sitting.sees(Action.START_NEW)
    await sitting.shoot("new-lessons", "new lessons, told at once")


async def progress(sitting: Sitting) -> None:
    harness = sitting.harness
    await harness.log_in()
    await sitting.say("/courses")
    await sitting.sees(Action.COURSE)
    await change(
        harness,
        "WITH RECURSIVE days(back) AS (SELECT 1 UNION ALL SELECT back + 1 FROM days"
        " WHERE back < 29) INSERT INTO percent_runs"
        " (course_id, first_date, last_date, percent)"
        " SELECT id, date('now', '-' || back || ' day'), date('now', '-' || back || ' day'),"
        " percent * (1 - (back - back % 3) * (0.6 + 0.1 * (id % 3)) / 32.0) FROM courses, days",
    )
    await sitting.say("/progress")
    await harness.until(lambda: sitting.newest().photo)
    await sitting.shoot("progress-chart", "the last 30 days")


async def _read(sitting: Sitting) -> None:
    """All unfinished modules of the first course, up to the preview."""
    await sitting.say("/courses")
    await sitting.sees(Action.COURSE)
    await sitting.press(Action.COURSE)
    await sitting.sees(Action.TICK_ALL)
    await sitting.press(Action.TICK_ALL)
    await sitting.sees(Action.UNTICK)
    await sitting.press(Action.NEXT)
    await sitting.sees(Action.START)


async def _start(sitting: Sitting) -> None:
    """All unfinished modules of the first course, begun."""
    await _read(sitting)
    await sitting.press(Action.START)


async def _at_work(sitting: Sitting) -> None:
    """The progress message names the cell that is studied."""
    await sitting.harness.reported(2)
    await sitting.harness.until(
        lambda: "/" in sitting.newest().text and "▸" in sitting.newest().text
    )


async def _stopped(sitting: Sitting) -> None:
    """The progress message names no cell any more."""
    messages = sitting.harness.person.chat.messages
    await sitting.harness.until(lambda: not any("▸" in each.text for each in messages))


SCENES: tuple[tuple[Scene, Callable[[], School], float], ...] = (
    (newcomer, demo_school, FAST),
    (student, demo_school, SLOW),
    (failures, troubled_school, FAST),
    (bar, long_school, SLOW),
    (expiry, long_school, SLOW),
    (settings, lambda: school_of([link()]), FAST),
    (digest, demo_school, FAST),
    (new_lessons, demo_school, FAST),
    (progress, demo_school, FAST),
)
