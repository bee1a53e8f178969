"""Which updates are dropped before they are read, and who is answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.error import Forbidden, RetryAfter

from bot.access.access import Access
from bot.chat.update_reader import UpdateReader
from bot.handlers.door import PASSES, Door
from bot.outbox.stranger_answers import (
    EVERY,
    GAP,
    REMEMBERED,
    WAITING,
    Answer,
    Stranger,
    StrangerAnswers,
)
from bot.settings import AllowedUsers
from storage import chats
from storage.database import Database
from storage.moments import utc_now
from tests.support.clocks import JumpingClock

Json = dict[str, Any]
OWNER, MEMBER_BEFORE, STRANGER = 1, 2, 3


class Scene:
    """A bot with an owner, and a person who could use it before."""

    def __init__(self, access: Access, clock: JumpingClock) -> None:
        self.access = access
        self.clock = clock
        self.told: list[Stranger] = []
        self.tell: Answer = self._remember
        self.answers = StrangerAnswers(clock, lambda stranger: self.tell(stranger))
        self.door = Door(access, self.answers, clock)

    async def _remember(self, stranger: Stranger) -> None:
        self.told.append(stranger)

    def refuses(self, kind: str, content: object) -> bool:
        return self.door.refuses(kind, content)

    async def answered(self) -> list[int]:
        """Who was answered, when all answers are made."""
        while self.answers._worker is not None:
            self.clock.jump(GAP)
            await asyncio.sleep(0)
        return [each.user_id for each in self.told]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock = JumpingClock()
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        await db.write(lambda c: chats.ensure(c, MEMBER_BEFORE, MEMBER_BEFORE, utc_now()))
        access = Access(db, clock, AllowedUsers(OWNER))
        await access.load()
        made = Scene(access, clock)
        yield made
        await made.answers.close()


def message(user_id: int, text: str | None = "hello", **changed: object) -> Json:
    user = {"id": user_id, "is_bot": False, "first_name": "x", "language_code": "en"}
    chat = {"id": user_id, "type": "private"}
    whole: Json = {"message_id": 1, "date": 1, "from": user, "chat": chat, **changed}
    return whole if text is None else {**whole, "text": text}


def press(user_id: int, data: str) -> Json:
    return {"id": "1", "from": message(user_id)["from"], "message": message(user_id), "data": data}


async def test_people_who_may_use_the_bot_pass(scene: Scene) -> None:
    for kind in ("message", "edited_message", "my_chat_member"):
        assert not scene.refuses(kind, message(OWNER))
    assert not scene.refuses("callback_query", press(OWNER, "v1:pp::0"))
    assert await scene.answered() == []


async def test_a_strangers_message_and_press_are_refused_and_answered_once(scene: Scene) -> None:
    for _ in range(20):
        assert scene.refuses("message", message(STRANGER, "/erase"))
        assert scene.refuses("callback_query", press(STRANGER, "v1:er:1:0"))
    assert await scene.answered() == [STRANGER]
    assert scene.told == [Stranger(STRANGER, "en", is_stored=False)]
    scene.clock.jump(EVERY)
    assert scene.refuses("message", message(STRANGER))
    assert await scene.answered() == [STRANGER, STRANGER]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("edited_message", message(STRANGER)),
        ("my_chat_member", message(STRANGER, None)),
        ("message", message(STRANGER, None, pinned_message={})),
        ("message", message(STRANGER, None)),
        ("message", message(STRANGER, chat={"id": -7, "type": "group"})),
        ("message", message(STRANGER, chat=None)),
        ("callback_query", {**press(STRANGER, "x"), "message": None}),
    ],
)
async def test_what_no_person_wrote_in_private_gets_no_answer(
    scene: Scene, kind: str, content: object
) -> None:
    assert scene.refuses(kind, content)
    assert await scene.answered() == []


@pytest.mark.parametrize(
    "content", [None, [], "x", {}, {"from": 5}, {"from": {"id": "3"}}, {"from": {"id": 2**70}}]
)
async def test_what_names_no_person_is_left_to_the_reader(scene: Scene, content: object) -> None:
    assert not scene.refuses("message", content)


async def test_a_person_whose_data_is_stored_can_still_remove_it(scene: Scene) -> None:
    for text in ("/erase", "/erase@zjy_demo_bot", "/logout", "/cancel", "删除全部"):
        assert not scene.refuses("message", message(MEMBER_BEFORE, text))
    assert not scene.refuses("callback_query", press(MEMBER_BEFORE, "v1:er:1:0"))
    assert scene.refuses("message", message(MEMBER_BEFORE, "/erase auth=0123456789abcdef"))
    assert scene.refuses("message", message(MEMBER_BEFORE, "/courses"))
    await scene.answered()
    assert scene.told == [Stranger(MEMBER_BEFORE, "en", is_stored=True)]


async def test_such_a_person_cannot_flood_the_bot_either(scene: Scene) -> None:
    passed = [not scene.refuses("message", message(MEMBER_BEFORE, "/erase")) for _ in range(1000)]
    assert sum(passed) == PASSES
    scene.clock.jump(60)
    assert not scene.refuses("message", message(MEMBER_BEFORE, "/erase"))


async def test_an_open_link_passes_and_a_forged_one_does_not(scene: Scene) -> None:
    made = await scene.access.invite(1, timedelta(days=1))
    assert made is not None
    assert not scene.refuses("message", message(STRANGER, f"/start {made[1]}"))
    assert scene.refuses("message", message(STRANGER, f"/start {made[1][::-1]}"))
    group = message(STRANGER, f"/start {made[1]}", chat={"id": -7, "type": "group"})
    assert scene.refuses("message", group)


async def test_memory_and_answers_stay_bounded_whatever_comes(scene: Scene) -> None:
    for user_id in range(10, 50_000):
        scene.refuses("message", message(user_id))
    assert len(scene.answers._waiting) <= WAITING
    assert len(await scene.answered()) == WAITING
    for user_id in range(60_000, 60_000 + 2 * REMEMBERED):
        scene.answers.offer(Stranger(user_id, None, is_stored=False))
        scene.answers._waiting.clear()
    assert len(scene.answers._answered) <= REMEMBERED


async def test_an_answer_that_telegram_refuses_stops_no_other(scene: Scene) -> None:
    tried: list[int] = []

    async def fail(stranger: Stranger) -> None:
        tried.append(stranger.user_id)
        raise [Forbidden("blocked"), RetryAfter(30), RuntimeError("a fault")][len(tried) % 3]

    scene.tell = fail
    for user_id in range(10, 16):
        scene.answers.offer(Stranger(user_id, None, is_stored=False))
    await scene.answered()
    assert tried == [*range(10, 16)]


def test_a_refused_update_is_confirmed_and_not_handed_on() -> None:
    reader = UpdateReader(lambda: 0.0)
    reader.refuses = lambda kind, content: message(3)["from"] == content["from"]  # type: ignore[index]
    given = [{"update_id": each, "message": message(3)} for each in range(10, 20)]
    given[4]["message"] = message(1)
    body = json.dumps({"ok": True, "result": given}).encode()
    read = reader.read(body, 10, ("message",))
    assert [(each["update_id"], len(each)) for each in read] == [(14, 2), (19, 1)]
    assert not reader.vain, "the next poll must not wait: it may bring people's updates"
