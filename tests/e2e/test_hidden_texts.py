"""A cookie beside a message's text: in links, buttons, polls, contacts, and what it answers."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from demo.platform import STUDENT
from tests.e2e.pasting import PastingHarness
from tests.support.form_parts import URL
from tests.support.secret_reader import CANARY

Make = Callable[..., Awaitable[PastingHarness]]
OTHER_PERSON = {"id": 77, "is_bot": False, "first_name": "李四"}
BOT = {"id": 1, "is_bot": True, "first_name": "bot"}


def fresh(harness: PastingHarness) -> str:
    return harness.platform.cookie_for(STUDENT.stu_id)


def link(auth: str) -> dict[str, Any]:
    url = f"{URL}?auth={auth}"
    return {"entities": [{"type": "text_link", "offset": 0, "length": 2, "url": url}]}


def button(auth: str) -> dict[str, Any]:
    row = [{"text": "打开", "url": f"{URL}#auth={auth}"}]
    return {"reply_markup": {"inline_keyboard": [row]}}


def shared_link(auth: str) -> dict[str, Any]:
    row = [{"text": "分享", "url": f"https://t.me/share/url?url=auth%3D{auth}"}]
    return {"reply_markup": {"inline_keyboard": [row]}}


def poll(auth: str) -> dict[str, Any]:
    options = [
        {"persistent_id": str(at), "text": auth[at : at + 80], "voter_count": 0}
        for at in range(0, len(auth), 80)
    ]
    content = {
        "id": "1",
        "question": "auth 是哪个？",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    return {"poll": content}


def contact(auth: str) -> dict[str, Any]:
    card = f"BEGIN:VCARD\nFN:张三\nNOTE:auth={auth}\nEND:VCARD"
    return {"contact": {"phone_number": "13800138000", "first_name": "张三", "vcard": card}}


def venue(auth: str) -> dict[str, Any]:
    place = {"latitude": 31.2, "longitude": 121.5}
    return {"venue": {"location": place, "title": "cookie", "address": f"auth={auth}"}}


def checklist(auth: str) -> dict[str, Any]:
    tasks = [{"id": 1, "text": f"auth={auth}"}]
    return {"checklist": {"title": "今天", "tasks": tasks}}


def unknown_field(auth: str) -> dict[str, Any]:
    return {"a_field_of_tomorrow": {"lines": [{"words": f"我的 auth={auth}"}]}}


def own_quote_from_elsewhere(auth: str) -> dict[str, Any]:
    origin = {"type": "user", "date": 1_700_000_000, "sender_user": {**OTHER_PERSON, "id": 5}}
    return {"external_reply": {"origin": origin}, "quote": {"text": auth, "position": 0}}


@pytest.mark.parametrize(
    "beside",
    [link, button, shared_link, poll, contact, venue, checklist, unknown_field],
)
async def test_a_cookie_in_any_field_of_an_own_message_is_found_and_the_message_goes(
    pasting: Make, beside: Callable[[str], dict[str, Any]]
) -> None:
    harness = await pasting()

    sent = harness.person.send("这里", **beside(fresh(harness)))

    await harness.see("登录成功")
    await harness.until(lambda: sent.deleted)
    await harness.nothing_left()
    assert len(harness.answers()) == 1, harness.as_text()


async def test_a_cookie_in_an_own_message_that_is_answered_is_found_and_both_go(
    pasting: Make,
) -> None:
    harness = await pasting()
    auth = fresh(harness)
    first = harness.person.send("x")
    await harness.see("没看懂")
    harness.person.edit(first.message_id, "y")
    first.text = f"auth={auth}"  # the bot was away when it was edited

    second = harness.person.send("这个", reply_to=first.message_id)

    await harness.see("登录成功")
    await harness.until(lambda: first.deleted and second.deleted)


async def test_an_own_quote_of_another_chat_is_found(pasting: Make) -> None:
    harness = await pasting()
    fields = own_quote_from_elsewhere(fresh(harness))
    fields["external_reply"]["origin"]["sender_user"]["id"] = harness.person.user_id

    sent = harness.person.send("这个", **fields)

    await harness.see("登录成功")
    await harness.until(lambda: sent.deleted)


@pytest.mark.parametrize("author", [OTHER_PERSON, BOT])
async def test_the_words_of_others_that_are_answered_or_quoted_are_not_taken(
    pasting: Make, author: dict[str, Any]
) -> None:
    harness = await pasting()
    auth = fresh(harness)
    chat = {"id": harness.person.user_id, "type": "private", "first_name": "张三"}
    theirs = {"message_id": 3, "date": 1_700_000_000, "chat": chat, "from": author, "text": auth}

    sent = harness.person.send(
        "这个呢", reply_to_message=theirs, quote={"text": auth, "position": 0}
    )

    await harness.see("没看懂")
    await harness.nothing_left()
    assert not sent.deleted
    assert harness.shown("登录成功") is None


@pytest.mark.parametrize(
    "beside",
    [
        {"entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.cn/x"}]},
        {"link_preview_options": {"url": f"https://example.com/?auth={CANARY}"}},
        {"a_field_of_tomorrow": {"file_id": CANARY, "file_unique_id": CANARY}},
    ],
)
async def test_links_of_other_sites_and_ids_are_no_cookies(
    pasting: Make, beside: dict[str, Any]
) -> None:
    harness = await pasting()

    sent = harness.person.send("我妈问我", **beside)

    await harness.see("没看懂")
    assert not sent.deleted
