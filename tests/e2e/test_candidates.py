"""A message may hold several cookies, or one that cannot be used."""

from collections.abc import Awaitable, Callable

import pytest

from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, Fault
from demo.telegram import Message
from tests.e2e.pasting import PastingHouse, export

Make = Callable[..., Awaitable[PastingHouse]]
STALE = "ab12" * 60


def fresh(house: PastingHouse, stu_id: str = STUDENT.stu_id) -> str:
    return house.platform.cookie_for(stu_id)


def proofs(house: PastingHouse) -> int:
    return sum(each.endpoint is Endpoint.ME for each in house.platform.requests)


def as_json(*values: str) -> str:
    return "[" + ",".join(f'{{"name": "auth", "value": "{value}"}}' for value in values) + "]"


async def done(house: PastingHouse, sent: Message) -> None:
    await house.until(lambda: sent.deleted)
    await house.nothing_left()


async def test_a_stale_cookie_does_not_hide_the_fresh_one(pasting: Make) -> None:
    house = await pasting()

    sent = house.person.send(as_json(STALE, fresh(house)))

    await house.see("登录成功")
    await done(house, sent)
    assert len(house.answers()) == 1


async def test_cookies_of_two_students_make_two_accounts_and_the_first_is_in_use(
    pasting: Make,
) -> None:
    house = await pasting()

    sent = house.person.send(as_json(fresh(house), STALE, fresh(house, OTHER_STUDENT.stu_id)))

    further = await house.see("另一个账号")
    assert OTHER_STUDENT.name in further.text
    assert f"正在使用：{STUDENT.name}" in further.text
    await done(house, sent)
    house.person.send("/accounts")
    await house.see_button(f"✓ {STUDENT.name}")
    await house.see_button(f"切换到 {OTHER_STUDENT.name}")


async def test_two_cookies_of_one_student_are_one_account_with_one_answer(pasting: Make) -> None:
    house = await pasting()

    sent = house.person.send(as_json(fresh(house), fresh(house)))

    await house.see("登录成功")
    await done(house, sent)
    assert len(house.answers()) == 1


async def test_of_one_students_cookies_the_one_that_ends_last_is_kept(pasting: Make) -> None:
    house = await pasting()
    old, new = fresh(house), fresh(house)
    text = as_json(old, new).replace('"value"', '"expirationDate": 1999999998, "value"', 1)
    text = text.replace(f'"value": "{new}"', f'"expirationDate": 1999999999, "value": "{new}"')

    await done(house, house.person.send(text))

    assert house.app is not None
    kept = (await house.app.pasted._services.accounts.of_chat(house.person.user_id))[0]
    session = await house.app.pasted._services.accounts.session(kept)
    assert session._auth == new


async def test_when_all_are_stale_one_sentence_says_so(pasting: Make) -> None:
    house = await pasting()

    sent = house.person.send(as_json(*(f"{number:032x}" * 4 for number in range(1, 9))))

    await house.see("平台不接受这个 cookie")
    await done(house, sent)
    assert len(house.answers()) == 1
    assert proofs(house) <= 12  # each stale one is in doubt once


async def test_trouble_that_may_pass_is_not_told_as_a_refusal(pasting: Make) -> None:
    house = await pasting(speed=60.0)
    house.platform.faults.add(Endpoint.ME, Fault.HTTP_502, times=None)

    sent = house.person.send(as_json(STALE, fresh(house)))

    await house.see("加密保存着")
    assert proofs(house) >= 5  # four attempts with the first, one with the other
    house.platform.faults.clear()
    await house.see("登录成功")
    await done(house, sent)
    assert len(house.answers()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("auth=abc123", "太短"),
        ("auth=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "只含数字"),
        ("ab12" * 500, "太长"),
        ("/login auth=abc123", "太短"),
        (export("12", at=0)[:2000], ""),
    ],
)
async def test_what_was_meant_as_a_cookie_is_deleted_and_explained(
    pasting: Make, text: str, words: str
) -> None:
    house = await pasting()
    sent = house.person.send(text)
    await house.no_more_comes()

    answer = await house.see("这个 cookie 用不了")

    assert words in answer.text
    assert "你的消息已删除" in answer.text
    await done(house, sent)
    assert len(house.answers()) == 1


async def test_what_cannot_be_deleted_is_said_in_the_same_answer(pasting: Make) -> None:
    house = await pasting()
    house.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")

    house.person.send("auth=abc123")

    answer = await house.see("太短")
    assert "请自己删除它" in answer.text


async def test_a_message_that_is_edited_into_a_broken_cookie_is_deleted(pasting: Make) -> None:
    house = await pasting()
    sent = house.person.send("你好")
    await house.see("没看懂")

    house.person.edit(sent.message_id, "auth=abc123")

    await house.see("太短")
    await done(house, sent)


async def test_a_broken_cookie_in_a_group_is_deleted_where_the_bot_may(pasting: Make) -> None:
    house = await pasting()
    group = house.telegram.group(-1_000_000_000_005, "班级群", [house.person])
    group.promote()

    sent = house.person.send("auth=abc123", chat_id=group.chat_id)

    await house.until(lambda: sent.deleted)
    await house.until(lambda: "你的消息已删除" in group.chat.last.text)
