"""Takes the pictures: a phone-sized window on the demo's page, the real bot behind it."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from PIL import Image
from playwright.async_api import Page

from bot.chat.callbacks import Action, decode
from demo.phone import PhoneServer
from demo.platform import School
from demo.telegram import Message
from tests.support.app_harness import AppHarness
from tests.support.glyphs import boxes
from tests.support.names import ANNA
from tests.support.shown import buttons, from_bot

WIDTH, HEIGHT = 390, 844
"""CSS pixels of a common phone."""
_AT_REST = (
    "() => [...document.images].every(each => each.complete && each.naturalWidth)"
    " && document.getAnimations().every(each => each.playState !== 'running')"
)
"""Every picture is there, and nothing is being faded in."""
LARGEST = 40_000
"""Bytes of a picture, at most."""
QUALITIES = range(85, 30, -5)
"""Of WebP, best first: the first one counts that gives a picture of that size."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the album; ``title`` is what stands below it."""

    file: str
    title: str


@dataclass(slots=True)
class Album:
    """The pictures of one language, in the order in which they were taken."""

    folder: Path
    language: str
    pictures: list[Picture] = field(default_factory=list)


class Sitting:
    """One chat, from its first word, in front of the camera. ``async with`` opens and ends it."""

    def __init__(self, page: Page, album: Album, school: School, *, speed: float) -> None:
        self._page = page
        self._album = album
        self._school = school
        self._speed = speed
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        code = {"zh": "zh-hans", "en": "en"}[self._album.language]
        self.harness = await self._stack.enter_async_context(
            AppHarness(folder, self._school, speed=self._speed, language=code)
        )
        phone = PhoneServer(self.harness.telegram, person_id=ANNA, language=self._album.language)
        await self._page.goto(await phone.start())
        self._stack.push_async_callback(phone.stop)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._page.goto("about:blank")
        await self._stack.aclose()

    async def say(self, text: str) -> Message:
        """Write something and wait for what the bot shows next."""
        before = self._state()
        self.harness.person.send(text)
        await self.harness.until(lambda: self._state() != before)
        return self.newest()

    async def press(self, action: Action, index: int = 0) -> None:
        """Press the newest button of an action, whatever the language calls it."""
        message, data = await self.harness.until(lambda: self._button(action, index))
        await self.harness.person.press_data(message.message_id, data).answered()

    async def sees(self, *actions: Action) -> Message:
        """Wait until the newest message that the bot shows has buttons of these actions."""
        return await self.harness.until(lambda: self._with(actions))

    async def shoot(self, name: str, title: str) -> None:
        """One picture of the chat as it is, scrolled to its end."""
        await self._settled()
        number = len(self._album.pictures) + 1
        file = f"{number:02}-{name}.webp"
        self._album.folder.mkdir(parents=True, exist_ok=True)
        taken = b""
        # On a busy machine a picture may be taken before all of it is painted.
        while (again := await self._page.screenshot(type="png")) != taken:
            taken = again
        (self._album.folder / file).write_bytes(_packed(taken))
        text = await self._page.get_by_role("log").inner_text()
        missing = await boxes(self._page, "".join(set(text.split())))
        if missing:
            raise AssertionError(f"{file} has boxes for {missing}")
        self._album.pictures.append(Picture(file, title))

    def has(self, action: Action) -> bool:
        """Whether any message still has such a button."""
        return self._button(action, 0) is not None

    def newest(self) -> Message:
        return from_bot(self.harness.person.chat)[-1]

    async def _settled(self) -> None:
        """Wait until the page shows what the chat holds, and nothing moves any more."""
        newest = self.newest()
        words = newest.text.split("\n")[0].strip()
        log = self._page.get_by_role("log")
        await log.get_by_text(words[-12:]).last.wait_for()
        height = -1
        while (now := await log.evaluate("log => log.scrollHeight")) != height:
            height = now
            await self._page.wait_for_timeout(150)
        await self._page.wait_for_function(_AT_REST)
        await log.evaluate("log => { log.scrollTop = log.scrollHeight }")
        await self._page.wait_for_timeout(100)

    def _state(self) -> list[tuple[int, str]]:
        return [(each.message_id, each.text) for each in from_bot(self.harness.person.chat)]

    def _button(self, action: Action, index: int) -> tuple[Message, str] | None:
        for message in reversed(self.harness.person.chat.messages):
            found = [data for data in _data_of(message) if _action(data) is action]
            if len(found) > index:
                return message, found[index]
        return None

    def _with(self, actions: Sequence[Action]) -> Message | None:
        there = {_action(data) for data in _data_of(self.newest())}
        return self.newest() if there.issuperset(actions) else None


def _packed(png: bytes) -> bytes:
    """The picture as WebP. Raises ValueError if no quality makes it small enough."""
    with Image.open(BytesIO(png)) as picture:
        for quality in QUALITIES:
            packed = BytesIO()
            picture.convert("RGB").save(packed, "WEBP", quality=quality, method=6)
            if packed.tell() < LARGEST:
                return packed.getvalue()
    raise ValueError(f"a picture stays larger than {LARGEST} bytes")


def _data_of(message: Message) -> list[str]:
    return [button.data for button in buttons(message) if button.data]


def _action(data: str) -> Action | None:
    decoded = decode(data)
    return decoded.action if decoded is not None else None
