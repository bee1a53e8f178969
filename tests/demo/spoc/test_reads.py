"""What the three reads bring, in every form in which public code has seen them."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest

from demo.platform import Fault
from demo.spoc import (
    Dialect,
    Envelope,
    Form,
    Node,
    Read,
    SpocSchool,
    folder,
    lesson,
    spoc_course,
    spoc_school,
)
from tests.demo.spoc.conftest import Visit

PLAIN = Dialect(numbers=Form.PLAIN, booleans=Form.PLAIN)


def school(*tree: Node) -> SpocSchool:
    return spoc_school([spoc_course(tree, name="护理学")])


def rows_in(answer: Any, envelope: Envelope) -> Any:  # noqa: ANN401 - any JSON
    if envelope is Envelope.BARE:
        return answer
    for part in envelope.split("."):
        answer = answer[part]
    return answer


def kinds_of(rows: Iterable[dict[str, Any]]) -> set[str]:
    return {row["fileType"] for row in rows}


async def test_who_am_i_names_the_student_and_a_moment_of_beijing_without_a_zone(
    visit: Visit,
) -> None:
    reader = await visit(school())
    answer = await reader.ask(Read.ME)
    user = answer["user"]
    assert answer["code"] == 200
    assert (user["nickName"], user["userName"]) == ("张三", "zhangsan")
    assert str(UUID(user["userId"])) == user["userId"]
    assert user["loginDate"] == "2026-11-29 22:30:00"


async def test_the_courses_come_newest_first_with_ids_that_are_guid_text(visit: Visit) -> None:
    old = spoc_course(name="旧课", term="2025春", created="2025-02-20 08:00:00")
    new = spoc_course(name="新课", is_criteria=False)
    reader = await visit(spoc_school([old, new]), dialect=PLAIN)
    answer = await reader.courses()
    assert answer["code"] == 200
    first, second = answer["rows"]
    assert (first["courseName"], first["termName"], first["termCode"]) == (
        "新课",
        "2026秋",
        "2026-2027-1",
    )
    assert (second["courseName"], second["termCode"]) == ("旧课", "2024-2025-2")
    assert (first["isCriteria"], second["isCriteria"]) == (False, True)
    ids = [first[name] for name in ("courseId", "courseInfoId", "classId")]
    assert [str(UUID(each)) for each in ids] == ids
    assert first["createTime"] == "2026-09-01 08:00:00"


async def test_courses_come_by_pages_and_999_of_them_at_once(visit: Visit) -> None:
    reader = await visit(spoc_school([spoc_course(name=f"课{n:02}") for n in range(23)]))
    assert len((await reader.courses())["rows"]) == 23
    assert len((await reader.ask(Read.COURSES))["rows"]) == 10
    last = await reader.ask(Read.COURSES, pageNum=3, pageSize=10)
    assert (len(last["rows"]), int(float(last["total"]))) == (3, 23)


@pytest.mark.parametrize("envelope", Envelope)
async def test_each_list_comes_in_any_envelope(visit: Visit, envelope: Envelope) -> None:
    dialect = Dialect(courses=envelope, record=envelope)
    reader = await visit(school(lesson("第一课")), dialect=dialect)
    (course,) = rows_in(await reader.courses(), envelope)
    (row,) = rows_in(await reader.record(), envelope)
    assert (course["courseName"], row["name"]) == ("护理学", "第一课")


async def test_unless_it_is_said_lists_come_in_rows_and_the_tree_bare(visit: Visit) -> None:
    reader = await visit(school())
    assert (await reader.courses())["rows"]
    assert await reader.record() == []


async def test_numbers_and_booleans_come_in_each_form_or_in_both(visit: Visit) -> None:
    reader = await visit(school(lesson("第一课", speed=52.39)))
    seen: dict[Form, set[object]] = {}
    for form in Form:
        reader.site.dialect.numbers = reader.site.dialect.booleans = form
        answers = [(await reader.courses())["rows"][0] for _ in range(20)]
        seen[form] = {each["studySpeed"] for each in answers}
        seen[form] |= {repr(each["isCriteria"]) for each in answers}
    assert seen[Form.PLAIN] == {52.39, "True"}
    assert seen[Form.OTHER] == {"52.39", "1", "'1'"}
    assert seen[Form.MIXED] == seen[Form.PLAIN] | seen[Form.OTHER]


async def test_folders_have_names_that_differ_and_no_file(visit: Visit) -> None:
    kinds = ("父节点", "子节点", "单元", "模块", "项目", "任务", "章", "节", "情境")
    reader = await visit(school(*(folder(name=kind, file_type=kind) for kind in kinds)))
    rows = await reader.record()
    assert kinds_of(rows) == set(kinds)
    assert not any(row["fileUrl"] or row["examId"] for row in rows)


async def test_a_lesson_has_a_file_or_the_id_of_an_exam_but_a_discussion_has_neither(
    visit: Visit,
) -> None:
    kinds = ("video", "pdf", "图文", "其它", "作业", "测验", "考试", "讨论", "虚拟仿真")
    reader = await visit(school(*(lesson(kind, kind) for kind in kinds)))
    rows = await reader.record()
    told = {row["fileType"]: (bool(row["fileUrl"]), bool(row["examId"])) for row in rows}
    assert {kind for kind in kinds if told[kind] == (True, False)} == {
        *("video", "pdf", "图文", "其它", "虚拟仿真")
    }
    assert {kind for kind in kinds if told[kind] == (False, True)} == {"作业", "测验", "考试"}
    assert told["讨论"] == (False, False)


async def test_each_level_is_a_request_of_its_own(visit: Visit) -> None:
    inner = folder([lesson("第一课")], name="第一节", file_type="节")
    outer = folder([inner], name="第一章", file_type="章")
    reader = await visit(school(outer))
    assert [row["name"] for row in await reader.record()] == ["第一章"]
    assert [row["name"] for row in await reader.record(outer.id, 2)] == ["第一节"]
    assert [row["name"] for row in await reader.record(inner.id, 3)] == ["第一课"]
    assert await reader.record(inner.id, 2) == []
    assert await reader.record("x", 2) == []


async def test_a_folder_called_so_carries_its_children_and_answers_nothing_itself(
    visit: Visit,
) -> None:
    inline = folder([lesson("第一课"), lesson("第二课")], name="资料", file_type="文件夹")
    reader = await visit(school(folder([inline], name="第一章")))
    outer = reader.site.school.courses[0].tree[0]
    (row,) = await reader.record(outer.id, 2)
    assert [child["name"] for child in row["children"]] == ["第一课", "第二课"]
    assert await reader.record(inline.id, 3) == []


async def test_children_parent_and_leaf_mark_come_and_go(visit: Visit) -> None:
    reader = await visit(school(lesson("第一课")))
    rows = [(await reader.record())[0] for _ in range(30)]
    assert {"parentId" in row for row in rows} == {True, False}
    assert {"isLeaf" in row for row in rows} == {True, False}
    assert {repr(row["children"]) for row in rows} == {"None", "[]"}


async def test_another_course_class_or_student_gets_no_tree(visit: Visit) -> None:
    reader = await visit(school(lesson("第一课")))
    course = reader.site.school.courses[0]
    answer = await reader.ask(
        Read.RECORD,
        courseId=course.course_id,
        courseInfoId=course.course_info_id,
        classId="x",
        parentId=0,
        level=1,
    )
    assert answer["code"] == 500


async def test_percents_lag_by_seconds_on_lessons_folders_and_courses(visit: Visit) -> None:
    first, second = lesson("第一课"), lesson("第二课")
    reader = await visit(school(folder([first, second])), lag=5.0, dialect=PLAIN)
    reader.site.school.study(reader.pupil.user_id, first.id, reader.site.now())
    before = [
        (await reader.courses())["rows"][0]["studySpeed"],
        (await reader.record())[0]["speed"],
    ]
    reader.clock.advance(5)
    after = [(await reader.courses())["rows"][0]["studySpeed"], (await reader.record())[0]["speed"]]
    assert (before, after) == ([0, 0], [50, 50])


async def test_a_new_lesson_moves_no_percent_until_something_beside_it_is_done(
    visit: Visit,
) -> None:
    old, new = lesson("第一课", speed=100), lesson("新课")
    unit = folder([old, lesson("第二课")])
    reader = await visit(school(unit), dialect=PLAIN)
    site = reader.site
    site.school.publish(site.school.courses[0].course_id, unit.id, new)
    assert (await reader.courses())["rows"][0]["studySpeed"] == 50
    assert (await reader.record())[0]["speed"] == 50
    assert [row["name"] for row in await reader.record(unit.id, 2)] == ["第一课", "第二课", "新课"]
    site.school.study(reader.pupil.user_id, unit.children[1].id, site.now())
    assert (await reader.record())[0]["speed"] == 66.67


async def test_lists_are_incomplete_now_and_then(visit: Visit) -> None:
    reader = await visit(school(*(lesson(f"课{n}") for n in range(8))), incomplete=0.3)
    lengths = [len(await reader.record()) for _ in range(40)]
    assert 4 < sum(length < 8 for length in lengths) < 25
    reader.site.incomplete.share = 0.0
    reader.site.faults.add(Read.RECORD, Fault.INCOMPLETE)
    assert len(await reader.record()) < 8
    assert len(await reader.record()) == 8


async def test_what_was_left_out_once_comes_next_with_all_that_is_below_it(visit: Visit) -> None:
    inner = folder([lesson(f"课{n}") for n in range(4)], name="第一节")
    reader = await visit(school(folder([inner], name="第一章")), incomplete=1.0)
    outer = reader.site.school.courses[0].tree[0]
    for _ in range(5):
        if not await reader.record():
            assert len(await reader.record()) == 1
            assert len(await reader.record(outer.id, 2)) == 1
            assert len(await reader.record(inner.id, 3)) == 4
        await reader.record(outer.id, 2)
        await reader.record(inner.id, 3)
    assert any(each.is_cut for each in reader.site.requests)


@pytest.mark.parametrize("envelope", Envelope)
async def test_odd_rows_stand_between_the_good_ones(visit: Visit, envelope: Envelope) -> None:
    reader = await visit(school(lesson("第一课")), dialect=Dialect(record=envelope))
    reader.site.faults.add("record", Fault.ODD_ROWS)
    rows = rows_in(await reader.record(), envelope)
    assert None in rows
    assert sum(isinstance(row, dict) and row.get("name") == "第一课" for row in rows) == 1
    assert "讨论" not in json.dumps(rows)
