"""Updates one by one: which are handed on, which are confirmed alone, and what is logged."""

import json
from typing import Any

import pytest
import structlog
from telegram import Message, Update
from telegram.error import NetworkError

from bot.chat.update_reader import LARGEST_UPDATE_ID, TORN_POLLS, UpdateReader
from bot.handlers.personal import SENT_BY_PEOPLE, is_personal

Json = dict[str, Any]

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
USER: Json = {"id": 1001, "is_bot": False, "first_name": "A", "language_code": "zh-hans"}
CHAT: Json = {"id": 1001, "type": "private", "first_name": "A"}
PRIVATE = "private words"
DEEP = '{"reply_to_message":' * 5000


def message(**changed: object) -> Json:
    """A message of a person; a field that is given as ``...`` is left out."""
    whole: Json = {"message_id": 1, "date": 1_700_000_000, "chat": CHAT, "from": USER}
    changed = {"sender" if name == "from_" else name: each for name, each in changed.items()}
    whole |= {"text": PRIVATE, **changed}
    if "sender" in whole:
        whole["from"] = whole.pop("sender")
    return {name: each for name, each in whole.items() if each is not ...}


def update(update_id: int, **content: object) -> Json:
    return {"update_id": update_id, **(content or {"message": message()})}


def press(**changed: object) -> Json:
    shown = {"message_id": 1, "date": 1, "chat": CHAT, "text": "x"}
    whole: Json = {"id": "5", "from": USER, "chat_instance": "1", "message": shown, "data": "x"}
    return whole | changed


def member(**changed: object) -> Json:
    status = {"user": {"id": 5, "is_bot": True, "first_name": "b"}, "status": "member"}
    whole = {"chat": CHAT, "from": USER, "date": 1}
    return {**whole, "old_chat_member": status, "new_chat_member": status, **changed}


def body(*updates: object) -> bytes:
    return json.dumps({"ok": True, "result": list(updates)}).encode()


@pytest.fixture
def reader() -> UpdateReader:
    return UpdateReader(lambda: 0.0)


def read(reader: UpdateReader, *updates: object, offset: int = 0) -> list[Json]:
    return reader.read(body(*updates), offset, KINDS)


def ids(updates: list[Json]) -> list[int]:
    return [each["update_id"] for each in updates]


UNREADABLE: list[Json] = [
    {"message": message(chat={**CHAT, "id": "1001"})},
    {"message": message(chat={**CHAT, "id": 2**63})},
    {"message": message(chat={**CHAT, "id": 0})},
    {"message": message(chat=...)},
    {"message": message(message_id="1")},
    {"message": message(message_id=2**40)},
    {"message": message(message_id=...)},
    {"message": []},
    {"message": "text"},
    {"edited_message": message(chat=None)},
    {"callback_query": press(id=5)},
    {"callback_query": {**press(message=None), "from": None}},
    {"my_chat_member": member(new_chat_member={"status": 5})},
    {"my_chat_member": member(new_chat_member=None)},
    {"my_chat_member": member(chat=None)},
]


@pytest.mark.parametrize("content", UNREADABLE, ids=str)
def test_one_that_cannot_be_read_is_confirmed_alone_and_the_others_are_handed_on(
    reader: UpdateReader, content: Json
) -> None:
    found = read(reader, update(5), update(6, **content), update(7))
    assert found == [update(5), {"update_id": 6}, update(7)]
    assert reader.passed_over == 1


ENTITY = {"type": "bot_command", "offset": 0}
READABLE_TEXT: list[Json] = [
    message(story={}),
    message(poll={"id": "1", "question": "x", "options": [], "total_voter_count": 0}),
    message(reply_to_message={"story": {}}),
    message(external_reply={"origin": {}}),
    message(forward_origin={"type": "user"}),
    message(via_bot={"id": 5}),
    message(link_preview_options=7),
    message(reply_markup={"inline_keyboard": [7]}),
    message(photo="junk"),
    message(sender_chat=7),
    message(caption={"a": 1}),
    message(media_group_id=7),
    message(chat={**CHAT, "type": 7}),
    message(chat={**CHAT, "type": "of_tomorrow"}),
    message(chat={**CHAT, "title": {}, "photo": 7}),
    message(chat={"id": 1001}),
    message(from_=...),
    message(from_=[]),
    message(from_=[USER]),
    message(from_={**USER, "id": True}),
    message(from_={**USER, "language_code": 7}),
    message(from_={**USER, "username": {}}),
    message(from_={**USER, "is_bot": "no"}),
    message(from_={"id": 1001}),
    message(date=...),
    message(date=10**18),
    message(date=-1),
    message(date="today"),
    message(date=1e300),
    message(entities="junk"),
    message(entities=[ENTITY]),
    message(entities=[{**ENTITY, "length": "6"}]),
    message(entities=[7]),
    message(document={"file_id": 5, "file_unique_id": "u"}),
    message(document={"file_id": "f", "file_unique_id": "u", "file_size": "big"}),
    message(document=[]),
    message(**{f"of_tomorrow_{number}": {} for number in range(50)}, story={}),
]


@pytest.mark.parametrize("kind", ["message", "edited_message"])
@pytest.mark.parametrize("content", READABLE_TEXT, ids=str)
def test_a_private_text_is_handed_on_whatever_else_in_the_message_cannot_be_read(
    reader: UpdateReader, content: Json, kind: str
) -> None:
    before, found, after = read(reader, update(5), update(6, **{kind: content}), update(7))
    assert (before, after) == (update(5), update(7))
    handed = found[kind]
    assert (handed["message_id"], handed["text"]) == (1, PRIVATE)
    assert (handed["chat"]["id"], handed["chat"]["type"]) == (1001, "private")
    assert (handed["from"]["id"], handed["from"]["is_bot"]) == (1001, False)
    assert reader.passed_over == 0


def reduced(reader: UpdateReader, **content: object) -> Message:
    (found,) = read(reader, update(5, message=message(story={}, **content)))
    read_update = Update.de_json(found, None)
    assert read_update is not None
    assert read_update.message is not None
    return read_update.message


def test_the_fields_that_handlers_use_stay_in_a_reduced_message(reader: UpdateReader) -> None:
    document = {"file_id": "f", "file_unique_id": "u", "file_name": 7, "thumbnail": 7}
    found = reduced(reader, text=..., caption="x", media_group_id="g", document=document)
    assert (found.caption, found.media_group_id) == ("x", "g")
    assert found.document is not None
    assert found.document.file_id == "f"


def test_a_reduced_animation_is_no_document(reader: UpdateReader) -> None:
    document = {"file_id": "f", "file_unique_id": "u"}
    assert reduced(reader, animation={"file_id": 7}, document=document).document is None


def test_a_reduced_command_is_still_a_command(reader: UpdateReader) -> None:
    found = reduced(reader, text="/start 5", entities=7)
    assert list(found.parse_entities(["bot_command"]).values()) == ["/start"]


def test_a_reduced_message_in_the_name_of_a_chat_stays_one(reader: UpdateReader) -> None:
    found = reduced(reader, chat={"id": -5, "type": "supergroup"}, sender_chat={"title": "x"})
    assert found.sender_chat is not None


def test_the_message_that_a_reduced_one_answers_is_reduced_too(reader: UpdateReader) -> None:
    replied = reduced(reader, reply_to_message=message(text="y", story={})).reply_to_message
    assert replied is not None
    assert replied.text == "y"


def test_texts_beyond_the_fields_that_handlers_use_are_carried_on(reader: UpdateReader) -> None:
    found = reduced(reader, poll={"question": "a question"}, entities=[{"url": "an address"}])
    assert "a question" in str(found.to_dict())
    assert "an address" in str(found.to_dict())


@pytest.mark.parametrize("name", [name for name in SENT_BY_PEOPLE if name != "text"])
def test_content_that_cannot_be_read_is_still_content_of_a_person(
    reader: UpdateReader, name: str
) -> None:
    content = message(text=..., **{name: {} if name != "photo" else "junk"})
    (found,) = read(reader, update(5, message={**content, "via_bot": {"id": 5}}))
    read_update = Update.de_json(found, None)
    assert read_update is not None
    assert read_update.message is not None
    assert is_personal(read_update.message)


def test_a_service_message_that_cannot_be_read_is_no_content(reader: UpdateReader) -> None:
    content = message(text=..., pinned_message={"story": {}}, giveaway={})
    (found,) = read(reader, update(5, message=content))
    read_update = Update.de_json(found, None)
    assert read_update is not None
    assert read_update.message is not None
    assert not is_personal(read_update.message)


@pytest.mark.parametrize(
    "odd",
    [
        {"chat_instance": None},
        {"data": 7},
        {"from": None},
        {"game_short_name": 7, "from": {"id": 1001}},
        {"message": {"message_id": 1, "chat": CHAT}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 1001}, "story": {}}},
    ],
    ids=str,
)
def test_a_press_is_handed_on_with_its_message(reader: UpdateReader, odd: Json) -> None:
    (found,) = read(reader, update(5, callback_query=press(**odd)))
    shown = found["callback_query"]["message"]
    assert (shown["message_id"], shown["chat"]["id"]) == (1, 1001)
    assert found["callback_query"]["from"]["id"] == 1001
    assert found["callback_query"]["id"] == "5"


def test_a_press_under_a_message_that_cannot_be_read_can_be_answered(reader: UpdateReader) -> None:
    (found,) = read(reader, update(5, callback_query=press(message={"message_id": 1})))
    assert found["callback_query"]["id"] == "5"


@pytest.mark.parametrize("status", ["kicked", "left", "member", "administrator", "restricted"])
def test_a_block_and_its_end_are_told_apart_whatever_else_is_unreadable(
    reader: UpdateReader, status: str
) -> None:
    changed = member(old_chat_member=7, new_chat_member={"status": status}, date=None)
    (found,) = read(reader, update(5, my_chat_member=changed))
    read_update = Update.de_json(found, None)
    assert read_update is not None
    assert read_update.my_chat_member is not None
    is_away = read_update.my_chat_member.new_chat_member.status in {"kicked", "left"}
    assert is_away == (status in {"kicked", "left"})


def test_the_id_of_a_chat_tells_whether_it_is_private(reader: UpdateReader) -> None:
    (found,) = read(reader, update(5, message=message(chat={**CHAT, "id": -1001})))
    assert found["message"]["chat"] == {"id": -1001, "type": "group"}


def test_an_update_that_is_read_in_part_is_logged_without_its_content(
    reader: UpdateReader,
) -> None:
    with structlog.testing.capture_logs() as logged:
        read(reader, update(7, message=message(story={PRIVATE: PRIVATE})))
    assert [(each["kind"], each["update"]) for each in logged] == [("message", 7)]
    assert PRIVATE not in str(logged)


READABLE: list[Json] = [
    {"message": message()},
    {"message": message(of_tomorrow={"a": [1, None]})},
    {"message": message(text=..., kind_of_tomorrow={})},
    {"message": message(text=..., pinned_message=message())},
    {"edited_message": message(edit_date=5)},
    {"callback_query": press()},
    {"callback_query": {name: each for name, each in press().items() if name != "message"}},
    {"callback_query": press(message={"message_id": 1, "date": 0, "chat": CHAT})},
    {"my_chat_member": member()},
    {"my_chat_member": member(new_chat_member={"user": USER, "status": "of_tomorrow"})},
]


@pytest.mark.parametrize("content", READABLE, ids=str)
def test_what_can_be_read_is_handed_on_as_it_came(reader: UpdateReader, content: Json) -> None:
    assert read(reader, update(5, **content)) == [update(5, **content)]
    assert reader.passed_over == 0


@pytest.mark.parametrize("kind", ["channel_post", "poll", "message_reaction", "inline_query"])
def test_a_kind_that_was_not_asked_for_is_confirmed_alone_without_a_word(
    reader: UpdateReader, kind: str
) -> None:
    assert read(reader, {"update_id": 5, kind: {"junk": 1}}) == [{"update_id": 5}]
    assert reader.passed_over == 0


@pytest.mark.parametrize("element", [None, 7, "x", [], {}, {"message": {}}])
def test_what_has_no_id_goes_with_the_next_that_has_one(
    reader: UpdateReader, element: object
) -> None:
    assert ids(read(reader, element, update(6))) == [6]
    assert reader.passed_over == 1


@pytest.mark.parametrize("odd", [None, "7", 7.0, True, 0, -1, LARGEST_UPDATE_ID + 1, 10**30, [7]])
def test_an_id_that_is_none_does_not_move_the_offset(reader: UpdateReader, odd: object) -> None:
    assert ids(read(reader, {**update(1), "update_id": odd}, update(6))) == [6]


def test_updates_without_any_id_are_confirmed_from_the_offset_on(reader: UpdateReader) -> None:
    assert read(reader, None, "x", offset=9) == [{"update_id": 9}, {"update_id": 10}]


def test_updates_without_any_id_before_the_first_offset_are_trouble(reader: UpdateReader) -> None:
    with pytest.raises(NetworkError):
        read(reader, None)


def test_updates_out_of_order_are_put_in_order_and_repeated_ones_come_once(
    reader: UpdateReader,
) -> None:
    assert ids(read(reader, update(7), update(5), update(7), update(6))) == [5, 6, 7]


def test_of_two_with_one_id_the_readable_one_counts(reader: UpdateReader) -> None:
    broken = update(5, message=message(chat=5))
    assert read(reader, broken, update(5), broken) == [update(5)]


def test_an_update_that_comes_again_does_not_take_the_offset_back(reader: UpdateReader) -> None:
    read(reader, update(5), update(6), update(7))
    assert ids(read(reader, update(6), offset=8)) == [6, 7]
    assert reader.vain


@pytest.mark.parametrize("offset", [0, 7, 8])
def test_an_update_that_comes_again_is_handed_on_once(reader: UpdateReader, offset: int) -> None:
    read(reader, update(5), update(6))
    again = read(reader, update(6), update(7), offset=offset)
    assert again[:2] == [{"update_id": 6}, update(7)]


def test_a_new_update_with_a_number_of_before_is_handed_on(reader: UpdateReader) -> None:
    read(reader, update(5))
    other = update(5, message=message(message_id=2))
    assert read(reader, other, offset=6)[0] == other


def test_ids_that_begin_anew_below_the_offset_are_followed(reader: UpdateReader) -> None:
    read(reader, update(700))
    assert ids(read(reader, update(5), offset=701)) == [5]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("\ud83d", "\ufffd"),
        ("a\udc00b", "a\ufffdb"),
        ("\0x\0", "\ufffdx\ufffd"),
        ("😀", "😀"),
    ],
)
def test_half_emojis_and_nul_are_replaced_in_every_text(
    reader: UpdateReader, sent: str, stored: str
) -> None:
    user = {**USER, "first_name": sent}
    (found,) = read(reader, update(5, message=message(text=sent, from_=user, caption=sent)))
    assert found["message"]["text"] == found["message"]["caption"] == stored
    assert found["message"]["from"]["first_name"] == stored


def test_two_halves_of_an_emoji_become_one(reader: UpdateReader) -> None:
    torn = body(update(5)).replace(PRIVATE.encode(), b"\\ud83d\\ude00")
    assert reader.read(torn, 0, KINDS)[0]["message"]["text"] == "😀"


@pytest.mark.parametrize("name", ["_effective_user", "_effective_chat", "_bot", "api_kwargs"])
def test_a_field_with_a_name_of_the_library_is_left_out(reader: UpdateReader, name: str) -> None:
    assert read(reader, {**update(5), name: "junk"}) == [update(5)]
    assert read(reader, update(6, message=message(from_user="x"))) == [update(6)]


def test_one_that_is_nested_too_deeply_costs_none_of_the_others(reader: UpdateReader) -> None:
    deep = f'{{"update_id":6,"message":{DEEP}1{"}" * 5000}}}'
    text = f'{{"ok":true,"result":[{json.dumps(update(5))},{deep},{json.dumps(update(7))}]}}'
    found = reader.read(text.encode(), 0, KINDS)
    assert found == [update(5), {"update_id": 6}, update(7)]


@pytest.mark.parametrize("levels", [10, 100, 300, 5000])
def test_a_text_beside_what_is_nested_too_deeply_is_read(reader: UpdateReader, levels: int) -> None:
    deep = '{"reply_to_message":[' * levels + '"}]"' + "]}" * levels
    text = json.dumps(update(6, message=message(story="deep"))).replace('"deep"', deep)
    (found,) = reader.read(f'{{"ok":true,"result":[{text}]}}'.encode(), 0, KINDS)
    assert found["message"]["text"] == PRIVATE


def test_a_number_of_thousands_of_digits_costs_no_text(reader: UpdateReader) -> None:
    long = body(update(5), update(6), update(7)).replace(b"1700000000", b"9" * 5000, 1)
    found = reader.read(long, 0, KINDS)
    assert found[0]["message"]["text"] == PRIVATE
    assert found[1:] == [update(6), update(7)]


def test_of_a_torn_answer_what_is_whole_is_handed_on(reader: UpdateReader) -> None:
    torn = body(update(5), update(6), update(7))[:-20]
    assert ids(reader.read(torn, 0, KINDS)) == [5, 6]


def test_an_update_that_stays_torn_is_passed_over_at_last(reader: UpdateReader) -> None:
    torn = body(update(5), update(6)).replace(b'"chat"', b'"chat')
    for _ in range(TORN_POLLS - 1):
        with pytest.raises(NetworkError):
            reader.read(torn, 0, KINDS)
    assert reader.read(torn, 0, KINDS) == [{"update_id": 5}, {"update_id": 6}]


@pytest.mark.parametrize("text", [b"", b"<html>", b"[]", b"{}", b'{"ok":true,"result":{}}'])
def test_an_answer_without_any_update_is_trouble(reader: UpdateReader, text: bytes) -> None:
    for _ in range(TORN_POLLS + 1):
        with pytest.raises(NetworkError):
            reader.read(text, 5, KINDS)


def test_an_update_that_is_no_list_is_read(reader: UpdateReader) -> None:
    alone = json.dumps({"ok": True, "result": update(5)}).encode()
    assert reader.read(alone, 0, KINDS) == [update(5)]


def test_the_log_names_kind_and_id_and_is_bounded(reader: UpdateReader) -> None:
    broken = message(chat={"secret": PRIVATE})
    with structlog.testing.capture_logs() as logged:
        read(reader, *(update(each, message=broken) for each in range(1, 51)))
        read(reader, {"update_id": 99, PRIVATE: broken})
    assert [(each["kind"], each["update"]) for each in logged[:2]] == [
        ("message", 1),
        ("message", 2),
    ]
    assert len(logged) < 10
    assert PRIVATE not in str(logged)
    assert reader.passed_over == 51


def test_a_kind_that_nobody_knows_is_logged_as_unknown(reader: UpdateReader) -> None:
    with structlog.testing.capture_logs() as logged:
        read(reader, {"update_id": 99, PRIVATE: {}})
    assert [(each["kind"], each["update"]) for each in logged] == [("unknown", 99)]


def test_what_was_not_logged_one_by_one_is_counted_by_kind_when_the_minute_ends() -> None:
    time = [0.0]
    reader = UpdateReader(lambda: time[0])
    broken, partly = message(chat=None), message(story={})
    with structlog.testing.capture_logs() as logged:
        read(reader, *(update(each, message=broken) for each in range(1, 301)))
        read(reader, *(update(each, edited_message=broken) for each in range(301, 308)))
        read(reader, *(update(each, message=partly) for each in range(308, 320)))
        time[0] = 60.0
        before = len(logged)
        read(reader)
        read(reader)
    assert [(each["kind"], each["number"]) for each in logged[before:]] == [
        ("message", 295),
        ("edited_message", 2),
        ("message", 7),
    ]
