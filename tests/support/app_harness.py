"""The bot's own application between both stand-ins, in this process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar
from unittest.mock import patch

from bot.clock import Clock
from demo.platform import (
    STUDENT,
    Cell,
    Endpoint,
    Phase,
    PlatformServer,
    School,
    course,
    module,
    school_of,
    topic,
)
from demo.spoc import SpocSite
from demo.telegram import Message, Person, TelegramServer
from tests.support.names import ANNA, TOKEN
from tests.support.open_bot import Bot, Floor
from tests.support.platform_view import PlatformView
from tests.support.shown import COUNTS, as_text, from_bot, saying, with_button

T = TypeVar("T")

SPEED = 600.0
PATIENCE = 60.0
ZH = ("下一步", "开始")
EN = ("Next", "Start")


def one_course(cells: Iterable[Cell]) -> School:
    """A school whose one course and module have names that no button of the bot holds."""
    return school_of(courses=[course([module([topic(cells)], name="测试模块")], name="测试科目")])


async def _done_before(*_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Final:
    """A job's final message and the counts in it."""

    message: Message
    done: int
    failed: int
    skipped: int

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.done, self.failed, self.skipped


class AppHarness(Bot, PlatformView):
    """The whole bot with its own person in front; ``settings`` come on top of those made here.
    ``beside`` are further sites at the platform's address. With ``local``, Telegram is a Bot API
    server of one's own whose files are in that folder. Only with ``introduced`` the bot sets its
    menu and profile at the start, a third of the requests of most tests."""

    def __init__(
        self,
        folder: Path,
        school: School,
        *,
        speed: float = SPEED,
        language: str = "zh-hans",
        allowed: str = "*",
        settings: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        local: Path | None = None,
        beside: Sequence[SpocSite] = (),
        introduced: bool = False,
    ) -> None:
        self.platform = PlatformServer(school, speed=speed, beside=beside)
        self.telegram = TelegramServer(TOKEN, local=local)
        self.person: Person = self.telegram.person(ANNA, language_code=language)
        made = {
            "bot_token": TOKEN,
            "data_dir": folder / "data",
            "allowed_users": allowed,
            "clock_speed": speed,
            "platform_requests_per_second": 1000,
        }
        settings = {**made, **(settings or {})}
        super().__init__(folder, upto=Floor.APP, clock=clock, settings=settings)
        self.platform.on_request = self._look_again
        self._introduced = introduced

    async def _look_again(self, endpoint: Endpoint, phase: Phase) -> None:
        """What happens at the platform is something to wait for, too."""
        self.telegram.world.changes.wake()

    async def listen(self) -> None:
        """Start both stand-ins, whose addresses the bot's settings then name."""
        self.settings["zjy_base_url"] = await self.platform.start()
        self.settings["telegram_api_url"] = await self.telegram.start()

    async def open(self) -> None:
        with ExitStack() as patched:
            for step in () if self._introduced else ("set_menu", "set_profile"):
                patched.enter_context(patch(f"bot.connecting.{step}", _done_before))
            await super().open()

    async def __aenter__(self) -> Self:
        await self.listen()
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
        await self.telegram.stop()
        await self.platform.stop()

    # what the person sees and does

    async def until(
        self, predicate: Callable[[], T | bool | None], patience: float = PATIENCE
    ) -> T:
        """Wait for something to be so; a failure shows what the chat showed instead."""
        try:
            return await self.telegram.wait_for(predicate, patience)
        except TimeoutError as late:
            raise AssertionError(f"{late}; the chat shows:\n{self.as_text()}") from late

    def as_text(self) -> str:
        """The chat as it is shown now."""
        return as_text(self.person.chat)

    async def see(self, text: str, *, patience: float = PATIENCE) -> Message:
        """Wait until some shown message of the bot holds the text."""
        return await self.until(lambda: self.shown(text), patience)

    def shown(self, text: str) -> Message | None:
        """The newest shown message of the bot that holds the text."""
        return saying(self.person.chat, text)

    async def see_button(self, label: str, *, patience: float = PATIENCE) -> Message:
        """Wait until some shown message has a button that holds the text."""
        return await self.until(lambda: self.with_button(label), patience)

    def with_button(self, label: str) -> Message | None:
        return with_button(self.person.chat, label)

    async def press(self, label: str) -> str:
        """Wait for a button and press it; returns the text of the bot's pop-up, if any."""
        await self.see_button(label)
        answer = await self.person.press(label).answered()
        return answer.text or ""

    async def log_in(self, stu_id: str = STUDENT.stu_id) -> str:
        """Paste a fresh cookie and wait for the greeting; returns the cookie's auth value."""
        auth = self.platform.cookie_for(stu_id)
        name = self.platform.school.student(stu_id).name
        pasted = self.person.send(f"auth={auth}")
        await self.until(
            lambda: any(
                each.from_bot and each.message_id > pasted.message_id and name in each.text
                for each in self.person.chat.messages
            )
        )
        return auth

    async def preview(self, course: str, *modules: str, words: tuple[str, str] = ZH) -> Message:
        """Pick a course and modules, up to the preview."""
        self.person.send("/courses")
        await self.press(course)
        for name in modules:
            await self.press(name)
            await self.until(partial(self.ticked, name))
        await self.press(words[0])
        return await self.see_button(words[1])

    async def start_job(self, course: str, *modules: str, words: tuple[str, str] = ZH) -> Message:
        """Pick, preview and start; returns the message that becomes the progress message."""
        message = await self.preview(course, *modules, words=words)
        await self.press(words[1])
        return message

    def ticked(self, name: str) -> Message | None:
        """The newest shown message in which a module is ticked."""
        return with_button(self.person.chat, "☑", name)

    def finals(self) -> list[Final]:
        """Every final message that is shown, oldest first."""
        told = ((each, COUNTS.search(each.text)) for each in from_bot(self.person.chat))
        return [Final(each, *map(int, counts.groups())) for each, counts in told if counts]

    async def final(self, number: int = 1, *, patience: float = PATIENCE) -> Final:
        """Wait for the chat's final message number so many."""
        await self.until(lambda: len(self.finals()) >= number, patience)
        return self.finals()[number - 1]

    async def reported(self, reports: int = 1) -> None:
        """Wait until the platform has got so many reports."""
        await self.until(lambda: self.report_count() >= reports)

    def report_count(self) -> int:
        return self.asked(Endpoint.REPORT)

    def unfinished(self, stu_id: str = STUDENT.stu_id) -> set[str]:
        """Names of the cells that the platform does not show at 100."""
        school = self.platform.school
        return {cell.name for cell in school.leaves() if self.platform.shown(stu_id, cell.id) < 100}
