"""In which order a real application handles what its people send and press."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot, TypeHandler

from bot.chat.callbacks import Action, Callback
from bot.chat.processor import SLOTS, UpdateProcessor
from demo.telegram import Person, TelegramServer
from tests.support.names import TOKEN
from tests.support.telegram_bots import bot_before

AnyContext = CallbackContext[ExtBot[None], dict[int, str], dict[int, str], dict[int, str]]


@dataclass
class Hall:
    """A bot that notes what it handles, and holds on to what a test wants held."""

    server: TelegramServer
    processor: UpdateProcessor = field(default_factory=UpdateProcessor)
    begun: list[tuple[int, str]] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    async def handle(self, update: Update, context: AnyContext) -> None:
        chat = update.effective_chat.id if update.effective_chat is not None else 0
        query, message = update.callback_query, update.effective_message
        what = (query.data if query is not None else message and message.text) or ""
        self.begun.append((chat, what))
        self.server.world.changes.wake()
        if what == "broken":
            raise ValueError("no such handler")
        if what in self.held:
            await self.held[what].wait()
        self.ended.append((chat, what))
        self.server.world.changes.wake()

    def hold(self, text: str) -> asyncio.Event:
        """Updates with this text are handled until the event is set."""
        return self.held.setdefault(text, asyncio.Event())

    async def until_begun(self, *what: tuple[int, str]) -> None:
        await self.server.wait_for(lambda: not Counter(what) - Counter(self.begun))

    async def until_ended(self, *what: tuple[int, str]) -> None:
        await self.server.wait_for(lambda: not Counter(what) - Counter(self.ended))

    async def until_delivered(self) -> None:
        """Every update so far has reached the application."""
        await self.server.wait_for(lambda: not self.server.world.updates.pending)

    def person(self, user_id: int) -> Person:
        return self.server.person(user_id)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    server = TelegramServer(TOKEN)
    await server.start()
    made = Hall(server)
    application = (
        Application.builder().bot(bot_before(server.url)).concurrent_updates(made.processor).build()
    )
    application.add_handler(TypeHandler(Update, made.handle))
    application.add_error_handler(_expected)
    async with application:
        await application.start()
        updater = application.updater
        assert updater is not None
        await updater.start_polling(timeout=5)
        yield made
        for event in made.held.values():
            event.set()
        await updater.stop()
        await application.stop()
    await server.stop()


async def _expected(update: object, context: AnyContext) -> None:
    assert isinstance(context.error, ValueError)


async def test_updates_of_one_chat_are_handled_one_after_the_other_and_in_order(
    hall: Hall,
) -> None:
    anna = hall.person(1)
    release = hall.hold("0")
    for n in range(10):
        anna.send(f"{n}")
    await hall.until_begun((1, "0"))
    await hall.until_delivered()
    assert hall.begun == [(1, "0")]
    release.set()
    await hall.until_ended((1, "9"))
    assert hall.ended == [(1, f"{n}") for n in range(10)]


async def test_chats_are_handled_side_by_side(hall: Hall) -> None:
    release = hall.hold("slow")
    hall.person(1).send("slow")
    hall.person(2).send("quick")
    await hall.until_ended((2, "quick"))
    assert hall.ended == [(2, "quick")]
    release.set()
    await hall.until_ended((1, "slow"))


@pytest.mark.parametrize(
    "text", ["/pause", "/resume", "/cancel", "/cancel@zjy_demo_bot", "/pause now", "暂停"]
)
async def test_pause_and_cancel_overtake_a_slow_update_of_their_own_chat(
    hall: Hall, text: str
) -> None:
    anna = hall.person(1)
    hall.hold("slow")
    anna.send("slow")
    await hall.until_begun((1, "slow"))
    anna.send("next")
    anna.send(text)
    await hall.until_ended((1, text))
    assert hall.begun == [(1, "slow"), (1, text)]


async def test_what_a_person_asks_of_a_job_is_done_in_its_order(hall: Hall) -> None:
    anna = hall.person(1)
    release = hall.hold("/resume")
    hall.hold("slow")
    anna.send("slow")
    anna.send("/resume")
    await hall.until_begun((1, "slow"), (1, "/resume"))
    anna.send("/pause")
    await hall.until_delivered()
    hall.person(2).send("after it")
    await hall.until_ended((2, "after it"))
    assert (1, "/pause") not in hall.begun
    release.set()
    await hall.until_ended((1, "/resume"), (1, "/pause"))


@pytest.mark.parametrize(
    ("action", "at_once"),
    [
        (Action.PAUSE, True),
        (Action.RESUME, True),
        (Action.CANCEL, True),
        (Action.CANCEL_YES, True),
        (Action.CANCEL_NO, True),
        (Action.NEXT, False),
        (Action.START, False),
    ],
)
async def test_buttons_of_a_running_job_overtake_too_and_others_do_not(
    hall: Hall, action: Action, at_once: bool
) -> None:
    anna = hall.person(1)
    release = hall.hold("slow")
    anna.send("slow")
    await hall.until_begun((1, "slow"))
    data = Callback(action, (7,)).encode()
    anna.press_data(anna.chat.last.message_id, data)
    await hall.until_delivered()
    hall.person(2).send("after it")
    await hall.until_ended((2, "after it"))
    assert ((1, data) in hall.ended) == at_once
    release.set()
    await hall.until_ended((1, data))


async def test_more_slow_chats_than_slots_do_not_hold_back_a_cancel(hall: Hall) -> None:
    hall.hold("slow")
    slow = [(chat, "slow") for chat in range(1, SLOTS + 9)]
    for chat, text in slow:
        hall.person(chat).send(text)
    await hall.until_begun(*slow[:SLOTS])
    await hall.until_delivered()
    hall.person(99).send("waits for a slot")
    hall.person(SLOTS + 5).send("/cancel")
    hall.person(100).send("/pause")
    await hall.until_ended((SLOTS + 5, "/cancel"), (100, "/pause"))
    assert sorted(hall.begun) == sorted([*slow[:SLOTS], (SLOTS + 5, "/cancel"), (100, "/pause")])
    hall.held["slow"].set()
    await hall.until_ended(*slow, (99, "waits for a slot"))


async def test_many_updates_of_one_chat_take_one_slot(hall: Hall) -> None:
    release = hall.hold("slow")
    for _ in range(SLOTS * 2):
        hall.person(1).send("slow")
    await hall.until_begun((1, "slow"))
    hall.person(2).send("quick")
    await hall.until_ended((2, "quick"))
    release.set()
    await hall.until_ended(*[(1, "slow")] * (SLOTS * 2))


async def test_an_update_that_breaks_lets_the_next_one_of_its_chat_in(hall: Hall) -> None:
    anna = hall.person(1)
    anna.send("broken")
    anna.send("fine")
    await hall.until_ended((1, "fine"))


async def test_chats_that_are_done_leave_nothing_behind(hall: Hall) -> None:
    for chat in range(1, 20):
        for text in ("a", "b"):
            hall.person(chat).send(text)
    await hall.until_ended(*((chat, "b") for chat in range(1, 20)))
    await hall.server.wait_for(lambda: hall.server.world.updates.waiting == 1)
    assert hall.processor._locks == {}
    assert hall.processor._slots._value == SLOTS
