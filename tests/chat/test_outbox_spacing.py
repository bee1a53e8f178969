"""Who speaks when: pressed at once, unpressed spaced, the newest text of a message wins."""

import asyncio

import pytest

from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen
from tests.support.fake_bot_api import FakeBotApi, OutboxHarness, Text, all_of, gaps, not_worth_it
from tests.support.names import ANNA, BORIS

pytestmark = pytest.mark.looptime(start=0)


async def test_what_was_pressed_for_goes_at_once_and_one_after_the_other(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 0.25
    first, second, third = sending.send("a"), sending.edit(5, "b"), sending.send("c")
    assert await all_of(first, second, third) == [100, 5, 101]
    assert bot_api.texts() == ["a", "b", "c"]
    assert bot_api.moments() == [0, 0.25, 0.5]


async def test_what_was_pressed_for_overtakes_everything_that_waits(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    waiting = [sending.say(f"notice {n}") for n in range(3)]
    sending.show(5, "progress")
    await asyncio.sleep(0.5)
    await sending.send("pressed")
    assert bot_api.taken()[-1].at == 0.5
    await asyncio.gather(*waiting)
    assert bot_api.texts()[:2] == ["notice 0", "pressed"]


async def test_unpressed_messages_are_a_second_apart_and_keep_their_order(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 0.125
    await asyncio.gather(*(sending.say(f"{n}") for n in range(5)))
    assert bot_api.texts() == ["0", "1", "2", "3", "4"]
    assert gaps(bot_api.moments()) == [1.125] * 4


async def test_an_unpressed_message_keeps_its_distance_from_a_pressed_one(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.send("pressed")
    await sending.say("notice")
    assert bot_api.moments() == [0, 1]


async def test_chats_do_not_wait_for_each_other(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await asyncio.gather(sending.say("a"), sending.say("b", chat_id=BORIS))
    assert bot_api.moments(ANNA) == bot_api.moments(BORIS) == [0]


async def test_edits_of_a_message_are_three_seconds_apart_and_the_last_one_arrives(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    for n in range(100):
        sending.show(5, f"{n}")
        await asyncio.sleep(0.1)
    await asyncio.sleep(10)
    assert min(gaps(bot_api.moments())) >= 3
    assert len(bot_api.moments()) == 5
    assert bot_api.texts()[-1] == "99"


@pytest.mark.parametrize("gap", [5.0, 30.0])
async def test_edits_can_be_asked_to_be_rarer(
    sending: OutboxHarness, bot_api: FakeBotApi, gap: float
) -> None:
    for n in range(100):
        sending.show(5, f"{n}", gap=gap)
        await asyncio.sleep(1)
    await asyncio.sleep(gap)
    assert set(gaps(bot_api.moments())) == {gap}
    assert bot_api.texts()[-1] == "99"


async def test_edits_of_two_messages_are_spaced_each_by_itself(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    for n in range(8):
        for message_id in (5, 6):
            sending.show(message_id, f"{message_id}: {n}")
        await asyncio.sleep(1)
    await asyncio.sleep(5)
    for message_id in (5, 6):
        mine = [each for each in bot_api.taken() if each.message_id == message_id]
        assert set(gaps([each.at for each in mine])) == {3}
        assert mine[-1].text == f"{message_id}: 7"
    assert min(gaps(bot_api.moments())) >= 1


async def test_a_text_is_made_when_it_is_sent(sending: OutboxHarness, bot_api: FakeBotApi) -> None:
    await sending.send("before")
    older, newer = Text("never seen"), Text("as it was asked for")
    sending.outbox.show(ANNA, 5, older)
    sending.outbox.show(ANNA, 5, newer)
    await asyncio.sleep(0.5)
    newer.now = "as it is when it is sent"
    await asyncio.sleep(1)
    assert bot_api.texts() == ["before", "as it is when it is sent"]
    assert (older.rendered, newer.rendered) == (0, 1)


async def test_a_pressed_edit_takes_the_place_of_a_waiting_update(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.edit(5, "first")
    sending.show(5, "update")
    await sending.edit(5, "pressed")
    await asyncio.sleep(10)
    assert bot_api.texts() == ["first", "pressed"]


async def test_an_update_that_comes_after_a_pressed_edit_is_shown_in_its_turn(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.edit(5, "pressed")
    sending.show(5, "update")
    await asyncio.sleep(10)
    assert [(each.text, each.at) for each in bot_api.taken()] == [("pressed", 0), ("update", 3)]


async def test_messages_can_come_silently(sending: OutboxHarness, bot_api: FakeBotApi) -> None:
    await sending.outbox.say(ANNA, Text("hush"), silent=True)
    await sending.outbox.say(ANNA, Text("ring"))
    await sending.send("pressed")
    assert [each.silent for each in bot_api.taken()] == [True, False, False]


async def test_what_is_no_longer_worth_saying_is_not_said(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    assert await sending.outbox.say(ANNA, not_worth_it) is None
    assert await sending.outbox.edit(ANNA, 5, not_worth_it) is None
    assert bot_api.said == []


async def test_a_caller_that_leaves_does_not_take_its_message_along(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    await sending.send("before")
    caller = sending.say("notice")
    await asyncio.sleep(0.5)
    caller.cancel()
    await asyncio.sleep(1)
    assert caller.cancelled()
    assert bot_api.texts() == ["before", "notice"]


async def test_queues_of_chats_that_fell_silent_are_let_go(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    for chat_id in range(50):
        await sending.send("hello", chat_id=chat_id)
    await asyncio.sleep(121)
    await sending.send("hello", chat_id=50)
    assert set(sending.outbox._queues) == {50}


async def test_a_queue_is_kept_while_something_waits_in_it(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 500
    waiting = sending.say("kept")
    await asyncio.sleep(300)
    sending.show(5, "other", chat_id=BORIS)
    assert set(sending.outbox._queues) == {ANNA, BORIS}
    await waiting
    assert bot_api.texts(ANNA) == ["kept"]


async def test_nothing_runs_once_everything_is_said(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    before = asyncio.all_tasks()
    await asyncio.gather(sending.send("a"), sending.say("b"), sending.edit(5, "c"))
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_render_may_speak_to_the_same_chat(
    bot_api: FakeBotApi, sending: OutboxHarness
) -> None:
    """What a render queues does not hold up the message that is being made."""
    outbox: Outbox = sending.outbox

    async def render() -> Screen:
        outbox.show(ANNA, 7, Text("the other"))
        return Screen("this one")

    await outbox.say(ANNA, render)
    await asyncio.sleep(2)
    assert bot_api.texts() == ["this one", "the other"]
