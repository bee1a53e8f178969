"""Updates one by one: which are handed on, which are confirmed alone, and what is logged."""

import json
from typing import Any

import pytest
import structlog
from telegram.error import NetworkError

from bot.chat.update_reader import LARGEST_ID, TORN_POLLS, UpdateReader

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
    {"message": message(story={})},
    {"message": message(text=5)},
    {"message": message(text=["x"])},
    {"message": message(caption={"a": 1})},
    {"message": message(chat={**CHAT, "id": "1001"})},
    {"message": message(chat={**CHAT, "id": -1001})},
    {"message": message(chat={**CHAT, "id": 2**63})},
    {"message": message(chat={**CHAT, "type": 7})},
    {"message": message(chat={"id": 1001})},
    {"message": message(chat=...)},
    {"message": message(from_=[])},
    {"message": message(from_=[USER])},
    {"message": message(from_={**USER, "id": True})},
    {"message": message(from_={**USER, "language_code": 7})},
    {"message": message(from_={**USER, "is_bot": "no"})},
    {"message": message(from_={"id": 1001})},
    {"message": message(message_id="1")},
    {"message": message(message_id=2**40)},
    {"message": message(date=...)},
    {"message": message(date=10**18)},
    {"message": message(date=-1)},
    {"message": message(date="today")},
    {"message": message(date=1e300)},
    {"message": message(entities="junk")},
    {"message": message(entities=[{"type": "bot_command"}])},
    {"message": message(entities=[{"type": "bot_command", "offset": 0, "length": "6"}])},
    {"message": message(entities=[7])},
    {"message": message(document={"file_id": 5, "file_unique_id": "u"})},
    {"message": message(document={"file_id": "f", "file_unique_id": "u", "file_size": "big"})},
    {"message": message(document=[])},
    {"message": message(photo="junk")},
    {"message": []},
    {"message": "text"},
    {"edited_message": message(text=5)},
    {"callback_query": press(data=7)},
    {"callback_query": press(id=5)},
    {"callback_query": press(message={"message_id": 1})},
    {"callback_query": {**press(), "from": None}},
    {"my_chat_member": member(new_chat_member={"status": 5})},
    {"my_chat_member": member(chat=None)},
]


@pytest.mark.parametrize("content", UNREADABLE, ids=str)
def test_one_that_cannot_be_read_is_confirmed_alone_and_the_others_are_handed_on(
    reader: UpdateReader, content: Json
) -> None:
    found = read(reader, update(5), update(6, **content), update(7))
    assert found == [update(5), {"update_id": 6}, update(7)]
    assert reader.passed_over == 1


READABLE: list[Json] = [
    {"message": message()},
    {"message": message(from_=...)},
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


@pytest.mark.parametrize("odd", [None, "7", 7.0, True, 0, -1, LARGEST_ID + 1, 10**30, [7]])
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
    broken = update(5, message=message(text=5))
    assert read(reader, broken, update(5), broken) == [update(5)]


def test_an_update_that_comes_again_does_not_take_the_offset_back(reader: UpdateReader) -> None:
    read(reader, update(5), update(6), update(7))
    assert ids(read(reader, update(6), offset=8)) == [6, 7]
    assert reader.vain


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


def test_a_number_of_thousands_of_digits_costs_none_of_the_others(reader: UpdateReader) -> None:
    long = body(update(5), update(6), update(7)).replace(b"1700000000", b"9" * 5000, 1)
    assert reader.read(long, 0, KINDS) == [{"update_id": 5}, update(6), update(7)]


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
    broken = message(text={"secret": PRIVATE})
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
