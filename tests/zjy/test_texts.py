"""Text is whole once it has entered, wherever in an answer it stood.

What is compared is escaped: a failure that names half a character could not be printed.
"""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zjy.answers import read_answer
from bot.zjy.cells import CellList
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import OtherCellOpen, UnknownAnswer
from bot.zjy.models import CourseList
from bot.zjy.texts import whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("数据结构", "数据结构"),
        ("👍 ok", "👍 ok"),
        ("\ud83d\udc4d", "👍"),
        ("数据\ud83d结构", "数据\ufffd结构"),
        ("\udc4d", "\ufffd"),
        ("\udc4d\ud83d", "\ufffd\ufffd"),
        ("a\x00b\x07c\x9bd", "abcd"),
        ("一\r\n二\t\u2028三", "一 二 三"),
        ("\u202e倒\u2066x\u200f\u061c", "倒x"),
        ("\ufeff\ufffe\uffff\ufdd0", ""),
        ("👨\u200d👩\u200d👧 \u200bé", "👨\u200d👩\u200d👧 \u200bé"),
    ],
)
def test_text_is_made_whole(text: str, expected: str) -> None:
    assert whole(text) == expected


@given(st.text(st.characters(codec=None)))
def test_whole_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    once = whole(text)
    assert once.encode().decode() == once
    assert whole(once) == once
    assert not any(character in once for character in "\x00\n\x1b\u202e\ud83d")


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


HALF = "半\ud83d个\x00\u202e"


def test_every_text_of_an_answer_is_whole_however_deep_it_stands() -> None:
    answer = {"code": 1, "a": HALF, "b": [HALF, [HALF, {"c": HALF}]], "d": {"e": {"f": HALF}}}
    read = read_answer(Endpoint.ME, 200, None, json.dumps(answer).encode())
    assert ascii(list(texts(read))) == ascii(["半\ufffd个"] * 5)


def test_the_words_of_an_error_are_whole() -> None:
    with pytest.raises(UnknownAnswer) as caught:
        read_answer(Endpoint.VIEW, 200, None, json.dumps({"code": 7, "msg": HALF}).encode())
    assert ascii(caught.value.msg) == ascii("半\ufffd个")


def test_the_open_cell_that_is_sent_back_can_be_encoded() -> None:
    named = {"currCourseOpenId": "a", "currOpenClassId": "b", "curCellId": "c"}
    answer = {"code": -100, **named, "currModuleId": "m", "currCellName": HALF}
    with pytest.raises(OtherCellOpen) as caught:
        read_answer(Endpoint.VIEW, 200, None, json.dumps(answer).encode())
    assert caught.value.open_cell is not None
    assert caught.value.open_cell.cell_name.encode().decode() == "半\ufffd个"


def test_half_an_emoji_in_a_name_takes_no_course_and_no_cell_away() -> None:
    course = {"courseOpenId": "a", "openClassId": "b", "courseName": "数据\ud83d结构"}
    body = json.dumps({"code": 1, "courseList": [course]}).encode()
    listed = CourseList.model_validate(read_answer(Endpoint.COURSES, 200, None, body))
    assert ascii(listed.courses[0].name) == ascii("数据\ufffd结构")
    body = json.dumps({"code": 1, "cellList": [{"Id": "a", "cellName": HALF}]}).encode()
    found = CellList.model_validate(read_answer(Endpoint.CELLS, 200, None, body))
    assert ascii(found.leaves[0].name) == ascii("半\ufffd个")


def test_an_id_that_is_not_whole_names_nothing() -> None:
    """Mended, it would be another one."""
    rows = [{"Id": "a\ud83d"}, {"Id": "a\nb"}, {"Id": "good"}]
    body = json.dumps({"code": 1, "cellList": rows}).encode()
    found = CellList.model_validate(read_answer(Endpoint.CELLS, 200, None, body))
    assert ([leaf.id for leaf in found.leaves], found.unreadable) == (["good"], 2)
