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
from bot.outbox.screen import Document, Photo, Screen
from tests.support.fake_bot_api import FakeBotApi, OutboxHarness, Text, all_of, gaps
from tests.support.names import ANNA, BORIS

pytestmark = pytest.mark.looptime(start=0)

MINUTE = 60.0
NOT_FOUND = "Bad Request: message to edit not found"
NO_TEXT = "Bad Request: there is no text in the message to edit"


def told_to_wait(seconds: int) -> RetryAfter:
    return RetryAfter(timedelta(seconds=seconds))


async def test_a_wait_is_kept_and_then_the_same_thing_is_said(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(told_to_wait(7))
    texts = [sending.say("first"), sending.say("second")]
    sending.show(5, "edit")
    await asyncio.gather(*texts)
    await asyncio.sleep(5)
    assert [(each.text, each.at) for each in bot_api.said] == [
        ("first", 0),
        ("first", 7),
        ("second", 8),
        ("edit", 9),
    ]


async def test_what_was_pressed_for_waits_as_told_too(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(told_to_wait(30))
    assert await all_of(sending.edit(5, "pressed"), sending.send("then")) == [5, 100]
    assert [(each.text, each.at) for each in bot_api.taken()] == [("pressed", 30), ("then", 30)]


async def test_an_edit_that_was_told_to_wait_edits_the_same_message_with_the_newest_text(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(told_to_wait(20))
    sending.show(5, "old")
    await asyncio.sleep(1)
    sending.show(5, "new")
    await asyncio.sleep(30)
    assert [(each.text, each.message_id, each.at) for each in bot_api.said] == [
        ("old", 5, 0),
        ("new", 5, 20),
    ]


async def test_a_wait_of_one_chat_does_not_slow_another(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(told_to_wait(300))
    stuck = sending.say("late")
    for n in range(3):
        await sending.say(f"{n}", chat_id=BORIS)
    assert bot_api.moments(BORIS) == [0, 1, 2]
    assert not stuck.done()
    await stuck
    assert bot_api.moments(ANNA) == [300]


async def test_unpressed_messages_are_tried_for_ever_with_growing_waits(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 30 * MINUTE
    texts = [sending.say("first"), sending.say("second")]
    await asyncio.gather(*texts)
    tries = [each.at for each in bot_api.said if each.text == "first"]
    waits = gaps(tries)
    assert waits == sorted(waits)
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == RETRY_LONGEST
    assert bot_api.texts() == ["first", "second"]


async def test_what_was_pressed_for_is_given_up_soon_and_in_order(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 10 * MINUTE
    pressed = [sending.send("one"), sending.edit(5, "two")]
    assert await all_of(*pressed) == [None, None]
    assert [each.text for each in bot_api.said] == ["one"] * PRESSED_ATTEMPTS + [
        "two"
    ] * PRESSED_ATTEMPTS
    assert asyncio.get_running_loop().time() < 20


async def test_a_short_outage_is_not_noticed_by_who_pressed(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 2
    assert await all_of(sending.send("one"), sending.send("two")) == [100, 101]
    assert bot_api.texts() == ["one", "two"]


async def test_an_update_whose_place_a_pressed_edit_took_is_shown_if_that_one_is_given_up(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = MINUTE
    sending.show(5, "last state")
    assert await sending.edit(5, "pressed") is None
    await asyncio.sleep(2 * MINUTE)
    assert bot_api.texts() == ["last state"]


async def test_an_update_that_failed_does_not_come_after_a_pressed_edit(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 1
    bot_api.away_until = 0.5
    sending.show(5, "old")
    await asyncio.sleep(0.5)
    assert await sending.edit(5, "pressed") == 5
    await asyncio.sleep(MINUTE)
    assert bot_api.texts() == ["pressed"]


async def test_an_update_that_fails_yields_to_one_that_came_while_it_was_on_its_way(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 1
    bot_api.trouble[ANNA].append(NetworkError("lost"))
    sending.show(5, "old")
    await asyncio.sleep(0.5)
    sending.show(5, "new", gap=0)
    await asyncio.sleep(MINUTE)
    assert [(each.text, each.at) for each in bot_api.said] == [("old", 0), ("new", 2)]


async def test_an_update_that_failed_yields_to_the_newer_one_and_passes_its_waits_on(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.latency = 0.25
    bot_api.away_until = 30 * MINUTE
    for n in range(180):
        sending.show(5, f"{n}")
        await asyncio.sleep(10)
    await asyncio.sleep(2 * MINUTE)
    assert len(bot_api.said) < 45
    assert bot_api.texts() == ["179"]


async def test_after_half_an_hour_away_only_the_last_state_of_each_message_is_sent(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 30 * MINUTE
    notice = sending.say("notice")
    for n in range(360):
        for message_id in (5, 6):
            sending.show(message_id, f"{message_id}: {n}")
        await asyncio.sleep(5)
    await asyncio.sleep(3 * MINUTE)
    assert sorted(bot_api.texts()) == ["5: 359", "6: 359", "notice"]
    assert await notice == 100
    assert min(gaps(bot_api.moments())) >= 1


@pytest.mark.parametrize(
    "trouble", [TimedOut(), NetworkError("Bad Gateway"), InvalidToken("Unauthorized")]
)
async def test_passing_trouble_is_outlived(
    sending: OutboxHarness, bot_api: FakeBotApi, trouble: TelegramError
) -> None:
    bot_api.trouble[ANNA].append(trouble)
    assert await sending.send("a") == 100


async def test_a_message_that_already_looks_like_that_is_done(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    refusal = "Message is not modified: specified new message content and reply markup are ..."
    bot_api.trouble[ANNA].append(BadRequest(refusal))
    assert await sending.edit(5, "same") == 5
    await asyncio.sleep(MINUTE)
    assert len(bot_api.said) == 1


@pytest.mark.parametrize(
    "refusal", [NOT_FOUND, "Message can't be edited", "MESSAGE_ID_INVALID", NO_TEXT]
)
async def test_a_pressed_edit_of_a_lost_message_becomes_a_new_message(
    sending: OutboxHarness, bot_api: FakeBotApi, refusal: str
) -> None:
    bot_api.trouble[ANNA].append(BadRequest(refusal))
    assert await sending.edit(5, "text") == 100
    assert [(each.message_id, each.taken) for each in bot_api.said] == [(5, False), (None, True)]


async def test_an_update_of_a_lost_message_is_told_once_and_not_repeated(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    lost: list[int] = []
    bot_api.trouble[ANNA].append(BadRequest(NOT_FOUND))
    sending.outbox.show(ANNA, 5, Text("text"), on_lost=lambda: lost.append(5))
    await asyncio.sleep(10 * MINUTE)
    assert lost == [5]
    assert len(bot_api.said) == 1


@pytest.mark.parametrize("trouble", [BadRequest("can't parse entities"), Conflict("other")])
async def test_a_refused_message_is_given_up_and_the_next_one_goes(
    sending: OutboxHarness, bot_api: FakeBotApi, trouble: TelegramError
) -> None:
    bot_api.trouble[ANNA].append(trouble)
    assert await all_of(sending.send("refused"), sending.send("fine")) == [None, 100]
    sending.show(5, "too")
    await asyncio.sleep(5)
    assert bot_api.texts() == ["fine", "too"]


async def test_a_group_that_moved_hears_what_is_new_under_its_new_id(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(ChatMigrated(-100))
    waiting = [sending.send("a"), sending.edit(5, "b"), sending.say("c")]
    sending.show(6, "d")
    assert await all_of(*waiting) == [100, None, 101]
    await asyncio.sleep(10)
    assert [(each.chat_id, each.text) for each in bot_api.said] == [
        (ANNA, "a"),
        (-100, "a"),
        (-100, "c"),
    ]
    assert sending.reach.noted == []


async def test_a_render_that_breaks_does_not_silence_the_chat(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    async def broken() -> Screen:
        raise ValueError("no such word")

    sending.outbox.show(ANNA, 5, broken)
    assert await sending.outbox.edit(ANNA, 6, broken) is None
    assert await sending.outbox.say(ANNA, broken) is None
    assert await sending.say("still here") == 100


async def test_an_upload_waits_repeats_and_keeps_its_place_like_any_message(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].extend([told_to_wait(7), NetworkError("lost")])
    picture, file = Photo(b"p"), Document(b"d", "d.txt")
    sent = [
        asyncio.create_task(sending.outbox.send_file(ANNA, picture, Screen("look"))),
        asyncio.create_task(sending.outbox.send_file(ANNA, file, Screen("read"))),
        sending.send("then"),
    ]
    assert await all_of(*sent) == [100, 101, 102]
    assert [(each.text, each.at) for each in bot_api.said] == [
        ("look", 0),
        ("look", 7),
        ("look", 8),
        ("read", 8),
        ("then", 8),
    ]
    assert bot_api.uploads == [picture, picture, picture, file]


async def test_a_picture_that_nobody_pressed_for_is_spaced_and_may_be_silent(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(told_to_wait(7))
    picture = Photo(b"p")
    said = asyncio.gather(
        sending.say("first"),
        asyncio.create_task(
            sending.outbox.say_once(ANNA, Text("look"), silent=True, photo=picture)
        ),
        sending.say("last"),
    )
    assert list(await said) == [100, DeliveryStatus.SENT, 102]
    assert [(each.text, each.silent) for each in bot_api.taken()] == [
        ("first", False),
        ("look", True),
        ("last", False),
    ]
    assert bot_api.uploads == [picture]
    assert min(gaps(bot_api.moments())) >= SEND_GAP


async def test_what_is_said_once_is_not_repeated_where_it_may_have_come(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    lost = TimedOut()
    lost.__cause__ = type("ReadTimeout", (Exception,), {})()
    for trouble in (lost, NetworkError("Bad Gateway")):
        bot_api.trouble[ANNA].append(trouble)
        assert await sending.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.UNKNOWN
    assert bot_api.texts() == []
    assert len(bot_api.said) == 2


async def test_what_is_said_once_is_tried_until_it_surely_left(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    for name in ("ConnectError", "ConnectTimeout", "PoolTimeout"):
        unsent = NetworkError("httpx")
        unsent.__cause__ = type(name, (Exception,), {})()
        bot_api.trouble[ANNA].append(unsent)
    bot_api.trouble[ANNA].append(told_to_wait(7))
    assert await sending.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.SENT
    assert len(bot_api.said) == 5


async def test_what_is_said_once_tells_what_became_of_it(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    async def nothing() -> None:
        return None

    async def broken() -> Screen:
        raise RuntimeError("nobody foresaw this")

    bot_api.trouble[ANNA].append(BadRequest("IMAGE_PROCESS_FAILED"))
    assert await sending.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.REFUSED
    assert await sending.outbox.say_once(ANNA, broken) is DeliveryStatus.REFUSED
    assert await sending.outbox.say_once(ANNA, nothing) is DeliveryStatus.UNSENT


async def test_what_waited_at_the_end_surely_was_not_sent(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    unsent = NetworkError("httpx")
    unsent.__cause__ = type("ConnectError", (Exception,), {})()
    bot_api.trouble[ANNA] += [unsent] * 20
    saying = asyncio.create_task(sending.outbox.say_once(ANNA, Text("digest")))
    await asyncio.sleep(5)
    await sending.outbox.close(0)
    assert await saying is DeliveryStatus.UNSENT
    assert await sending.outbox.say_once(ANNA, Text("digest")) is DeliveryStatus.UNSENT


async def test_whether_it_makes_a_sound_is_asked_when_it_is_sent(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    night = False

    async def is_night() -> bool:
        return night

    bot_api.trouble[ANNA].append(told_to_wait(7))
    saying = asyncio.create_task(sending.outbox.say(ANNA, Text("digest"), silent=is_night))
    await asyncio.sleep(3)
    night = True
    assert await saying == 100
    assert [each.silent for each in bot_api.taken()] == [True]


async def test_an_upload_is_given_up_like_any_pressed_message_and_the_text_after_it_too(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.away_until = 10 * MINUTE
    lost = asyncio.create_task(sending.outbox.send_file(ANNA, Photo(b"p"), Screen("look")))
    assert await lost is None
    assert len(bot_api.uploads) == PRESSED_ATTEMPTS


async def test_a_picture_that_telegram_refuses_does_not_hold_up_the_text(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    bot_api.trouble[ANNA].append(BadRequest("IMAGE_PROCESS_FAILED"))
    refused = asyncio.create_task(sending.outbox.send_file(ANNA, Photo(b"p"), Screen("look")))
    assert await all_of(refused, sending.send("the steps")) == [None, 100]
    assert bot_api.texts() == ["the steps"]


async def test_what_cannot_be_deleted_stays_and_is_no_trouble(
    sending: OutboxHarness, bot_api: FakeBotApi
) -> None:
    async def refuse(chat_id: int, message_id: int) -> bool:
        raise BadRequest("message can't be deleted")

    bot_api.delete = refuse  # type: ignore[method-assign]
    assert await sending.outbox.delete(ANNA, 5) is False
