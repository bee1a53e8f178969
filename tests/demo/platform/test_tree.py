from typing import Any

from demo.platform import (
    Endpoint,
    course,
    document,
    folder,
    module,
    picture,
    school_of,
    topic,
    video,
)
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient

COURSE = {"courseOpenId": "course-1-open", "openClassId": "course-1-class"}


async def process(client: StudentClient) -> dict[str, Any]:
    client.clock.advance(1)
    return await client.ask(Endpoint.MODULES, **COURSE)


async def test_a_folders_children_tell_the_truth_under_another_name(enrol: Enrol) -> None:
    client = await enrol(
        school_of([folder([video(30, finished=True), video(40), folder([video(50, 25)])])])
    )
    (shelf,) = await client.cells()
    assert (shelf["cellType"], shelf["categoryName"]) == (4, "子节点")
    assert shelf["stuCellPercent"] == 100
    done, undone, inner = shelf["childNodeList"]
    assert [done["cellType"], undone["cellType"], inner["cellType"]] == [1, 1, 4]
    assert (done["stuCellFourPercent"], done["stuCellPercent"]) == (100, 0)
    assert (undone["stuCellFourPercent"], undone["stuCellPercent"]) == (0, 100)
    assert (inner["stuCellFourPercent"], inner["stuCellPercent"]) == (100, 100)
    (deep,) = inner["childNodeList"]
    assert (deep["stuCellFourPercent"], deep["stuCellPercent"]) == (50, 100)
    assert done["childNodeList"] == deep["childNodeList"] == []
    assert [done["parentId"], deep["parentId"]] == [shelf["Id"], inner["Id"]]


async def test_a_leaf_outside_a_folder_has_the_usual_percent_alone(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30, 15)]))
    (row,) = await client.cells()
    assert row["stuCellPercent"] == 50
    assert "stuCellFourPercent" not in row
    assert row["childNodeList"] == []


async def test_the_course_and_its_modules_are_computed_from_the_cells(enrol: Enrol) -> None:
    modules = [
        module([topic([picture(finished=True), folder([video(10)])])]),
        module([topic([picture(finished=True)])]),
        module(),
    ]
    client = await enrol(school_of(modules=modules))

    async def told() -> tuple[object, ...]:
        answer = await process(client)
        percents = [row["percent"] for row in answer["progress"]["moduleList"]]
        return answer["openCourseCellCount"], answer["stuStudyCourseOpenCellCount"], *percents

    assert await told() == (3, 2, 50, 100, 0)
    await client.watch_to("cell-3", 5)
    assert await told() == (3, 2, 75, 100, 0)
    client.clock.advance(10)
    await client.report("cell-3", 10)
    assert await told() == (3, 3, 100, 100, 0)
    client.clock.advance(1)
    assert (await client.ask(Endpoint.COURSES))["courseList"][0]["process"] == 100


async def test_a_module_is_not_at_100_while_a_cell_sticks_just_below(enrol: Enrol) -> None:
    stuck = video(10, 11)
    client = await enrol(school_of([*(picture(finished=True) for _ in range(9)), stuck]))
    answer = await process(client)
    assert answer["progress"]["moduleList"][0]["percent"] == 99.99


async def test_cells_and_modules_that_stand_twice_are_listed_twice_and_counted_once(
    enrol: Enrol,
) -> None:
    film = video(30, id="film")
    chapter = topic([film, film], id="chapter")
    part = module([chapter, chapter], id="part")
    client = await enrol(school_of(modules=[part, part]))
    answer = await process(client)
    assert [row["id"] for row in answer["progress"]["moduleList"]] == ["part", "part"]
    assert answer["openCourseCellCount"] == 1
    assert [row["Id"] for row in await client.cells("chapter")] == ["film", "film"]


async def test_empty_places_have_empty_lists_and_the_chapter_0_fails(enrol: Enrol) -> None:
    courses = [course([module([topic(id="0"), topic()]), module()]), course()]
    client = await enrol(school_of(courses=courses))
    topics = await client.ask(Endpoint.TOPICS, courseOpenId="course-1-open", moduleId="module-1")
    assert [row["id"] for row in topics["topicList"]] == ["0", "topic-1"]
    assert await client.cells("topic-1") == []
    client.clock.advance(1)
    assert (await client.ask(Endpoint.CELLS, **COURSE, topicId="0"))["code"] == -500
    client.clock.advance(1)
    answer = await client.ask(Endpoint.TOPICS, courseOpenId="course-1-open", moduleId="module-2")
    assert answer["topicList"] == []
    client.clock.advance(1)
    empty = await client.ask(
        Endpoint.MODULES, courseOpenId="course-2-open", openClassId="course-2-class"
    )
    assert (empty["progress"]["moduleList"], empty["openCourseCellCount"]) == ([], 0)


async def test_unknown_courses_modules_and_topics_fail(enrol: Enrol) -> None:
    client = await enrol(school_of([document(2)]))
    wrong: list[tuple[Endpoint, dict[str, str]]] = [
        (Endpoint.MODULES, {**COURSE, "openClassId": "x"}),
        (Endpoint.MODULES, {}),
        (Endpoint.TOPICS, {"courseOpenId": "course-1-open", "moduleId": "x"}),
        (Endpoint.CELLS, {**COURSE, "topicId": "x"}),
    ]
    for endpoint, form in wrong:
        client.clock.advance(1)
        assert (await client.ask(endpoint, **form))["code"] == -500


async def test_progress_is_each_students_own(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10)]))
    await client.watch_to("cell-1", 10)
    client.auth = client.server.cookie_for(client.school.students[1].stu_id)
    assert (await client.cells())[0]["stuCellPercent"] == 0


async def test_with_a_lag_the_trees_show_the_percent_of_before(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10)]), lag=5)
    await client.watch_to("cell-1", 5)
    client.clock.advance(10)
    await client.report("cell-1", 10)
    assert client.shown("cell-1") == 100
    assert (await client.cells())[0]["stuCellPercent"] == 50
    client.clock.advance(2)
    assert (await process(client))["progress"]["moduleList"][0]["percent"] == 50
    client.clock.advance(1)
    assert (await client.cells())[0]["stuCellPercent"] == 100


async def test_with_a_lag_some_views_show_the_percent_at_once_and_some_do_not(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(10)]), lag=5)
    await client.watch_to("cell-1", 10)
    assert {(await client.view("cell-1"))["cellPercent"] for _ in range(12)} == {0, 100}
