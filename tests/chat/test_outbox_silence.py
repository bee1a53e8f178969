"""A chat that cannot be written to: nothing is asked for it by itself, and nothing is lost."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.clock import SystemClock
from bot.delivery_status import DeliveryStatus
from bot.outbox.chat_queue import SEND_GAP
from bot.outbox.outbox import IDLE_QUEUE, Outbox
from bot.outbox.screen import Screen
from bot.outbox.uploads import Document, Photo
from tests.chat.post import ANNA, BORIS, Mail, PaperReach, Post, Text, all_of, gaps

pytestmark = pytest.mark.looptime(start=0)

HOUR = 3600.0


def blocked() -> Forbidden:
    return Forbidden("Forbidden: bot was blocked by the user")


def not_found() -> BadRequest:
    return BadRequest("Bad Request: chat not found")


BOTH = pytest.mark.parametrize("trouble", [blocked(), not_found()], ids=["403", "400"])


def asked(post: Post, chat_id: int = ANNA) -> list[str]:
    return [each.text for each in post.said if each.chat_id == chat_id]


@BOTH
async def test_the_first_answer_ends_all_asking_for_that_chat_alone(
    mail: Mail, post: Post, trouble: TelegramError
) -> None:
    post.trouble[ANNA].append(trouble)
    pressed = [mail.send("a"), mail.send("b")]
    waiting = mail.say("c")
    mail.show(5, "d")
    other = [mail.say("e", chat_id=BORIS), mail.say("f", chat_id=BORIS)]
    assert await all_of(*pressed) == [None, None]
    assert await all_of(*other) == [100, 101]
    for step in range(20):
        mail.show(5, f"d{step}")
        await asyncio.sleep(HOUR)
    assert mail.reach.noted == [ANNA]
    assert asked(post) == ["a"]
    assert not waiting.done()


@BOTH
async def test_all_that_waited_comes_once_in_its_order_and_spaced(
    mail: Mail, post: Post, trouble: TelegramError
) -> None:
    post.trouble[ANNA].append(trouble)
    waiting = [mail.say(f"notice {n}") for n in range(1, 8)]
    mail.show(5, "old state")
    await asyncio.sleep(HOUR)
    mail.show(5, "last state")
    await asyncio.sleep(HOUR)

    await mail.heard_from()

    await all_of(*waiting)
    await asyncio.sleep(HOUR)
    assert post.texts() == [*(f"notice {n}" for n in range(1, 8)), "last state"]
    assert min(gaps(post.moments())) >= SEND_GAP


async def test_what_is_pressed_for_is_tried_and_said_before_what_waited(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA] += [blocked(), blocked()]
    waiting = mail.say("notice")
    await asyncio.sleep(HOUR)
    assert await mail.send("still silent") is None
    assert await mail.send("answer") == 100
    assert not waiting.done()
    await mail.heard_from()
    await waiting
    assert post.texts() == ["answer", "notice"]


@pytest.mark.parametrize("latency", [0, 5])
async def test_the_last_state_of_a_message_that_was_pressed_for_comes_on_the_return(
    mail: Mail, post: Post, latency: float
) -> None:
    """With ``latency`` it is queued while the call of the state before it is on its way."""
    post.latency = latency
    post.trouble[ANNA] += [blocked()] if latency else [blocked(), not_found()]
    mail.show(5, "reading 1/2")
    await asyncio.sleep(1)
    assert await mail.edit(5, "preview") is None
    await asyncio.sleep(HOUR)
    await mail.heard_from()
    await asyncio.sleep(HOUR)
    assert post.texts() == ["preview"]


async def test_a_403_to_a_call_from_before_the_person_wrote_marks_nothing(
    mail: Mail, post: Post
) -> None:
    post.latency = 5
    post.trouble[ANNA].append(blocked())
    waiting = [mail.say("notice"), mail.say("another")]
    mail.show(5, "state")
    await asyncio.sleep(3)
    await mail.heard_from()
    await all_of(*waiting)
    await asyncio.sleep(HOUR)
    assert mail.reach.noted == []
    assert post.texts() == ["notice", "another", "state"]


async def test_a_press_whose_call_met_an_old_403_is_answered_all_the_same(
    mail: Mail, post: Post
) -> None:
    post.latency = 5
    post.trouble[ANNA].append(blocked())
    pressed = mail.send("answer")
    await asyncio.sleep(3)
    await mail.heard_from()
    assert await pressed == 100


async def test_who_comes_back_while_the_mark_is_written_is_told_all(post: Post) -> None:
    mail = Mail(post, PaperReach(latency=2))
    post.trouble[ANNA].append(blocked())
    waiting = mail.say("notice")
    await asyncio.sleep(1)
    assert mail.reach.noted == [ANNA]
    await mail.heard_from()
    assert await waiting == 100
    assert mail.reach.unreachable == set()


async def test_who_comes_back_and_leaves_at_once_is_told_all_the_next_time(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA] += [blocked(), blocked()]
    waiting = [mail.say("one"), mail.say("two")]
    mail.show(5, "state")
    await asyncio.sleep(HOUR)
    await mail.heard_from()
    await asyncio.sleep(HOUR)
    assert asked(post) == ["one", "one"]
    await mail.heard_from()
    await all_of(*waiting)
    await asyncio.sleep(HOUR)
    assert post.texts() == ["one", "two", "state"]


async def test_a_chat_that_leaves_within_a_batch_hears_the_rest_once(
    mail: Mail, post: Post
) -> None:
    waiting = [mail.say(f"{n}") for n in range(4)]
    await waiting[1]
    post.trouble[ANNA].append(not_found())
    await asyncio.sleep(HOUR)
    await mail.heard_from()
    await all_of(*waiting)
    assert post.texts() == ["0", "1", "2", "3"]


async def test_a_mark_from_elsewhere_holds_what_comes_by_itself(mail: Mail, post: Post) -> None:
    await mail.reach.note_unreachable(ANNA)
    waiting = mail.say("notice")
    mail.show(5, "state")
    assert await mail.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.UNSENT
    await asyncio.sleep(HOUR)
    assert asked(post) == []
    assert await mail.send("pressed") == 100
    await mail.heard_from()
    await waiting
    await asyncio.sleep(HOUR)
    assert post.texts() == ["pressed", "notice", "state"]


async def test_what_belongs_to_its_moment_does_not_wait_for_the_return(
    mail: Mail, post: Post
) -> None:
    for trouble, status in (
        (blocked(), DeliveryStatus.UNSENT),
        (not_found(), DeliveryStatus.NOT_FOUND),
    ):
        post.trouble[ANNA].append(trouble)
        picture, text = await asyncio.gather(
            mail.outbox.say_once(ANNA, Text("picture"), photo=Photo(b"p")),
            mail.outbox.say_once(ANNA, Text("text")),
        )
        assert (picture, text) == (status, status)
        assert await mail.outbox.say_once(ANNA, Text("late")) is DeliveryStatus.UNSENT
        await mail.heard_from()
    await asyncio.sleep(HOUR)
    assert post.texts() == []


async def test_what_waits_outlives_the_spacing_of_an_idle_queue(mail: Mail, post: Post) -> None:
    post.trouble[ANNA].append(blocked())
    waiting = mail.say("notice")
    for _ in range(3):
        await asyncio.sleep(IDLE_QUEUE)
        await mail.send("other", chat_id=BORIS)
    await mail.heard_from()
    assert await waiting is not None


async def test_what_was_retried_for_an_outage_waits_as_well(mail: Mail, post: Post) -> None:
    post.trouble[ANNA] += [NetworkError("away"), not_found()]
    waiting = mail.say("notice")
    await asyncio.sleep(HOUR)
    assert asked(post) == ["notice", "notice"]
    await mail.heard_from()
    assert await waiting == 100


async def test_a_file_to_a_chat_that_blocked_the_bot_is_let_go(mail: Mail, post: Post) -> None:
    post.trouble[ANNA].append(blocked())
    assert await mail.outbox.send_document(ANNA, Document(b"d", "d.txt"), Screen("read")) is None
    assert mail.reach.noted == [ANNA]


class Deleting(Post):
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
    post = Deleting(trouble)
    mail = Mail(post)
    deleting = asyncio.create_task(mail.outbox.delete(ANNA, 5))
    await asyncio.sleep(HOUR)
    assert (post.tries, deleting.done()) == (1, False)
    await mail.heard_from()
    assert await deleting
    assert post.tries == 2


async def test_a_return_while_a_deletion_is_refused_counts() -> None:
    mail = Mail(Deleting(blocked()))
    deleting = asyncio.create_task(mail.outbox.delete(ANNA, 5))
    await asyncio.sleep(3)
    await mail.heard_from()
    assert await deleting


async def test_a_group_that_threw_the_bot_out_is_not_waited_for() -> None:
    mail = Mail(Deleting(Forbidden("Forbidden: bot was kicked from the group chat")))
    assert await mail.outbox.delete(-50, 5) is False


async def test_an_end_lets_go_of_what_waits(mail: Mail, post: Post) -> None:
    post.trouble[ANNA].append(blocked())
    waiting = mail.say("notice")
    await asyncio.sleep(1)
    await mail.outbox.close(1)
    assert await waiting is None


class BrokenReach(PaperReach):
    async def is_reachable(self, chat_id: int) -> bool:
        raise OSError("disk full")

    async def note_unreachable(self, chat_id: int) -> None:
        raise OSError("disk full")


async def test_a_storage_that_fails_leaves_nobody_waiting_and_asks_no_more(post: Post) -> None:
    post.trouble[ANNA].append(blocked())
    outbox = Outbox(post, SystemClock(), BrokenReach())
    assert await outbox.send(ANNA, Screen("lost")) is None
    waiting = asyncio.create_task(outbox.say(ANNA, Text("notice")))
    await asyncio.sleep(HOUR)
    assert asked(post) == ["lost"]
    outbox.release(ANNA)
    assert await waiting == 100


class ReturningReach(PaperReach):
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


async def test_a_return_while_the_mark_is_read_leaves_nothing_held(post: Post) -> None:
    reach = ReturningReach()
    reach.unreachable.add(ANNA)
    reach.outbox = Outbox(post, SystemClock(), reach)
    async with asyncio.timeout(HOUR):
        assert await reach.outbox.say(ANNA, Text("notice")) is not None
    assert asked(post) == ["notice"]
    await reach.outbox.close(1)
