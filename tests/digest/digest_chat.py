"""One chat with a digest at nine in the evening, before the stand-in of Telegram, and trouble on
the way between them."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import httpx

from bot.chat.cards.drawing import Drawing
from demo.platform import (
    STUDENT,
    School,
    archive,
    course,
    document,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from demo.telegram import Message
from storage.accounts import Account
from tests.support.digest_chat_harness import DigestChatHarness, DrawnAtOnce
from tests.support.digest_harness import local, play
from tests.support.in_process_transport import Leg
from tests.support.names import ANNA
from tests.support.shown import from_bot

from .one_chat import small

T = TypeVar("T")


def play_digest_chat(
    folder: Path,
    story: Callable[[DigestChatHarness], Coroutine[Any, Any, T]],
    school: School | None = None,
    *,
    drawing: Drawing | None = None,
    begin: str = "2026-03-02 12:00",
) -> T:
    """Play the story with the real outbox; pictures are a few bytes, unless ``drawing`` draws."""
    return play(
        lambda: DigestChatHarness(
            folder, school or small(), local(begin), drawing or DrawnAtOnce(Random(0), 0.0)
        ),
        story,
    )


def a_wordy_school() -> School:
    """What is left in its courses is too much for the text below a picture."""
    tests = [quiz(name=f"{n}. a test that has quite a long name") for n in range(9)]
    cells = [video(60), document(3), picture(), archive(), link(), *tests, unsupported()]
    return school_of(
        courses=[
            course([module([topic(cells)])], name=f"Course {n} that has quite a long name")
            for n in range(6)
        ]
    )


async def move_in(
    harness: DigestChatHarness, at: str = "21:00", *, language: str = "zh"
) -> Account:
    harness.server.person(ANNA, language_code=language).send("/start")
    await harness.people.meet(ANNA, ANNA, language)
    account = await harness.log_in(ANNA, STUDENT.stu_id)
    await harness.wants(ANNA, at)
    return account


def shown(harness: DigestChatHarness) -> list[Message]:
    """What the bot said in the chat."""
    return from_bot(harness.server.chat(ANNA))


def tells_to_wait(harness: DigestChatHarness, seconds: int, method: str = "sendPhoto") -> None:
    """The next call of the method is to be made again then."""
    harness.server.fail(method, 429, "Too Many Requests", retry_after=seconds)


def cut(harness: DigestChatHarness) -> None:
    """Nothing that is said leaves for Telegram any more; :func:`mend` ends it."""

    async def nobody_there(leg: Leg, method: str) -> None:
        if leg is Leg.ARRIVING and method.startswith("send"):
            raise httpx.ConnectError("nobody listens")

    harness.telegram_transport.watch = nobody_there


def mend(harness: DigestChatHarness) -> None:
    harness.telegram_transport.watch = None
