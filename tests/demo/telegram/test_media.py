"""Photos, documents, albums, captions and downloads."""

import json
from typing import Any

import aiohttp
import pytest

from demo.telegram import Person
from demo.telegram.errors import ApiError
from demo.telegram.pictures import picture_size
from tests.support.bot_api_client import PNG, Api


async def upload(
    api: Api, method: str, files: dict[str, tuple[str, bytes]], **params: str
) -> tuple[int, Any]:
    """HTTP status, and the result or the description."""
    form = aiohttp.FormData(params, quote_fields=False)
    for name, (filename, content) in files.items():
        form.add_field(name, content, filename=filename)
    url = f"{api.server.url}/bot{api.token}/{method}"
    async with api.session.post(url, data=form) as response:
        body = await response.json()
        return response.status, body.get("result", body.get("description"))


async def sent_photo(api: Api, caption: str = "图") -> dict[str, Any]:
    status, result = await upload(
        api, "sendPhoto", {"photo": ("a.png", PNG)}, chat_id="1001", caption=caption
    )
    assert status == 200, result
    photo: dict[str, Any] = result
    return photo


async def test_a_photo_is_shown_with_its_size_and_caption(api: Api, student: Person) -> None:
    result = await sent_photo(api)
    assert (result["photo"][0]["width"], result["photo"][0]["height"]) == (40, 30)
    assert (result["caption"], "text" in result) == ("图", False)
    shown = student.chat.last
    assert shown.photo is not None
    assert (shown.photo.content, shown.photo.name, shown.text) == (PNG, "a.png", "图")


async def test_a_known_photo_is_sent_by_its_id(api: Api, student: Person) -> None:
    file_id = (await sent_photo(api))["photo"][0]["file_id"]
    again = await api("sendPhoto", chat_id=1001, photo=file_id)
    assert again["photo"][0]["file_id"] == file_id


async def test_a_document_keeps_its_name_and_can_be_downloaded(api: Api, student: Person) -> None:
    files = {"document": ("日报.csv", b"a,b")}
    _, result = await upload(api, "sendDocument", files, chat_id="1001")
    assert result["document"]["file_name"] == "日报.csv"
    file = await api("getFile", file_id=result["document"]["file_id"])
    address = f"{api.server.url}/file/bot{api.token}/{file['file_path']}"
    async with api.session.get(address) as response:
        assert (response.status, await response.read()) == (200, b"a,b")
    async with api.session.get(f"{address}x") as response:
        assert response.status == 404
    async with api.session.get(address.replace("stand-in", "other")) as response:
        assert response.status == 401


async def test_what_a_person_sends_can_be_downloaded(api: Api, student: Person) -> None:
    student.send_document("cookie.txt", b"auth=1")
    file_id = (await api("getUpdates"))[-1]["message"]["document"]["file_id"]
    path = (await api("getFile", file_id=file_id))["file_path"]
    async with api.session.get(f"{api.server.url}/file/bot{api.token}/{path}") as response:
        assert await response.read() == b"auth=1"


@pytest.mark.parametrize(
    ("method", "files", "params", "words"),
    [
        ("sendPhoto", {}, {}, "there is no photo in the request"),
        ("sendDocument", {}, {}, "there is no document in the request"),
        ("sendPhoto", {"photo": ("a.png", b"")}, {}, "file must be non-empty"),
        ("sendPhoto", {"photo": ("a.png", b"text")}, {}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {}, {"photo": "AAA"}, "wrong file identifier/HTTP URL specified"),
        (
            "sendPhoto",
            {},
            {"photo": "https://x.example/a.png"},
            "failed to get HTTP URL content",
        ),
        (
            "sendPhoto",
            {"photo": ("a.png", PNG)},
            {"caption": "a" * 1025},
            "message caption is too long",
        ),
    ],
)
async def test_bad_files_are_refused(
    api: Api,
    student: Person,
    method: str,
    files: dict[str, tuple[str, bytes]],
    params: dict[str, str],
    words: str,
) -> None:
    answer = await upload(api, method, files, chat_id="1001", **params)
    assert answer == (400, f"Bad Request: {words}")


async def test_a_caption_has_at_most_1024_units_without_markup(api: Api, student: Person) -> None:
    params = {"chat_id": "1001", "caption": f"<b>{'a' * 1024}</b>", "parse_mode": "HTML"}
    status, _ = await upload(api, "sendPhoto", {"photo": ("a.png", PNG)}, **params)
    assert status == 200


async def test_a_caption_is_edited_and_a_photo_has_no_text(api: Api, student: Person) -> None:
    photo = await sent_photo(api)
    call = {"chat_id": 1001, "message_id": photo["message_id"]}
    assert (await api("editMessageCaption", caption="新", **call))["caption"] == "新"
    assert "message is not modified" in await api.refused(
        "editMessageCaption", caption="新", **call
    )
    answer = await api.refused("editMessageText", text="x", **call)
    assert answer == "400 Bad Request: there is no text in the message to edit"


async def test_media_replace_a_photo_or_a_text(api: Api, student: Person) -> None:
    photo = await sent_photo(api)
    text = await api("sendMessage", chat_id=1001, text="soon")
    new = {"type": "document", "media": "attach://d", "caption": "<i>c</i>", "parse_mode": "HTML"}
    for message in (photo, text):
        _, result = await upload(
            api,
            "editMessageMedia",
            {"d": ("d.txt", b"d")},
            chat_id="1001",
            message_id=str(message["message_id"]),
            media=json.dumps(new),
        )
        assert result["document"]["file_name"] == "d.txt"
        assert result["caption_entities"][0]["type"] == "italic"
        assert "photo" not in result


async def test_the_same_media_are_no_change(api: Api, student: Person) -> None:
    photo = await sent_photo(api)
    same = {"type": "photo", "media": photo["photo"][0]["file_id"], "caption": "图"}
    call = {"chat_id": 1001, "message_id": photo["message_id"], "media": same}
    assert "message is not modified" in await api.refused("editMessageMedia", **call)


async def test_an_album_is_several_messages(api: Api, student: Person) -> None:
    media = (
        '[{"type": "photo", "media": "attach://a", "caption": "1"},'
        ' {"type": "photo", "media": "attach://b"}]'
    )
    files = {"a": ("a.png", PNG), "b": ("b.png", PNG)}
    _, result = await upload(api, "sendMediaGroup", files, chat_id="1001", media=media)
    assert len({message["media_group_id"] for message in result}) == 1
    assert [message.text for message in student.chat.messages[1:]] == ["1", ""]
    assert ["caption" in message for message in result] == [True, False]


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ("[]", "there are no messages to send"),
        ("{}", "expected an Array of InputMedia"),
        (
            '[{"type": "photo", "media": "attach://a"}, {"type": "document", "media": "attach://a"}]',
            "document can't be mixed with other media types",
        ),
        (
            '[{"type": "dream", "media": "x"}]',
            'can\'t parse InputMedia: type "dream" is unsupported',
        ),
        ("[5]", "can't parse InputMedia: expected an Object"),
        ('[{"type": "photo"}]', "can't parse InputMedia: Can't find field \"media\""),
        (f"[{', '.join(['5'] * 11)}]", "too many messages to send as an album"),
    ],
)
async def test_bad_albums_are_refused(api: Api, student: Person, media: str, words: str) -> None:
    files = {"a": ("a.png", PNG)}
    answer = await upload(api, "sendMediaGroup", files, chat_id="1001", media=media)
    assert answer == (400, f"Bad Request: {words}")
    assert len(student.chat.messages) == 1


async def test_unknown_files_cannot_be_got(api: Api) -> None:
    assert await api.refused("getFile") == "400 Bad Request: file_id not specified"
    answer = await api.refused("getFile", file_id="x")
    assert answer == "400 Bad Request: wrong file_id or the file is temporarily unavailable"


def png(width: int, height: int) -> bytes:
    return PNG[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big")


def test_sizes_of_pictures_are_read() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x11\x08\x00\x0a\x00\x14"
    assert picture_size(png(7, 9)) == (7, 9)
    assert picture_size(b"GIF89a\x05\x00\x06\x00") == (5, 6)
    assert picture_size(jpeg) == (20, 10)


@pytest.mark.parametrize("size", [(21, 1), (9000, 1001)])
def test_pictures_out_of_proportion_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ApiError, match="PHOTO_INVALID_DIMENSIONS"):
        picture_size(png(*size))
