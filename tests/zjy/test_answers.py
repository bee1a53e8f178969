"""What each kind of answer means, rule by rule."""

import json

import pytest

from bot.zjy.answers import read_answer
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    Barred,
    CellLocked,
    OddAnswer,
    OtherCellOpen,
    Refused,
    ReportRefused,
    ServerTrouble,
    SessionExpired,
    SessionInDoubt,
    StepRefused,
    UnknownAnswer,
    ViewRefused,
    ZjyError,
)

ALL = tuple(Endpoint)
READS = (Endpoint.ME, Endpoint.COURSES, Endpoint.MODULES, Endpoint.TOPICS, Endpoint.CELLS)
CHANGES = (Endpoint.VIEW, Endpoint.SWITCH, Endpoint.REPORT)
ONCE = (Endpoint.SWITCH, Endpoint.REPORT)
LOGIN_PAGE = "<html><title>用户登录</title><form action='/x'><input type='password'></form></html>"
FIREWALL_PAGE = "<html><body>您的访问被阻断 request blocked</body></html>"


def odd_at(endpoint: Endpoint) -> type[ZjyError]:
    return AnswerLost if endpoint in ONCE else OddAnswer


def trouble(
    endpoint: Endpoint,
    body: str | bytes | dict[str, object],
    status: int = 200,
    location: str | None = None,
) -> ZjyError:
    if isinstance(body, dict):
        body = json.dumps(body)
    raw = body.encode() if isinstance(body, str) else body
    with pytest.raises(ZjyError) as caught:
        read_answer(endpoint, status, location, raw)
    return caught.value


@pytest.mark.parametrize("code", [1, "1", 1.0, " 1 "])
def test_code_1_in_any_form_is_success(code: object) -> None:
    body = json.dumps({"code": code, "msg": "操作成功！", "x": 2}).encode()
    assert [read_answer(each, 200, None, body)["x"] for each in ALL] == [2] * len(ALL)


def test_a_byte_order_mark_and_blanks_around_the_json_do_not_matter() -> None:
    assert read_answer(Endpoint.ME, 200, None, b'\xef\xbb\xbf \r\n{"code": 1}\n') == {"code": 1}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leaves_the_session_in_doubt_whatever_its_body(status: int) -> None:
    kinds = {type(trouble(each, {"code": 1}, status, "/login")) for each in ALL}
    assert kinds == {SessionInDoubt}


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, SessionInDoubt),
        (401, SessionInDoubt),
        (429, ServerTrouble),
        (500, ServerTrouble),
        (504, ServerTrouble),
    ],
)
def test_an_empty_body_is_doubt_or_the_servers_trouble(
    body: bytes, status: int, kind: type[ZjyError]
) -> None:
    assert {type(trouble(each, body, status)) for each in ALL} == {kind}


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize(
    "page",
    [
        LOGIN_PAGE,
        "<FORM id=LOGIN>",
        "<script>top.location.href='/Login.html'</script>",
        "<div id=app></div><script src=/js/login.3f1c.js></script>",
        "<html><title>用户登录</title></html>",
        "请先登录",
        "please login",
    ],
)
def test_a_page_that_speaks_of_logging_in_leaves_the_session_in_doubt(
    status: int, page: str
) -> None:
    assert {type(trouble(each, page, status)) for each in ALL} == {SessionInDoubt}


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (LOGIN_PAGE, 502),
        (LOGIN_PAGE, 403),
        ("<html>504 Gateway Time-out<hr>nginx</html>", 504),
        (FIREWALL_PAGE, 200),
        (FIREWALL_PAGE, 405),
        ("<script>location.href='/login.html'</script>", 500),
        ("<form>search<input type=password></form>", 200),
        ("OK", 200),
    ],
)
def test_any_other_page_is_the_servers_trouble(page: str, status: int) -> None:
    assert {type(trouble(each, page, status)) for each in ALL} == {ServerTrouble}


@pytest.mark.parametrize(
    "body",
    [
        '{"code": 1, "ms',
        '{"code": 1,{"code": 1}}',
        "[1, 2",
        '{"code": 1, "cellName": "登录 login", "x',
    ],
)
def test_half_a_json_loses_the_answer_only_where_something_may_have_changed(body: str) -> None:
    assert {type(trouble(each, body)) for each in READS} == {ServerTrouble}
    assert {type(trouble(each, body)) for each in CHANGES} == {AnswerLost}


def test_a_body_nested_without_end_is_trouble_and_no_crash() -> None:
    assert type(trouble(Endpoint.CELLS, "[" * 200_000)) is ServerTrouble
    assert type(trouble(Endpoint.REPORT, "[" * 200_000)) is AnswerLost


@pytest.mark.parametrize("body", ["[]", "3", '"text"', '""', "true", "null", '[{"code": 1}]'])
def test_json_that_is_no_object_is_odd_and_a_lost_answer_where_it_may_have_been_applied(
    body: str,
) -> None:
    for each in ALL:
        assert type(trouble(each, body)) is odd_at(each)
        assert type(trouble(each, body, 500)) is ServerTrouble


@pytest.mark.parametrize("code", [1, "1", -1, "-1", -100, -500, 7, None])
def test_the_expired_text_wins_over_every_code(code: object) -> None:
    said = "用户信息异常，请30分钟后登录"
    for field in ("msg", "Msg", "message"):
        kinds = {type(trouble(each, {"code": code, field: said})) for each in ALL}
        assert kinds == {SessionExpired}


BARS = [
    ("您的账号存在异常学习行为，请20分钟后再试", 20),
    ("操作频繁，请 10 分钟后再试", 10),
    ("异常学习行为", None),
    ("检测到刷课记录", None),
    ("已被限制，请９分钟后重新登录", 9),
    ("您已学习45分钟，过于频繁，请15分钟之后再来", 15),
    ("封禁30分钟", 30),
    ("30分钟内禁止学习", 30),
]


@pytest.mark.parametrize("code", [-1, "-1", -2, -100, -500, 7, None])
@pytest.mark.parametrize(("msg", "minutes"), BARS)
def test_the_text_of_a_bar_wins_over_every_code(
    code: object, msg: str, minutes: int | None
) -> None:
    for endpoint in ALL:
        error = trouble(endpoint, {"code": code, "msg": msg})
        assert isinstance(error, Barred)
        assert (error.minutes, error.msg) == (minutes, msg)


def test_the_text_counts_in_the_message_alone_not_in_a_cells_name() -> None:
    body = json.dumps({"code": 1, "cellName": "30分钟学会异常学习行为 用户信息异常"}).encode()
    assert read_answer(Endpoint.VIEW, 200, None, body)["code"] == 1


@pytest.mark.parametrize("endpoint", ALL)
def test_minus_one_as_a_string_is_an_expired_session_everywhere(endpoint: Endpoint) -> None:
    error = trouble(endpoint, {"code": "-1", "msg": "请稍候"})
    assert type(error) is SessionExpired
    assert error.code == "-1"


@pytest.mark.parametrize(
    ("endpoint", "code", "kind"),
    [
        (Endpoint.VIEW, -1, ViewRefused),
        (Endpoint.REPORT, -1, ReportRefused),
        (Endpoint.SWITCH, -1, UnknownAnswer),
        *((each, -1, UnknownAnswer) for each in READS),
        (Endpoint.VIEW, -100, OtherCellOpen),
        (Endpoint.VIEW, "-100", OtherCellOpen),
        (Endpoint.REPORT, -100, OtherCellOpen),
        (Endpoint.SWITCH, -100, UnknownAnswer),
        (Endpoint.CELLS, -100, UnknownAnswer),
        (Endpoint.REPORT, -2, StepRefused),
        (Endpoint.REPORT, "-2", StepRefused),
        (Endpoint.VIEW, -2, UnknownAnswer),
        (Endpoint.VIEW, -33, CellLocked),
        (Endpoint.VIEW, "-33", CellLocked),
        (Endpoint.REPORT, -33, UnknownAnswer),
    ],
)
def test_a_code_means_what_its_endpoint_makes_of_it(
    endpoint: Endpoint, code: object, kind: type[ZjyError]
) -> None:
    assert type(trouble(endpoint, {"code": code, "msg": "x"})) is kind


@pytest.mark.parametrize(("msg", "_minutes"), BARS)
def test_a_success_and_what_is_not_open_yet_are_never_a_bar(msg: str, _minutes: object) -> None:
    for code in (1, "1", 1.0):
        body = json.dumps({"code": code, "msg": msg}).encode()
        assert [read_answer(each, 200, None, body)["code"] for each in ALL] == [code] * len(ALL)
    for code in (-33, "-33"):
        assert type(trouble(Endpoint.VIEW, {"code": code, "msg": msg})) in (
            CellLocked,
            SessionInDoubt,
        )


@pytest.mark.parametrize("code", [0, "0", 7, "7.0", 10**20, 2.0])
def test_a_code_that_is_not_described_is_an_unknown_answer_everywhere(code: object) -> None:
    assert {type(trouble(each, {"code": code})) for each in ALL} == {UnknownAnswer}


UNREADABLE = [
    True,
    False,
    "abc",
    "",
    None,
    [1],
    {},
    1.5,
    "1.5",
    "inf",
    "nan",
    "1_0",
    "1e0",
    10**400,
]


@pytest.mark.parametrize("code", UNREADABLE)
def test_an_object_without_a_readable_code_is_odd(code: object) -> None:
    for each in ALL:
        assert type(trouble(each, {"code": code, "msg": "系统繁忙"})) is odd_at(each)
        assert type(trouble(each, {})) is odd_at(each)


@pytest.mark.parametrize("code", [0, -1, -500, 7, None, "x"])
@pytest.mark.parametrize("msg", ["您的账号已在其他地方登录", "请重新登录", "请先登录", "登陆超时"])
def test_words_about_the_login_leave_the_session_in_doubt(code: object, msg: str) -> None:
    for endpoint in ALL:
        error = trouble(endpoint, {"code": code, "msg": msg})
        assert isinstance(error, SessionInDoubt)
        assert error.msg == msg


@pytest.mark.parametrize(
    ("endpoint", "code", "meaning"),
    [
        (Endpoint.VIEW, -33, CellLocked),
        (Endpoint.VIEW, -100, OtherCellOpen),
        (Endpoint.REPORT, -2, StepRefused),
        (Endpoint.REPORT, -1, ReportRefused),
        (Endpoint.VIEW, -1, type(None)),
        (Endpoint.VIEW, 7, type(None)),
    ],
)
def test_a_doubt_by_words_keeps_what_the_code_means_where_the_session_lives(
    endpoint: Endpoint, code: int, meaning: type[object]
) -> None:
    error = trouble(endpoint, {"code": code, "msg": "请重新登录"})
    assert isinstance(error, SessionInDoubt)
    assert type(error.otherwise) is meaning


def test_words_about_the_login_beside_a_success_change_nothing() -> None:
    body = json.dumps({"code": 1, "msg": "登录成功"}).encode()
    assert [read_answer(each, 200, None, body)["code"] for each in ALL] == [1] * len(ALL)


@pytest.mark.parametrize("msg", ["该课件不存在或已被删除", "建议学习45分钟", "请10分钟后再试", "x"])
def test_minus_one_on_a_view_with_other_words_is_that_cells_trouble(msg: str) -> None:
    error = trouble(Endpoint.VIEW, {"code": -1, "msg": msg})
    assert type(error) is ViewRefused
    assert (error.code, error.msg) == (-1, msg)


@pytest.mark.parametrize("code", [0, -1, -2, -100, -500, 7])
def test_minutes_alone_are_no_bar(code: int) -> None:
    for endpoint in ALL:
        error = trouble(endpoint, {"code": code, "msg": "建议学习45分钟"})
        assert not isinstance(error, Barred)


@pytest.mark.parametrize("code", [-500, "-500"])
def test_minus_500_is_the_servers_trouble_everywhere(code: object) -> None:
    assert {type(trouble(each, {"code": code})) for each in ALL} == {ServerTrouble}


def test_an_unknown_answer_keeps_code_and_text_for_the_person() -> None:
    error = trouble(Endpoint.VIEW, {"code": -7, "msg": "课程已结束"})
    assert isinstance(error, Refused)
    assert (error.code, error.msg, error.endpoint) == (-7, "课程已结束", "viewDirectory")
    assert "课程已结束" in str(error)
    assert "-7" in str(error)


def test_minus_500_keeps_its_code() -> None:
    assert trouble(Endpoint.SWITCH, {"code": -500}).code == -500


def test_json_with_a_failed_status_is_the_servers_trouble_unless_its_code_is_known() -> None:
    assert type(trouble(Endpoint.VIEW, {"error": "x"}, 500)) is ServerTrouble
    assert type(trouble(Endpoint.VIEW, {"code": 9}, 503)) is ServerTrouble
    assert type(trouble(Endpoint.VIEW, {"code": -33}, 500)) is CellLocked


def test_a_bar_by_code_alone_names_no_minutes() -> None:
    for wordless in ({"code": -1}, {"code": -1, "msg": None}, {"code": -1, "msg": " "}):
        error = trouble(Endpoint.VIEW, dict(wordless))
        assert isinstance(error, Barred)
        assert (error.minutes, error.msg) == (None, "")


def test_another_open_cell_comes_with_what_must_be_sent_back() -> None:
    error = trouble(
        Endpoint.VIEW,
        {
            "code": -100,
            "currCourseOpenId": "a",
            "currOpenClassId": "b",
            "currModuleId": "c",
            "curCellId": "d",
            "currCellName": "e",
        },
    )
    assert isinstance(error, OtherCellOpen)
    assert error.open_cell is not None
    assert (error.open_cell.cell_id, error.open_cell.cell_name) == ("d", "e")


def test_another_open_cell_that_is_not_named_whole_comes_without() -> None:
    error = trouble(Endpoint.REPORT, {"code": -100, "currCellName": "e"})
    assert isinstance(error, OtherCellOpen)
    assert error.open_cell is None


def test_errors_of_a_broken_body_carry_no_decoders_error_along() -> None:
    error = trouble(Endpoint.REPORT, '{"half')
    assert (error.__cause__, error.__context__) == (None, None)
