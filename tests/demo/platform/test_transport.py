import json

import aiohttp
import pytest

from demo.platform import Endpoint, demo_school, school_of, video
from tests.demo.platform.conftest import Enrol

ME = {
    "code", "avator", "schoolId", "disPlayName", "stuNo", "UserName", "statData", "stuId",
    "extraData", "integrity", "moocServer", "isMerge", "isOpenLite",
}  # fmt: skip
COURSE = {
    "Id", "courseOpenId", "courseName", "courseCode", "thumbnail", "openClassId",
    "assistTeacherName", "openClassType", "openClassState", "process", "checkStatus", "termName",
    "totalScore", "courseSystemType",
}  # fmt: skip
TERM = {
    "Id", "DateCreated", "CreatorId", "TermCode", "TermName", "IsCurTerm", "TermSeason",
    "IsSynchroUpdate", "TableName",
}  # fmt: skip
CELL = {
    "Id", "cellType", "isGJS", "isOriginal", "fromType", "parentId", "courseOpenId", "topicId",
    "categoryName", "categoryNameDb", "cellName", "resourceUrl", "externalLinkUrl", "cellContent",
    "sortOrder", "isAllowDownLoad", "childNodeList", "upCellId", "stuCellCount", "stuCellPercent",
}  # fmt: skip
VIEW = {
    "code", "dtype", "courseOpenId", "courseName", "openClassId", "moduleId", "topicId", "cellId",
    "cellName", "cellType", "categoryName", "cellContent", "pageCount", "audioVideoLong",
    "isAllowDownLoad", "externalLinkUrl", "downLoadUrl", "cellLogId", "userType", "resUrl",
    "isDownLoad", "rarList", "flag", "stuCellViewTime", "stuCellPicCount", "stuStudyNewlyTime",
    "stuStudyNewlyPicCount", "cellPercent", "guIdToken", "isNeedUpdate", "position",
    "cellPositions", "cellQuestionList",
}  # fmt: skip


async def test_json_comes_as_html_with_a_new_balancer_cookie_each_time(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    seen = set()
    for endpoint in Endpoint:
        client.clock.advance(1)
        response = await client.send(endpoint)
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "code" in json.loads(await response.text())
        seen.add(response.cookies["acw_tc"].value)
    assert len(seen) == len(Endpoint)


@pytest.mark.parametrize("endpoint", Endpoint)
async def test_only_post_is_answered(
    enrol: Enrol, session: aiohttp.ClientSession, endpoint: Endpoint
) -> None:
    client = await enrol(school_of([]))
    async with session.get(client.server.url + endpoint) as response:
        assert response.status == 405
        assert "nginx" in await response.text()
    async with session.get(client.server.url + "/nowhere") as response:
        assert response.status == 404


async def test_chinese_is_readable_on_the_wire(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    assert "张三" in await (await client.send(Endpoint.ME)).text()


async def test_every_field_of_the_published_answers_is_there(enrol: Enrol) -> None:
    school = demo_school()
    course = school.courses[0]
    module = course.modules[0]
    client = await enrol(school)
    me = await client.ask(Endpoint.ME)
    assert set(me) >= ME
    assert (me["disPlayName"], me["stuId"]) == ("张三", "ewuzaw6sikjh4eueok9yXX")
    assert me["statData"]["myCourseCount"] == 4

    courses = await client.ask(Endpoint.COURSES)
    assert set(courses) >= {"code", "type", "termId", "courseList", "termList"}
    assert all(set(row) >= COURSE for row in courses["courseList"])
    assert all(set(row) == TERM for row in courses["termList"])

    ids = {"courseOpenId": course.course_open_id, "openClassId": course.open_class_id}
    client.clock.advance(1)
    tree = await client.ask(Endpoint.MODULES, **ids)
    assert tree["progress"]["moduleId"] == module.id
    assert (tree["courseOpenId"], tree["openClassId"]) == tuple(ids.values())
    assert all(
        set(row) >= {"id", "name", "sortOrder", "percent"} for row in tree["progress"]["moduleList"]
    )

    client.clock.advance(1)
    topics = await client.ask(
        Endpoint.TOPICS, courseOpenId=course.course_open_id, moduleId=module.id
    )
    above = ["0"] + [row["id"] for row in topics["topicList"]]
    assert [row["upTopicId"] for row in topics["topicList"]] == above[:-1]
    assert [row["sortOrder"] for row in topics["topicList"]] == [1, 2, 3, 4, 5, 6]

    client.clock.advance(1)
    cells = await client.ask(Endpoint.CELLS, **ids, topicId=module.topics[0].id)
    assert all(set(row) >= CELL for row in cells["cellList"])
    assert [row["upCellId"] for row in cells["cellList"]] == ["0", cells["cellList"][0]["Id"]]
    assert set(await client.view(cells["cellList"][0]["Id"])) >= VIEW
    assert client.kinds() == []


async def test_percents_come_as_whole_numbers_and_as_decimals(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30, finished=True), video(30, 7.77), video(30)]))
    forms: dict[int, set[str]] = {0: set(), 1: set(), 2: set()}
    for _ in range(20):
        for place, row in enumerate(await client.cells()):
            forms[place].add(repr(row["stuCellPercent"]))
    assert forms == {0: {"100", "100.0"}, 1: {"25.9"}, 2: {"0", "0.0"}}


async def test_unknown_fields_come_and_go_by_the_seed(enrol: Enrol) -> None:
    async def extras(seed: int) -> list[frozenset[str]]:
        client = await enrol(school_of([]), seed=seed)
        return [frozenset(set(await client.ask(Endpoint.ME)) - ME) for _ in range(40)]

    first = await extras(1)
    assert frozenset() in first
    assert len(set(first)) > 2
    assert await extras(1) == first
    assert await extras(2) != first
