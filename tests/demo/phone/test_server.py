"""What the page is told and may ask, without a browser."""

import asyncio
import re
from collections.abc import Mapping

import pytest

from demo.phone.pages import STATIC
from demo.phone.server import Action
from tests.support.names import ANNA
from tests.support.phone_harness import PhoneHarness, harness

OTHER = 2002


async def test_page_is_in_the_language_of_the_phone_or_of_the_address() -> None:
    async with harness(language="en") as on:
        for query, language in (("", "en"), ("?lang=zh", "zh-CN"), ("?lang=xx", "en")):
            async with on.http.get(on.url + query) as response:
                assert f'<html lang="{language}">' in await response.text()


@pytest.mark.parametrize(("language", "code"), [("zh", "zh-hans"), ("en", "en")])
async def test_person_speaks_the_language_of_the_phone(language: str, code: str) -> None:
    async with harness(language=language) as on:
        assert on.person.user["language_code"] == code


async def test_all_that_the_page_asks_for_is_here_and_comes_from_nowhere_else(
    on: PhoneHarness,
) -> None:
    wanted = {"/"}
    for path in STATIC.iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
        named = re.findall(r'(?:(?:src|href)=|url\()"(/[\w.]+)"', text)
        wanted |= set(named)
        wanted |= {f"/{name}" for name in re.findall(r'from "\./([\w.]+)"', text)}
    assert {"/app.js", "/style.css", "/wallpaper.svg", "/rich.js"} <= wanted
    for name in wanted:
        async with on.http.get(on.url.rstrip("/") + name) as response:
            assert response.status == 200, name
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_feed_begins_with_everything(on: PhoneHarness) -> None:
    on.person.send("/start")
    await on.bot("setMyCommands", commands=[{"command": "help", "description": "帮助"}])
    await on.bot("setMyName", name="学习机器人")
    message_id = await on.bot_says("<b>你好</b>", [{"text": "下一步", "callback_data": "n"}])

    async with on.feed() as feed:
        first = await feed.next()

    assert first["whole"] is True
    assert first["bot"]["name"] == "学习机器人"
    assert first["commands"] == [{"command": "help", "description": "帮助"}]
    mine, its = first["messages"]
    assert (mine["out"], mine["text"]) == (True, "/start")
    assert (its["id"], its["out"], its["text"]) == (message_id, False, "你好")
    assert its["entities"] == [{"offset": 0, "length": 2, "type": "bold"}]
    assert its["buttons"] == [[{"text": "下一步", "data": "n"}]]


async def test_feed_tells_each_change_and_nothing_twice(on: PhoneHarness) -> None:
    async with on.feed() as feed:
        assert (await feed.next())["messages"] == []
        on.person.send("hi")
        assert [m["text"] for m in (await feed.next())["messages"]] == ["hi"]
        message_id = await on.bot_says("one")
        assert [m["id"] for m in (await feed.next())["messages"]] == [message_id]
        await on.bot("editMessageText", chat_id=ANNA, message_id=message_id, text="two")
        [edited] = (await feed.next())["messages"]
        assert (edited["text"], edited["edited"]) == ("two", True)
        await on.bot("sendChatAction", chat_id=ANNA, action="typing")
        assert await feed.next() == {"action": "typing"}
        await on.bot("deleteMessage", chat_id=ANNA, message_id=message_id)
        assert await feed.next() == {"gone": [message_id]}
        await on.bot("setMyCommands", commands=[{"command": "jobs", "description": "任务"}])
        assert await feed.next() == {"commands": [{"command": "jobs", "description": "任务"}]}


async def test_feed_is_silent_about_other_chats(on: PhoneHarness) -> None:
    other = on.telegram.person(OTHER)
    async with on.feed() as feed:
        await feed.next()
        other.send("a secret")
        await on.bot("sendChatAction", chat_id=OTHER, action="typing")
        await on.bot("sendMessage", chat_id=OTHER, text="another")
        on.person.send("mine")
        assert [m["text"] for m in (await feed.next())["messages"]] == ["mine"]


async def test_markup_in_a_text_stays_text(on: PhoneHarness) -> None:
    text = "<img src=x onerror=alert(1)>\n\u2028data: x"
    status, answer = await on.post("send", text=text)
    async with on.feed() as feed:
        [message] = (await feed.next())["messages"]
    assert (status, message["id"]) == (200, answer["message_id"])
    assert message["text"] == text
    assert message["entities"] == []


async def test_press_brings_the_answer_of_the_bot(on: PhoneHarness) -> None:
    on.person.send("/start")
    message_id = await on.bot_says("?", [{"text": "好", "callback_data": "ok"}])
    pressed, _ = await asyncio.gather(
        on.post("press", message_id=message_id, data="ok"),
        on.bot_answers("收到", show_alert=True),
    )
    assert pressed == (200, {"answered": True, "text": "收到", "show_alert": True})


async def test_press_ends_without_an_answer_when_patience_ends() -> None:
    async with harness(patience=0.05) as on:
        on.person.send("/start")
        message_id = await on.bot_says("?", [{"text": "好", "callback_data": "ok"}])
        status, answer = await on.post("press", message_id=message_id, data="ok")
        assert (status, answer) == (200, {"answered": False})


async def test_person_deletes_a_message_once(on: PhoneHarness) -> None:
    message = on.person.send("away")
    assert (await on.post("delete", message_id=message.message_id))[0] == 200
    assert on.telegram.chat(ANNA).messages == []
    assert (await on.post("delete", message_id=message.message_id))[0] == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("send", {}),
        ("send", {"text": " \n"}),
        ("send", {"text": 5}),
        ("press", {"message_id": "1", "data": "x"}),
        ("press", {"message_id": True, "data": "x"}),
        ("delete", {"message_id": None}),
    ],
)
async def test_nonsense_is_refused_and_nothing_is_sent(
    on: PhoneHarness, path: str, body: Mapping[str, object]
) -> None:
    status, answer = await on.post(path, **body)
    assert status == 400
    assert answer["error"]
    assert on.telegram.chat(ANNA).messages == []


async def test_what_is_no_json_is_refused(on: PhoneHarness) -> None:
    async with on.http.post(f"{on.url}send", data=b"\xff{") as response:
        assert response.status == 400


async def test_another_site_cannot_write_for_the_person(on: PhoneHarness) -> None:
    headers = {"Origin": "https://example.org"}
    async with on.http.post(f"{on.url}send", json={"text": "hi"}, headers=headers) as response:
        assert response.status == 403
    assert on.telegram.chat(ANNA).messages == []


async def test_who_blocked_the_bot_cannot_write(on: PhoneHarness) -> None:
    on.person.send("hi")
    on.person.block()
    assert (await on.post("send", text="again"))[0] == 409


async def test_document_is_saved_under_its_name(on: PhoneHarness) -> None:
    on.person.send("/start")
    sent = await on.bot("sendDocument", {"document": ("报告 1.html", b"<script>")}, chat_id=ANNA)
    async with on.http.get(f"{on.url}file/{sent['message_id']}") as response:
        assert await response.read() == b"<script>"
        assert response.content_type == "application/octet-stream"
        disposition = response.headers["Content-Disposition"]
    assert disposition == "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A%201.html"


async def test_no_file_without_a_message_that_has_one(on: PhoneHarness) -> None:
    message = on.person.send("hi")
    for message_id in (message.message_id, 999):
        async with on.http.get(f"{on.url}file/{message_id}") as response:
            assert response.status == 404
    sent = on.person.send_document("a.txt", b"a")
    on.person.delete(sent.message_id)
    async with on.http.get(f"{on.url}file/{sent.message_id}") as response:
        assert response.status == 404


async def test_menu_is_that_of_the_language(on: PhoneHarness) -> None:
    await on.bot("setMyCommands", commands=[{"command": "help", "description": "帮助"}])
    await on.bot(
        "setMyCommands", commands=[{"command": "help", "description": "Help"}], language_code="en"
    )
    for query, description in (("", "帮助"), ("?lang=en", "Help")):
        async with on.http.get(f"{on.url}commands{query}") as response:
            menu = await response.json()
        assert menu == {"commands": [{"command": "help", "description": description}]}


async def test_cookie_is_pasted_as_a_message_of_the_person() -> None:
    async with harness(cookie=lambda: "auth=abc") as on:
        assert (await on.post("cookie"))[0] == 200
        last = on.telegram.chat(ANNA).last
        assert (last.text, last.from_bot) == ("auth=abc", False)


async def test_token_is_pasted_as_a_message_of_the_person_beside_the_cookie() -> None:
    async with harness(cookie=lambda: "auth=abc", token=lambda: "Bearer e.y.j") as on:
        assert (await on.post("token"))[0] == 200
        assert on.telegram.chat(ANNA).last.text == "Bearer e.y.j"
        assert (await on.post("cookie"))[0] == 200
        assert on.telegram.chat(ANNA).last.text == "auth=abc"


async def test_without_a_cookie_or_a_token_there_is_none_to_paste(on: PhoneHarness) -> None:
    assert (await on.post("cookie"))[0] == 404
    assert (await on.post("token"))[0] == 404


async def test_actions_run_whether_they_wait_or_not() -> None:
    done: list[str] = []

    async def later() -> None:
        done.append("later")

    actions: dict[str, Action] = {"现在 / Now": lambda: done.append("now"), "等 / Later": later}
    async with harness(actions=actions, speed=30) as on:
        async with on.http.get(f"{on.url}about") as response:
            about = await response.json()
        assert about == {
            "speed": 30,
            "actions": ["现在 / Now", "等 / Later"],
            "cookie": False,
            "token": False,
        }
        for label in about["actions"]:
            assert (await on.post("action", label=label))[0] == 200
        assert (await on.post("action", label="?"))[0] == 404
    assert done == ["now", "later"]


async def test_stopping_ends_open_feeds(on: PhoneHarness) -> None:
    async with on.feed() as feed:
        await feed.next()
        await on.phone.stop()
        await feed.ended()


async def test_a_link_to_the_bot_sends_its_parameter(on: PhoneHarness) -> None:
    status, _ = await on.post("start", parameter="Abc_-9")
    assert status == 200
    assert on.person.chat.last.text == "/start Abc_-9"


@pytest.mark.parametrize("parameter", ["", "a b", "ä", "a" * 65, "a\n", "a/b"])
async def test_a_parameter_that_apps_do_not_pass_on_is_refused(
    on: PhoneHarness, parameter: str
) -> None:
    status, _ = await on.post("start", parameter=parameter)
    assert status == 400
    assert on.person.chat.messages == []


async def test_the_menu_of_the_chat_itself_goes_before_that_of_all(on: PhoneHarness) -> None:
    on.person.send("/start")
    scope = {"type": "chat", "chat_id": ANNA}
    await on.bot("setMyCommands", commands=[{"command": "jobs", "description": "j"}])
    await on.bot("setMyCommands", commands=[{"command": "people", "description": "p"}], scope=scope)
    async with on.feed() as feed:
        assert [each["command"] for each in (await feed.next())["commands"]] == ["people"]
    await on.bot("deleteMyCommands", scope=scope)
    async with on.feed() as feed:
        assert [each["command"] for each in (await feed.next())["commands"]] == ["jobs"]
