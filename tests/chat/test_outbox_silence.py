"""A chat that cannot be written to: nothing is asked for it by itself, and nothing is lost."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.clock import SystemClock
from bot.delivery_status import DeliveryStatus
from bot.outbox.chat_queue import SEND_GAP
from bot.outbox.dispatcher import IDLE_QUEUE
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Document, Photo, Screen
from tests.support.fake_bot_api import (
    FakeBotApi,
    FakeReachability,
    OutboxHarness,
    Text,
    all_of,
    gaps,
)
from tests.support.names import ANNA, BORIS

pytestmark = pytest.mark.looptime(start=0)

HOUR = 3600.0


def blocked() -> Forbidden:
    return Forbidden("Forbidden: bot was blocked by the user")


def not_found() -> BadRequest:
    return BadRequest("Bad Request: chat not found")


BOTH = pytest.mark.parametrize("trouble", [blocked(), not_found()], ids=["403", "400"])


def asked(bot_api: FakeBotApi, chat_id: int = ANNA) -> list[str]:
    return [each.text for each in bot_api.said if each.chat_id == chat_id]


@BOTH
async def test_the_first_answer_ends_all_asking_for_that_chat_alone(
    sending: OutboxHarness, bot_api: FakeBotApi, trouble: TelegramError
) -> None:
    bot_api.trouble[ANNA].append(trouble)
    pressed = [sending.send("a"), sending.send("b")]
    waiting = sending.say("c")
    sending.show(5, "d")
    other = [sending.say("e", chat_id=BORIS), sending.say("f", chat_id=BORIS)]
    assert await all_of(*pressed) == [None, None]
    assert await all_of(*other) == [100, 101]
    for step in range(20):
        sending.show(5, f"d{step}")
        await asyncio.sleep(HOUR)
    assert sending.reach.noted == [ANNA]
    assert asked(bot_api) == ["a"]
    assert not waiting.done()


@BOTH
async def test_all_that_waited_comes_once_in_its_order_and_spaced(
    sending: OutboxHarness, bot_api: FakeBotApi, trouble: TelegramError
) -> None:
    bot_api.trouble[ANNA].append(trouble)
    waiting = [sending.say(f"notice {n}") for n in range(1, 8)]
    sending.show(5, "old state")
    await asyncio.sleep(HOUR)
    sending.show(5, "last state")
    await asyncio.sleep(HOUR)

    await sending.heard_from()

    await all_of(*waiting)
    await asyncio.sleep(HOUR)
    assert bot_api.texts() == [*(f"notice {n}" for n in range(1, 8)), "last state"]
    assert min(gaps(bot_api.moments())) >= SEND_GAP


async def test_what_is_pressed_for_is_tried_and_said_before_what_waited(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA] += [blocked(), blocked()]
    waiting = sending.say("notice")
    await asyncio.sleep(HOUR)
    assert await sending.send("still silent") is None
    assert await sending.send("answer") == 100
    assert not waiting.done()
    await sending.heard_from()
    await waiting
    assert bot_api.texts() == ["answer", "notice"]


@pytest.mark.parametrize("latency", [0, 5])
async def test_the_last_state_of_a_message_that_was_pressed_for_comes_on_the_return(
    sending: OutboxHarness, bot_api: FakeBotApi, latency: float
) -> None:
    """With ``latency`` it is queued while the call of the state before it is on its way."""
    bot_api.latency = latency
    bot_api.trouble[ANNA] += [blocked()] if latency else [blocked(), not_found()]
    sending.show(5, "reading 1/2")
    await asyncio.sleep(1)
    assert await sending.edit(5, "preview") is None
    await asyncio.sleep(HOUR)
    await sending.heard_from()
    await asyncio.sleep(HOUR)
    assert bot_api.texts() == ["preview"]


async def test_a_403_to_a_call_from_before_the_person_wrote_marks_nothing(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 5
    bot_api.trouble[ANNA].append(blocked())
    waiting = [sending.say("notice"), sending.say("another")]
    sending.show(5, "state")
    await asyncio.sleep(3)
    await sending.heard_from()
    await all_of(*waiting)
    await asyncio.sleep(HOUR)
    assert sending.reach.noted == []
    assert bot_api.texts() == ["notice", "another", "state"]


async def test_a_press_whose_call_met_an_old_403_is_answered_all_the_same(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 5
    bot_api.trouble[ANNA].append(blocked())
    pressed = sending.send("answer")
    await asyncio.sleep(3)
    await sending.heard_from()
    assert await pressed == 100


async def test_who_comes_back_while_the_mark_is_written_is_told_all(bot_api: FakeBotApi) -> None:
    sending = OutboxHarness(bot_api, FakeReachability(latency=2))
    bot_api.trouble[ANNA].append(blocked())
    waiting = sending.say("notice")
    await asyncio.sleep(1)
    assert sending.reach.noted == [ANNA]
    await sending.heard_from()
    assert await waiting == 100
    assert sending.reach.unreachable == set()


async def test_who_comes_back_and_leaves_at_once_is_told_all_the_next_time(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA] += [blocked(), blocked()]
    waiting = [sending.say("one"), sending.say("two")]
    sending.show(5, "state")
    await asyncio.sleep(HOUR)
    await sending.heard_from()
    await asyncio.sleep(HOUR)
    assert asked(bot_api) == ["one", "one"]
    await sending.heard_from()
    await all_of(*waiting)
    await asyncio.sleep(HOUR)
    assert bot_api.texts() == ["one", "two", "state"]


async def test_a_chat_that_leaves_within_a_batch_hears_the_rest_once(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    waiting = [sending.say(f"{n}") for n in range(4)]
    await waiting[1]
    bot_api.trouble[ANNA].append(not_found())
    await asyncio.sleep(HOUR)
    await sending.heard_from()
    await all_of(*waiting)
    assert bot_api.texts() == ["0", "1", "2", "3"]


async def test_a_mark_from_elsewhere_holds_what_comes_by_itself(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.reach.note_unreachable(ANNA)
    waiting = sending.say("notice")
    sending.show(5, "state")
    assert await sending.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.UNSENT
    await asyncio.sleep(HOUR)
    assert asked(bot_api) == []
    assert await sending.send("pressed") == 100
    await sending.heard_from()
    await waiting
    await asyncio.sleep(HOUR)
    assert bot_api.texts() == ["pressed", "notice", "state"]


async def test_what_belongs_to_its_moment_does_not_wait_for_the_return(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    for trouble, status in (
        (blocked(), DeliveryStatus.UNSENT),
        (not_found(), DeliveryStatus.NOT_FOUND),
    ):
        bot_api.trouble[ANNA].append(trouble)
        picture, text = await asyncio.gather(
            sending.outbox.say_once(ANNA, Text("picture"), photo=Photo(b"p")),
            sending.outbox.say_once(ANNA, Text("text")),
        )
        assert (picture, text) == (status, status)
        assert await sending.outbox.say_once(ANNA, Text("late")) is DeliveryStatus.UNSENT
        await sending.heard_from()
    await asyncio.sleep(HOUR)
    assert bot_api.texts() == []


async def test_what_waits_outlives_the_spacing_of_an_idle_queue(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(blocked())
    waiting = sending.say("notice")
    for _ in range(3):
        await asyncio.sleep(IDLE_QUEUE)
        await sending.send("other", chat_id=BORIS)
    await sending.heard_from()
    assert await waiting is not None


async def test_what_was_retried_for_an_outage_waits_as_well(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA] += [NetworkError("away"), not_found()]
    waiting = sending.say("notice")
    await asyncio.sleep(HOUR)
    assert asked(bot_api) == ["notice", "notice"]
    await sending.heard_from()
    assert await waiting == 100


async def test_a_file_to_a_chat_that_blocked_the_bot_is_let_go(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(blocked())
    assert await sending.outbox.send_file(ANNA, Document(b"d", "d.txt"), Screen("read")) is None
    assert sending.reach.noted == [ANNA]


class Deleting(FakeBotApi):
    """Each call to delete takes 5 s, and meets what is left of ``refusals``."""

    def __init__(self, *refusals: TelegramError) -> None:
        super().__init__()
        self.refusals = list(refusals)
        self.tries = 0

    async def delete(self, chat_id: int, message_id: int) -> bool:
        self.tries += 1
        await asyncio.sleep(5)
        if self.refusals:
            raise self.refusals.pop(0)
        return True


@BOTH
async def test_a_message_is_deleted_when_the_person_is_back(trouble: TelegramError) -> None:
    bot_api = Deleting(trouble)
    sending = OutboxHarness(bot_api)
    deleting = asyncio.create_task(sending.outbox.delete(ANNA, 5))
    await asyncio.sleep(HOUR)
    assert (bot_api.tries, deleting.done()) == (1, False)
    await sending.heard_from()
    assert await deleting
    assert bot_api.tries == 2


async def test_a_return_while_a_deletion_is_refused_counts() -> None:
    sending = OutboxHarness(Deleting(blocked()))
    deleting = asyncio.create_task(sending.outbox.delete(ANNA, 5))
    await asyncio.sleep(3)
    await sending.heard_from()
    assert await deleting


async def test_a_group_that_threw_the_bot_out_is_not_waited_for() -> None:
    sending = OutboxHarness(Deleting(Forbidden("Forbidden: bot was kicked from the group chat")))
    assert await sending.outbox.delete(-50, 5) is False


async def test_an_end_lets_go_of_what_waits(sending: OutboxHarness, bot_api: FakeBotApi) -> None:
    bot_api.trouble[ANNA].append(blocked())
    waiting = sending.say("notice")
    await asyncio.sleep(1)
    await sending.outbox.close(1)
    assert await waiting is None


class BrokenReach(FakeReachability):
    async def is_reachable(self, chat_id: int) -> bool:
        raise OSError("disk full")

    async def note_unreachable(self, chat_id: int) -> None:
        raise OSError("disk full")


async def test_a_storage_that_fails_leaves_nobody_waiting_and_asks_no_more(
    bot_api: FakeBotApi,
) -> None:
    bot_api.trouble[ANNA].append(blocked())
    outbox = Outbox(bot_api, SystemClock(), BrokenReach())
    assert await outbox.send(ANNA, Screen("lost")) is None
    waiting = asyncio.create_task(outbox.say(ANNA, Text("notice")))
    await asyncio.sleep(HOUR)
    assert asked(bot_api) == ["lost"]
    outbox.release(ANNA)
    assert await waiting == 100


class ReturningReach(FakeReachability):
    """The person returns between the reading of the mark and the answer about it."""

    outbox: Outbox

    async def is_reachable(self, chat_id: int) -> bool:
        was = chat_id not in self.unreachable
        if not was:
            self.unreachable.discard(chat_id)
            self.outbox.heard_from(chat_id)
            self.outbox.release(chat_id)
        await asyncio.sleep(0)
        return was


async def test_a_return_while_the_mark_is_read_leaves_nothing_held(bot_api: FakeBotApi) -> None:
    reach = ReturningReach()
    reach.unreachable.add(ANNA)
    reach.outbox = Outbox(bot_api, SystemClock(), reach)
    async with asyncio.timeout(HOUR):
        assert await reach.outbox.say(ANNA, Text("notice")) is not None
    assert asked(bot_api) == ["notice"]
    await reach.outbox.close(1)
