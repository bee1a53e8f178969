"""A text that Telegram's apps cut into several messages is read as the one that it was."""

from collections.abc import Awaitable, Callable

import pytest

from demo.platform import STUDENT
from demo.telegram import Message
from tests.e2e.pasting import PastingHouse, export

Make = Callable[..., Awaitable[PastingHouse]]
MIDDLE = 120


def fresh(house: PastingHouse) -> str:
    return house.platform.cookie_for(STUDENT.stu_id)


async def greeted_once(house: PastingHouse, *parts: Message) -> None:
    """The parts go, and one answer greets."""
    await house.see("登录成功")
    await house.until(lambda: all(part.deleted for part in parts))
    await house.nothing_left()
    assert len(house.answers()) == 1, house.as_text()


async def test_an_export_over_two_messages_is_a_login_with_one_answer(pasting: Make) -> None:
    house = await pasting()
    house.person.send(export(fresh(house)))
    sent = [each for each in house.person.chat.messages if not each.from_bot]
    assert len(sent) == 2

    await greeted_once(house, *sent)


@pytest.mark.parametrize("place", [0, 8, 16])
@pytest.mark.parametrize("offset", [-3, 0, 1, MIDDLE, 239, 240, 242])
async def test_the_cut_may_fall_anywhere(pasting: Make, place: int, offset: int) -> None:
    house = await pasting()
    auth = fresh(house)
    text = export(auth, at=place)
    cut = text.index(auth) + offset

    parts = [house.person.send(text[:cut]), house.person.send(text[cut:])]

    await greeted_once(house, *parts)


async def test_a_header_cut_within_the_value_is_read_when_no_more_comes(pasting: Make) -> None:
    house = await pasting()
    auth = fresh(house)
    header = "Cookie: " + "; ".join(f"k{n}=v{n:030d}" for n in range(100))[:3900] + f"; auth={auth}"
    cut = len(header) - MIDDLE
    parts = [house.person.send(header[:cut]), house.person.send(header[cut:])]
    await house.no_more_comes()

    await greeted_once(house, *parts)


async def test_a_number_after_the_cut_is_not_glued_to_the_value(pasting: Make) -> None:
    house = await pasting()
    header = "x=1; " * 600 + f"auth={fresh(house)}"
    parts = [house.person.send(header), house.person.send("20210001")]
    await house.no_more_comes()

    await greeted_once(house, *parts)


async def test_parts_that_are_seen_in_another_order_are_read_in_that_of_their_ids(
    pasting: Make,
) -> None:
    house = await pasting()
    auth = fresh(house)
    text = export(auth)
    cut = text.index(auth) + MIDDLE
    await house.close()
    parts = [house.person.send(text[:cut]), house.person.send(text[cut:])]
    updates = house.telegram.world.updates
    first, second = (each["message"] for each in updates.pending)
    updates._pending.clear()
    updates.add("message", second)
    updates.add("message", first)
    await house.open()

    await greeted_once(house, *parts)


async def test_what_is_said_meanwhile_is_answered_at_once_and_stays(pasting: Make) -> None:
    house = await pasting()
    auth = fresh(house)
    text = export(auth)
    cut = text.index(auth) + MIDDLE
    first = house.person.send(text[:cut])
    said = [house.person.send("好了，发给你了"), house.person.send("ok")]
    await house.until(lambda: len(house.answers()) == len(said))
    house.person.send("/jobs")
    await house.see("请先登录")
    second = house.person.send(text[cut:])

    await house.see("登录成功")

    await house.until(lambda: first.deleted and second.deleted)
    assert not any(each.deleted for each in said)


async def test_two_exports_one_right_after_the_other_get_an_answer_each_at_most(
    pasting: Make,
) -> None:
    house = await pasting()
    text = export(fresh(house))
    house.person.send(text)
    house.person.send(text)
    sent = [each for each in house.person.chat.messages if not each.from_bot]

    await house.until(lambda: all(each.deleted for each in sent))
    await house.no_more_comes()
    await house.nothing_left()
    assert ["登录成功" in each.text for each in house.answers()] in ([True], [True, True])


async def test_an_export_without_the_cookie_is_explained_once_and_deleted(pasting: Make) -> None:
    house = await pasting()
    house.person.send(export("12"))
    sent = [each for each in house.person.chat.messages if not each.from_bot]
    await house.no_more_comes()

    answer = await house.see("这个 cookie 用不了")

    assert "你的消息已删除" in answer.text
    await house.nothing_left()
    assert all(each.deleted for each in sent)
    assert len(house.answers()) == 1


async def test_a_long_text_of_words_gets_one_answer_and_stays(pasting: Make) -> None:
    house = await pasting()
    house.person.send("今天的课讲得很好。" * 500)
    sent = [each for each in house.person.chat.messages if not each.from_bot]
    assert len(sent) == 2
    await house.no_more_comes()

    await house.see("没看懂")

    await house.nothing_left()
    assert not any(each.deleted for each in sent)
    assert len(house.answers()) == 1


async def test_the_first_part_is_deleted_though_a_restart_comes_before_the_second(
    pasting: Make,
) -> None:
    house = await pasting()
    auth = fresh(house)
    text = export(auth)
    cut = text.index(auth) + MIDDLE
    house.telegram.trouble.fail("deleteMessage", 500, "Internal Server Error", times=99)
    first = house.person.send(text[:cut])
    await house.all_arrived()
    await house.close()
    house.telegram.trouble.clear()
    await house.open()

    await house.see("请再发一次")

    await house.until(lambda: first.deleted)
    await house.nothing_left()


async def test_a_split_export_in_a_group_goes_where_the_bot_may_with_one_answer(
    pasting: Make,
) -> None:
    house = await pasting()
    group = house.telegram.group(-1_000_000_000_005, "班级群", [house.person])
    group.promote()

    house.person.send(export(fresh(house)), chat_id=group.chat_id)

    sent = [each for each in group.chat.everything if not each.from_bot]
    assert len(sent) == 2
    await house.until(lambda: all(each.deleted for each in sent))
    await house.until(lambda: "千万不要在群里发 cookie" in group.chat.last.text)
    assert len(group.chat.messages) == 1
