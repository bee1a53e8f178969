"""Days with a digest: what makes one due, and what it then tells of: the student, the teacher, the
clock."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.platform import (
    Cell,
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
from storage.moments import to_text
from tests.support.app_harness import AppHarness, one_course
from tests.support.digest_harness import until_served
from tests.support.shown import from_bot

Make = Callable[..., Any]

NAME = "测试科目"


async def change(harness: AppHarness, sql: str, *values: object) -> None:
    """Change what the running bot has stored."""
    assert harness.app is not None
    await harness.app.db.write(lambda conn: conn.execute(sql, values))


def noon_zone(now: datetime) -> str:
    """A zone whose clocks show noon or so at that UTC moment."""
    # POSIX counts westwards: in Etc/GMT+3 it is three hours earlier than in London.
    return f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/UTC"


async def make_due(harness: AppHarness) -> None:
    """As if the chat had set midnight long ago, on a clock that shows noon or so now."""
    now = datetime.now(UTC)
    zone = noon_zone(now)
    await change(harness, "UPDATE chats SET time_zone = ?", zone)
    await change(harness, "UPDATE accounts SET created_at = ?", to_text(now - timedelta(days=2)))
    await change(
        harness,
        "UPDATE digest_settings SET is_on = 1, at = '00:00', zone = ?, zone_since = ?,"
        " armed_at = ?",
        zone,
        to_text(now - timedelta(hours=20)),
        to_text(now - timedelta(hours=20)),
    )


async def tomorrow(harness: AppHarness) -> None:
    """Today's digest counts as yesterday's."""
    await change(harness, "UPDATE digests SET local_date = date(local_date, '-1 day')")


async def tick(harness: AppHarness) -> None:
    """One look at who is due, and everything that follows from it."""
    assert harness.app is not None
    await harness.app.digests.tick()
    await until_served(harness.app.digests)


def publish(harness: AppHarness, name: str, *cells: Cell) -> None:
    """The teacher adds a module to the first course."""
    harness.publish(0, module([topic(cells, id="new-topic")], name=name, id="new-module"))


def pictures(harness: AppHarness) -> list[Message]:
    mine = (each for each in from_bot(harness.person.chat) if each.photo is not None)
    return [each for each in mine if each.photo and "where_cookie" not in each.photo.name]


def stored(harness: AppHarness, sql: str) -> list[Any]:
    with sqlite3.connect(harness.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()


def a_course() -> School:
    """Four cells at different places, and one by hand."""
    return one_course([video(90), document(6), picture(), link(), quiz(name="期中测验")])


def percent_of(harness: AppHarness, number: int = 0) -> float:
    """What the platform shows for a course."""
    return harness.percent(harness.platform.school.courses[number])


async def digest_screen(open_app: Make, school: School | None = None, **kwargs: Any) -> AppHarness:  # noqa: ANN401
    harness: AppHarness = await open_app(school or a_course(), **kwargs)
    await harness.log_in()
    harness.person.send("/digest")
    await harness.see_button("现在发一份")
    return harness
