"""What is played in front of the camera: every screen of the bot, in either language."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.callbacks import Action
from demo.platform import (
    OTHER_STUDENT,
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
from tests.e2e.digest_day import change, do, make_due, publish, tick, tomorrow
from tests.gallery.album import Sitting

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
    await sitting.say("auth=abc")
    await sitting.shoot("not-a-cookie", "what is wrong with a cookie")
    await sitting.say("/courses")
    await sitting.shoot("log-in-first", "nothing without a login")
    await sitting.say("/help")
    await sitting.shoot("help", "every command")


async def student(sitting: Sitting) -> None:
    await sitting.house.log_in()
    await sitting.shoot("logged-in", "a good login")
    await sitting.say("/start")
    await sitting.sees(Action.COURSES)
    await sitting.house.until(lambda: "java" in sitting.newest().text.lower())
    await sitting.shoot("home", "the first screen of a student")
    await sitting.press(Action.COURSES)
    await sitting.sees(Action.COURSE)
    await sitting.shoot("courses", "courses")
    await sitting.press(Action.COURSE)
    await sitting.sees(Action.TICK)
    await sitting.press(Action.TICK)
    await sitting.sees(Action.UNTICK)
    await sitting.shoot("modules", "a course's modules")
    await sitting.press(Action.MODULE)
    await sitting.house.until(lambda: "📂" in sitting.newest().text)
    await sitting.shoot("module", "what is in a module")
    await sitting.press(Action.MODULES)
    await sitting.sees(Action.NEXT)
    await sitting.press(Action.NEXT)
    await sitting.sees(Action.START)
    await sitting.shoot("preview", "what would be done")
    await sitting.press(Action.START)
    await sitting.house.reported(2)
    await sitting.house.until(lambda: "/" in sitting.newest().text and "▸" in sitting.newest().text)
    await sitting.shoot("progress", "a job at work")
    await sitting.press(Action.PAUSE)
    await sitting.sees(Action.RESUME)
    await sitting.house.until(lambda: "⏸" in sitting.newest().text)
    await sitting.shoot("paused", "a job at rest")
    await sitting.press(Action.CANCEL)
    await sitting.sees(Action.CANCEL_YES)
    await sitting.shoot("cancel", "cancelling asks once")
    await sitting.press(Action.CANCEL_NO)
    await sitting.press(Action.RESUME)
    await sitting.house.final(patience=240)
    await sitting.house.until(lambda: not sitting.has(Action.CANCEL))
    await sitting.shoot("summary", "the end of a job")
    await sitting.say("/jobs")
    await sitting.shoot("jobs", "all jobs")
    await sitting.press(Action.JOB)
    await sitting.house.until(lambda: "🔄" in str(sitting.newest().buttons))
    await sitting.shoot("job", "one job and its history")


async def all_courses(sitting: Sitting) -> None:
    await sitting.house.log_in()
    await sitting.say("/courses")
    await sitting.sees(Action.ALL_COURSES)
    await sitting.press(Action.ALL_COURSES)
    await sitting.sees(Action.START_ALL)
    await sitting.shoot("all-courses", "all courses at once")


async def failures(sitting: Sitting) -> None:
    house = sitting.house
    house.platform.faults.add(
        Endpoint.REPORT, Fault.json({"code": 7, "msg": "操作失败，请稍后再试"}), times=None
    )
    await house.log_in()
    await _start(sitting)
    await house.final()
    await sitting.shoot("summary-failures", "why something is not done")


async def bar(sitting: Sitting) -> None:
    house = sitting.house
    await house.log_in()
    await _start(sitting)
    await house.reported()
    house.platform.bar(STUDENT.stu_id, 20)
    await house.until(lambda: "20" in sitting.newest().text)
    await sitting.shoot("bar", "the platform bars the account")


async def expiry(sitting: Sitting) -> None:
    house = sitting.house
    cookie = {
        "domain": "zjy2.icve.com.cn",
        "name": "auth",
        "value": house.platform.cookie_for(STUDENT.stu_id),
        "expirationDate": time.time() + 3000 / SLOW,
    }
    house.person.send(json.dumps([cookie]))
    await house.see(STUDENT.name)
    await _start(sitting)
    await house.until(lambda: "⏰" in sitting.newest().text)
    await sitting.shoot("cookie-ends", "a cookie that will end under a job")
    house.platform.expire(STUDENT.stu_id)
    await house.until(lambda: "⌛" in sitting.newest().text)
    await sitting.shoot("expired", "the session expired")
    await house.log_in(OTHER_STUDENT.stu_id)
    await sitting.shoot("another-student", "a cookie of another student")
    await sitting.say("/accounts")
    await sitting.shoot("accounts", "several accounts")
    await sitting.say("/logout")
    await sitting.shoot("logout", "remove an account")


async def settings(sitting: Sitting) -> None:
    await sitting.say("/settings")
    await sitting.shoot("settings", "settings")
    await sitting.press(Action.ZONES)
    await sitting.sees(Action.TYPE_ZONE)
    await sitting.shoot("zones", "the time zone by region")
    await sitting.press(Action.TYPE_ZONE)
    await sitting.say("伦敦")
    await sitting.shoot("zone-found", "the time zone by a typed city")
    await sitting.say("/settings")
    await sitting.press(Action.NOTICES)
    await sitting.sees(Action.SETTINGS)
    await sitting.shoot("notices", "which notices come")
    await sitting.say("/erase")
    await sitting.shoot("erase", "erase everything")
    await sitting.say("🐼")
    await sitting.shoot("not-understood", "anything else")
    sitting.house.person.press_data(sitting.newest().message_id, "v0:old:1:0")
    await sitting.house.until(lambda: "/help" not in sitting.newest().text)
    await sitting.shoot("old-button", "a button of an old menu")


async def digests(sitting: Sitting) -> None:
    house = sitting.house
    await house.log_in()
    await sitting.say("/digest")
    await sitting.sees(Action.DIGEST_ON)
    await sitting.press(Action.DIGEST_TIME)
    await sitting.sees(Action.DIGEST_AT)
    await sitting.shoot("digest-time", "when the digest comes")
    await sitting.say("21:30")
    await sitting.sees(Action.DIGEST_OFF)
    await sitting.shoot("digest-settings", "the digest's settings")
    await sitting.press(Action.START_HOUR)
    await sitting.sees(Action.START_AT)
    await sitting.shoot("new-lessons-by-themselves", "new lessons by themselves, off unless chosen")
    await _read(sitting)
    await make_due(house)
    await tick(house)
    await tomorrow(house)
    first = house.platform.school.courses[0]
    do(house, *first.leaves()[3:24], *house.platform.school.courses[1].leaves()[:2])
    lessons = [
        video(600, name="集合框架"),
        document(12, name="集合框架.pptx"),
        quiz(name="集合测验"),
    ]
    named = [replace(each, id=f"new-{number}") for number, each in enumerate(lessons)]
    publish(house, "模块九 集合与泛型", *named)
    await tick(house)
    await house.until(lambda: sitting.newest().photo and "🆕" in sitting.newest().text)
    await sitting.shoot("digest", "the daily digest")
    await tomorrow(house)
    await tick(house)
    await house.until(lambda: sitting.newest().photo is None)
    await sitting.shoot("digest-nothing-new", "a day on which nothing happened")
    house.platform.expire(STUDENT.stu_id)
    await tomorrow(house)
    await tick(house)
    await house.until(lambda: "🔑" in sitting.newest().text)
    await sitting.shoot("digest-expired", "the digest after the cookie has expired")


async def new_lessons(sitting: Sitting) -> None:
    house = sitting.house
    await house.log_in()
    await sitting.say("/digest")
    await sitting.sees(Action.DIGEST_ON)
    await sitting.press(Action.WATCH)
    await sitting.sees(Action.WATCH_TIMES)
    await sitting.press(Action.WATCH_TIMES, 3)
    await sitting.sees(Action.DIGEST_ON)
    await tick(house)
    lessons = [video(600, name="集合框架"), document(12, name="集合框架.pptx")]
    named = [replace(each, id=f"new-{number}") for number, each in enumerate(lessons)]
    publish(house, "模块九 集合与泛型", *named)
    await change(house, "UPDATE digest_settings SET watched_at = NULL")
    await tick(house)
    await sitting.sees(Action.START_NEW)
    await sitting.shoot("new-lessons", "new lessons, told at once")


async def progress(sitting: Sitting) -> None:
    house = sitting.house
    await house.log_in()
    await sitting.say("/courses")
    await sitting.sees(Action.COURSE)
    await change(
        house,
        "WITH RECURSIVE days(back) AS (SELECT 1 UNION ALL SELECT back + 1 FROM days"
        " WHERE back < 29) INSERT INTO course_snapshots (course_id, local_date, percent)"
        " SELECT id, date('now', '-' || back || ' day'),"
        " percent * (1 - (back - back % 3) * (0.6 + 0.1 * (id % 3)) / 32.0) FROM courses, days",
    )
    await sitting.say("/progress")
    await house.until(lambda: sitting.newest().photo)
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


SCENES: tuple[tuple[Scene, Callable[[], School], float], ...] = (
    (newcomer, demo_school, FAST),
    (student, demo_school, 20.0),
    (all_courses, demo_school, FAST),
    (failures, troubled_school, FAST),
    (bar, long_school, FAST),
    (expiry, long_school, SLOW),
    (settings, lambda: school_of([link()]), FAST),
    (digests, demo_school, FAST),
    (new_lessons, demo_school, FAST),
    (progress, demo_school, FAST),
)
