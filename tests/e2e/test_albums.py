"""An album is one thing: it gets one answer, and a cookie in any part of it is found."""

from collections.abc import Awaitable, Callable

import pytest

from bot.chat.bounded_answers import LARGEST_FILE
from demo.platform import STUDENT
from demo.telegram import Message
from tests.e2e.pasting import PastingHarness, export
from tests.support.bot_api_client import PNG

Make = Callable[..., Awaitable[PastingHarness]]


def fresh(harness: PastingHarness) -> str:
    return harness.platform.cookie_for(STUDENT.stu_id)


def photos(count: int) -> list[tuple[str, bytes]]:
    return [(f"{number}.jpg", PNG) for number in range(count)]


async def greeted(harness: PastingHarness, album: list[Message]) -> None:
    await harness.see("登录成功")
    await harness.until(lambda: all(each.deleted for each in album))
    await harness.nothing_left()
    assert len(harness.answers()) == 1, harness.as_text()


@pytest.mark.parametrize("place", [0, 5, 7])
async def test_a_cookie_in_any_caption_is_found_and_the_album_goes(
    pasting: Make, place: int
) -> None:
    harness = await pasting()
    captions = {0: "第一张", place: f"auth={fresh(harness)}"}

    album = harness.person.send_album(photos(8), captions=captions)
    await harness.no_more_comes()

    await greeted(harness, album)


async def test_a_cookie_in_a_caption_that_is_corrected_at_once_takes_the_whole_album(
    pasting: Make,
) -> None:
    harness = await pasting()
    album = harness.person.send_album(photos(3), captions={0: "第一张"})
    await harness.all_arrived()
    harness.person.edit(album[0].message_id, f"auth={fresh(harness)}")
    await harness.no_more_comes()

    await greeted(harness, album)


async def test_a_cookie_in_any_document_is_found_and_the_album_goes(pasting: Make) -> None:
    harness = await pasting()
    files = [(f"{number}.txt", b"nothing") for number in range(10)]
    files[6] = ("b.json", export(fresh(harness)).encode())
    files[7] = ("large.txt", bytes(LARGEST_FILE + 1))

    await greeted(harness, harness.person.send_album(files))


async def test_an_album_of_photos_gets_one_answer_and_stays(pasting: Make) -> None:
    harness = await pasting()
    album = harness.person.send_album(photos(8), author=harness.person.user)
    await harness.no_more_comes()

    await harness.see("没看懂")

    await harness.nothing_left()
    assert len(harness.answers()) == 1
    assert not any(each.deleted for each in album)


async def test_ten_files_without_a_cookie_get_one_answer(pasting: Make) -> None:
    harness = await pasting()
    album = harness.person.send_album([(f"{number}.txt", b"nothing") for number in range(10)])

    await harness.see("文件里没有找到 cookie")

    await harness.nothing_left()
    await harness.all_arrived()
    assert len(harness.answers()) == 1
    assert not any(each.deleted for each in album)


async def test_a_city_that_was_asked_for_may_be_a_caption(pasting: Make) -> None:
    harness = await pasting()
    harness.person.send("/settings")
    await harness.press("上海 (UTC+8) ›")
    await harness.press("输入城市名")
    harness.person.send_album(photos(2), captions={1: "东京"})
    await harness.no_more_comes()

    await harness.see_button("东京 (UTC+9)")


async def test_an_album_that_comes_in_two_batches_is_answered_once(pasting: Make) -> None:
    harness = await pasting()
    album = harness.person.send_album(photos(3))
    world = harness.telegram.world
    late = world.updates.pending[-1]["message"]
    world.updates._pending.pop()
    await harness.no_more_comes()
    await harness.see("没看懂")

    world.updates.add("message", late)
    await harness.no_more_comes()

    await harness.nothing_left()
    assert len(harness.answers()) == 1
    assert not any(each.deleted for each in album)


async def test_what_comes_late_of_an_album_with_a_cookie_goes_too(pasting: Make) -> None:
    harness = await pasting()
    album = harness.person.send_album(photos(3), captions={0: f"auth={fresh(harness)}"})
    world = harness.telegram.world
    late = world.updates.pending[-1]["message"]
    world.updates._pending.pop()
    await harness.no_more_comes()
    await harness.see("登录成功")

    world.updates.add("message", late)
    await harness.no_more_comes()

    await greeted(harness, album)


async def test_a_caption_that_is_corrected_to_a_cookie_is_a_login(pasting: Make) -> None:
    harness = await pasting()
    album = harness.person.send_album(photos(2), captions={0: "x"})
    await harness.no_more_comes()
    await harness.see("没看懂")

    harness.person.edit(album[0].message_id, f"auth={fresh(harness)}")

    await harness.see("登录成功")
    await harness.until(lambda: album[0].deleted)
