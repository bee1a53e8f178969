"""What people paste and send as files, and a clock that jumps over the wait for further parts."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.handlers import gathering
from demo.platform import School
from demo.telegram import Message
from storage import pending_logins
from tests.support.app_harness import PATIENCE, AppHarness
from tests.support.clocks import JumpingClock
from tests.support.shown import from_bot

Make = Callable[..., Any]


class PastingHarness(AppHarness):
    """A bot whose clock jumps."""

    clock: JumpingClock

    def __init__(self, folder: Path, school: School, **options: Any) -> None:  # noqa: ANN401
        super().__init__(folder, school, clock=JumpingClock(), **options)

    def answers(self) -> list[Message]:
        """What the bot has said and still shows, but for the answer to ``/help``."""
        return [each for each in from_bot(self.person.chat) if "可用的命令" not in each.text]

    async def all_arrived(self) -> None:
        """Wait until the bot has begun with everything that was sent: a chat's updates are begun
        one after the other."""
        shown = self.helps()
        self.person.send("/help")
        await self.until(lambda: self.helps() > shown)

    def helps(self) -> int:
        return sum("可用的命令" in each.text for each in self.person.chat.messages)

    async def no_more_comes(self) -> None:
        """Let the wait for further parts pass."""
        await self.all_arrived()
        self.clock.jump(gathering.QUIET)

    async def nothing_left(self) -> None:
        """Wait until no message is remembered as not done with, and no cookie is pending."""
        app = self.app
        assert app is not None

        async def is_left() -> object:
            return await app.pasted.left_over() or await app.db.read(pending_logins.chats)

        async with asyncio.timeout(PATIENCE):
            while await is_left():  # noqa: ASYNC110 - rows change, and nothing tells
                await asyncio.sleep(0.01)


def export(auth: str, *, at: int = 8, domain: str = ".icve.com.cn") -> str:
    """What an extension exports: 17 cookies in some 7,000 characters, ``auth`` at a place."""
    cookies = [_cookie(f"Hm_lvt_{number:08d}", f"{number:032d}", domain) for number in range(16)]
    cookies.insert(at, _cookie("auth", auth, domain))
    return json.dumps(cookies, indent=4)


def _cookie(name: str, value: str, domain: str) -> dict[str, object]:
    return {
        "domain": domain,
        "expirationDate": 1999999999.5,
        "hostOnly": False,
        "httpOnly": name == "auth",
        "name": name,
        "path": "/",
        "sameSite": "unspecified",
        "secure": False,
        "session": False,
        "storeId": "0",
        "id": len(name),
        "value": value,
    }
