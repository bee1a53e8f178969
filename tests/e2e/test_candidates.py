"""A message may hold several cookies, or one that cannot be used."""

from collections.abc import Awaitable, Callable

import pytest

from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, Fault
from demo.telegram import Message
from tests.e2e.pasting import PastingHarness, export

Make = Callable[..., Awaitable[PastingHarness]]
STALE = "ab12" * 60


def fresh(harness: PastingHarness, stu_id: str = STUDENT.stu_id) -> str:
    return harness.platform.cookie_for(stu_id)


def proofs(harness: PastingHarness) -> int:
    return sum(each.endpoint is Endpoint.ME for each in harness.platform.requests)


def as_json(*values: str) -> str:
    return "[" + ",".join(f'{{"name": "auth", "value": "{value}"}}' for value in values) + "]"


async def done(harness: PastingHarness, sent: Message) -> None:
    await harness.until(lambda: sent.deleted)
    await harness.nothing_left()


async def test_a_stale_cookie_does_not_hide_the_fresh_one(pasting: Make) -> None:
    harness = await pasting()

    sent = harness.person.send(as_json(STALE, fresh(harness)))

    await harness.see("登录成功")
    await done(harness, sent)
    assert len(harness.answers()) == 1


async def test_cookies_of_two_students_make_two_accounts_and_the_first_is_in_use(
    pasting: Make,
) -> None:
    harness = await pasting()

    sent = harness.person.send(as_json(fresh(harness), STALE, fresh(harness, OTHER_STUDENT.stu_id)))

    further = await harness.see("另一个账号")
    assert OTHER_STUDENT.name in further.text
    assert f"正在使用：{STUDENT.name}" in further.text
    await done(harness, sent)
    harness.person.send("/accounts")
    await harness.see_button(f"✓ {STUDENT.name}")
    await harness.see_button(f"切换到 {OTHER_STUDENT.name}")


async def test_two_cookies_of_one_student_are_one_account_with_one_answer(pasting: Make) -> None:
    harness = await pasting()

    sent = harness.person.send(as_json(fresh(harness), fresh(harness)))

    await harness.see("登录成功")
    await done(harness, sent)
    assert len(harness.answers()) == 1


async def test_of_one_students_cookies_the_one_that_ends_last_is_kept(pasting: Make) -> None:
    harness = await pasting()
    old, new = fresh(harness), fresh(harness)
    text = as_json(old, new).replace('"value"', '"expirationDate": 1999999998, "value"', 1)
    text = text.replace(f'"value": "{new}"', f'"expirationDate": 1999999999, "value": "{new}"')

    await done(harness, harness.person.send(text))

    assert harness.app is not None
    kept = (await harness.app.pasted._services.accounts.of_chat(harness.person.user_id))[0]
    assert await harness.app.pasted._services.accounts._secret(kept) == new


async def test_when_all_are_stale_one_sentence_says_so(pasting: Make) -> None:
    harness = await pasting()

    sent = harness.person.send(as_json(*(f"{number:032x}" * 4 for number in range(1, 9))))

    await harness.see("平台不接受这个 cookie")
    await done(harness, sent)
    assert len(harness.answers()) == 1
    assert proofs(harness) <= 12  # each stale one is in doubt once


async def test_trouble_that_may_pass_is_not_told_as_a_refusal(pasting: Make) -> None:
    harness = await pasting(speed=60.0)
    harness.platform.faults.add(Endpoint.ME, Fault.HTTP_502, times=None)

    sent = harness.person.send(as_json(STALE, fresh(harness)))

    await harness.see("加密保存着")
    assert proofs(harness) >= 5  # four attempts with the first, one with the other
    harness.platform.faults.clear()
    await harness.see("登录成功")
    await done(harness, sent)
    assert len(harness.answers()) == 1


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
    harness = await pasting()
    sent = harness.person.send(text)
    await harness.no_more_comes()

    answer = await harness.see("这个 cookie 用不了")

    assert words in answer.text
    assert "你的消息已删除" in answer.text
    await done(harness, sent)
    assert len(harness.answers()) == 1


async def test_what_cannot_be_deleted_is_said_in_the_same_answer(pasting: Make) -> None:
    harness = await pasting()
    harness.telegram.fail(
        "deleteMessage", 400, "Bad Request: message can't be deleted for everyone"
    )

    harness.person.send("auth=abc123")

    answer = await harness.see("太短")
    assert "请自己删除它" in answer.text


async def test_a_message_that_is_edited_into_a_broken_cookie_is_deleted(pasting: Make) -> None:
    harness = await pasting()
    sent = harness.person.send("我妈问我")
    await harness.see("没看懂")

    harness.person.edit(sent.message_id, "auth=abc123")

    await harness.see("太短")
    await done(harness, sent)


async def test_a_broken_cookie_in_a_group_is_deleted_where_the_bot_may(pasting: Make) -> None:
    harness = await pasting()
    group = harness.telegram.group(-1_000_000_000_005, "班级群", [harness.person])
    group.promote()

    sent = harness.person.send("auth=abc123", chat_id=group.chat_id)

    await harness.until(lambda: sent.deleted)
    await harness.until(lambda: "你的消息已删除" in group.chat.last.text)
