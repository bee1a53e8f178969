"""The link of the log makes the owner; the owner's links let other people in."""

import asyncio
import re
from collections.abc import Callable, Iterator, MutableMapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.access.codes import LENGTH, LETTERS
from bot.connecting import CLAIM_LINE
from bot.jobs.control import JobControl
from bot.login.service import LoginService
from demo.platform import STUDENT, document, video
from demo.telegram import Message, Person
from storage.errors import StorageUnavailable
from tests.support.app_harness import AppHarness, one_course
from tests.support.clocks import JumpingClock
from tests.support.names import ANNA
from tests.support.shown import from_bot, saying, with_button

Make = Callable[..., Any]
Logged = list[MutableMapping[str, Any]]
BEN, CARL = 2002, 3003
REFUSED, OWNER, IN = "还没对你开放", "你现在是这个机器人的所有者", "你已获准使用"
LINK = re.compile(r"https://t\.me/(\w+)\?start=([A-Za-z0-9_-]+)")


@pytest.fixture
def logged() -> Iterator[Logged]:
    with capture_logs() as entries:
        yield entries


class LaterClock(JumpingClock):
    """A jump moves the calendar, too."""

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead)


def links(logged: Logged) -> list[str]:
    """The codes of the links that were logged."""
    said = [str(each["event"]) for each in logged if CLAIM_LINE in str(each["event"])]
    return [found[2] for text in said if (found := LINK.search(text))]


class Room:
    """The bot, and several people in front of it."""

    def __init__(self, harness: AppHarness) -> None:
        self.harness = harness

    def person(self, user_id: int, **about: str) -> Person:
        return self.harness.telegram.person(user_id, language_code="zh-hans", **about)

    async def see(self, person: Person, text: str) -> Message:
        return await self.harness.until(lambda: saying(person.chat, text))

    async def press(self, person: Person, label: str) -> None:
        await self.harness.until(lambda: with_button(person.chat, label))
        await person.press(label).answered()

    async def settled(self, person: Person, text: str = "/start") -> None:
        """Let the owner's newest update be answered: earlier ones of other people are by then."""
        before = len(from_bot(person.chat))
        person.send(text)
        await self.harness.until(lambda: len(from_bot(person.chat)) > before)

    async def invite(self, owner: Person, command: str) -> str:
        """A link's code by the owner's command."""
        sent = owner.send(command)

        def code() -> str | None:
            last = from_bot(owner.chat)[-1:]
            found = LINK.search(last[0].text) if last else None
            return found[2] if found and last[0].message_id > sent.message_id else None

        return await self.harness.until(code)

    async def count(self, sql: str) -> Any:  # noqa: ANN401
        assert self.harness.app is not None
        found = await self.harness.app.db.read(lambda c: c.execute_fetchall(sql))
        return [tuple(row) for row in found]


@pytest.fixture
async def room(open_app: Make, logged: Logged) -> Room:
    """A bot without an owner; its log is kept."""
    return Room(await open_app(one_course([document(2)]), allowed="", clock=JumpingClock()))


async def test_who_opens_the_link_of_the_log_first_is_the_owner(room: Room, logged: Logged) -> None:
    (code,) = links(logged)
    anna = room.harness.person
    anna.send("/start")
    await room.see(anna, REFUSED)
    anna.send(f"/start {code}")
    await room.see(anna, OWNER)
    await room.see(anna, "我帮你学习职教云课程")
    assert await room.count("SELECT user_id, origin FROM people") == [(ANNA, "claim")]
    assert await room.count("SELECT action, user_id FROM audit") == [("claimed", ANNA)]


async def test_a_claim_link_that_is_forwarded_or_replayed_is_plainly_refused(
    room: Room, logged: Logged
) -> None:
    (code,) = links(logged)
    anna, ben = room.harness.person, room.person(BEN)
    anna.send(f"/start {code}")
    await room.see(anna, OWNER)
    ben.send(f"/start {code}")
    answer = await room.see(ben, REFUSED)
    assert [each.text for each in from_bot(ben.chat)] == [answer.text]
    anna.send(f"/start {code}")
    await room.settled(anna)
    assert sum(OWNER in each.text for each in from_bot(anna.chat)) == 1
    assert await room.count("SELECT user_id FROM people") == [(ANNA,)]


async def test_each_start_without_an_owner_gives_a_new_link_and_ends_the_old_one(
    room: Room, logged: Logged
) -> None:
    room.harness.person.send("/start")
    await room.see(room.harness.person, REFUSED)
    await room.harness.close()
    await room.harness.open()
    old, new = links(logged)
    assert old != new
    anna = room.harness.person
    anna.send(f"/start {old}")
    anna.send(f"/start {new}")
    await room.see(anna, OWNER)
    assert sum(OWNER in each.text for each in from_bot(anna.chat)) == 1
    await room.harness.close()
    await room.harness.open()
    assert len(links(logged)) == 2, "there is an owner now"
    await room.settled(anna)


async def test_the_link_ends_after_an_hour(room: Room, logged: Logged) -> None:
    (code,) = links(logged)
    clock = room.harness.clock
    assert isinstance(clock, JumpingClock)
    clock.jump(3600)
    room.harness.person.send(f"/start {code}")
    await room.see(room.harness.person, REFUSED)
    assert await room.count("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize(
    "odd",
    [
        "/start " + LETTERS[0] * LENGTH,
        "/start %s\u202e",
        "/start %s x",
        "/start  ' OR 1=1 --",
        "/start " + "G" * 3000,
        "/start@other_bot ü%s",
        "/START",
    ],
)
async def test_an_odd_code_opens_nothing(room: Room, logged: Logged, odd: str) -> None:
    (code,) = links(logged)
    anna = room.harness.person
    anna.send(odd % code if "%s" in odd else odd)
    await room.see(anna, REFUSED)
    assert await room.count("SELECT count(*) FROM people") == [(0,)]
    anna.send(f"/start {code}")
    await room.see(anna, OWNER)


async def test_in_a_group_the_link_opens_nothing(room: Room, logged: Logged) -> None:
    (code,) = links(logged)
    anna = room.harness.person
    room.harness.telegram.group(-77, "class", [anna])
    anna.send(f"/start@{room.harness.telegram.world.bot['username']} {code}", chat_id=-77)
    anna.send("/start")
    await room.see(anna, REFUSED)
    assert await room.count("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize("allowed", ["*", f"{ANNA}", f"{BEN},{ANNA}"])
async def test_with_people_in_the_settings_there_is_no_link(
    open_app: Make, logged: Logged, allowed: str
) -> None:
    await open_app(one_course([document(2)]), allowed=allowed)
    assert links(logged) == []


@pytest.fixture
async def owned(open_app: Make) -> Room:
    """A bot whose owner is the first of the settings' list."""
    room = Room(await open_app(one_course([document(2)]), allowed=f"{ANNA}", clock=LaterClock()))
    await room.settled(room.harness.person)
    return room


async def test_an_invite_lets_so_many_people_in_and_no_more(owned: Room) -> None:
    anna, people = owned.harness.person, [owned.person(user_id) for user_id in (BEN, CARL, 4004)]
    code = await owned.invite(anna, "/invite 2 3")
    for person in people[:2]:
        person.send(f"/start {code}")
        await owned.see(person, IN)
        await owned.see(person, "我帮你学习职教云课程")
    people[2].send(f"/start {code}")
    await owned.see(people[2], REFUSED)
    assert await owned.count("SELECT user_id, invite_id FROM people WHERE origin = 'invite'") == [
        (BEN, 1),
        (CARL, 1),
    ]
    assert await owned.count("SELECT places, used FROM invites") == [(2, 2)]


async def test_two_people_at_once_cannot_both_take_the_last_place(owned: Room) -> None:
    code = await owned.invite(owned.harness.person, "/invite 1")
    people = [owned.person(5000 + number) for number in range(8)]
    for person in people:
        person.send(f"/start {code}")
    await owned.harness.until(lambda: all(from_bot(person.chat) for person in people))
    came = [person for person in people if saying(person.chat, IN)]
    assert len(came) == 1
    assert await owned.count("SELECT used FROM invites") == [(1,)]


async def test_who_may_use_the_bot_already_takes_no_place(owned: Room) -> None:
    anna, ben = owned.harness.person, owned.person(BEN)
    code = await owned.invite(anna, "/invite 2")
    await owned.settled(anna, f"/start {code}")
    for _ in range(2):
        await owned.settled(ben, f"/start {code}")
    assert sum(IN in each.text for each in from_bot(ben.chat)) == 1
    assert await owned.count("SELECT used FROM invites") == [(1,)]


async def test_an_invite_that_ended_lets_no_one_in(owned: Room) -> None:
    anna, ben, carl = owned.harness.person, owned.person(BEN), owned.person(CARL)
    code = await owned.invite(anna, "/invite 5 1")
    await owned.press(anna, "作废邀请 1")
    ben.send(f"/start {code}")
    await owned.see(ben, REFUSED)
    code = await owned.invite(anna, "/invite 5 1")
    clock = owned.harness.clock
    assert isinstance(clock, JumpingClock)
    clock.jump(24 * 3600)
    carl.send(f"/start {code}")
    await owned.see(carl, REFUSED)
    assert await owned.count("SELECT used FROM invites") == [(0,), (0,)]


async def test_an_invite_outlives_a_restart_and_its_code_is_not_stored(owned: Room) -> None:
    code = await owned.invite(owned.harness.person, "/invite 1")
    await owned.harness.close()
    files = owned.harness.settings["data_dir"].glob("bot.sqlite3*")
    assert all(code.encode() not in file.read_bytes() for file in files)
    await owned.harness.open()
    ben = owned.person(BEN)
    ben.send(f"/start {code}")
    await owned.see(ben, IN)
    await owned.harness.close()
    await owned.harness.open()
    await owned.settled(ben)
    assert saying(ben.chat, REFUSED) is None


async def test_a_second_press_makes_no_second_invite(owned: Room) -> None:
    anna = owned.harness.person
    anna.send("/invite")
    message = await owned.harness.until(lambda: with_button(anna.chat, "10 人"))
    (data,) = (each.data for row in message.buttons for each in row if "10 人" in each.text)
    assert data is not None
    for _ in range(2):
        await anna.press_data(message.message_id, data).answered()
    await owned.settled(anna)
    assert await owned.count("SELECT places FROM invites") == [(10,)]
    assert saying(anna.chat, "t.me/") is not None


@pytest.mark.parametrize(
    "command",
    [
        *("/invite 0", "/invite 501", "/invite 3 91", "/invite " + "9" * 15),
        *("/invite -1", "/invite －3", "/invite 1.5"),
    ],
)
async def test_numbers_that_no_invite_can_have_make_none(owned: Room, command: str) -> None:
    await owned.settled(owned.harness.person, command)
    await owned.see(owned.harness.person, "1～500 人")
    assert await owned.count("SELECT count(*) FROM invites") == [(0,)]


@pytest.mark.parametrize("command", ["/invite", "/people", "/invite 3", "/people@zjy_demo_bot"])
async def test_for_other_people_the_owners_commands_do_not_exist(
    open_app: Make, command: str
) -> None:
    room = Room(await open_app(one_course([document(2)]), allowed=f"{ANNA},{BEN}"))
    ben = room.person(BEN)
    await room.settled(ben, "/nonsense")
    unknown = from_bot(ben.chat)[-1]
    await room.settled(ben, command)
    answer = from_bot(ben.chat)[-1]
    assert (answer.text, answer.buttons) == (unknown.text, unknown.buttons)
    assert await room.count("SELECT count(*) FROM invites") == [(0,)]


OWNER_DATA = ["iv", "ivm:3,7,1", "ivr:1", "pp", f"pm:{ANNA}", f"pa:{ANNA}", f"px:{ANNA}", "au"]


@pytest.mark.parametrize("data", OWNER_DATA)
async def test_a_forged_press_of_the_owners_buttons_is_an_old_button(
    open_app: Make, data: str
) -> None:
    room = Room(await open_app(one_course([document(2)]), allowed=f"{ANNA},{BEN}"))
    anna, ben = room.harness.person, room.person(BEN)
    await room.settled(anna)
    await room.invite(anna, "/invite 5")
    await room.settled(ben)
    action, _, ids = data.partition(":")
    before = len(from_bot(ben.chat))
    ben.press_data(from_bot(ben.chat)[-1].message_id, f"v1:{action}:{ids}:0")
    await room.harness.until(lambda: len(from_bot(ben.chat)) > before)
    assert "旧菜单" in from_bot(ben.chat)[-1].text
    assert await room.count("SELECT places, revoked_at FROM invites") == [(5, None)]
    assert await room.count("SELECT count(*) FROM people WHERE removed_at IS NOT NULL") == [(0,)]


async def test_the_owner_alone_has_the_owners_menu(open_app: Make) -> None:
    both = f"{ANNA},{BEN}"
    room = Room(await open_app(one_course([document(2)]), allowed=both, introduced=True))
    menus, anna = room.harness.telegram.world.commands, room.harness.person
    await room.settled(anna)
    scopes, languages = ("default", f"chat:{ANNA}"), ("", "zh", "en")
    await room.harness.until(lambda: all((s, each) in menus for s in scopes for each in languages))
    for language in languages:
        names = {each.command for each in menus[f"chat:{ANNA}", language]}
        everybody = {each.command for each in menus["default", language]}
        assert names - everybody == {"invite", "people"}
    await room.harness.close()
    room.harness.settings["allowed_users"] = f"{BEN},{ANNA}"
    ben = room.person(BEN)
    ben.send("/start")
    await room.harness.open()
    await room.harness.until(lambda: (f"chat:{BEN}", "zh") in menus)
    assert not any(scope == f"chat:{ANNA}" for scope, _ in menus)


async def test_a_list_of_people_shows_counts_and_no_contents(owned: Room) -> None:
    anna = owned.harness.person
    code = await owned.invite(anna, "/invite 9")
    ben = owned.person(BEN, first_name="李\u202e四<b>&")
    ben.send(f"/start {code}")
    await owned.see(ben, IN)
    await owned.harness.log_in()
    anna.send("/people")
    message = await owned.see(anna, "使用者")
    assert "李四<b>&" in message.text
    assert "\u202e" not in message.text
    await owned.press(anna, "李四<b>& ›")
    shown = await owned.see(anna, "账号 0 个 · 任务 0 个")
    assert "通过邀请 1" in shown.text
    await owned.press(anna, "返回")
    await owned.press(anna, f"{ANNA}" if with_button(anna.chat, f"{ANNA}") else "👑")
    shown = await owned.see(anna, "账号 1 个 · 任务 0 个")
    assert "张三" not in shown.text


async def test_removing_takes_access_at_once_and_leaves_what_is_stored(owned: Room) -> None:
    anna, ben = owned.harness.person, owned.person(BEN, first_name="Ben")
    code = await owned.invite(anna, "/invite 9")
    ben.send(f"/start {code}")
    await owned.see(ben, IN)
    anna.send("/people")
    await owned.press(anna, "Ben ›")
    await owned.press(anna, "移除")
    await owned.see(anna, "/erase")
    await owned.press(anna, "确认移除")
    await owned.see(anna, "已移除")
    told = await owned.see(ben, "已停止你的使用权限")
    assert "/erase" in told.text
    ben.send(f"/start {code}")
    await owned.see(ben, REFUSED)
    ben.send("/erase")
    await owned.press(ben, "全部删除")
    await owned.see(ben, "只留下你的 Telegram id")
    assert (BEN,) not in await owned.count("SELECT chat_id FROM chats")
    assert (BEN, "") in await owned.count("SELECT user_id, name FROM people")
    assert (BEN,) not in await owned.count("SELECT user_id FROM audit")
    # Without the id, the link would let them in again.
    ben.send(f"/start {code}")
    await owned.settled(anna)
    assert (BEN,) not in await owned.count("SELECT chat_id FROM chats")


async def test_a_cookie_whose_sender_is_removed_before_it_is_read_is_deleted_and_not_used(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]), allowed=f"{BEN},{ANNA}")
    harness.person.send("/start")
    await harness.see("我帮你学习")
    assert harness.app is not None
    access, remember = harness.app.access, LoginService.remember_paste

    async def remove_meanwhile(login: LoginService, chat_id: int, *message_ids: int) -> None:
        await remember(login, chat_id, *message_ids)
        await access.remove(chat_id)

    monkeypatch.setattr(LoginService, "remember_paste", remove_meanwhile)
    sent = harness.person.send(f"auth={harness.platform.cookie_for(STUDENT.stu_id)}")
    chat, background = harness.person.chat, harness.app.background
    await harness.until(lambda: all(e.message_id != sent.message_id for e in chat.messages))
    async with asyncio.timeout(30):
        while background._tasks:  # noqa: ASYNC110 - no change tells of it
            await asyncio.sleep(0.01)

    assert await Room(harness).count("SELECT count(*) FROM accounts") == [(0,)]
    assert await Room(harness).count("SELECT count(*) FROM pending_cookies") == [(0,)]
    assert harness.platform.requests == []


async def test_a_removal_that_broke_off_stops_the_job_when_it_is_pressed_again(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(
        one_course([video(9000), document(2)]), allowed=f"{BEN},{ANNA}"
    )
    room = Room(harness)
    ben, anna = room.person(BEN, first_name="王老师"), harness.person
    await room.settled(ben)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()

    async def fail(*_: object) -> None:
        raise StorageUnavailable("the disk is away")

    with monkeypatch.context() as broken:
        broken.setattr(JobControl, "suspend", fail)
        ben.send("/people")
        await room.press(ben, f"{anna.user['first_name']} ›")
        await room.press(ben, "移除")
        await room.press(ben, "确认移除")
        await room.see(ben, "把这个编号告诉管理员")
    await room.press(ben, "确认移除")
    await room.see(ben, "已移除")

    await harness.see("已暂停")


async def test_removing_stops_a_running_job_until_the_person_is_let_in_again(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(
        one_course([video(9000), document(2)]), allowed=f"{BEN},{ANNA}"
    )
    room = Room(harness)
    ben, anna = room.person(BEN, first_name="王老师"), harness.person
    await room.settled(ben)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    ben.send("/people")
    await room.press(ben, f"{anna.user['first_name']} ›")
    await room.press(ben, "移除")
    await room.press(ben, "确认移除")
    await room.see(ben, "已移除")
    await harness.see("你暂时不能使用这个机器人")
    before = harness.report_count()
    assert harness.app is not None
    await harness.app.dispatcher._tick()
    await room.settled(ben)
    assert harness.report_count() == before
    ben.send("/people")
    await room.press(ben, f"{anna.user['first_name']} ›")
    await room.press(ben, "重新允许")
    await room.see(ben, "账号 1 个 · 任务 1 个，其中 1 个未结束")
    access = harness.app.access
    await harness.until(lambda: access.allows(ANNA))
    await harness.press("继续")
    assert (await harness.final()).counts == (2, 0, 0)
    assert harness.platform.violations == []
