"""Days with a digest: what makes one due, and what it then tells of: the student, the teacher, the
clock."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.platform import (
    STUDENT,
    Cell,
    Course,
    School,
    document,
    link,
    module,
    picture,
    quiz,
    topic,
    video,
)
from demo.telegram import Message
from tests.support.app_harness import AppHarness, one_course
from tests.support.served import until_served

Make = Callable[..., Any]

NAME = "测试科目"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


async def change(harness: AppHarness, sql: str, *values: object) -> None:
    """Change what the running bot has stored."""
    assert harness.app is not None
    await harness.app.db.write(lambda conn: conn.execute(sql, values))


async def make_due(harness: AppHarness) -> None:
    """As if the chat had set midnight long ago, on a clock that shows noon or so now."""
    now = datetime.now(UTC)
    # POSIX counts westwards: in Etc/GMT+3 it is three hours earlier than in London.
    zone = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/UTC"
    await change(harness, "UPDATE chats SET time_zone = ?", zone)
    await change(harness, "UPDATE accounts SET created_at = ?", _text(now - timedelta(days=2)))
    await change(
        harness,
        "UPDATE digest_settings SET is_on = 1, at = '00:00', zone = ?, zone_since = ?,"
        " armed_at = ?",
        zone,
        _text(now - timedelta(hours=20)),
        _text(now - timedelta(hours=20)),
    )


async def tomorrow(harness: AppHarness) -> None:
    """Today's digest counts as yesterday's."""
    await change(harness, "UPDATE digests SET local_date = date(local_date, '-1 day')")


async def tick(harness: AppHarness) -> None:
    """One look at who is due, and everything that follows from it."""
    assert harness.app is not None
    await harness.app.digests.tick()
    await until_served(harness.app.digests)


def do(harness: AppHarness, *cells: Cell) -> None:
    """The student does cells in the browser."""
    for cell in cells:
        progress = harness.platform.school.progress(STUDENT.stu_id, cell.id)
        progress.raise_to(100.0, harness.platform.now())


def publish(harness: AppHarness, name: str, *cells: Cell) -> None:
    """The teacher adds a module to the first course."""
    added = module([topic(cells, id="new-topic")], name=name, id="new-module")
    school = harness.platform.school
    first, *rest = school.courses
    grown: Course = replace(first, modules=(*first.modules, added))
    school.courses = (grown, *rest)
    school.__post_init__()


def add_cell(harness: AppHarness, cell: Cell) -> None:
    """The teacher adds a cell to the first topic of the first module."""
    school = harness.platform.school
    first, *rest = school.courses
    begin, *modules = first.modules
    head, *topics = begin.topics
    grown = replace(begin, topics=(replace(head, cells=(*head.cells, cell)), *topics))
    school.courses = (replace(first, modules=(grown, *modules)), *rest)
    school.__post_init__()


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def pictures(harness: AppHarness) -> list[Message]:
    mine = (each for each in harness.person.chat.messages if each.from_bot)
    return [
        each for each in mine if each.photo is not None and "where_cookie" not in each.photo.name
    ]


def stored(harness: AppHarness, sql: str) -> list[Any]:
    with sqlite3.connect(harness.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()


def a_course() -> School:
    """Four cells at different places, and one by hand."""
    return one_course([video(90), document(6), picture(), link(), quiz(name="期中测验")])


def percent_of(harness: AppHarness, number: int = 0) -> float:
    """What the platform shows for a course."""
    cells = harness.platform.school.courses[number].leaves()
    shown = [harness.platform.shown(STUDENT.stu_id, cell.id) for cell in cells]
    return sum(shown) / len(shown)


async def digest_screen(open_app: Make, school: School | None = None, **kwargs: Any) -> AppHarness:  # noqa: ANN401
    harness: AppHarness = await open_app(school or a_course(), **kwargs)
    await harness.log_in()
    harness.person.send("/digest")
    await harness.see_button("现在发一份")
    return harness
