"""Updates that nobody could read or that no person sent: the bot goes on, and says nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document
from demo.stage import Stage
from demo.telegram import Call, Message, Person
from storage.rows import rows
from tests.e2e.pasting import PastingHarness
from tests.support.app_harness import AppHarness, one_course
from tests.support.clocks import JumpingClock
from tests.support.names import ANNA

pytestmark = pytest.mark.process

Make = Callable[..., Any]
Json = dict[str, Any]

CHAT: Json = {"id": ANNA, "type": "private", "first_name": "A"}
USER: Json = {"id": ANNA, "is_bot": False, "first_name": "A"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
PINNED: Json = {"message_id": 1, "date": 1, "chat": CHAT, "from": USER, "text": "private words"}
GIFT: Json = {"gift": {"id": "1", "sticker": {}, "star_count": 1}}

SERVICE: list[Json] = [
    {"pinned_message": PINNED},
    {"pinned_message": {**PINNED, "date": 0}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🎄"}}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 5}]}},
    {"chat_shared": {"request_id": 1, "chat_id": -5}},
    {"write_access_allowed": {"from_request": True}},
    {"connected_website": "example.org"},
    {"web_app_data": {"data": "x", "button_text": "y"}},
    {"proximity_alert_triggered": {"traveler": USER, "watcher": USER, "distance": 5}},
    {"boost_added": {"boost_count": 1}},
    {"forum_topic_created": {"name": "x", "icon_color": 7}},
    {"video_chat_ended": {"duration": 5}},
    {"video_chat_started": {}},
    {"successful_payment": {"currency": "XTR", "total_amount": 1, "invoice_payload": "x"}},
    {"new_chat_title": "x"},
    {"delete_chat_photo": True},
    {"suggested_post_declined": {}},
    GIFT,
    {"unique_gift": {}},
    {"kind_of_tomorrow": {"a": 1}},
    {"kind_of_tomorrow": "text"},
    {},
]


async def answered(harness: AppHarness) -> Message:
    """What the bot says to ``/start``; all that came before is handled by then."""
    before = len(_said(harness.person))
    harness.person.send("/start")
    await harness.until(lambda: len(_said(harness.person)) > before)
    assert len(_said(harness.person)) == before + 1, harness.as_text()
    return _said(harness.person)[-1]


def _said(person: Person) -> list[Message]:
    return [each for each in person.chat.messages if each.from_bot]


async def test_the_bot_hears_what_comes_after_an_update_that_the_library_cannot_read(
    open_app: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    private = {"message_id": "5", "date": 1, "chat": CHAT, "from": USER, "text": "private words"}
    harness.telegram.deliver({"message": {**private, "story": {}}})

    await answered(harness)

    assert harness.telegram.world.updates.pending == []
    assert len(_polls(harness)) < 10
    written = capsys.readouterr()
    assert "private words" not in written.out + written.err


UNREADABLE: list[Json] = [
    {"story": {}},
    {"poll": {"id": "1", "question": "x", "options": [], "total_voter_count": 0}},
    {"reply_to_message": {"message_id": 5}},
    {"external_reply": {"origin": {"type": "user"}}},
    {"entities": [{"type": "url"}]},
    {"date": "today"},
    {"from": None},
]


@pytest.mark.parametrize("beside", UNREADABLE, ids=str)
async def test_a_cookie_beside_what_the_library_cannot_read_logs_in_and_is_deleted(
    open_app: Make, beside: Json
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await answered(harness)
    text = f"auth={harness.platform.cookie_for(STUDENT.stu_id)}"
    harness.telegram.deliver({"message": {**PINNED, "message_id": 9, "text": text, **beside}})

    await harness.see("登录成功")

    assert [call.params["message_id"] for call in _deletions(harness)] == ["9"]


async def test_a_cookie_in_an_album_with_a_part_that_the_library_cannot_read_takes_all_with_it(
    pasting: Make,
) -> None:
    harness: PastingHarness = await pasting()
    await answered(harness)
    caption = f"auth={harness.platform.cookie_for(STUDENT.stu_id)}"
    photo = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    part = {**PINNED, "text": None, "photo": [photo], "media_group_id": "7"}
    harness.telegram.deliver({"message": {**part, "message_id": 9, "story": {}}})
    harness.telegram.deliver({"message": {**part, "message_id": 10, "caption": caption}})
    await harness.no_more_comes()

    await harness.see("登录成功")

    await harness.until(
        lambda: {each.params["message_id"] for each in _deletions(harness)} >= {"9", "10"}
    )


async def test_content_that_the_library_cannot_read_is_answered(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await answered(harness)
    contents: list[Json] = [{"story": {}}, {"poll": {"id": "1"}}]
    for number, content in enumerate(contents, start=2):
        shown = {**PINNED, "message_id": number, "text": None}
        harness.telegram.deliver({"message": {**shown, **content}})

        await harness.until(lambda number=number: len(_said(harness.person)) == number)  # type: ignore[misc]


async def test_service_messages_get_no_answer_and_leave_no_row(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    other = harness.telegram.person(77)
    for number, content in enumerate(SERVICE, start=1):
        harness.person.service(**content)
        other.service(**content)

        await answered(harness)

        assert len(_said(harness.person)) == number, content
    assert _said(other) == []
    assert await _chats(harness) == [ANNA]


async def test_a_stranger_who_pins_is_not_refused_either(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), allowed="42")
    harness.person.service(pinned_message=PINNED)

    refusal = await answered(harness)

    assert "还没对你开放" in refusal.text
    assert len(_said(harness.person)) == 1


CONTENT: list[Json] = [
    {"text": "你好"},
    {"animation": {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}},
    {"audio": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
    {"video": {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}},
    {"video_note": {"file_id": "f", "file_unique_id": "u", "length": 1, "duration": 1}},
    {"contact": {"phone_number": "1", "first_name": "x"}},
    {"location": {"longitude": 1.0, "latitude": 1.0}},
    {"dice": {"emoji": "🎲", "value": 3}},
]


async def test_what_a_person_sends_is_answered(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    for number, content in enumerate(CONTENT, start=1):
        harness.person.service(**content)

        await harness.until(lambda number=number: len(_said(harness.person)) == number)  # type: ignore[misc]


def _in_group(**changed: object) -> Json:
    group = {"id": -100123, "type": "supergroup", "title": "同学群"}
    whole: Json = {"message_id": 1, "date": 1, "chat": group, "from": USER, "text": "@zjy_demo_bot"}
    return {name: each for name, each in {**whole, **changed}.items() if each is not None}


SILENT: list[Json] = [
    {"message": _in_group(**{"from": ANONYMOUS, "sender_chat": _in_group()["chat"]})},
    {"message": _in_group(**{"from": None})},
    {"message": {**PINNED, "from": {**USER, "is_bot": True}}},
    {"edited_message": {**PINNED, "edit_date": 5}},
    {"edited_message": {**PINNED, "edit_date": 5, "text": "/start"}},
    {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}}},
    {"message_reaction": {"chat": CHAT, "message_id": 1, "date": 1, "user": USER}},
    {"inline_query": {"id": "1", "from": USER, "query": "x", "offset": ""}},
    {"poll_answer": {"poll_id": "1", "user": USER, "option_ids": [0]}},
    {"pre_checkout_query": {"id": "1", "from": USER, "currency": "XTR"}},
    {"kind_of_tomorrow": {"from": USER, "chat": CHAT, "text": "/start"}},
    {"my_chat_member": {"chat": CHAT, "from": USER, "date": 1}},
    {"message": None},
    {"callback_query": {"id": "1", "from": USER, "chat_instance": "1", "data": "v1:home"}},
    {
        "callback_query": {
            "id": "1",
            "from": USER,
            "chat_instance": "1",
            "inline_message_id": "x",
            "game_short_name": "y",
        }
    },
]


async def test_what_is_not_written_to_the_bot_gets_no_answer(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    harness.telegram.group(-100123, "同学群", [harness.person])
    for number, update in enumerate(SILENT, start=1):
        harness.telegram.deliver(update)

        await answered(harness)

        sends = [call for call in harness.telegram.calls if call.method.lower() == "sendmessage"]
        assert [call.chat_id for call in sends] == [ANNA] * number, update
    assert harness.telegram.world.updates.pending == []


async def test_every_place_of_the_bot_in_a_chat_is_taken(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    for status in ("member", "left", "restricted", "of_tomorrow", "kicked"):
        bot = {"user": {**USER, "is_bot": True}, "status": status}
        changed = {"chat": CHAT, "from": USER, "date": 1, "old_chat_member": bot}
        harness.telegram.deliver({"my_chat_member": {**changed, "new_chat_member": bot}})

        await answered(harness)


async def test_half_an_emoji_and_nul_are_answered(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await answered(harness)
    for number, text in enumerate(["\ud83d", "a\0b", "\udc00 北京", "/start \ud83d"], start=2):
        user = {**USER, "language_code": text}
        harness.telegram.deliver({"message": {**PINNED, "text": text, "from": user}})

        await harness.until(lambda number=number: len(_said(harness.person)) == number)  # type: ignore[misc]
    assert harness.shown("编号") is None


async def test_odd_answers_at_the_start_are_waited_for() -> None:
    async with Stage(one_course([document(1)])) as stage:
        await stage.stop_bot()
        stage.telegram.trouble.answer_oddly("getMe", b'{"ok":true}')
        stage.telegram.trouble.answer_oddly("getMe", b'{"ok":false,"parameters":7}', status=429)
        stage.telegram.trouble.answer_oddly("deleteWebhook", b'{"ok":false,"parameters":null}')
        stage.telegram.trouble.answer_oddly("setMyCommands", b'{"ok":true,"result":{}}')
        await stage.start_bot()
        person = stage.telegram.person(1001)

        person.send("/start")

        await stage.telegram.wait_for(lambda: _said(person), 30)


async def test_who_corrects_a_message_is_not_answered_again(open_app: Make) -> None:
    clock = JumpingClock()
    harness: AppHarness = await open_app(one_course([document(1)]), allowed="42", clock=clock)
    said = harness.person.send("hello")
    await harness.see("还没对你开放")
    clock.jump(3600)
    harness.person.edit(said.message_id, "hello again")

    await answered(harness)

    assert len(_said(harness.person)) == 2


async def test_answers_that_are_no_json_are_waited_for_and_nobody_is_lost(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    harness.telegram.trouble.answer_oddly("getUpdates", b"<html>")
    harness.person.send("/help")

    await harness.until(lambda: _said(harness.person))
    await answered(harness)


async def test_polls_whose_answer_is_no_list_are_spaced_more_and_more(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await answered(harness)
    before = len(_polls(harness))
    harness.telegram.trouble.answer_oddly("getUpdates", b'{"ok":true,"result":7}', times=1000)
    harness.person.send("/help")

    await harness.until(lambda: len(_polls(harness)) >= before + 3)

    first, second, third = _polls(harness)[before:][:3]
    assert second - first > 0.9
    assert third - second > 1.4


def _polls(harness: AppHarness) -> list[float]:
    """When each poll was answered, in seconds."""
    return [call.at for call in harness.telegram.calls if call.method == "getUpdates"]


def _deletions(harness: AppHarness) -> list[Call]:
    return [call for call in harness.telegram.calls if call.method.lower() == "deletemessage"]


async def _chats(harness: AppHarness) -> list[int]:
    assert harness.app is not None
    found = await harness.app.db.read(lambda conn: rows(conn, "SELECT chat_id FROM chats"))
    return [each[0] for each in found]
