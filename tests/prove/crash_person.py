"""A person who wants one module studied, and repeats what a bot that died did not do."""

import asyncio
import time
from collections.abc import Callable, Sequence
from enum import IntEnum

from demo.platform import Student
from demo.telegram import Message, Person
from tests.prove.crash_stage import CrashStage, Death
from tests.support.shown import COUNTS, as_text, from_bot, has_button, with_button

COURSE, MODULE = "测试科目", "测试模块"
NEXT, START, PAUSE, ENDED = "下一步", "开始", "暂停", "已结束"
PATIENCE = 40.0
"""Real seconds after which a bot that did not die counts as stuck."""
REPEATS_AFTER = 0.7
"""Real seconds after which a screen that does not move is pressed again, once the bot is back."""


class Place(IntEnum):
    """How far the person has come, as the chat shows it."""

    STRANGER = 0
    KNOWN = 1
    COURSES = 2
    MODULES = 3
    TICKED = 4
    PREVIEW = 5
    STUDYING = 6
    TOLD = 7
    """The summary is there."""
    OVER = 8
    """And the progress message has shrunk."""


class Stuck(AssertionError):  # noqa: N818 - it says what is so
    """The bot lives and does not react."""


class Pupil:
    """``cookies`` are all the values that were pasted; ``confirmed`` is the message in which the
    job was started, once the chat shows that it goes, or has gone."""

    def __init__(self, stage: CrashStage, person: Person, student: Student) -> None:
        self.stage = stage
        self.person = person
        self.student = student
        self.cookies: list[str] = []
        self.pasted: list[Message] = []
        self.confirmed: Message | None = None
        self._pressed: Message | None = None

    @property
    def deaths(self) -> Sequence[Death]:
        return self.stage.deaths

    async def study(self) -> None:
        """Do what it takes until the job is over. Raises Stuck."""
        while (seen := self._screen())[0] is not Place.OVER:
            deaths = self.stage.restarts
            self._act(seen[0])
            await self._moved(seen, deaths)

    def _screen(self) -> tuple[Place, int]:
        """The place, and the message in which the next button is."""
        if self._says(COUNTS.search):
            # After a death the job may end before the next edit of its message.
            self.confirmed = self.confirmed or self._pressed
            self.stage.goes_on(self.student.stu_id)
            shrunk = self._says(lambda text: ENDED in text)
            return (Place.OVER if shrunk else Place.TOLD), 0
        started = with_button(self.person.chat, PAUSE)
        if started is not None and self.confirmed is None:
            self.confirmed = started
        if self.confirmed is not None:
            return Place.STUDYING, 0
        for message in reversed(from_bot(self.person.chat)):
            place = _place_of(message)
            if place is not None:
                return place, message.message_id
        name = self.student.name
        return (Place.KNOWN if self._says(lambda text: name in text) else Place.STRANGER), 0

    def _act(self, place: Place) -> None:
        match place:
            case Place.STRANGER:
                self.cookies.append(self.stage.platform.cookie_for(self.student.stu_id))
                self.pasted.append(self.person.send(f"auth={self.cookies[-1]}"))
            case Place.KNOWN:
                self.person.send("/courses")
            case Place.COURSES:
                self.person.press(COURSE)
            case Place.MODULES:
                self.person.press(MODULE)
            case Place.TICKED:
                self.person.press(NEXT)
            case Place.PREVIEW:
                self._pressed = with_button(self.person.chat, START)
                self.person.press(START)
            case _:
                """Nothing is asked of a person while the job goes on by itself."""

    async def _moved(self, seen: tuple[Place, int], deaths: int) -> None:
        """Wait until the chat shows more, or a bot that died since shows that it forgot."""
        stage, asked = self.stage, time.monotonic()
        place, message_id = seen
        while (now_seen := self._screen())[0] <= place and now_seen[1] <= message_id:
            waited = time.monotonic() - max(stage.started_at, asked)
            may_be_forgotten = stage.restarts > deaths and place < Place.STUDYING
            if may_be_forgotten and stage.listens and waited > REPEATS_AFTER:
                return
            if waited > PATIENCE or stage.ended_alone is not None:
                raise Stuck(f"at {place.name}, {stage.restarts} deaths:\n{self.as_text()}")
            await self._change()

    async def _change(self) -> None:
        try:
            async with asyncio.timeout(0.2):
                await self.stage.telegram.world.changes.next()
        except TimeoutError:
            return

    def as_text(self) -> str:
        return as_text(self.person.chat)

    def _says(self, holds: Callable[[str], object]) -> bool:
        return any(holds(message.text) for message in from_bot(self.person.chat))


def _place_of(message: Message) -> Place | None:
    if has_button(message, START):
        return Place.PREVIEW
    if has_button(message, NEXT):
        return Place.TICKED if has_button(message, "☑", MODULE) else Place.MODULES
    return Place.COURSES if has_button(message, COURSE) else None
