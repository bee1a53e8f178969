"""Who speaks when: pressed at once, unpressed spaced, the newest text of a message wins."""

import asyncio

import pytest

from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen
from tests.chat.post import ANNA, BORIS, Mail, Post, Text, all_of, gaps, not_worth_it

pytestmark = pytest.mark.looptime(start=0)


async def test_what_was_pressed_for_goes_at_once_and_one_after_the_other(
    mail: Mail, post: Post
) -> None:
    post.latency = 0.25
    first, second, third = mail.send("a"), mail.edit(5, "b"), mail.send("c")
    assert await all_of(first, second, third) == [100, 5, 101]
    assert post.texts() == ["a", "b", "c"]
    assert post.moments() == [0, 0.25, 0.5]


async def test_what_was_pressed_for_overtakes_everything_that_waits(mail: Mail, post: Post) -> None:
    waiting = [mail.say(f"notice {n}") for n in range(3)]
    mail.show(5, "progress")
    await asyncio.sleep(0.5)
    await mail.send("pressed")
    assert post.taken()[-1].at == 0.5
    await asyncio.gather(*waiting)
    assert post.texts()[:2] == ["notice 0", "pressed"]


async def test_unpressed_messages_are_a_second_apart_and_keep_their_order(
    mail: Mail, post: Post
) -> None:
    post.latency = 0.125
    await asyncio.gather(*(mail.say(f"{n}") for n in range(5)))
    assert post.texts() == ["0", "1", "2", "3", "4"]
    assert gaps(post.moments()) == [1.125] * 4


async def test_an_unpressed_message_keeps_its_distance_from_a_pressed_one(
    mail: Mail, post: Post
) -> None:
    await mail.send("pressed")
    await mail.say("notice")
    assert post.moments() == [0, 1]


async def test_chats_do_not_wait_for_each_other(mail: Mail, post: Post) -> None:
    await asyncio.gather(mail.say("a"), mail.say("b", chat_id=BORIS))
    assert post.moments(ANNA) == post.moments(BORIS) == [0]


async def test_edits_of_a_message_are_three_seconds_apart_and_the_last_one_arrives(
    mail: Mail, post: Post
) -> None:
    for n in range(100):
        mail.show(5, f"{n}")
        await asyncio.sleep(0.1)
    await asyncio.sleep(10)
    assert min(gaps(post.moments())) >= 3
    assert len(post.moments()) == 5
    assert post.texts()[-1] == "99"


@pytest.mark.parametrize("gap", [5.0, 30.0])
async def test_edits_can_be_asked_to_be_rarer(mail: Mail, post: Post, gap: float) -> None:
    for n in range(100):
        mail.show(5, f"{n}", gap=gap)
        await asyncio.sleep(1)
    await asyncio.sleep(gap)
    assert set(gaps(post.moments())) == {gap}
    assert post.texts()[-1] == "99"


async def test_edits_of_two_messages_are_spaced_each_by_itself(mail: Mail, post: Post) -> None:
    for n in range(8):
        for message_id in (5, 6):
            mail.show(message_id, f"{message_id}: {n}")
        await asyncio.sleep(1)
    await asyncio.sleep(5)
    for message_id in (5, 6):
        mine = [each for each in post.taken() if each.message_id == message_id]
        assert set(gaps([each.at for each in mine])) == {3}
        assert mine[-1].text == f"{message_id}: 7"
    assert min(gaps(post.moments())) >= 1


async def test_a_text_is_made_when_it_is_sent(mail: Mail, post: Post) -> None:
    await mail.send("before")
    older, newer = Text("never seen"), Text("as it was asked for")
    mail.outbox.show(ANNA, 5, older)
    mail.outbox.show(ANNA, 5, newer)
    await asyncio.sleep(0.5)
    newer.now = "as it is when it is sent"
    await asyncio.sleep(1)
    assert post.texts() == ["before", "as it is when it is sent"]
    assert (older.rendered, newer.rendered) == (0, 1)


async def test_a_pressed_edit_takes_the_place_of_a_waiting_update(mail: Mail, post: Post) -> None:
    await mail.edit(5, "first")
    mail.show(5, "update")
    await mail.edit(5, "pressed")
    await asyncio.sleep(10)
    assert post.texts() == ["first", "pressed"]


async def test_an_update_that_comes_after_a_pressed_edit_is_shown_in_its_turn(
    mail: Mail, post: Post
) -> None:
    await mail.edit(5, "pressed")
    mail.show(5, "update")
    await asyncio.sleep(10)
    assert [(each.text, each.at) for each in post.taken()] == [("pressed", 0), ("update", 3)]


async def test_messages_can_come_silently(mail: Mail, post: Post) -> None:
    await mail.outbox.say(ANNA, Text("hush"), silent=True)
    await mail.outbox.say(ANNA, Text("ring"))
    await mail.send("pressed")
    assert [each.silent for each in post.taken()] == [True, False, False]


async def test_what_is_no_longer_worth_saying_is_not_said(mail: Mail, post: Post) -> None:
    assert await mail.outbox.say(ANNA, not_worth_it) is None
    assert await mail.outbox.edit(ANNA, 5, not_worth_it) is None
    assert post.said == []


async def test_a_caller_that_leaves_does_not_take_its_message_along(mail: Mail, post: Post) -> None:
    await mail.send("before")
    caller = mail.say("notice")
    await asyncio.sleep(0.5)
    caller.cancel()
    await asyncio.sleep(1)
    assert caller.cancelled()
    assert post.texts() == ["before", "notice"]


async def test_queues_of_chats_that_fell_silent_are_let_go(mail: Mail, post: Post) -> None:
    for chat_id in range(50):
        await mail.send("hello", chat_id=chat_id)
    await asyncio.sleep(121)
    await mail.send("hello", chat_id=50)
    assert set(mail.outbox._queues) == {50}


async def test_a_queue_is_kept_while_something_waits_in_it(mail: Mail, post: Post) -> None:
    post.away_until = 500
    waiting = mail.say("kept")
    await asyncio.sleep(300)
    mail.show(5, "other", chat_id=BORIS)
    assert set(mail.outbox._queues) == {ANNA, BORIS}
    await waiting
    assert post.texts(ANNA) == ["kept"]


async def test_nothing_runs_once_everything_is_said(mail: Mail, post: Post) -> None:
    before = asyncio.all_tasks()
    await asyncio.gather(mail.send("a"), mail.say("b"), mail.edit(5, "c"))
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_render_may_speak_to_the_same_chat(post: Post, mail: Mail) -> None:
    """What a render queues does not hold up the message that is being made."""
    outbox: Outbox = mail.outbox

    async def render() -> Screen:
        outbox.show(ANNA, 7, Text("the other"))
        return Screen("this one")

    await outbox.say(ANNA, render)
    await asyncio.sleep(2)
    assert post.texts() == ["this one", "the other"]
