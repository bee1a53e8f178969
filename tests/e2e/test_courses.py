"""Home, the list of courses, what is in a module, and all courses at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from demo.platform import (
    STUDENT,
    Course,
    Endpoint,
    Fault,
    course,
    document,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from demo.platform.odd_bodies import ODD_ROWS
from tests.support.app_harness import AppHarness
from tests.support.shown import labels

Make = Callable[..., Any]


def a_course(name: str, *cells: Any, term: str = "2021春") -> Course:  # noqa: ANN401 - cells
    made = course([module([topic(cells)], name=f"{name}的模块")], name=name)
    return replace(made, term=term)


def three_courses() -> Any:  # noqa: ANN401 - a school
    return school_of(
        courses=[
            a_course("旧课", link(), term="2018春"),
            a_course("完课", link(finished=True)),
            a_course("新课", document(2), quiz()),
        ]
    )


async def logged_in(open_app: Make, school: Any, **kwargs: Any) -> AppHarness:  # noqa: ANN401 - a school
    harness: AppHarness = await open_app(school, **kwargs)
    await harness.log_in()
    return harness


async def test_start_shows_a_student_the_courses_and_what_waits_at_school(open_app: Make) -> None:
    harness = await logged_in(open_app, three_courses())
    harness.person.send("/start")

    shown = await harness.see("新课")

    assert STUDENT.name in shown.text
    assert "作业 70 · 考试 6" in shown.text
    assert "未读" not in shown.text
    assert "完课" not in shown.text
    assert labels(shown)[:4] == ["📖 新课", "📖 旧课", "🎓 学剩下的", "📚 课程"]


async def test_the_first_screen_is_brought_up_to_date_but_never_over_another_one(
    open_app: Make,
) -> None:
    harness = await logged_in(open_app, three_courses(), speed=5.0)
    harness.person.send("/start")
    await harness.press("📚 课程")
    await harness.see("想学哪一门")
    harness.person.send("/courses")
    await harness.until(
        lambda: sum("想学哪一门" in m.text for m in harness.person.chat.messages) == 2
    )


async def test_finished_courses_are_folded_away_and_current_terms_come_first(
    open_app: Make,
) -> None:
    harness = await logged_in(open_app, three_courses())
    harness.person.send("/courses")
    listed = await harness.see_button("新课")

    found = [each for each in labels(listed) if "课" in each]
    assert [name for each in found for name in ("新课", "旧课", "完课") if name in each] == [
        "新课",
        "旧课",
    ]

    await harness.press("已学完（1）")
    folded = await harness.see_button("完课")
    assert [each for each in labels(folded) if "新课" in each or "旧课" in each] == []
    await harness.press("返回")
    await harness.see_button("新课")


async def test_a_module_opens_with_its_cells_and_closes_with_its_ticks_kept(
    open_app: Make,
) -> None:
    school = school_of(
        courses=[a_course("新课", video(20), document(3), link(finished=True), quiz())]
    )
    harness = await logged_in(open_app, school)
    harness.person.send("/courses")
    await harness.press("新课")
    await harness.press("新课的模块")
    await harness.press("1 ›")

    opened = await harness.see("📂 新课的模块")
    lines = opened.text.split("\n")
    assert "已学 1/4 节" in lines[1]
    assert [line[:3] for line in lines[3:]] == ["○ 🎬", "○ 📄", "✅ 🔗", "○ ✍"]

    await harness.press("返回")
    back = await harness.see_button("下一步")
    assert any("☑" in label for label in labels(back))


async def test_a_module_is_ticked_on_its_page_and_closes_to_the_page_of_the_list_that_it_is_on(
    open_app: Make,
) -> None:
    modules = [
        module([topic([video(20)])], name=f"模块{number}", id=f"m{number}") for number in range(8)
    ]
    harness = await logged_in(open_app, school_of(courses=[course(modules, name="大课")]))
    harness.person.send("/courses")
    await harness.press("大课")
    message = await harness.see_button("下一步")
    turn = next(b.data for row in message.buttons for b in row if b.text == "›")
    await harness.person.press_data(message.message_id, turn or "").answered()
    await harness.press("8 ›")
    opened = await harness.see("📂 模块7")

    tick = next(b.data for row in opened.buttons for b in row if b.text == "☑️ 勾选这个模块")
    for _ in range(2):  # pressed twice, it stays ticked
        await harness.person.press_data(opened.message_id, tick or "").answered()
        await harness.see_button("☐ 去掉勾选")
    await harness.press("返回")
    back = await harness.see_button("第 2/2 页")
    assert [label[0] for label in labels(back)[:2]] == ["☐", "☑"]

    await harness.press("8 ›")
    await harness.press("☐ 去掉勾选")
    await harness.press("返回")
    back = await harness.see_button("第 2/2 页")
    assert [label[0] for label in labels(back)[:2]] == ["☐", "☐"]


async def test_the_cells_of_a_large_module_come_in_pages(open_app: Make) -> None:
    school = school_of(courses=[a_course("大课", *(picture() for _ in range(45)))])
    harness = await logged_in(open_app, school)
    harness.person.send("/courses")
    await harness.press("大课")
    await harness.press("1 ›")
    await harness.see_button("第 1/5 页")
    read = sum(each.endpoint is Endpoint.CELLS for each in harness.platform.requests)

    for page in ("第 2/5 页", "第 3/5 页"):
        message = harness.with_button("返回")
        assert message is not None
        data = next(b.data for row in message.buttons for b in row if b.text == "›")
        await harness.person.press_data(message.message_id, data or "").answered()
        await harness.see_button(page)

    assert sum(each.endpoint is Endpoint.CELLS for each in harness.platform.requests) == read


async def test_all_courses_become_one_job_per_unfinished_course_one_after_the_other(
    open_app: Make,
) -> None:
    harness = await logged_in(open_app, three_courses())
    harness.person.send("/courses")
    await harness.press("🎓 学剩下的")
    preview = await harness.see_button("开始")
    assert "新课" in preview.text
    assert "旧课" in preview.text
    assert "完课" not in preview.text
    assert "2 节（其中 1 节要你自己做）" in preview.text

    start = next(b.data for row in preview.buttons for b in row if b.text == "开始")
    for _ in range(2):
        await harness.person.press_data(preview.message_id, start or "").answered()

    await harness.final(2)
    assert sorted(final.counts for final in harness.finals()) == [(1, 0, 0), (1, 0, 1)]
    assert len(harness.unfinished()) == 1
    assert harness.platform.violations == []


async def test_a_list_of_courses_is_read_anew_once_a_job_has_ended(open_app: Make) -> None:
    harness = await logged_in(open_app, school_of(courses=[a_course("新课", document(2), quiz())]))
    await harness.start_job("新课", "新课的模块")
    final = await harness.final()

    await harness.press("📚 课程")

    listed = await harness.until(
        lambda: next(
            (
                m
                for m in harness.person.chat.messages
                if m.message_id > final.message.message_id and "想学哪一门" in m.text
            ),
            None,
        )
    )
    assert "50%" in next(label for label in labels(listed) if "新课" in label)


async def test_the_preview_says_when_it_ends_and_that_the_cookie_ends_before(
    open_app: Make,
) -> None:
    cells = [document(2) for _ in range(3)]
    harness = await logged_in(open_app, school_of(courses=[a_course("新课", *cells)]))
    preview = await harness.preview("新课", "新课的模块")
    assert "学完" in preview.text
    assert "到期" not in preview.text


async def test_an_odd_entry_of_any_list_hides_no_other_and_is_told_of(open_app: Make) -> None:
    harness = await logged_in(open_app, school_of(courses=[a_course("新课", document(2), quiz())]))
    harness.platform.faults.add("*", Fault.ODD_ROWS, times=None)
    unread = f"有 {len(ODD_ROWS)} 项读不出来"

    harness.person.send("/courses")
    assert unread in (await harness.see_button("新课")).text
    await harness.press("新课")
    assert unread in (await harness.see_button("新课的模块")).text
    await harness.press("新课的模块")
    await harness.press("下一步")
    preview = await harness.see_button("开始")
    assert f"有 {2 * len(ODD_ROWS)} 项读不出来" in preview.text
    await harness.press("开始")

    assert (await harness.final()).counts == (1, 0, 1)
    assert harness.platform.violations == []


async def test_half_an_emoji_in_every_name_takes_no_course_away(open_app: Make) -> None:
    harness = await logged_in(open_app, school_of(courses=[a_course("新\ud83d课", document(2))]))
    await harness.start_job("新\ufffd课", "新\ufffd课的模块")

    final = await harness.final()

    assert final.counts == (1, 0, 0)
    assert "新\ufffd课" in final.message.text
