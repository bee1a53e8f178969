"""Files, albums and texts that are too long for one message, as people's apps send them."""

from typing import Any

import aiohttp
import pytest

from demo.telegram import Person, TelegramServer
from demo.telegram.server import DOWNLOAD
from tests.support.bot_api_client import PNG, Api
from tests.support.clocks import SettableClock


async def messages(api: Api) -> list[dict[str, Any]]:
    return [update["message"] for update in (await api("getUpdates"))[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a" * 3000 + "\n" + "b" * 900 + " " + "c" * 900,
            ["a" * 3000, "b" * 900 + " " + "c" * 900],
        ),
        ("a" * 3000 + " " + "b" * 2000, ["a" * 3000, "b" * 2000]),
        ("a\n" + "b" * 5000, ["a\n" + "b" * 4094, "b" * 906]),
        ("a" * 4096 + "\n" * 5000 + "b", ["a" * 4096, "b"]),
        ("😀" * 2049, ["😀" * 2048, "😀"]),
        ("a" * 9000, ["a" * 4096, "a" * 4096, "a" * 808]),
    ],
)
async def test_a_long_text_is_cut_at_a_break_of_its_second_half_or_where_it_is_full(
    api: Api, student: Person, text: str, expected: list[str]
) -> None:
    student.send(text)
    assert [message["text"] for message in await messages(api)] == expected


async def test_a_document_has_what_the_bot_is_told_of_a_file(api: Api, student: Person) -> None:
    student.send_document("zjy2.har", b"{}", caption="auth")
    student.send_document(None, b"abc", mime_type="text/x-odd", told_size=1)
    har, odd = await messages(api)
    assert har["document"].keys() == {
        "file_id", "file_unique_id", "file_size", "mime_type", "file_name",
    }  # fmt: skip
    assert (har["document"]["mime_type"], har["caption"]) == ("application/octet-stream", "auth")
    assert "file_name" not in odd["document"]
    assert (odd["document"]["mime_type"], odd["document"]["file_size"]) == ("text/x-odd", 1)


async def test_an_album_is_an_update_for_each_of_its_messages(api: Api, student: Person) -> None:
    student.send_album([("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c")], captions={1: "mine"})
    album = await messages(api)
    assert len({message["media_group_id"] for message in album}) == 1
    assert [message.get("caption") for message in album] == [None, "mine", None]
    assert [message["document"]["file_name"] for message in album] == ["a.txt", "b.txt", "c.txt"]
    student.send_album([("a.jpg", PNG), ("b.jpg", PNG)], author=student.user)
    forwarded = (await messages(api))[3:]
    assert all("photo" in message and "forward_origin" in message for message in forwarded)
    assert forwarded[0]["media_group_id"] != album[0]["media_group_id"]


@pytest.mark.parametrize("names", [["a.txt"], ["a.txt"] * 11, ["a.txt", "a.jpg"]])
def test_what_is_no_album_is_not_sent(student: Person, names: list[str]) -> None:
    with pytest.raises(ValueError, match="an album"):
        student.send_album([(name, b"x") for name in names])
    with pytest.raises(ValueError, match="too long"):
        student.send_document("a.txt", b"x", caption="c" * 1025)
    assert len(student.chat.messages) == 1


async def test_a_file_over_20_mb_cannot_be_got(api: Api, student: Person) -> None:
    student.send_document("a.har", bytes(20 * 1024 * 1024 + 1))
    file_id = (await messages(api))[0]["document"]["file_id"]
    assert await api.refused("getFile", file_id=file_id) == "400 Bad Request: file is too big"


async def test_a_download_can_be_refused_and_cut_short(
    api: Api, server: TelegramServer, student: Person
) -> None:
    student.send_document("a.txt", b"0123456789")
    file_id = (await messages(api))[0]["document"]["file_id"]
    path = (await api("getFile", file_id=file_id))["file_path"]
    address = f"{server.url}/file/bot{api.token}/{path}"
    server.fail(DOWNLOAD, 502, "Bad Gateway")
    async with api.session.get(address) as response:
        assert response.status == 502
    server.lose_answer(DOWNLOAD)
    with pytest.raises(aiohttp.ClientPayloadError):
        async with api.session.get(address) as response:
            await response.read()
    async with api.session.get(address) as response:
        assert await response.read() == b"0123456789"


async def test_a_persons_message_is_deleted_by_the_bot_within_48_hours_alone(
    api: Api, clock: SettableClock, student: Person
) -> None:
    old = student.send_document("a.txt", b"auth")
    clock.advance(48 * 3600 + 1)
    new = student.send_document("a.txt", b"auth")
    answer = await api.refused("deleteMessage", chat_id=1001, message_id=old.message_id)
    assert answer == "400 Bad Request: message can't be deleted for everyone"
    assert await api("deleteMessage", chat_id=1001, message_id=new.message_id) is True
    gone = await api.refused("deleteMessage", chat_id=1001, message_id=new.message_id)
    assert gone == "400 Bad Request: message to delete not found"
