"""One person who presses, and looks at what comes of each press."""

import time
from collections.abc import Callable
from functools import partial

from benchmarks.samples import Kind, Sample
from benchmarks.watch import Watch
from demo.platform import Student
from demo.telegram import Button, Message, Person

COURSE, MODULE = "测试科目", "测试模块"
SETTINGS, BACK = "⚙️ 设置", "返回"
EVERYTHING, NEXT, BEGIN = "全部未完成", "下一步", "开始"
PAUSE, RESUME, CANCEL, REALLY, KEEP = "暂停", "继续", "取消", "确认取消", "不取消"
TICKED, UNTICKED = "☑", "☐"
PATIENCE = 60.0

Look = Callable[[], Message | None]


class NothingCame(Exception):  # noqa: N818 - it says what is so
    """What a person waited for before the measurement never came."""


class Presser:
    """Someone with a chat, an account at the platform, and perhaps a job; ``is_troubled`` tells
    whether the platform is slow or away for this person. What does not come within ``patience``
    real seconds counts as lost."""

    def __init__(
        self,
        watch: Watch,
        person: Person,
        student: Student,
        *,
        cookie: str = "",
        is_troubled: Callable[[], bool] = lambda: False,
        patience: float = PATIENCE,
    ) -> None:
        self._watch = watch
        self._cookie = cookie
        self._is_troubled = is_troubled
        self._patience = patience
        self.person = person
        self.student = student
        self._ticks: Message | None = None
        self._home: Message | None = None
        self._job: Message | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What the person can do now besides stopping a job."""
        anytime = (Kind.START, Kind.COURSES, Kind.JOBS, Kind.SETTINGS)
        return anytime if self._job is not None else (*anytime, Kind.TICK)

    @property
    def job(self) -> Message:
        """The progress message. Raises NothingCame for somebody without a job."""
        return self._known(self._job)

    @property
    def kinds_about_job(self) -> tuple[Kind, ...]:
        """What the person can do to the job as it is."""
        if _exactly(self.job, REALLY):
            return (Kind.KEEP,)
        return (Kind.PAUSE if _exactly(self.job, PAUSE) else Kind.RESUME), Kind.CANCEL

    # before the measurement

    async def log_in(self) -> None:
        """Up to the list of modules and the first screen, both of which stay."""
        self.person.send(f"auth={self._cookie}")
        await self._see(lambda message: self.student.name in message.text)
        self.person.send("/courses")
        self.person.press(COURSE, await self._see_button(COURSE))
        self._ticks = await self._see_button(MODULE)
        await self.come()

    @property
    def has_come(self) -> bool:
        """Whether the first screen is before the person."""
        return self._home is not None

    async def come(self) -> None:
        """Someone whose cookie the bot has looks at the first screen, which stays."""
        sent = self.person.send("/start")
        self._home = await self._see_button(SETTINGS, after=sent.message_id)

    async def begin_job(self) -> None:
        """Let the bot study all modules, in the message that showed them."""
        preview = self._ticks or await self._see_button(MODULE)
        for label in (EVERYTHING, NEXT, BEGIN):
            await self._until(partial(_exactly, preview, label))
            self.person.press(label, preview)
        await self._until(partial(_exactly, preview, PAUSE))
        self._job = preview

    # what is measured

    async def act(self, kind: Kind) -> Sample:
        """Do one thing, and wait until it is answered and shown."""
        match kind:
            case Kind.START | Kind.JOBS:
                return await self._command(kind, lambda message: bool(message.buttons))
            case Kind.COURSES:
                return await self._command(kind, lambda _: True, COURSE)
            case Kind.TICK:
                return await self._tick()
            case Kind.SETTINGS:
                return await self._settings()
            case _:
                return await self._about_job(kind)

    async def _command(
        self, kind: Kind, is_reaction: Callable[[Message], bool], button: str = ""
    ) -> Sample:
        began = time.monotonic()
        sent = self.person.send(kind.value)
        reaction = await self._watch.until(
            self.person.user_id, lambda: self._after(sent.message_id, is_reaction), self._patience
        )
        shown = time.monotonic() - began
        if reaction is None:
            return Sample(kind, None, troubled=self.troubled, lost="no reaction")
        listed = None
        if button:
            found = await self._watch.until(
                self.person.user_id,
                lambda: _button(reaction, button) or (self.troubled and reaction.edits > 0),
                self._patience,
            )
            if not found:
                return Sample(kind, shown, troubled=self.troubled, lost="no list")
            listed = time.monotonic() - began
        return Sample(kind, shown, listed=listed, troubled=self.troubled)

    async def _tick(self) -> Sample:
        message = self._known(self._ticks)
        button = next(b for row in message.buttons for b in row if MODULE in b.text)
        there, then = (TICKED, UNTICKED) if TICKED in button.text else (UNTICKED, TICKED)
        label = button.text
        return await self._press(Kind.TICK, message, label, label.replace(there, then))

    async def _settings(self) -> Sample:
        """From the first screen to the settings and, the next time, back."""
        message = self._known(self._home)
        label, other = (BACK, SETTINGS) if _exactly(message, BACK) else (SETTINGS, BACK)
        return await self._press(Kind.SETTINGS, message, label, other)

    async def _about_job(self, kind: Kind) -> Sample:
        message = self._known(self._job)
        label, then = {
            Kind.PAUSE: (PAUSE, RESUME),
            Kind.RESUME: (RESUME, PAUSE),
            Kind.CANCEL: (CANCEL, REALLY),
            Kind.KEEP: (KEEP, CANCEL),  # beside 暂停 or 继续 again
        }[kind]
        return await self._press(kind, message, label, then)

    async def _press(self, kind: Kind, message: Message, label: str, then: str) -> Sample:
        """Press ``label``; ``then`` is the button that shows what it did."""
        times: dict[str, float] = {}
        began = time.monotonic()
        press = self.person.press(label, message)

        def look() -> bool:
            now = time.monotonic() - began
            if press.answer is not None:
                times.setdefault("answered", now)
            if _exactly(message, then):
                times.setdefault("shown", now)
            return len(times) == 2

        await self._watch.until(self.person.user_id, look, self._patience)
        lost = ", ".join({"answered", "shown"} - set(times))
        return Sample(
            kind,
            times.get("shown"),
            times.get("answered"),
            troubled=self.troubled,
            lost=f"never {lost}" if lost else "",
        )

    @property
    def troubled(self) -> bool:
        return self._is_troubled()

    # looking

    def _after(self, message_id: int, wanted: Callable[[Message], bool]) -> Message | None:
        for message in reversed(self.person.chat.everything):
            if message.message_id <= message_id:
                return None
            if message.from_bot and not message.deleted and wanted(message):
                return message
        return None

    def _known(self, message: Message | None) -> Message:
        if message is None:
            raise NothingCame("the person has not come so far")
        return message

    async def _see(self, wanted: Callable[[Message], bool], after: int = 0) -> Message:
        found = await self._watch.until(
            self.person.user_id, lambda: self._after(after, wanted), self._patience
        )
        if found is None:
            raise NothingCame(f"to {self.person.user_id}: {self.person.chat.messages}")
        return found

    async def _see_button(self, label: str, after: int = 0) -> Message:
        return await self._see(lambda message: _button(message, label) is not None, after)

    async def _until(self, predicate: Callable[[], object]) -> None:
        if not await self._watch.until(self.person.user_id, predicate, self._patience):
            raise NothingCame(f"to {self.person.user_id}: {self.person.chat.messages}")


def _button(message: Message, label: str) -> Button | None:
    """The first button whose text holds the label."""
    flat = (button for row in message.buttons for button in row)
    return next((button for button in flat if label in button.text), None)


def _exactly(message: Message, label: str) -> Button | None:
    """The button that says just that."""
    flat = (button for row in message.buttons for button in row)
    return next((button for button in flat if button.text == label), None)
