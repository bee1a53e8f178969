"""A good cookie outlasts every odd answer at login: it is kept sealed, tried again for minutes, and
greeted in the message that said so."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest

from bot.login.pending_logins import PendingLogins
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, Fault, Phase, document, video
from demo.telegram import Message
from storage import pending_logins
from storage.database import Database
from storage.pending_logins import PendingCookie
from storage.rows import rows
from tests.support.app_harness import PATIENCE, AppHarness, one_course
from tests.support.names import ANNA

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


async def opened_app(open_app: Make, **options: object) -> AppHarness:
    harness: AppHarness = await open_app(one_course([document(1)]), **options)
    return harness


def trouble(
    harness: AppHarness, faults: Sequence[Fault] = (BUSY,), *, times: int | None = None
) -> None:
    """Let ``Studio/index`` answer so: each of the faults in turn, so many times in all."""
    if times is None:
        harness.platform.faults.add(Endpoint.ME, faults[0], times=None)
        return
    for number in range(times):
        harness.platform.faults.add(Endpoint.ME, faults[number % len(faults)])


def paste(harness: AppHarness, stu_id: str = STUDENT.stu_id) -> str:
    auth = harness.platform.cookie_for(stu_id)
    harness.person.send(f"auth={auth}")
    return auth


def said(harness: AppHarness) -> list[Message]:
    return [each for each in harness.person.chat.messages if each.from_bot]


def asked(harness: AppHarness) -> int:
    return sum(each.endpoint is Endpoint.ME for each in harness.platform.requests)


async def kept(harness: AppHarness, table: str = "pending_cookies") -> int:
    assert harness.app is not None
    found = await harness.app.db.read(
        lambda conn: rows(conn, f"SELECT 1 FROM {table}")  # noqa: S608
    )
    return len(found)


async def nothing_kept(harness: AppHarness) -> None:
    assert harness.app is not None
    async with asyncio.timeout(PATIENCE):
        while await harness.app.db.read(pending_logins.chats):  # noqa: ASYNC110 - a row changes
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("faults", ODD.values(), ids=ODD)
async def test_an_odd_answer_at_login_costs_minutes_and_no_second_cookie(
    open_app: Make, faults: Sequence[Fault]
) -> None:
    harness = await opened_app(open_app)
    trouble(harness, faults, times=FIRST_TRY + 2)

    paste(harness)

    greeting = await harness.see(GREETING)
    await nothing_kept(harness)
    assert said(harness) == [greeting]
    assert STUDENT.name in greeting.text
    assert asked(harness) > FIRST_TRY


@pytest.mark.parametrize("language", ["zh-hans", "en"])
async def test_the_message_says_that_it_takes_minutes_and_becomes_the_greeting(
    open_app: Make, language: str
) -> None:
    harness = await opened_app(open_app, speed=60.0, language=language)
    trouble(harness)
    auth = paste(harness)

    waiting = await harness.see({"zh-hans": WAITING, "en": "encrypted and try again"}[language])

    before, edits = asked(harness), waiting.edits
    await harness.until(lambda: asked(harness) >= before + 2)
    assert waiting.edits == edits  # no further edit while it is tried again
    harness.platform.faults.clear()
    greeting = await harness.see({"zh-hans": GREETING, "en": "You are logged in"}[language])
    assert greeting.message_id == waiting.message_id
    await nothing_kept(harness)
    for file in (harness.folder / "data").rglob("*"):
        assert not file.is_file() or auth.encode() not in file.read_bytes(), file.name


async def test_a_bar_of_minutes_is_waited_for_without_a_request(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    harness.platform.faults.add(Endpoint.ME, Fault.bar(2))

    paste(harness)

    await harness.see(WAITING)
    await harness.see(GREETING)
    first, second = (r for r in harness.platform.requests if r.endpoint is Endpoint.ME)
    assert second.at - first.at >= 120.0


async def test_when_the_time_is_over_one_sentence_says_so_in_the_platforms_words(
    open_app: Make,
) -> None:
    harness = await opened_app(open_app)
    trouble(harness)

    paste(harness)

    told = await harness.see(UNCHECKED)
    assert "“系统繁忙”" in told.text
    assert said(harness) == [told]
    await nothing_kept(harness)
    before = asked(harness)
    harness.platform.faults.clear()
    await harness.log_in()
    assert asked(harness) == before + 1


async def test_nobodys_session_is_told_at_once_and_kept_nowhere(open_app: Make) -> None:
    harness = await opened_app(open_app)

    harness.person.send("auth=" + "ab12" * 60)

    told = await harness.see("平台不接受这个 cookie")
    await nothing_kept(harness)
    assert said(harness) == [told]


async def test_a_session_that_ends_while_it_is_tried_again_is_told_as_ended(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    await harness.see(WAITING)

    harness.platform.expire(STUDENT.stu_id)
    harness.platform.faults.clear()

    await harness.see("平台不接受这个 cookie")
    await nothing_kept(harness)


async def test_a_restart_goes_on_with_the_sealed_cookie(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    waiting = await harness.see(WAITING)
    await harness.close()
    harness.platform.faults.clear()

    await harness.open()

    greeting = await harness.see(GREETING)
    assert greeting.message_id == waiting.message_id
    await nothing_kept(harness)
    assert said(harness) == [greeting]


async def test_a_cookie_that_is_damaged_is_asked_for_again(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    waiting = await harness.see(WAITING)
    await harness.close()
    with closing(sqlite3.connect(harness.folder / "data" / "bot.sqlite3")) as conn:
        conn.execute("UPDATE pending_cookies SET sealed_cookie = substr(sealed_cookie, 1, 40)")
        conn.commit()
    harness.platform.faults.clear()

    await harness.open()

    told = await harness.see("请再发一次")
    assert told.message_id == waiting.message_id
    await nothing_kept(harness)
    await harness.log_in()


async def test_a_cookie_of_another_key_waits_untold_for_the_next_start_with_its_own(
    open_app: Make,
) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    waiting = await harness.see(WAITING)
    await harness.close()
    key = harness.folder / "data" / "key"
    right = key.read_bytes()
    key.write_bytes(bytes(range(32)))
    harness.platform.faults.clear()

    await harness.open()
    harness.person.send("/help")
    await harness.see("怎么用")
    now = [each for each in harness.person.chat.messages if each.message_id == waiting.message_id]
    assert [WAITING in each.text for each in now] == [True]
    await harness.close()

    key.write_bytes(right)
    await harness.open()
    told = await harness.see("登录成功")
    assert told.message_id == waiting.message_id


async def test_jobs_that_wait_for_the_cookie_go_on_with_it(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(2000)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    harness.platform.expire(STUDENT.stu_id)
    await harness.see("登录已过期")
    trouble(harness, times=FIRST_TRY + 1)

    paste(harness)

    await harness.see("接着学")
    assert (await harness.final()).counts == (1, 0, 0)


async def test_erasing_removes_it_and_nothing_is_said_afterwards(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    waiting = await harness.see(WAITING)

    harness.person.send("/erase")
    await harness.press("全部删除")

    erased = await harness.see("已全部删除")
    assert "不再验证" in waiting.text
    assert (await kept(harness), await kept(harness, "pending_logins")) == (0, 0)
    before, shown = asked(harness), len(said(harness))
    harness.platform.faults.clear()
    await asyncio.sleep(60 / harness.settings["clock_speed"])  # two more tries would come
    assert asked(harness) <= before + 1  # that one was on its way
    assert len(said(harness)) == shown
    assert erased in said(harness)


@pytest.mark.parametrize("logged_in", [False, True])
async def test_logging_out_removes_it_and_its_message_says_so(
    open_app: Make, *, logged_in: bool
) -> None:
    harness = await opened_app(open_app, speed=60.0)
    if logged_in:
        await harness.log_in()
    trouble(harness)
    paste(harness, OTHER_STUDENT.stu_id)
    waiting = await harness.see(WAITING)

    harness.person.send("/logout")
    if logged_in:
        await harness.press(f"移除 {STUDENT.name}")

    await harness.until(lambda: "不再验证" in waiting.text)
    await nothing_kept(harness)
    harness.platform.faults.clear()
    harness.person.send("/accounts")
    await harness.see_button("登录")
    assert harness.shown(OTHER_STUDENT.name) is None


async def test_the_cookie_of_a_person_who_may_no_longer_use_the_bot_is_not_used(
    open_app: Make,
) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    waiting = await harness.see(WAITING)
    await harness.close()
    harness.platform.faults.clear()
    before, harness.settings["allowed_users"] = asked(harness), "42"

    await harness.open()

    await harness.until(lambda: "不再验证" in waiting.text)
    await nothing_kept(harness)
    assert asked(harness) == before


async def test_a_chat_that_cannot_be_written_to_is_greeted_when_the_person_is_back(
    open_app: Make,
) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    waiting = await harness.see(WAITING)
    harness.person.vanish()
    harness.platform.faults.clear()
    async with asyncio.timeout(PATIENCE):
        while not await kept(harness, "chats WHERE blocked_at IS NOT NULL"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (await kept(harness), await kept(harness, "accounts")) == (0, 1)
    assert GREETING not in waiting.text

    harness.person.reappear()
    harness.person.send("/accounts")

    greeting = await harness.see(GREETING)
    assert greeting.message_id == waiting.message_id
    await nothing_kept(harness)


async def test_a_newer_cookie_of_the_same_student_stays(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness)
    first = await harness.see(WAITING)
    newer = paste(harness)
    await harness.until(lambda: first.deleted)
    harness.platform.faults.clear()

    greeting = await harness.see(GREETING)

    await nothing_kept(harness)
    assert said(harness) == [greeting]
    assert harness.app is not None
    accounts = harness.app.pasted._services.accounts
    (account,) = await accounts.of_chat(ANNA)
    assert await accounts._secret(account) == newer


async def test_an_older_cookie_of_another_student_becomes_a_further_account(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    paste(harness, OTHER_STUDENT.stu_id)
    first = await harness.see(WAITING)
    paste(harness)
    await harness.until(lambda: first.deleted)
    harness.platform.faults.clear()

    await harness.see(GREETING)

    further = await harness.see("另一个账号")
    assert f"正在使用：{STUDENT.name}" in further.text
    await nothing_kept(harness)
    harness.person.send("/accounts")
    await harness.see_button(f"✓ {STUDENT.name}")
    await harness.see_button(f"切换到 {OTHER_STUDENT.name}")


async def test_the_same_cookie_sent_again_is_kept_once(open_app: Make) -> None:
    harness = await opened_app(open_app, speed=60.0)
    trouble(harness)
    auth = paste(harness)
    first = await harness.see(WAITING)

    harness.person.send(f"这是我的：{auth}")

    await harness.until(lambda: first.deleted)
    await harness.see(WAITING)
    assert await kept(harness) == 1
    harness.platform.faults.clear()
    await harness.see(GREETING)
    await nothing_kept(harness)
    assert len(said(harness)) == 1


async def test_a_paste_that_comes_as_the_cookie_before_is_done_is_greeted(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = await opened_app(open_app)
    read = PendingLogins.cookies
    pastes = ["the second one"]

    async def cookies(pending: PendingLogins, chat_id: int) -> list[PendingCookie]:
        found = await read(pending, chat_id)
        if not found and pastes:
            pastes.clear()
            paste(harness)
            while not await kept(harness):  # noqa: ASYNC110 - a row changes
                await asyncio.sleep(0.01)
        return found

    monkeypatch.setattr(PendingLogins, "cookies", cookies)
    paste(harness)

    await harness.until(lambda: len(said(harness)) == 2 and CHECKING not in said(harness)[1].text)
    for greeting in said(harness):
        assert GREETING in greeting.text
        assert STUDENT.name in greeting.text
    await nothing_kept(harness)


async def test_the_end_of_the_process_waits_for_no_answer_about_a_cookie(open_app: Make) -> None:
    harness = await opened_app(open_app)
    arrived = asyncio.Event()

    async def hear(endpoint: Endpoint, phase: Phase) -> None:
        if endpoint is Endpoint.ME and phase is Phase.BEFORE:
            arrived.set()

    harness.platform.on_request = hear
    harness.platform.faults.add(Endpoint.ME, Fault.hang(5))
    paste(harness)
    await asyncio.wait_for(arrived.wait(), PATIENCE)
    before = asyncio.get_running_loop().time()

    await harness.close()

    assert asyncio.get_running_loop().time() - before < 4.0
    assert await in_file(harness) == 1


async def in_file(harness: AppHarness) -> int:
    """How many cookies are pending in the file that a closed bot has left."""
    async with await Database.open(harness.folder / "data" / "bot.sqlite3") as db:
        (row,) = await db.read(lambda conn: rows(conn, "SELECT count(*) FROM pending_cookies"))
    return int(row[0])
