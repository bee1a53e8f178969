"""Three days of a chat with a digest, on the second of which the bot dies: what must have come."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import partial

from demo.platform import (
    STUDENT,
    Cell,
    School,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
)
from demo.telegram import Message
from tests.prove.crash_checks import leaks
from tests.prove.digest_stage import Death, DigestStage
from tests.support.names import ANNA
from tests.support.shown import saying, with_button

PATIENCE = 40.0
TITLE, ON, IS_ON, LOST = "每日汇报 · ", "🔔 开启", "✅ 已开启", "可能没送到"
"""What stands in each digest, on the switch, on the screen behind it, and of a lost one."""
LONG_NAME = "&" * 26
"""Markup counts before a text is cut in two, and this is 130 characters of it."""


class Letter(Enum):
    """How a digest comes; with the names of the quizzes of its courses."""

    ONE = ("期中测验",)
    """A picture with the text below it."""
    TWO = (LONG_NAME, LONG_NAME, LONG_NAME)
    """A picture with a line below it, and the text in a message of its own."""


@dataclass(slots=True)
class Day:
    """What came on a day, and how far the course was."""

    percent: float
    headlines: list[Message] = field(default_factory=list)
    digests: list[Message] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How often it came, be it a part of it alone."""
        return max(len(self.digests), len(self.headlines))


class Story:
    """A student who does one cell before the second day, and two before the third."""

    def __init__(self, stage: DigestStage, letter: Letter) -> None:
        self.stage = stage
        self.letter = letter
        self.person = stage.telegram.person(ANNA)
        self.cookie = stage.platform.cookie_for(STUDENT.stu_id)
        self.days: list[Day] = []

    @property
    def deaths(self) -> Sequence[Death]:
        return self.stage.deaths

    async def play(self, die_at: str | None) -> None:
        """Raises AssertionError or TimeoutError where it does not go on."""
        await self._sign_up()
        picture_cell, *more = self._cells()
        await self.stage.first_day()
        await self._day()
        self._do(picture_cell)
        await self.stage.next_day(die_at)
        await self._day()
        self._do(*more)
        await self.stage.next_day()
        await self._day()
        await self.stage.stop_bot()

    async def _sign_up(self) -> None:
        self.person.send(f"auth={self.cookie}")
        await self._see(STUDENT.name)
        self.person.send("/digest")
        await self.stage.telegram.wait_for(partial(with_button, self.person.chat, ON), PATIENCE)
        self.person.press(ON)
        await self._see(IS_ON)

    async def _day(self) -> None:
        before = len(self.person.chat.everything)
        await self.stage.live()
        came = [each for each in self.person.chat.everything[before:] if each.from_bot]
        told = Day(self._percent())
        for message in came:
            assert TITLE in message.text, f"nobody asked for: {message.text}"
            is_headline = message.photo is not None and self.letter is Letter.TWO
            (told.headlines if is_headline else told.digests).append(message)
        self.days.append(told)

    async def _see(self, text: str) -> None:
        await self.stage.telegram.wait_for(partial(saying, self.person.chat, text), PATIENCE)

    def _cells(self) -> list[Cell]:
        """Those of the first course that are not to be done by hand."""
        cells = self.stage.platform.school.courses[0].leaves()
        return [each for each in cells if not each.name.startswith(self.letter.value[0])]

    def _do(self, *cells: Cell) -> None:
        """The student did cells in the browser an hour ago: the platform shows it everywhere."""
        for cell in cells:
            progress = self.stage.platform.school.progress(STUDENT.stu_id, cell.id)
            progress.raise_to(100.0, self.stage.platform.now() - 3600)

    def _percent(self) -> float:
        """What the platform shows for the first course."""
        cells = self.stage.platform.school.courses[0].leaves()
        shown = [self.stage.platform.shown(STUDENT.stu_id, cell.id) for cell in cells]
        return sum(shown) / len(shown)

    @property
    def was_lost(self) -> bool:
        """Whether the bot died between the claim and the mark."""
        return any(death.row is not None and death.row.is_lost for death in self.stage.deaths)

    @property
    def tells_of_lost(self) -> bool:
        """Whether the third day's digest says that another one may not have come."""
        return any(_lost_in(each) is not None for each in self.days[2].digests)

    def broken_promises(self) -> Iterator[str]:
        """One line for each promise that is broken, with its number. The bot must be dead."""
        first, second, third = self.days
        for number, day in enumerate(self.days, 1):
            if day.count > 1:
                yield f"6: day {number} has {day.count} digests or headlines"
            is_whole = len(day.digests) == 1
            is_whole &= len(day.headlines) == (self.letter is Letter.TWO)
            if not is_whole and not (day is second and self.was_lost):
                yield f"6: day {number} has no digest, or half of one, and it is not lost"
        if self.was_lost and any(" platform " in death.where for death in self.stage.deaths):
            yield "6: claimed although the platform was still to be asked"
        yield from self._wrong_rows()
        if first.digests and (told := _gain(first.digests[0])) is not None:
            yield f"6: the first one says +{told}%"
        for day in (second, third):
            since = second if day is third and not self.was_lost else first
            gained = round(day.percent - since.percent)
            if day.digests and (told := _gain(day.digests[0])) != gained:
                yield f"6: +{told}% is said, it is +{gained}% since the last one marked sent"
        lost = _named(self.stage.today - timedelta(days=1)) if self.was_lost else None
        for day in self.days:
            named = [_lost_in(each) for each in day.digests]
            if day.digests and named != [lost if day is third else None]:
                yield f"6: {named} is told of as lost, {lost} was"
        yield from (f"3, 4: {violation}" for violation in self.stage.platform.violations)
        yield from (f"8: a cookie stands in {name}" for name in leaks(self.stage, [self.cookie]))

    def _wrong_rows(self) -> Iterator[str]:
        rows = self.stage.rows()
        dates = [self.stage.today - timedelta(days=back) for back in (2, 1, 0)]
        if [row.local_date for row in rows] != dates:
            yield f"6: not a row for each day: {rows}"
            return
        for row in rows:
            is_lost = row is rows[1] and self.was_lost
            if row.is_lost != is_lost or row.sent == is_lost or row.skipped or row.told != is_lost:
                yield f"6: {'lost' if is_lost else 'sent'}, and its row is {row}"

    def as_text(self) -> str:
        return "\n".join(f"#{m.message_id}: {m.text}" for m in self.person.chat.everything)


def _gain(digest: Message) -> int | None:
    """By how many percent a course moved, as it says; one alone moves."""
    found = re.findall(r"\+([\d.]+)%", digest.text)
    return round(float(found[0])) if len(found) == 1 else None


def _lost_in(digest: Message) -> str | None:
    """The dates of which it says that theirs may not have come."""
    found = re.search(rf"⚠️ (.+?)的汇报{LOST}", digest.text)
    return found[1] if found else None


def _named(day: date) -> str:
    return f"{day.month}月{day.day}日"


def school_for(letter: Letter) -> School:
    """The first course is the one that moves."""
    by_hand = [quiz(name=name) for name in letter.value]
    names = ["测试科目"] if letter is Letter.ONE else ["测试科目", LONG_NAME, LONG_NAME]
    return school_of(
        courses=[
            course([module([topic([picture(), document(2), picture(), *by_hand])])], name=name)
            for name in names
        ]
    )
