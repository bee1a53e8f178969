"""The bot's own photo: what is taken, what is refused, and how often the profile may change."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from demo.telegram import TelegramServer
from tests.demo.telegram.test_media import upload
from tests.support.bot_api_client import Api
from tests.support.clocks import SettableClock


def picture(width: int = 320, height: int = 320, kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), (48, 128, 208)).save(content, kind)
    return content.getvalue()


async def put(api: Api, content: bytes, **photo: object) -> tuple[int, Any]:
    given = {"type": "static", "photo": "attach://p", **photo}
    files = {"p": ("p.jpg", content)}
    return await upload(api, "setMyProfilePhoto", files, photo=json.dumps(given))


async def photos(api: Api, server: TelegramServer) -> dict[str, Any]:
    found: dict[str, Any] = await api("getUserProfilePhotos", user_id=server.world.bot["id"])
    return found


async def test_a_photo_is_set_and_taken_away(api: Api, server: TelegramServer) -> None:
    assert await photos(api, server) == {"total_count": 0, "photos": []}
    assert await put(api, picture(320, 200)) == (200, True)
    found = await photos(api, server)
    assert found["total_count"] == 1
    assert (found["photos"][0][0]["width"], found["photos"][0][0]["height"]) == (320, 200)
    assert await api("removeMyProfilePhoto") is True
    assert (await photos(api, server))["total_count"] == 0
    assert await api("removeMyProfilePhoto") is True


async def test_the_newest_photo_comes_first(api: Api, server: TelegramServer) -> None:
    await put(api, picture(320, 200))
    await put(api, picture(200, 320))
    widths = [sizes[0]["width"] for sizes in (await photos(api, server))["photos"]]
    assert widths == [200, 320]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (picture(159, 320), "PHOTO_CROP_SIZE_SMALL"),
        (picture(kind="PNG"), "PHOTO_EXT_INVALID"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
        (picture(9000, 1100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_bad_picture_is_refused(
    api: Api, server: TelegramServer, content: bytes, words: str
) -> None:
    assert await put(api, content) == (400, f"Bad Request: {words}")
    assert server.world.profile_photos == []


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        ("", "photo isn't specified"),
        ("attach://p", "can't parse photo JSON object"),
        ([], "object expected as profile photo"),
        ({"photo": "attach://p"}, 'can\'t find field "type"'),
        ({"type": "round", "photo": "attach://p"}, "invalid profile photo type specified"),
        ({"type": "static"}, 'can\'t find field "photo"'),
        ({"type": "static", "photo": "attach://q"}, "photo must be uploaded as a file"),
        ({"type": "static", "photo": "AgACAgUAAxkBAAM1"}, "photo must be uploaded as a file"),
        ({"type": "animated", "animation": ""}, "photo must be uploaded as a file"),
        (
            {"type": "animated", "animation": "attach://p"},
            "the stand-in takes no animated profile photos",
        ),
    ],
)
async def test_a_malformed_photo_is_refused(api: Api, photo: object, words: str) -> None:
    files = {"p": ("p.jpg", picture())}
    given = photo if isinstance(photo, str) else json.dumps(photo)
    answer = await upload(api, "setMyProfilePhoto", files, photo=given)
    assert answer == (400, f"Bad Request: {words}")


@pytest.mark.parametrize(
    ("user_id", "words"), [(0, "invalid user_id specified"), (77, "user not found")]
)
async def test_photos_of_no_user_are_refused(api: Api, user_id: int, words: str) -> None:
    answer = await api.refused("getUserProfilePhotos", user_id=user_id)
    assert answer == f"400 Bad Request: {words}"


@pytest.fixture
async def strict(clock: SettableClock, api: Api) -> AsyncIterator[TelegramServer]:
    """A server with limits, called by ``api``."""
    server = TelegramServer(now=clock, flood=True)
    await server.start()
    api.server = server
    yield server
    await server.stop()


async def test_a_profile_changes_at_most_ten_times_an_hour(
    api: Api, strict: TelegramServer, clock: SettableClock
) -> None:
    for number in range(9):
        await api("setMyDescription", description=str(number))
        await api("getMyDescription")
        clock.advance(1)
    await put(api, picture())
    answer = await api.refused("setMyShortDescription", short_description="a")
    assert answer == "429 Too Many Requests: retry after 3591"
    clock.advance(3591)
    await api("setMyShortDescription", short_description="a")
