"""Every example of the API's description goes through the answers and the models."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from bot.zjy.answers import read_answer
from bot.zjy.cells import CellList
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import OtherCellOpen
from bot.zjy.models import CellView, CourseList, ModuleList, Student, TopicList

DOCUMENT = (Path(__file__).parents[1] / "data" / "api-2021.md").read_text(encoding="utf-8")


def examples(endpoint: Endpoint) -> list[str]:
    """The JSON examples that stand under the endpoint's address, as they are written."""
    under = DOCUMENT.split(endpoint.value, 1)[1]
    section = re.split(r"https://zjy2\.icve\.com\.cn/api/", under, maxsplit=1)[0]
    return re.findall(r'<pre class="json">(.*?)</pre>', section, re.DOTALL)


def answer(endpoint: Endpoint, which: int = 0) -> dict[str, object]:
    return read_answer(endpoint, 200, None, examples(endpoint)[which].encode())


def test_every_example_of_the_document_is_read_by_one_of_these_tests() -> None:
    found = {endpoint: len(examples(endpoint)) for endpoint in Endpoint}
    assert found == {endpoint: 2 if endpoint is Endpoint.VIEW else 1 for endpoint in Endpoint}
    assert sum(found.values()) == DOCUMENT.count('<pre class="json">')


def test_the_student() -> None:
    student = Student.model_validate(answer(Endpoint.ME))
    assert student.stu_id == "ewuzaw6sikjh4eueok9yXX"
    assert (student.name, student.number, student.user_name) == ("张三", "99", "这是用户名")
    work = student.school_work
    assert (work.homework, work.exams, work.unread) == (70, 6, 0)


def test_the_courses_and_terms() -> None:
    listed = CourseList.model_validate(answer(Endpoint.COURSES))
    first, second, third = listed.courses
    assert (first.ref.course_open_id, first.ref.open_class_id) == (
        "qra4ahurp4hhmnxeb88lza",
        "6dwyaaqt0yzlqlr6xhruxq",
    )
    assert (first.name, first.teacher, first.term) == (
        "java面向对象程序设计",
        "陈剑英",
        "2021春",
    )
    assert (first.percent, second.percent, third.score) == (0, 100, 78.87)
    assert [term.name for term in listed.terms if term.current] == ["2021春", "2020秋"]
    assert len(listed.terms) == 8


def test_the_modules() -> None:
    listed = ModuleList.model_validate(answer(Endpoint.MODULES))
    assert (listed.cell_count, listed.studied_count, len(listed.modules)) == (412, 0, 20)
    assert (listed.modules[0].id, listed.modules[0].name) == ("z25ahurhbjekd5kwqqlaa", "课程导学")
    assert [each.sort_order for each in listed.modules] == list(range(1, 21))


def test_the_topics_whose_example_is_broken_in_the_document() -> None:
    whole = examples(Endpoint.TOPICS)[0]
    with pytest.raises(json.JSONDecodeError):
        json.loads(whole)
    inner, _ = json.JSONDecoder().raw_decode(whole, whole.index("{", whole.index("{") + 1))
    listed = TopicList.model_validate(
        read_answer(Endpoint.TOPICS, 200, None, json.dumps(inner).encode())
    )
    assert [each.name for each in listed.topics] == [
        "课程介绍",
        "课程前导",
        "授课日历计划",
        "课程标准",
        "课程整体设计与考核要求",
        "岗位技能和学习方法",
    ]
    assert listed.topics[0].id == "z25ahurz6noxcwpudd8w"


def test_the_cells() -> None:
    document, video = CellList.model_validate(answer(Endpoint.CELLS)).leaves
    assert (document.id, document.category, document.name) == (
        "z25ahursjdgphgqiku97w",
        "文档",
        "课程介绍",
    )
    assert (video.id, video.category, video.percent) == ("z25ahur6fcktlnbxekya", "视频", 0)


def test_the_view_that_another_open_cell_blocks() -> None:
    with pytest.raises(OtherCellOpen) as caught:
        answer(Endpoint.VIEW, 0)
    named = caught.value.open_cell
    assert named is not None
    assert named.course_open_id == "qra4ahurp4hhmnxeb88lza"
    assert named.open_class_id == "6dwyaaqt0yzlqlr6xhruxq"
    assert named.module_id == "z25ahurhbjekd5kwqqlaa"
    assert named.cell_id == "z25ahursjdgphgqiku97w"
    assert named.cell_name == "课程介绍"


def test_the_view_of_a_document() -> None:
    view = CellView.model_validate(answer(Endpoint.VIEW, 1))
    assert (view.cell_id, view.category) == ("z25ahursjdgphgqiku97w", "文档")
    assert (view.page_count, view.resource_page_count, view.pages, view.page) == (2, 2, 2, 1)
    assert (view.length, view.position, view.percent) == (Decimal(2), Decimal(0), 50)
    assert (view.token, view.cell_log_id) == ("qxxrasctklfl0muzrvegq", "")


def test_the_switch_and_the_report() -> None:
    assert answer(Endpoint.SWITCH) == {"code": 1}
    assert answer(Endpoint.REPORT) == {"code": 1, "msg": "操作成功！"}
