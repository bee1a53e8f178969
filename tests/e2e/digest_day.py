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
from tests.digest.served import until_served
from tests.e2e.house import House, one_course

Make = Callable[..., Any]

NAME = "测试科目"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


async def change(house: House, sql: str, *values: object) -> None:
    """Change what the running bot has stored."""
    assert house.app is not None
    await house.app.db.write(lambda conn: conn.execute(sql, values))


async def make_due(house: House) -> None:
    """As if the chat had set midnight long ago, on a clock that shows noon or so now."""
    now = datetime.now(UTC)
    # POSIX counts westwards: in Etc/GMT+3 it is three hours earlier than in London.
    zone = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/UTC"
    await change(house, "UPDATE chats SET time_zone = ?", zone)
    await change(house, "UPDATE accounts SET created_at = ?", _text(now - timedelta(days=2)))
    await change(
        house,
        "UPDATE digest_settings SET is_on = 1, at = '00:00', zone = ?, zone_since = ?,"
        " armed_at = ?",
        zone,
        _text(now - timedelta(hours=20)),
        _text(now - timedelta(hours=20)),
    )


async def tomorrow(house: House) -> None:
    """Today's digest counts as yesterday's."""
    await change(house, "UPDATE digests SET local_date = date(local_date, '-1 day')")


async def tick(house: House) -> None:
    """One look at who is due, and everything that follows from it."""
    assert house.app is not None
    await house.app.digests.tick()
    await until_served(house.app.digests)


def do(house: House, *cells: Cell) -> None:
    """The student does cells in the browser."""
    for cell in cells:
        progress = house.platform.school.progress(STUDENT.stu_id, cell.id)
        progress.raise_to(100.0, house.platform.now())


def publish(house: House, name: str, *cells: Cell) -> None:
    """The teacher adds a module to the first course."""
    added = module([topic(cells, id="new-topic")], name=name, id="new-module")
    school = house.platform.school
    first, *rest = school.courses
    grown: Course = replace(first, modules=(*first.modules, added))
    school.courses = (grown, *rest)
    school.__post_init__()


def add_cell(house: House, cell: Cell, number: int = 0) -> None:
    """The teacher adds a cell to the first topic of a module of the first course."""
    school = house.platform.school
    first, *rest = school.courses
    modules = list(first.modules)
    head, *topics = modules[number].topics
    grown = (replace(head, cells=(*head.cells, cell)), *topics)
    modules[number] = replace(modules[number], topics=grown)
    school.courses = (replace(first, modules=tuple(modules)), *rest)
    school.__post_init__()


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def pictures(house: House) -> list[Message]:
    mine = (each for each in house.person.chat.messages if each.from_bot)
    return [
        each for each in mine if each.photo is not None and "where_cookie" not in each.photo.name
    ]


def stored(house: House, sql: str) -> list[Any]:
    with sqlite3.connect(house.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()


def a_course() -> School:
    """Four cells at different places, and one by hand."""
    return one_course([video(90), document(6), picture(), link(), quiz(name="期中测验")])


def percent_of(house: House, number: int = 0) -> float:
    """What the platform shows for a course."""
    cells = house.platform.school.courses[number].leaves()
    shown = [house.platform.shown(STUDENT.stu_id, cell.id) for cell in cells]
    return sum(shown) / len(shown)


async def digest_screen(houses: Make, school: School | None = None, **kwargs: Any) -> House:  # noqa: ANN401
    house: House = await houses(school or a_course(), **kwargs)
    await house.log_in()
    house.person.send("/digest")
    await house.see_button("现在发一份")
    return house
