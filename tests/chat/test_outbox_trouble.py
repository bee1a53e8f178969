"""Waits, outages, refusals, blocks: what is said again, what is given up, and who is told."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery_status import DeliveryStatus
from bot.outbox.chat_queue import RETRY_LONGEST, SEND_GAP
from bot.outbox.queue_sender import PRESSED_ATTEMPTS
from bot.outbox.screen import Screen
from bot.outbox.uploads import Document, Photo
from tests.chat.post import ANNA, BORIS, Mail, Post, Text, all_of, gaps

pytestmark = pytest.mark.looptime(start=0)

MINUTE = 60.0
NOT_FOUND = "Bad Request: message to edit not found"
NO_TEXT = "Bad Request: there is no text in the message to edit"


def told_to_wait(seconds: int) -> RetryAfter:
    return RetryAfter(timedelta(seconds=seconds))


async def test_a_wait_is_kept_and_then_the_same_thing_is_said(mail: Mail, post: Post) -> None:
    post.trouble[ANNA].append(told_to_wait(7))
    texts = [mail.say("first"), mail.say("second")]
    mail.show(5, "edit")
    await asyncio.gather(*texts)
    await asyncio.sleep(5)
    assert [(each.text, each.at) for each in post.said] == [
        ("first", 0),
        ("first", 7),
        ("second", 8),
        ("edit", 9),
    ]


async def test_what_was_pressed_for_waits_as_told_too(mail: Mail, post: Post) -> None:
    post.trouble[ANNA].append(told_to_wait(30))
    assert await all_of(mail.edit(5, "pressed"), mail.send("then")) == [5, 100]
    assert [(each.text, each.at) for each in post.taken()] == [("pressed", 30), ("then", 30)]


async def test_an_edit_that_was_told_to_wait_edits_the_same_message_with_the_newest_text(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].append(told_to_wait(20))
    mail.show(5, "old")
    await asyncio.sleep(1)
    mail.show(5, "new")
    await asyncio.sleep(30)
    assert [(each.text, each.message_id, each.at) for each in post.said] == [
        ("old", 5, 0),
        ("new", 5, 20),
    ]


async def test_a_wait_of_one_chat_does_not_slow_another(mail: Mail, post: Post) -> None:
    post.trouble[ANNA].append(told_to_wait(300))
    stuck = mail.say("late")
    for n in range(3):
        await mail.say(f"{n}", chat_id=BORIS)
    assert post.moments(BORIS) == [0, 1, 2]
    assert not stuck.done()
    await stuck
    assert post.moments(ANNA) == [300]


async def test_unpressed_messages_are_tried_for_ever_with_growing_waits(
    mail: Mail, post: Post
) -> None:
    post.away_until = 30 * MINUTE
    texts = [mail.say("first"), mail.say("second")]
    await asyncio.gather(*texts)
    tries = [each.at for each in post.said if each.text == "first"]
    waits = gaps(tries)
    assert waits == sorted(waits)
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == RETRY_LONGEST
    assert post.texts() == ["first", "second"]


async def test_what_was_pressed_for_is_given_up_soon_and_in_order(mail: Mail, post: Post) -> None:
    post.away_until = 10 * MINUTE
    pressed = [mail.send("one"), mail.edit(5, "two")]
    assert await all_of(*pressed) == [None, None]
    assert [each.text for each in post.said] == ["one"] * PRESSED_ATTEMPTS + [
        "two"
    ] * PRESSED_ATTEMPTS
    assert asyncio.get_running_loop().time() < 20


async def test_a_short_outage_is_not_noticed_by_who_pressed(mail: Mail, post: Post) -> None:
    post.away_until = 2
    assert await all_of(mail.send("one"), mail.send("two")) == [100, 101]
    assert post.texts() == ["one", "two"]


async def test_an_update_whose_place_a_pressed_edit_took_is_shown_if_that_one_is_given_up(
    mail: Mail, post: Post
) -> None:
    post.away_until = MINUTE
    mail.show(5, "last state")
    assert await mail.edit(5, "pressed") is None
    await asyncio.sleep(2 * MINUTE)
    assert post.texts() == ["last state"]


async def test_an_update_that_failed_does_not_come_after_a_pressed_edit(
    mail: Mail, post: Post
) -> None:
    post.latency = 1
    post.away_until = 0.5
    mail.show(5, "old")
    await asyncio.sleep(0.5)
    assert await mail.edit(5, "pressed") == 5
    await asyncio.sleep(MINUTE)
    assert post.texts() == ["pressed"]


async def test_an_update_that_fails_yields_to_one_that_came_while_it_was_on_its_way(
    mail: Mail, post: Post
) -> None:
    post.latency = 1
    post.trouble[ANNA].append(NetworkError("lost"))
    mail.show(5, "old")
    await asyncio.sleep(0.5)
    mail.show(5, "new", gap=0)
    await asyncio.sleep(MINUTE)
    assert [(each.text, each.at) for each in post.said] == [("old", 0), ("new", 2)]


async def test_an_update_that_failed_yields_to_the_newer_one_and_passes_its_waits_on(
    mail: Mail, post: Post
) -> None:
    post.latency = 0.25
    post.away_until = 30 * MINUTE
    for n in range(180):
        mail.show(5, f"{n}")
        await asyncio.sleep(10)
    await asyncio.sleep(2 * MINUTE)
    assert len(post.said) < 45
    assert post.texts() == ["179"]


async def test_after_half_an_hour_away_only_the_last_state_of_each_message_is_sent(
    mail: Mail, post: Post
) -> None:
    post.away_until = 30 * MINUTE
    notice = mail.say("notice")
    for n in range(360):
        for message_id in (5, 6):
            mail.show(message_id, f"{message_id}: {n}")
        await asyncio.sleep(5)
    await asyncio.sleep(3 * MINUTE)
    assert sorted(post.texts()) == ["5: 359", "6: 359", "notice"]
    assert await notice == 100
    assert min(gaps(post.moments())) >= 1


@pytest.mark.parametrize(
    "trouble", [TimedOut(), NetworkError("Bad Gateway"), InvalidToken("Unauthorized")]
)
async def test_passing_trouble_is_outlived(mail: Mail, post: Post, trouble: TelegramError) -> None:
    post.trouble[ANNA].append(trouble)
    assert await mail.send("a") == 100


async def test_a_message_that_already_looks_like_that_is_done(mail: Mail, post: Post) -> None:
    refusal = "Message is not modified: specified new message content and reply markup are ..."
    post.trouble[ANNA].append(BadRequest(refusal))
    assert await mail.edit(5, "same") == 5
    await asyncio.sleep(MINUTE)
    assert len(post.said) == 1


@pytest.mark.parametrize(
    "refusal", [NOT_FOUND, "Message can't be edited", "MESSAGE_ID_INVALID", NO_TEXT]
)
async def test_a_pressed_edit_of_a_lost_message_becomes_a_new_message(
    mail: Mail, post: Post, refusal: str
) -> None:
    post.trouble[ANNA].append(BadRequest(refusal))
    assert await mail.edit(5, "text") == 100
    assert [(each.message_id, each.taken) for each in post.said] == [(5, False), (None, True)]


async def test_an_update_of_a_lost_message_is_told_once_and_not_repeated(
    mail: Mail, post: Post
) -> None:
    lost: list[int] = []
    post.trouble[ANNA].append(BadRequest(NOT_FOUND))
    mail.outbox.show(ANNA, 5, Text("text"), on_lost=lambda: lost.append(5))
    await asyncio.sleep(10 * MINUTE)
    assert lost == [5]
    assert len(post.said) == 1


@pytest.mark.parametrize("trouble", [BadRequest("can't parse entities"), Conflict("other")])
async def test_a_refused_message_is_given_up_and_the_next_one_goes(
    mail: Mail, post: Post, trouble: TelegramError
) -> None:
    post.trouble[ANNA].append(trouble)
    assert await all_of(mail.send("refused"), mail.send("fine")) == [None, 100]
    mail.show(5, "too")
    await asyncio.sleep(5)
    assert post.texts() == ["fine", "too"]


async def test_a_group_that_moved_hears_what_is_new_under_its_new_id(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].append(ChatMigrated(-100))
    waiting = [mail.send("a"), mail.edit(5, "b"), mail.say("c")]
    mail.show(6, "d")
    assert await all_of(*waiting) == [100, None, 101]
    await asyncio.sleep(10)
    assert [(each.chat_id, each.text) for each in post.said] == [
        (ANNA, "a"),
        (-100, "a"),
        (-100, "c"),
    ]
    assert mail.reach.noted == []


async def test_a_render_that_breaks_does_not_silence_the_chat(mail: Mail, post: Post) -> None:
    async def broken() -> Screen:
        raise ValueError("no such word")

    mail.outbox.show(ANNA, 5, broken)
    assert await mail.outbox.edit(ANNA, 6, broken) is None
    assert await mail.outbox.say(ANNA, broken) is None
    assert await mail.say("still here") == 100


async def test_an_upload_waits_repeats_and_keeps_its_place_like_any_message(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].extend([told_to_wait(7), NetworkError("lost")])
    picture, file = Photo(b"p"), Document(b"d", "d.txt")
    sent = [
        asyncio.create_task(mail.outbox.send_photo(ANNA, picture, Screen("look"))),
        asyncio.create_task(mail.outbox.send_document(ANNA, file, Screen("read"))),
        mail.send("then"),
    ]
    assert await all_of(*sent) == [100, 101, 102]
    assert [(each.text, each.at) for each in post.said] == [
        ("look", 0),
        ("look", 7),
        ("look", 8),
        ("read", 8),
        ("then", 8),
    ]
    assert post.uploads == [picture, picture, picture, file]


async def test_a_picture_that_nobody_pressed_for_is_spaced_and_may_be_silent(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].append(told_to_wait(7))
    picture = Photo(b"p")
    said = asyncio.gather(
        mail.say("first"),
        asyncio.create_task(mail.outbox.say_once(ANNA, Text("look"), silent=True, photo=picture)),
        mail.say("last"),
    )
    assert list(await said) == [100, DeliveryStatus.SENT, 102]
    assert [(each.text, each.silent) for each in post.taken()] == [
        ("first", False),
        ("look", True),
        ("last", False),
    ]
    assert post.uploads == [picture]
    assert min(gaps(post.moments())) >= SEND_GAP


async def test_what_is_said_once_is_not_repeated_where_it_may_have_come(
    mail: Mail, post: Post
) -> None:
    lost = TimedOut()
    lost.__cause__ = type("ReadTimeout", (Exception,), {})()
    for trouble in (lost, NetworkError("Bad Gateway")):
        post.trouble[ANNA].append(trouble)
        assert await mail.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.UNKNOWN
    assert post.texts() == []
    assert len(post.said) == 2


async def test_what_is_said_once_is_tried_until_it_surely_left(mail: Mail, post: Post) -> None:
    for name in ("ConnectError", "ConnectTimeout", "PoolTimeout"):
        unsent = NetworkError("httpx")
        unsent.__cause__ = type(name, (Exception,), {})()
        post.trouble[ANNA].append(unsent)
    post.trouble[ANNA].append(told_to_wait(7))
    assert await mail.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.SENT
    assert len(post.said) == 5


async def test_what_is_said_once_tells_what_became_of_it(mail: Mail, post: Post) -> None:
    async def nothing() -> None:
        return None

    async def broken() -> Screen:
        raise RuntimeError("nobody foresaw this")

    post.trouble[ANNA].append(BadRequest("IMAGE_PROCESS_FAILED"))
    assert await mail.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.REFUSED
    assert await mail.outbox.say_once(ANNA, broken) is DeliveryStatus.REFUSED
    assert await mail.outbox.say_once(ANNA, nothing) is DeliveryStatus.UNSENT


async def test_what_waited_at_the_end_surely_was_not_sent(mail: Mail, post: Post) -> None:
    unsent = NetworkError("httpx")
    unsent.__cause__ = type("ConnectError", (Exception,), {})()
    post.trouble[ANNA] += [unsent] * 20
    saying = asyncio.create_task(mail.outbox.say_once(ANNA, Text("digest")))
    await asyncio.sleep(5)
    await mail.outbox.close(0)
    assert await saying is DeliveryStatus.UNSENT
    assert await mail.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.UNSENT


async def test_whether_it_makes_a_sound_is_asked_when_it_is_sent(mail: Mail, post: Post) -> None:
    night = False

    async def is_night() -> bool:
        return night

    post.trouble[ANNA].append(told_to_wait(7))
    saying = asyncio.create_task(mail.outbox.say(ANNA, Text("digest"), silent=is_night))
    await asyncio.sleep(3)
    night = True
    assert await saying == 100
    assert [each.silent for each in post.taken()] == [True]


async def test_an_upload_is_given_up_like_any_pressed_message_and_the_text_after_it_too(
    mail: Mail, post: Post
) -> None:
    post.away_until = 10 * MINUTE
    lost = asyncio.create_task(mail.outbox.send_photo(ANNA, Photo(b"p"), Screen("look")))
    assert await lost is None
    assert len(post.uploads) == PRESSED_ATTEMPTS


async def test_a_picture_that_telegram_refuses_does_not_hold_up_the_text(
    mail: Mail, post: Post
) -> None:
    post.trouble[ANNA].append(BadRequest("IMAGE_PROCESS_FAILED"))
    refused = asyncio.create_task(mail.outbox.send_photo(ANNA, Photo(b"p"), Screen("look")))
    assert await all_of(refused, mail.send("the steps")) == [None, 100]
    assert post.texts() == ["the steps"]


async def test_what_cannot_be_deleted_stays_and_is_no_trouble(mail: Mail, post: Post) -> None:
    async def refuse(chat_id: int, message_id: int) -> bool:
        raise BadRequest("message can't be deleted")

    post.delete = refuse  # type: ignore[method-assign]
    assert await mail.outbox.delete(ANNA, 5) is False
