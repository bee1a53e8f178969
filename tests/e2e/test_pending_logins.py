"""A good cookie outlasts every odd answer at login: it is kept sealed, tried again for minutes, and
greeted in the message that said so."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.login.pending_logins import PendingLogins
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, Fault, Phase, document, video
from demo.telegram import Message
from storage import pending_logins
from storage.database import Database
from storage.pending_logins import PendingCookie
from storage.rows import rows
from tests.e2e.house import PATIENCE, PERSON_ID, House, one_course

Make = Callable[..., Any]
WAITING, GREETING, UNCHECKED = "加密保存着", "登录成功", "没能验证"
CHECKING = "正在验证"
FIRST_TRY = 4
"""Requests of one patient try."""
BUSY = Fault.json({"code": 0, "msg": "系统繁忙"})
ODD: dict[str, Sequence[Fault]] = {
    "code 0": [BUSY],
    "a list": [Fault.raw_body("[]")],
    "no code": [Fault.json({})],
    "code null": [Fault.json({"code": None, "msg": "系统繁忙"})],
    "a text": [Fault.raw_body('"x"')],
    "not JSON": [Fault.HALF_JSON],
    "502": [Fault.HTTP_502],
    "firewall": [Fault.FIREWALL_200],
    "reset": [Fault.RESET],
    "unknown code": [Fault.json({"code": 4711})],
    "code 1 without a student": [Fault.json({"code": 1})],
    "empty, then odd": [Fault.EMPTY, Fault.raw_body("[]")],
}


async def a_house(houses: Make, **options: object) -> House:
    house: House = await houses(one_course([document(1)]), **options)
    return house


def trouble(house: House, faults: Sequence[Fault] = (BUSY,), *, times: int | None = None) -> None:
    """Let ``Studio/index`` answer so: each of the faults in turn, so many times in all."""
    if times is None:
        house.platform.faults.add(Endpoint.ME, faults[0], times=None)
        return
    for number in range(times):
        house.platform.faults.add(Endpoint.ME, faults[number % len(faults)])


def paste(house: House, stu_id: str = STUDENT.stu_id) -> str:
    auth = house.platform.cookie_for(stu_id)
    house.person.send(f"auth={auth}")
    return auth


def said(house: House) -> list[Message]:
    return [each for each in house.person.chat.messages if each.from_bot]


def asked(house: House) -> int:
    return sum(each.endpoint is Endpoint.ME for each in house.platform.requests)


async def kept(house: House, table: str = "pending_cookies") -> int:
    assert house.app is not None
    found = await house.app.db.read(
        lambda conn: rows(conn, f"SELECT 1 FROM {table}")  # noqa: S608
    )
    return len(found)


async def nothing_kept(house: House) -> None:
    assert house.app is not None
    async with asyncio.timeout(PATIENCE):
        while await house.app.db.read(pending_logins.chats):  # noqa: ASYNC110 - a row changes
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("faults", ODD.values(), ids=ODD)
async def test_an_odd_answer_at_login_costs_minutes_and_no_second_cookie(
    houses: Make, faults: Sequence[Fault]
) -> None:
    house = await a_house(houses)
    trouble(house, faults, times=FIRST_TRY + 2)

    paste(house)

    greeting = await house.see(GREETING)
    await nothing_kept(house)
    assert said(house) == [greeting]
    assert STUDENT.name in greeting.text
    assert asked(house) > FIRST_TRY


@pytest.mark.parametrize("language", ["zh-hans", "en"])
async def test_the_message_says_that_it_takes_minutes_and_becomes_the_greeting(
    houses: Make, language: str
) -> None:
    house = await a_house(houses, speed=60.0, language=language)
    trouble(house)
    auth = paste(house)

    waiting = await house.see({"zh-hans": WAITING, "en": "encrypted and try again"}[language])

    before, edits = asked(house), waiting.edits
    await house.until(lambda: asked(house) >= before + 2)
    assert waiting.edits == edits  # no further edit while it is tried again
    house.platform.faults.clear()
    greeting = await house.see({"zh-hans": GREETING, "en": "You are logged in"}[language])
    assert greeting.message_id == waiting.message_id
    await nothing_kept(house)
    for file in (house.folder / "data").rglob("*"):
        assert not file.is_file() or auth.encode() not in file.read_bytes(), file.name


async def test_a_bar_of_minutes_is_waited_for_without_a_request(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    house.platform.faults.add(Endpoint.ME, Fault.bar(2))

    paste(house)

    await house.see(WAITING)
    await house.see(GREETING)
    first, second = (r for r in house.platform.requests if r.endpoint is Endpoint.ME)
    assert second.at - first.at >= 120.0


async def test_when_the_time_is_over_one_sentence_says_so_in_the_platforms_words(
    houses: Make,
) -> None:
    house = await a_house(houses)
    trouble(house)

    paste(house)

    told = await house.see(UNCHECKED)
    assert "“系统繁忙”" in told.text
    assert said(house) == [told]
    await nothing_kept(house)
    before = asked(house)
    house.platform.faults.clear()
    await house.log_in()
    assert asked(house) == before + 1


async def test_nobodys_session_is_told_at_once_and_kept_nowhere(houses: Make) -> None:
    house = await a_house(houses)

    house.person.send("auth=" + "ab12" * 60)

    told = await house.see("平台不接受这个 cookie")
    await nothing_kept(house)
    assert said(house) == [told]


async def test_a_session_that_ends_while_it_is_tried_again_is_told_as_ended(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    await house.see(WAITING)

    house.platform.expire(STUDENT.stu_id)
    house.platform.faults.clear()

    await house.see("平台不接受这个 cookie")
    await nothing_kept(house)


async def test_a_restart_goes_on_with_the_sealed_cookie(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    waiting = await house.see(WAITING)
    await house.close()
    house.platform.faults.clear()

    await house.open()

    greeting = await house.see(GREETING)
    assert greeting.message_id == waiting.message_id
    await nothing_kept(house)
    assert said(house) == [greeting]


async def test_a_cookie_sealed_with_a_lost_key_is_asked_for_again(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    waiting = await house.see(WAITING)
    await house.close()
    (house.folder / "data" / "key").unlink()
    house.platform.faults.clear()

    await house.open()

    told = await house.see("请再发一次")
    assert told.message_id == waiting.message_id
    await nothing_kept(house)
    await house.log_in()


async def test_jobs_that_wait_for_the_cookie_go_on_with_it(houses: Make) -> None:
    house: House = await houses(one_course([video(2000)]))
    await house.log_in()
    await house.start_job("测试科目", "测试模块")
    await house.reported()
    house.platform.expire(STUDENT.stu_id)
    await house.see("登录已过期")
    trouble(house, times=FIRST_TRY + 1)

    paste(house)

    await house.see("接着学")
    assert (await house.final()).counts == (1, 0, 0)


async def test_erasing_removes_it_and_nothing_is_said_afterwards(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    waiting = await house.see(WAITING)

    house.person.send("/erase")
    await house.press("全部删除")

    erased = await house.see("已全部删除")
    assert "不再验证" in waiting.text
    assert (await kept(house), await kept(house, "pending_logins")) == (0, 0)
    before, shown = asked(house), len(said(house))
    house.platform.faults.clear()
    await asyncio.sleep(60 / house._speed)  # two more tries would come
    assert asked(house) == before
    assert len(said(house)) == shown
    assert erased in said(house)


@pytest.mark.parametrize("logged_in", [False, True])
async def test_logging_out_removes_it_and_its_message_says_so(
    houses: Make, *, logged_in: bool
) -> None:
    house = await a_house(houses, speed=60.0)
    if logged_in:
        await house.log_in()
    trouble(house)
    paste(house, OTHER_STUDENT.stu_id)
    waiting = await house.see(WAITING)

    house.person.send("/logout")
    if logged_in:
        await house.press(f"移除 {STUDENT.name}")

    await house.until(lambda: "不再验证" in waiting.text)
    await nothing_kept(house)
    house.platform.faults.clear()
    house.person.send("/accounts")
    await house.see_button("登录")
    assert house.shown(OTHER_STUDENT.name) is None


async def test_the_cookie_of_a_person_who_may_no_longer_use_the_bot_is_not_used(
    houses: Make,
) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    waiting = await house.see(WAITING)
    await house.close()
    house.platform.faults.clear()
    before, house._allowed = asked(house), "42"

    await house.open()

    await house.until(lambda: "不再验证" in waiting.text)
    await nothing_kept(house)
    assert asked(house) == before


async def test_a_chat_that_cannot_be_written_to_is_greeted_when_the_person_is_back(
    houses: Make,
) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    waiting = await house.see(WAITING)
    house.person.vanish()
    house.platform.faults.clear()
    async with asyncio.timeout(PATIENCE):
        while not await kept(house, "chats WHERE blocked_at IS NOT NULL"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (await kept(house), await kept(house, "accounts")) == (0, 1)
    assert GREETING not in waiting.text

    house.person.reappear()
    house.person.send("/accounts")

    greeting = await house.see(GREETING)
    assert greeting.message_id == waiting.message_id
    await nothing_kept(house)


async def test_a_newer_cookie_of_the_same_student_stays(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house)
    first = await house.see(WAITING)
    newer = paste(house)
    await house.until(lambda: first.deleted)
    house.platform.faults.clear()

    greeting = await house.see(GREETING)

    await nothing_kept(house)
    assert said(house) == [greeting]
    assert house.app is not None
    accounts = house.app.pasted._services.accounts
    (account,) = await accounts.of_chat(PERSON_ID)
    assert (await accounts.session(account))._auth == newer


async def test_an_older_cookie_of_another_student_becomes_a_further_account(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    paste(house, OTHER_STUDENT.stu_id)
    first = await house.see(WAITING)
    paste(house)
    await house.until(lambda: first.deleted)
    house.platform.faults.clear()

    await house.see(GREETING)

    further = await house.see("另一个账号")
    assert f"正在使用：{STUDENT.name}" in further.text
    await nothing_kept(house)
    house.person.send("/accounts")
    await house.see_button(f"✓ {STUDENT.name}")
    await house.see_button(f"切换到 {OTHER_STUDENT.name}")


async def test_the_same_cookie_sent_again_is_kept_once(houses: Make) -> None:
    house = await a_house(houses, speed=60.0)
    trouble(house)
    auth = paste(house)
    first = await house.see(WAITING)

    house.person.send(f"这是我的：{auth}")

    await house.until(lambda: first.deleted)
    await house.see(WAITING)
    assert await kept(house) == 1
    house.platform.faults.clear()
    await house.see(GREETING)
    await nothing_kept(house)
    assert len(said(house)) == 1


async def test_a_paste_that_comes_as_the_cookie_before_is_done_is_greeted(
    houses: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await a_house(houses)
    read = PendingLogins.cookies
    pastes = ["the second one"]

    async def cookies(pending: PendingLogins, chat_id: int) -> list[PendingCookie]:
        found = await read(pending, chat_id)
        if not found and pastes:
            pastes.clear()
            paste(house)
            while not await kept(house):  # noqa: ASYNC110 - a row changes
                await asyncio.sleep(0.01)
        return found

    monkeypatch.setattr(PendingLogins, "cookies", cookies)
    paste(house)

    await house.until(lambda: len(said(house)) == 2 and CHECKING not in said(house)[1].text)
    for greeting in said(house):
        assert GREETING in greeting.text
        assert STUDENT.name in greeting.text
    await nothing_kept(house)


async def test_the_end_of_the_process_waits_for_no_answer_about_a_cookie(houses: Make) -> None:
    house = await a_house(houses)
    arrived = asyncio.Event()

    async def hear(endpoint: Endpoint, phase: Phase) -> None:
        if endpoint is Endpoint.ME and phase is Phase.BEFORE:
            arrived.set()

    house.platform.on_request = hear
    house.platform.faults.add(Endpoint.ME, Fault.hang(5))
    paste(house)
    await asyncio.wait_for(arrived.wait(), PATIENCE)
    before = asyncio.get_running_loop().time()

    await house.close()

    assert asyncio.get_running_loop().time() - before < 4.0
    assert await in_file(house) == 1


async def in_file(house: House) -> int:
    """How many cookies are pending in the file that a closed house has left."""
    async with await Database.open(house.folder / "data" / "bot.sqlite3") as db:
        (row,) = await db.read(lambda conn: rows(conn, "SELECT count(*) FROM pending_cookies"))
    return int(row[0])
