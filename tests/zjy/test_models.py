"""The quirks of the wire, and what must not be lost in them."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.zjy.cells import MAX_DEPTH, CellList, Leaf, WireCell
from bot.zjy.models import (
    CellView,
    CourseList,
    ModuleList,
    OpenCell,
    Report,
    Student,
    TopicList,
    WireModule,
)
from bot.zjy.texts import MOST_CHARACTERS


def cells(*each: dict[str, object]) -> tuple[Leaf, ...]:
    return CellList.model_validate({"cellList": each}).leaves


@pytest.mark.parametrize(
    ("wire", "percent"),
    [
        (0, 0),
        (100, 100),
        (100.0, 100),
        ("52.39", 52.39),
        (" 99.99 ", 99.99),
        ("100%", 100),
        ("", None),
        (None, None),
        ("-", None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_percents_come_in_many_forms_and_junk_is_not_done(
    wire: object, percent: float | None
) -> None:
    module = WireModule.model_validate({"id": "m", "percent": wire})
    assert module.percent == percent
    assert module.is_complete is (percent == 100)


LEFT_OUT = "(left out)"


@pytest.mark.parametrize(
    "odd",
    [
        None,
        LEFT_OUT,
        "",
        "--",
        "66,6",
        {},
        [],
        [50],
        True,
        False,
        float("nan"),
        float("inf"),
        "1e99",
    ],
    ids=repr,
)
def test_a_course_or_module_without_a_number_for_a_percent_is_not_at_zero(odd: object) -> None:
    told: dict[str, object] = {} if odd is LEFT_OUT else {"process": odd, "percent": odd}
    entry = {"courseOpenId": "o", "openClassId": "c", "id": "m", **told}
    (course,) = CourseList.model_validate({"courseList": [entry]}).courses
    (module,) = ModuleList.model_validate({"progress": {"moduleList": [entry]}}).modules
    assert (course.percent, module.percent) == (None, None)
    assert not module.is_complete


def test_a_childs_percent_is_its_four_percent() -> None:
    folder = {
        "Id": "f",
        "cellType": 4,
        "cellName": "章",
        "stuCellPercent": 100,
        "childNodeList": [
            {"Id": "done", "stuCellPercent": 0, "stuCellFourPercent": "100.0"},
            {"Id": "open", "stuCellPercent": 100, "stuCellFourPercent": 0},
            {"Id": "null", "stuCellPercent": 30, "stuCellFourPercent": None},
            {"Id": "blank", "stuCellPercent": 40, "stuCellFourPercent": ""},
        ],
    }
    leaves = cells(folder)
    assert [(leaf.id, leaf.percent) for leaf in leaves] == [
        ("done", 100),
        ("open", 0),
        ("null", 30),
        ("blank", 40),
    ]


def test_a_leaf_outside_of_folders_keeps_its_own_percent() -> None:
    (leaf,) = cells({"Id": "a", "stuCellPercent": 12.5, "stuCellFourPercent": 100})
    assert leaf.percent == 12.5


def test_a_folder_is_known_by_its_type_or_by_having_children() -> None:
    assert cells({"Id": "empty", "cellType": 4, "childNodeList": []}) == ()
    (leaf,) = cells({"Id": "odd", "cellType": 1, "childNodeList": [{"Id": "child"}]})
    assert leaf.id == "child"


def test_an_empty_list_of_children_makes_no_folder() -> None:
    assert [leaf.id for leaf in cells({"Id": "a", "cellType": 1, "childNodeList": []})] == ["a"]
    assert [leaf.id for leaf in cells({"Id": "a", "cellType": 1, "childNodeList": None})] == ["a"]


def nested(depth: int) -> dict[str, object]:
    cell: dict[str, object] = {"Id": "deep"}
    for level in range(depth):
        cell = {"Id": f"f{level}", "cellType": 4, "cellName": str(level), "childNodeList": [cell]}
    return cell


def test_folders_in_folders_are_opened_up_to_a_depth() -> None:
    assert [leaf.id for leaf in cells(nested(MAX_DEPTH))] == ["deep"]
    assert cells(nested(MAX_DEPTH + 1)) == ()
    for depth, unreadable in ((MAX_DEPTH, 0), (MAX_DEPTH + 1, 1), (MAX_DEPTH + 9, 1)):
        assert CellList.model_validate({"cellList": [nested(depth)]}).unreadable == unreadable


def test_leaves_come_in_the_platforms_order_and_once() -> None:
    leaves = cells(
        {"Id": "b", "sortOrder": 2, "cellName": "b"},
        {"Id": "a", "sortOrder": "1"},
        {"Id": "b", "sortOrder": 3, "cellName": "again"},
    )
    assert [(leaf.id, leaf.name) for leaf in leaves] == [("a", ""), ("b", "b")]


def test_modules_and_topics_come_in_the_platforms_order() -> None:
    entries = [{"id": "b", "sortOrder": 2}, {"id": "a", "sortOrder": 1}]
    modules = ModuleList.model_validate({"progress": {"moduleList": entries}})
    assert [each.id for each in modules.modules] == ["a", "b"]
    topics = TopicList.model_validate({"topicList": entries})
    assert [each.id for each in topics.topics] == ["a", "b"]


@pytest.mark.parametrize("modules", [None, []])
def test_a_course_without_modules(modules: object) -> None:
    assert ModuleList.model_validate({"progress": {"moduleList": modules}}).modules == ()


def test_modules_and_topics_of_one_name_have_numbers_and_what_is_listed_twice_is_one() -> None:
    named = [("a", "小结"), ("b", "小结 "), ("c", "导学"), ("a", "小结")]
    entries = [{"id": id_, "name": name, "sortOrder": 1} for id_, name in named]
    shown = [("a", "小结 (1)"), ("b", "小结 (2)"), ("c", "导学")]
    modules = ModuleList.model_validate({"progress": {"moduleList": entries}})
    assert [(each.id, each.name) for each in modules.modules] == shown
    topics = TopicList.model_validate({"topicList": entries})
    assert [(each.id, each.name) for each in topics.topics] == shown


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("陈剑英", "陈剑英"),
        (" 陈剑英\n", "陈剑英"),
        (None, ""),
        (2021, "2021"),
        (["陈剑英", None, "李健"], "陈剑英、李健"),
        ({"name": "陈"}, ""),
        (False, ""),
        ([], ""),
    ],
)
def test_what_only_describes_a_course_never_hides_it(value: object, read: str) -> None:
    entry = {"courseOpenId": "o", "openClassId": "c", "courseName": "英语"}
    listed = {"courseList": [{**entry, "termName": value, "assistTeacherName": value}]}
    (course,) = CourseList.model_validate(listed).courses
    assert (course.term, course.teacher) == (read, read)


def test_a_null_list_is_empty_and_a_missing_one_breaks_the_promise() -> None:
    assert CourseList.model_validate({"courseList": None, "termList": None}).courses == ()
    for model in (CourseList, TopicList, CellList, ModuleList):
        with pytest.raises(ValidationError):
            model.model_validate({"code": 1})


@pytest.mark.parametrize("odd", ["", "x", {}, {"0": {"id": "a"}}, 0, 7, False, True])
def test_a_list_of_another_type_breaks_the_promise(odd: object) -> None:
    for model, answer in (
        (CourseList, {"courseList": odd}),
        (ModuleList, {"progress": {"moduleList": odd}}),
        (ModuleList, {"progress": odd}),
        (TopicList, {"topicList": odd}),
        (CellList, {"cellList": odd}),
    ):
        with pytest.raises(ValidationError):
            model.model_validate(answer)


IDS = {"id": "good", "Id": "good", "courseOpenId": "good", "openClassId": "good"}
"""An entry of any list."""
NAMES = ("name", "courseName", "cellName")


def with_all(fields: Iterable[str], value: object) -> dict[str, object]:
    return {**IDS, **dict.fromkeys(fields, value)}


ODD_IDS: list[object] = [None, "", " ", [], {}, True, 1.5, "a b", "a\ufffdb", "a" * 201]
ODD_NAMES: list[object] = [{"a": 1}, ["a"], True]
ODD_ENTRIES: list[object] = [
    *(None, 7, "x", [], [IDS], {}),
    *(with_all(IDS, odd) for odd in ODD_IDS),
    *(with_all(NAMES, odd) for odd in ODD_NAMES),
]


@pytest.mark.parametrize("odd", ODD_ENTRIES)
def test_an_odd_entry_is_left_out_and_counted_and_hides_no_other(odd: object) -> None:
    rows = [odd, IDS, odd]
    listed = CourseList.model_validate({"courseList": rows})
    assert ([each.course_open_id for each in listed.courses], listed.unreadable) == (["good"], 2)
    modules = ModuleList.model_validate({"progress": {"moduleList": rows}})
    assert ([each.id for each in modules.modules], modules.unreadable) == (["good"], 2)
    topics = TopicList.model_validate({"topicList": rows})
    assert ([each.id for each in topics.topics], topics.unreadable) == (["good"], 2)
    found = CellList.model_validate({"cellList": rows})
    assert ([leaf.id for leaf in found.leaves], found.unreadable) == (["good"], 2)


@pytest.mark.parametrize("half", ["courseOpenId", "openClassId"])
def test_a_course_without_one_of_its_ids_is_left_out(half: str) -> None:
    odd = {key: value for key, value in IDS.items() if key != half}
    listed = CourseList.model_validate({"courseList": [odd, {**IDS, half: None}, IDS]})
    assert (len(listed.courses), listed.unreadable) == (1, 2)


@pytest.mark.parametrize("odd", ODD_ENTRIES)
def test_an_odd_cell_in_a_folder_is_counted_and_hides_no_other(odd: object) -> None:
    folder = {"Id": "f", "cellType": 4, "childNodeList": [odd, {"Id": "child"}]}
    outer = {"cellType": 4, "childNodeList": [folder, odd]}
    found = CellList.model_validate({"cellList": [outer, {"Id": "leaf"}]})
    assert [leaf.id for leaf in found.leaves] == ["child", "leaf"]
    assert found.unreadable == 2


@pytest.mark.parametrize("odd", ["x", {"a": 1}, 7, True])
def test_a_cell_whose_list_of_children_is_no_list_is_left_out(odd: object) -> None:
    found = CellList.model_validate({"cellList": [{"Id": "a", "childNodeList": odd}, {"Id": "b"}]})
    assert ([leaf.id for leaf in found.leaves], found.unreadable) == (["b"], 1)


def test_a_folder_of_odd_cells_alone_is_no_leaf() -> None:
    found = CellList.model_validate({"cellList": [{"Id": "a", "childNodeList": [None]}]})
    assert (found.leaves, found.unreadable) == ((), 1)


def test_a_folder_needs_no_id() -> None:
    folder = {"cellType": 4, "cellName": "章", "childNodeList": [{"Id": "child"}]}
    found = CellList.model_validate({"cellList": [folder, {**folder, "Id": None}]})
    assert ([leaf.id for leaf in found.leaves], found.unreadable) == (["child"], 0)


def test_what_stands_twice_is_read_once_and_is_not_odd() -> None:
    rows = [{**IDS, "name": "first"}, {**IDS, "name": "second"}]
    listed = CourseList.model_validate({"courseList": rows})
    assert (len(listed.courses), listed.unreadable) == (1, 0)
    modules = ModuleList.model_validate({"progress": {"moduleList": rows}})
    assert ([each.name for each in modules.modules], modules.unreadable) == (["first"], 0)
    topics = TopicList.model_validate({"topicList": rows})
    assert ([each.name for each in topics.topics], topics.unreadable) == (["first"], 0)
    found = CellList.model_validate({"cellList": rows})
    assert (len(found.leaves), found.unreadable) == (1, 0)


@pytest.mark.parametrize("odd", ["x", {}, [None, 7, {"TermName": []}], False])
def test_odd_terms_hide_no_course_and_no_other_term(odd: object) -> None:
    terms = [*odd, {"TermName": "2021春"}] if isinstance(odd, list) else odd
    listed = CourseList.model_validate({"courseList": [IDS], "termList": terms})
    assert (len(listed.courses), listed.unreadable) == (1, 0)
    assert [term.name for term in listed.terms] == (["2021春"] if isinstance(odd, list) else [])


@pytest.mark.parametrize("odd", [[], {}, [{"a": 1}], True])
def test_an_odd_field_that_is_only_shown_takes_no_student_and_no_view_away(odd: object) -> None:
    fields = dict.fromkeys(("disPlayName", "stuNo", "UserName", "statData"), odd)
    assert Student.model_validate({"stuId": "s", **fields}).stu_id == "s"
    fields = dict.fromkeys(("cellName", "categoryName", "cellLogId"), odd)
    view = CellView.model_validate({"cellId": "c", "guIdToken": "t", **fields})
    assert (view.cell_id, view.token, view.cell_log_id) == ("c", "t", "")


def test_a_name_without_end_is_cut() -> None:
    assert len(WireModule.model_validate({"id": "m", "name": "名" * 10**6}).name) == MOST_CHARACTERS


def test_a_student_needs_an_id_and_nothing_else() -> None:
    student = Student.model_validate({"stuId": 7, "disPlayName": None, "statData": None})
    assert (student.stu_id, student.name, student.school_work.homework) == ("7", "", None)
    for stu_id in (None, ""):
        with pytest.raises(ValidationError):
            Student.model_validate({"stuId": stu_id})


@pytest.mark.parametrize(
    ("page_count", "res_url", "pages"),
    [
        (0, '{"args": {"page_count": 12}}', 12),
        (3, '{"args": {"page_count": "12"}}', 12),
        (3, '{"args": {"page_count": 1}}', 3),
        (3, '{"args": {}}', 3),
        (3, '{"args": null}', 3),
        (3, "[]", 3),
        (3, "not json", 3),
        (3, "", 3),
        (3, None, 3),
        (3, '{"args": {"page_count": 1e999}}', 3),
        ("4", "[" * 100_000, 4),
        (None, None, 1),
        ("many", None, 1),
        (-2, None, 1),
    ],
)
def test_a_documents_pages_are_the_larger_of_both_and_at_least_one(
    page_count: object, res_url: object, pages: int
) -> None:
    assert CellView.model_validate({"pageCount": page_count, "resUrl": res_url}).pages == pages


@pytest.mark.parametrize(
    ("wire", "length"),
    [
        (83.453061, "83.453061"),
        ("83.453061", "83.453061"),
        (83, "83"),
        ("", "0"),
        (None, "0"),
        ("long", "0"),
        (-3, "0"),
        (float("inf"), "0"),
        ("1e400", "0"),
    ],
)
def test_a_length_keeps_every_digit_and_junk_is_no_length(wire: object, length: str) -> None:
    assert CellView.model_validate({"audioVideoLong": wire}).length == Decimal(length)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.lists(st.text()))
def test_no_value_of_a_number_field_breaks_a_view(value: object) -> None:
    view = CellView.model_validate(
        {"audioVideoLong": value, "stuStudyNewlyTime": value, "pageCount": value, "resUrl": value}
    )
    assert view.pages >= 1
    assert view.length >= 0


def test_the_open_cells_odd_spelling_and_its_mended_one() -> None:
    base = {"currCourseOpenId": "a", "currOpenClassId": "b"}
    for spelled in ("curCellId", "currCellId"):
        named = OpenCell.from_answer({**base, spelled: "c"})
        assert named is not None
        assert named.cell_id == "c"


def test_cells_are_named_by_either_spelling_of_their_id() -> None:
    assert WireCell.model_validate({"id": "a"}).id == WireCell.model_validate({"Id": "a"}).id


def test_a_report_of_a_page() -> None:
    assert Report(page=3).form() == {
        "picNum": "3",
        "studyNewlyTime": "0",
        "studyNewlyPicNum": "3",
    }


@pytest.mark.parametrize(
    ("position", "sent"),
    [
        ("10", "10"),
        ("100", "100"),
        ("1E+2", "100"),
        ("83.453061", "83.453061"),
        ("83.4500", "83.45"),
        ("83.4530611", "83.453062"),
    ],
)
def test_a_position_is_sent_in_plain_digits_and_never_short_of_itself(
    position: str, sent: str
) -> None:
    form = Report(position=Decimal(position)).form()
    assert form == {"picNum": "0", "studyNewlyTime": sent, "studyNewlyPicNum": "0"}
