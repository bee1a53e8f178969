"""A job of many cells: the message holds the first ones, a file all of them."""

from collections.abc import Callable
from typing import Any

from demo.platform import OTHER_STUDENT, document, quiz
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]


async def test_the_full_list_is_made_when_it_is_asked_for(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1), *(quiz() for _ in range(9))]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    final = await harness.final()
    assert final.counts == (1, 0, 9)

    await harness.press("📄 完整清单")

    message = await harness.until(
        lambda: next((each for each in harness.person.chat.messages if each.document), None)
    )
    assert message.document is not None
    assert message.document.name == "完整清单 测试科目.txt"
    text = message.document.content.decode("utf-8-sig")
    assert "完成 1 · 失败 0 · 跳过 9" in text
    assert "【测试模块】" in text
    assert text.count("需要你自己做") == 9
    # What is shown in place of a file comes in a message of its own.
    await harness.person.press_data(message.message_id, message.buttons[0][0].data or "").answered()
    await harness.see_button("测试科目")
    assert message.edits == 0


async def test_a_second_press_while_it_is_on_its_way_brings_no_second_file(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1), *(quiz() for _ in range(9))]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    message = (await harness.final()).message
    data = next(b.data for row in message.buttons for b in row if "完整清单" in b.text) or ""
    harness.telegram.fail("sendDocument", 429, "Too Many Requests: retry after 1", retry_after=1)

    for _ in range(2):
        await harness.person.press_data(message.message_id, data).answered()

    await harness.until(lambda: any(each.document for each in harness.person.chat.messages))
    harness.person.send("/help")
    await harness.see("可用的命令")
    assert sum(each.document is not None for each in harness.person.chat.messages) == 1


async def test_another_chats_list_is_not_given(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in(OTHER_STUDENT.stu_id)
    await harness.start_job("测试科目", "测试模块")
    await harness.final()
    thief = harness.telegram.person(2002)
    thief.send("/start")
    theirs = await harness.telegram.wait_for(lambda: thief.chat.messages[1])

    await thief.press_data(theirs.message_id, "v1:jl:1:0").answered()

    await harness.telegram.wait_for(lambda: len(thief.chat.messages) > 2)
    assert all(each.document is None for each in thief.chat.messages)
    assert "旧菜单" in thief.chat.last.text
