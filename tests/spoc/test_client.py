"""What is sent, and how answers of every envelope and trouble are read."""

import pickle
from typing import cast

import httpx
import pytest

from bot.spoc.client import SpocClient
from bot.spoc.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    OddAnswer,
    PageInstead,
    ServerTrouble,
    SessionExpired,
    Unreachable,
    ZjyError,
)
from tests.spoc.scripted_site import ScriptedSite, Step, jwt, node, row

TOKEN = jwt()
IDS = {"courseId": "c-1", "courseInfoId": "ci-1", "classId": "k-1"}
ALLOWED = {
    ("GET", "/prod-api/system/user/getInfo"),
    ("GET", "/prod-api/spoc/courseInfoStudent/myCourseList"),
    ("GET", "/prod-api/spoc/courseDesign/study/record"),
}
PAGE = "<html><script>acw_sc__v2</script></html>"


def test_the_list_of_what_is_allowed_holds_three_reads_and_nothing_else() -> None:
    assert {each.value for each in Endpoint} == ALLOWED


async def test_what_is_no_member_of_the_list_is_not_sent(
    client: SpocClient, site: ScriptedSite
) -> None:
    for other in ("/prod-api/spoc/exam/paper", ("GET", Endpoint.ME.path), None):
        with pytest.raises(TypeError, match="list"):
            await client._ask(TOKEN, cast("Endpoint", other), {})
    assert site.seen == []


async def test_ids_cannot_lead_to_another_path(client: SpocClient, site: ScriptedSite) -> None:
    for odd in ("../../exam/paper", "0?x=1#", "0&level=9", "//evil.test/", "0\r\nX: y"):
        await client.folder(TOKEN, {**IDS, "classId": odd}, odd, 1)
    assert {(each.method, each.url.host, each.url.path) for each in site.seen} == {
        ("GET", "zjy2.icve.com.cn", Endpoint.FOLDER.path)
    }
    assert all(each.url.params["level"] == "1" for each in site.seen)


async def test_each_read_is_a_plain_get_with_the_token_in_one_header(
    client: SpocClient, site: ScriptedSite
) -> None:
    await client.me(TOKEN)
    await client.courses(TOKEN)
    await client.folder(TOKEN, IDS, "0", 1)
    assert site.asked() == [
        ("GET", Endpoint.ME.path, {}),
        ("GET", Endpoint.COURSES.path, {"pageNum": "1", "pageSize": "999"}),
        ("GET", Endpoint.FOLDER.path, {**IDS, "parentId": "0", "level": "1"}),
    ]
    for each in site.seen:
        assert each.headers["authorization"] == f"Bearer {TOKEN}"
        assert each.headers["user-agent"].startswith("zjy-study-bot/")
        assert "cookie" not in each.headers
        assert each.content == b""


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX: y", "令牌", "a;b"])
async def test_a_text_that_cannot_stand_in_the_header_is_not_sent(
    client: SpocClient, site: ScriptedSite, token: str
) -> None:
    with pytest.raises(ValueError, match="Authorization"):
        await client.me(token)
    assert site.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 200, "rows": [row()], "total": 1},
        {"code": "200", "data": [row()]},
        {"code": 200, "data": {"rows": [row()], "total": 1}},
        {"code": 200, "data": {"list": [row()]}},
        {"rows": [row()]},
        [row()],
    ],
    ids=["rows", "data", "data.rows", "data.list", "no code", "bare"],
)
async def test_a_list_is_read_from_every_envelope(
    client: SpocClient, site: ScriptedSite, answer: Step
) -> None:
    site.script[Endpoint.COURSES] = [answer]
    found = await client.courses(TOKEN)
    assert [each.name for each in found.read] == ["课程1"]
    assert found.unreadable == 0


async def test_odd_values_are_read_as_what_they_mean(
    client: SpocClient, site: ScriptedSite
) -> None:
    texts = row(1, studySpeed="73.50", courseId=17, presidingTeacher=None, termCode=20241)
    unknown = row(2, studySpeed="", termName=None)
    site.courses = [texts, unknown, row(2), {"courseName": "没有编号"}]
    first, second = (found := await client.courses(TOKEN)).read
    assert (first.speed, first.course_id, first.teacher, first.term_code) == (
        73.5, "17", "", "20241",
    )  # fmt: skip
    assert (second.speed, second.term) == (None, "")
    assert found.unreadable == 1


async def test_courses_that_the_site_counts_and_does_not_list_are_missing(
    client: SpocClient, site: ScriptedSite
) -> None:
    site.script[Endpoint.COURSES] = [{"code": 200, "rows": [row()], "total": "3"}]
    assert (await client.courses(TOKEN)).unreadable == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 401, "msg": "认证失败,无法访问系统资源"},
        {"code": "401"},
        httpx.Response(401, json={"code": 500}),
        httpx.Response(401, text=PAGE),
    ],
    ids=["in the body", "as text", "as the status", "with a page"],
)
async def test_401_means_an_expired_token(
    client: SpocClient, site: ScriptedSite, answer: Step
) -> None:
    site.script[Endpoint.ME] = [answer]
    with pytest.raises(SessionExpired):
        await client.me(TOKEN)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"code": 403, "msg": "没有权限"}, ServerTrouble),
        ({"code": 500, "msg": "令牌异常"}, ServerTrouble),
        ({"code": None}, OddAnswer),
        ({"code": 200}, OddAnswer),
        ({"code": 200, "user": {"userName": "没有编号"}}, OddAnswer),
        ([], OddAnswer),
        (httpx.Response(403, json={"code": 403}), ServerTrouble),
        (httpx.Response(500, json={"code": 200, "user": {"userId": "u"}}), ServerTrouble),
        (httpx.Response(302, headers={"location": "https://sso.icve.com.cn/"}), ServerTrouble),
        (httpx.Response(200, content=b""), ServerTrouble),
        (httpx.Response(200, text='{"code": 200, "us'), ServerTrouble),
        (httpx.Response(502, text="<html>502</html>"), ServerTrouble),
        (httpx.Response(429, text="slow down"), ServerTrouble),
        (httpx.Response(200, text=PAGE), PageInstead),
        (httpx.Response(403, text=PAGE), PageInstead),
        (httpx.ConnectError("no route"), Unreachable),
        (httpx.ReadTimeout("late"), AnswerLost),
        (httpx.Response(200, headers={"content-encoding": "br"}, content=b"x"), ServerTrouble),
    ],
)
async def test_other_trouble_is_never_an_expired_token(
    client: SpocClient, site: ScriptedSite, answer: Step, kind: type[ZjyError]
) -> None:
    site.script[Endpoint.ME] = [answer]
    with pytest.raises(ZjyError) as raised:
        await client.me(TOKEN)
    assert type(raised.value) is kind
    assert len(site.seen) == 1, "a redirect or a page is not followed"


async def test_an_echoed_token_is_in_no_error(client: SpocClient, site: ScriptedSite) -> None:
    site.script[Endpoint.ME] = [{"code": 500, "msg": f"bad token {TOKEN}"}]
    with pytest.raises(ServerTrouble) as raised:
        await client.me(TOKEN)
    assert TOKEN not in str(raised.value)
    assert TOKEN.encode() not in pickle.dumps(raised.value.args)


async def test_a_folder_is_read_with_its_children_and_flags_of_every_form(
    client: SpocClient, site: ScriptedSite
) -> None:
    site.folders["0"] = [
        node("单元一", "父节点", speed="40", children=[node("视频", isLeaf="1"), {"name": "?"}]),
        node("空", "项目三", isLeaf=0, fileUrl=""),
        node("讲解", "知识点讲解", fileUrl=""),
        node("别的", "新类型", fileUrl="", isLeaf=True),
        node("考", "新考", fileUrl=None, examId="e-1"),
    ]
    folder, empty, *leaves = (await client.folder(TOKEN, IDS, "0", 1)).read
    assert (folder.is_folder, folder.speed, folder.holds_children) == (True, 40.0, True)
    assert (len(folder.children.read), folder.children.unreadable) == (1, 1)
    assert (empty.is_folder, empty.holds_children) == (True, False)
    assert [each.is_folder for each in leaves] == [False, False, False]


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 200, "rows": None, "total": 0},
        {"code": 200, "msg": "操作成功", "data": None},
        {"code": 200, "data": {"list": None}},
    ],
)
async def test_null_in_the_place_of_a_list_is_an_empty_folder(
    client: SpocClient, site: ScriptedSite, answer: Step
) -> None:
    site.script[Endpoint.FOLDER] = [answer]
    assert (await client.folder(TOKEN, IDS, "0", 1)).read == ()


async def test_null_is_no_courses_only_if_none_is_counted(
    client: SpocClient, site: ScriptedSite
) -> None:
    site.script[Endpoint.COURSES] = [
        {"code": 200, "rows": None, "total": "0"},
        {"code": 200, "rows": None},
        {"code": 200, "rows": None, "total": 3},
    ]
    assert (await client.courses(TOKEN)).read == ()
    for _ in range(2):
        with pytest.raises(OddAnswer):
            await client.courses(TOKEN)


@pytest.mark.parametrize("endpoint", [Endpoint.COURSES, Endpoint.FOLDER])
async def test_an_answer_without_any_place_for_a_list_is_odd(
    client: SpocClient, site: ScriptedSite, endpoint: Endpoint
) -> None:
    site.script[endpoint] = [{"code": 200, "msg": "操作成功"}]
    with pytest.raises(OddAnswer):
        await (
            client.courses(TOKEN)
            if endpoint is Endpoint.COURSES
            else client.folder(TOKEN, IDS, "0", 1)
        )


async def test_a_total_beside_the_rows_within_data_counts_too(
    client: SpocClient, site: ScriptedSite
) -> None:
    site.script[Endpoint.COURSES] = [{"code": 200, "data": {"rows": [row()], "total": "3"}}]
    assert (await client.courses(TOKEN)).unreadable == 2


async def test_a_student_without_an_envelope_is_read(
    client: SpocClient, site: ScriptedSite
) -> None:
    site.script[Endpoint.ME] = [{"userId": 12, "userName": "2024"}]
    assert (await client.me(TOKEN)).user_id == "12"


@pytest.mark.parametrize(
    ("told", "read"), [(120, 100), ("100.4", 100), (-1, None), ("12.5%", 12.5), (None, None)]
)
async def test_a_percent_is_between_0_and_100_or_not_told(
    client: SpocClient, site: ScriptedSite, told: object, read: float | None
) -> None:
    site.courses = [row(studySpeed=told)]
    assert (await client.courses(TOKEN)).read[0].speed == read
    site.folders["0"] = [node("a", speed=told)]
    assert (await client.folder(TOKEN, IDS, "0", 1)).read[0].speed == read


@pytest.mark.parametrize("children", [{}, "", 0, None])
async def test_a_folder_whose_children_are_no_list_is_read_without_them(
    client: SpocClient, site: ScriptedSite, children: object
) -> None:
    site.folders["0"] = [node("a", "父节点", children=children)]
    found = await client.folder(TOKEN, IDS, "0", 1)
    assert [each.holds_children for each in found.read] == [False]
    assert found.unreadable == 0
