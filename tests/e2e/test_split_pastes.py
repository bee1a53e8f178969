"""A text that Telegram's apps cut into several messages is read as the one that it was."""

from collections.abc import Awaitable, Callable

import pytest

from demo.platform import STUDENT
from demo.telegram import Message
from tests.e2e.pasting import PastingHarness, export

Make = Callable[..., Awaitable[PastingHarness]]
MIDDLE = 120


def fresh(harness: PastingHarness) -> str:
    return harness.platform.cookie_for(STUDENT.stu_id)


async def greeted_once(harness: PastingHarness, *parts: Message) -> None:
    """The parts go, and one answer greets."""
    await harness.see("登录成功")
    await harness.until(lambda: all(part.deleted for part in parts))
    await harness.nothing_left()
    assert len(harness.answers()) == 1, harness.as_text()


async def test_an_export_over_two_messages_is_a_login_with_one_answer(pasting: Make) -> None:
    harness = await pasting()
    harness.person.send(export(fresh(harness)))
    sent = [each for each in harness.person.chat.messages if not each.from_bot]
    assert len(sent) == 2

    await greeted_once(harness, *sent)


@pytest.mark.parametrize("place", [0, 8, 16])
@pytest.mark.parametrize("offset", [-3, 0, 1, MIDDLE, 239, 240, 242])
async def test_the_cut_may_fall_anywhere(pasting: Make, place: int, offset: int) -> None:
    harness = await pasting()
    auth = fresh(harness)
    text = export(auth, at=place)
    cut = text.index(auth) + offset

    parts = [harness.person.send(text[:cut]), harness.person.send(text[cut:])]

    await greeted_once(harness, *parts)


async def test_a_header_cut_within_the_value_is_read_when_no_more_comes(pasting: Make) -> None:
    harness = await pasting()
    auth = fresh(harness)
    header = "Cookie: " + "; ".join(f"k{n}=v{n:030d}" for n in range(100))[:3900] + f"; auth={auth}"
    cut = len(header) - MIDDLE
    parts = [harness.person.send(header[:cut]), harness.person.send(header[cut:])]
    await harness.no_more_comes()

    await greeted_once(harness, *parts)


async def test_a_number_after_the_cut_is_not_glued_to_the_value(pasting: Make) -> None:
    harness = await pasting()
    header = "x=1; " * 600 + f"auth={fresh(harness)}"
    parts = [harness.person.send(header), harness.person.send("20210001")]
    await harness.no_more_comes()

    await greeted_once(harness, *parts)


async def test_parts_that_are_seen_in_another_order_are_read_in_that_of_their_ids(
    pasting: Make,
) -> None:
    harness = await pasting()
    auth = fresh(harness)
    text = export(auth)
    cut = text.index(auth) + MIDDLE
    await harness.close()
    parts = [harness.person.send(text[:cut]), harness.person.send(text[cut:])]
    updates = harness.telegram.world.updates
    first, second = (each["message"] for each in updates.pending)
    updates._pending.clear()
    updates.add("message", second)
    updates.add("message", first)
    await harness.open()

    await greeted_once(harness, *parts)


async def test_what_is_said_meanwhile_is_answered_at_once_and_stays(pasting: Make) -> None:
    harness = await pasting()
    auth = fresh(harness)
    text = export(auth)
    cut = text.index(auth) + MIDDLE
    first = harness.person.send(text[:cut])
    said = [harness.person.send("好了，发给你了"), harness.person.send("ok")]
    await harness.until(lambda: len(harness.answers()) == len(said))
    harness.person.send("/jobs")
    await harness.see("请先登录")
    second = harness.person.send(text[cut:])

    await harness.see("登录成功")

    await harness.until(lambda: first.deleted and second.deleted)
    assert not any(each.deleted for each in said)


async def test_two_exports_one_right_after_the_other_get_an_answer_each_at_most(
    pasting: Make,
) -> None:
    harness = await pasting()
    text = export(fresh(harness))
    harness.person.send(text)
    harness.person.send(text)
    sent = [each for each in harness.person.chat.messages if not each.from_bot]

    await harness.until(lambda: all(each.deleted for each in sent))
    await harness.no_more_comes()
    await harness.nothing_left()
    assert ["登录成功" in each.text for each in harness.answers()] in ([True], [True, True])


async def test_an_export_without_the_cookie_is_explained_once_and_deleted(pasting: Make) -> None:
    harness = await pasting()
    harness.person.send(export("12"))
    sent = [each for each in harness.person.chat.messages if not each.from_bot]
    await harness.no_more_comes()

    answer = await harness.see("这个 cookie 用不了")

    assert "你的消息已删除" in answer.text
    await harness.nothing_left()
    assert all(each.deleted for each in sent)
    assert len(harness.answers()) == 1


async def test_a_long_text_of_words_gets_one_answer_and_stays(pasting: Make) -> None:
    harness = await pasting()
    harness.person.send("今天的课讲得很好。" * 500)
    sent = [each for each in harness.person.chat.messages if not each.from_bot]
    assert len(sent) == 2
    await harness.no_more_comes()

    await harness.see("没看懂")

    await harness.nothing_left()
    assert not any(each.deleted for each in sent)
    assert len(harness.answers()) == 1


async def test_the_first_part_is_deleted_though_a_restart_comes_before_the_second(
    pasting: Make,
) -> None:
    harness = await pasting()
    auth = fresh(harness)
    text = export(auth)
    cut = text.index(auth) + MIDDLE
    harness.telegram.trouble.fail("deleteMessage", 500, "Internal Server Error", times=99)
    first = harness.person.send(text[:cut])
    await harness.all_arrived()
    await harness.close()
    harness.telegram.trouble.clear()
    await harness.open()

    await harness.see("请再发一次")

    await harness.until(lambda: first.deleted)
    await harness.nothing_left()


async def test_a_split_export_in_a_group_goes_where_the_bot_may_with_one_answer(
    pasting: Make,
) -> None:
    harness = await pasting()
    group = harness.telegram.group(-1_000_000_000_005, "班级群", [harness.person])
    group.promote()

    harness.person.send(export(fresh(harness)), chat_id=group.chat_id)

    sent = [each for each in group.chat.everything if not each.from_bot]
    assert len(sent) == 2
    await harness.until(lambda: all(each.deleted for each in sent))
    await harness.until(lambda: "千万不要在群里发 cookie" in group.chat.last.text)
    assert len(group.chat.messages) == 1
