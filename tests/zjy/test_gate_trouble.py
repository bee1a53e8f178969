"""What the gate does about temporary trouble and doubtful sessions, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.clock import PlatformClock, SystemClock
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    Barred,
    CellLocked,
    OddAnswer,
    OtherCellOpen,
    ReportRefused,
    ServerTrouble,
    SessionExpired,
    StepRefused,
    Temporary,
    UnknownAnswer,
    Unreachable,
    ViewRefused,
    ZjyError,
)
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.models import OpenCell, Report
from bot.zjy.retries import RETRY_FOR
from bot.zjy.session_evidence import ATTEMPTS
from tests.support.scripted_platform import (
    COURSE,
    EMPTY,
    GATEWAY,
    VIEW,
    ScriptedPlatform,
    Step,
    auth_of,
)

pytestmark = pytest.mark.looptime(start=0)
OPEN = OpenCell(course_open_id="a", open_class_id="b", cell_id="c")
Call = Callable[[Session], Awaitable[object]]
RETRIED: dict[Endpoint, Call] = {
    Endpoint.ME: lambda s: s.me(),
    Endpoint.COURSES: lambda s: s.courses(),
    Endpoint.MODULES: lambda s: s.modules(COURSE),
    Endpoint.TOPICS: lambda s: s.topics(COURSE, "m"),
    Endpoint.CELLS: lambda s: s.cells(COURSE, "t"),
    Endpoint.VIEW: lambda s: s.view(COURSE, "c", "m"),
}
CALLS: dict[Endpoint, Call] = RETRIED | {Endpoint.SWITCH: lambda s: s.switch_cell(OPEN)}
READS: dict[Endpoint, Call] = {
    endpoint: call for endpoint, call in RETRIED.items() if endpoint is not Endpoint.VIEW
}
EXPIRED: dict[str, object] = {"code": "-1", "msg": "请登录"}
ODD: list[Step] = [
    httpx.Response(200, content=b"[]"),
    httpx.Response(200, content=b"null"),
    {},
    {"code": None, "msg": "系统繁忙"},
]


@pytest.fixture
def platform() -> ScriptedPlatform:
    return ScriptedPlatform()


@pytest.fixture
def stop() -> asyncio.Event:
    """Set it to ask ``own`` to stop."""
    return asyncio.Event()


@pytest.fixture
async def own(platform: ScriptedPlatform, stop: asyncio.Event) -> AsyncIterator[Session]:
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock()), requests_per_second=1000)
    yield Session(gate, auth_of("a"), stu_id="stu-a", priority=Priority.JOB, stopped=stop.is_set)
    await client.aclose()


def report(own: Session) -> Awaitable[None]:
    return own.report(COURSE, "m", "c", VIEW, Report(page=1))


@pytest.mark.parametrize("endpoint", list(RETRIED))
@pytest.mark.parametrize(
    "step", [GATEWAY, httpx.ConnectError("x"), httpx.ReadError("x"), {"code": -500}, *ODD]
)
async def test_temporary_trouble_is_tried_again_until_it_passes(
    endpoint: Endpoint, step: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [step] * (ATTEMPTS - 1)
    await RETRIED[endpoint](own)
    assert platform.order == [endpoint] * ATTEMPTS


@pytest.mark.parametrize("endpoint", list(CALLS))
async def test_an_odd_answer_that_stays_is_passing_trouble_and_never_a_refusal(
    endpoint: Endpoint, own: Session, platform: ScriptedPlatform
) -> None:
    bare: list[Step] = [] if endpoint is Endpoint.SWITCH else [{"code": 1}]
    for odd in [*ODD, *bare]:
        platform.script[endpoint] = [odd] * 20
        with pytest.raises(Temporary) as caught:
            await CALLS[endpoint](own)
        assert type(caught.value) is (AnswerLost if endpoint is Endpoint.SWITCH else OddAnswer)
        assert caught.value.msg in ("", "系统繁忙")


@pytest.mark.parametrize("endpoint", list(READS))
async def test_an_unknown_code_on_a_read_is_read_again_before_it_counts(
    endpoint: Endpoint, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [{"code": 0, "msg": "系统繁忙，请稍后再试"}] * (ATTEMPTS - 1)
    await READS[endpoint](own)
    platform.script[endpoint] = [{"code": 0, "msg": "系统繁忙，请稍后再试"}] * ATTEMPTS
    with pytest.raises(UnknownAnswer) as caught:
        await READS[endpoint](own)
    assert (caught.value.code, caught.value.msg) == (0, "系统繁忙，请稍后再试")
    assert platform.order == [endpoint] * (2 * ATTEMPTS)


@pytest.mark.parametrize("step", [*ODD, EMPTY])
async def test_an_odd_answer_to_a_report_may_have_been_applied(
    step: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [step]
    with pytest.raises(AnswerLost):
        await report(own)
    assert platform.order.count(Endpoint.REPORT) == 1


@pytest.mark.parametrize(
    ("step", "error"),
    [(GATEWAY, ServerTrouble), (httpx.ReadError("x"), AnswerLost), (EMPTY, AnswerLost)],
)
async def test_a_switch_is_never_sent_again(
    own: Session, platform: ScriptedPlatform, step: Step, error: type[Exception]
) -> None:
    platform.script[Endpoint.SWITCH] = [step]
    with pytest.raises(error):
        await own.switch_cell(OPEN)
    assert platform.order.count(Endpoint.SWITCH) == 1


@pytest.mark.parametrize("endpoint", list(RETRIED))
async def test_after_a_few_attempts_the_trouble_is_told_as_it_was(
    endpoint: Endpoint, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [httpx.ConnectError("x")] * 20
    with pytest.raises(Unreachable):
        await RETRIED[endpoint](own)
    assert platform.order == [endpoint] * ATTEMPTS


@pytest.mark.parametrize("speed", [1.0, 20.0])
async def test_the_waits_grow_with_jitter_in_platform_seconds(
    platform: ScriptedPlatform, speed: float
) -> None:
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock(), speed), requests_per_second=1000)
    waits: list[list[float]] = []
    for _ in range(5):
        platform.seen.clear()
        platform.script[Endpoint.COURSES] = [GATEWAY] * ATTEMPTS
        with pytest.raises(ServerTrouble):
            await Session(gate, auth_of("a"), stu_id="s", priority=Priority.JOB).courses()
        waits.append([gap * speed for gap in platform.gaps()])
    await client.aclose()
    slack = 0.02 * speed
    for first, second, third in waits:
        assert 2 - 1e-6 <= first <= 3.5 + slack
        assert 4.4 - 1e-6 <= second <= 5.9 + slack
        assert 9.68 - 1e-6 <= third <= 11.2 + slack
        assert first + second + third < RETRY_FOR
    assert len({first for first, _, _ in waits}) > 1


async def test_attempts_that_take_long_themselves_are_fewer(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.latency = 25
    platform.script[Endpoint.COURSES] = [GATEWAY] * 20
    with pytest.raises(ServerTrouble):
        await own.courses()
    assert len(platform.seen) == 2


async def test_the_queue_is_free_between_two_attempts(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.COURSES] = [GATEWAY]
    async with asyncio.TaskGroup() as group:
        group.create_task(own.courses())
        await asyncio.sleep(0.05)
        group.create_task(own.modules(COURSE))
    assert platform.order == [Endpoint.COURSES, Endpoint.MODULES, Endpoint.COURSES]
    assert min(platform.gaps()) >= 1 - 1e-6


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (GATEWAY, ServerTrouble),
        (httpx.ConnectError("x"), Unreachable),
        (httpx.ReadTimeout("x"), AnswerLost),
        (httpx.Response(200, content=b'{"code": 1'), AnswerLost),
        ({"code": -500}, ServerTrouble),
    ],
)
async def test_a_report_is_never_sent_again(
    step: Step, kind: type[Temporary], own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [step]
    with pytest.raises(kind) as caught:
        await report(own)
    assert type(caught.value) is kind
    assert platform.order == [Endpoint.REPORT]


@pytest.mark.parametrize(
    ("endpoint", "step", "kind"),
    [
        (Endpoint.VIEW, {"code": -1, "msg": "操作频繁，请20分钟后再试"}, Barred),
        (Endpoint.VIEW, {"code": -1, "msg": "该课件不存在或已被删除"}, ViewRefused),
        (Endpoint.VIEW, {"code": 5}, UnknownAnswer),
        (Endpoint.VIEW, {"code": -33}, CellLocked),
        (Endpoint.VIEW, {"code": -100, "curCellId": "x"}, OtherCellOpen),
        (Endpoint.SWITCH, {"code": 5}, UnknownAnswer),
        (Endpoint.SWITCH, {"code": None}, AnswerLost),
        (Endpoint.COURSES, EXPIRED, SessionExpired),
        (Endpoint.SWITCH, {"code": 1, "msg": "用户信息异常"}, SessionExpired),
    ],
)
async def test_an_answer_that_says_no_is_told_at_once(
    endpoint: Endpoint,
    step: Step,
    kind: type[ZjyError],
    own: Session,
    platform: ScriptedPlatform,
) -> None:
    platform.script[endpoint] = [step]
    with pytest.raises(kind):
        await CALLS[endpoint](own)
    assert platform.order == [endpoint]


@pytest.mark.parametrize(("code", "kind"), [(-1, ReportRefused), (-2, StepRefused)])
async def test_a_refused_report_is_told_at_once(
    code: int, kind: type[ZjyError], own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [{"code": code}]
    with pytest.raises(kind):
        await report(own)
    assert platform.order == [Endpoint.REPORT]


LOGIN = httpx.Response(200, text="<form>登录</form>")
REDIRECT = httpx.Response(302, headers={"Location": "/login"})


@pytest.mark.parametrize("doubt", [EMPTY, LOGIN, REDIRECT])
@pytest.mark.parametrize("endpoint", [each for each in RETRIED if each is not Endpoint.ME])
async def test_a_doubtful_answer_of_a_living_session_is_passing_trouble(
    endpoint: Endpoint, doubt: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [doubt]
    await RETRIED[endpoint](own)
    assert platform.order == [endpoint, Endpoint.ME, endpoint]


DOUBTFUL: list[Step] = [EMPTY, LOGIN, REDIRECT, {"code": 0, "msg": "请先登录"}]
NO_NAME: list[Step] = [*DOUBTFUL, {"code": 0}, {"code": -1, "msg": "操作失败！"}]
DOUBTED = [each for each in RETRIED if each is not Endpoint.ME]


@pytest.mark.parametrize("answer_of_me", DOUBTFUL)
@pytest.mark.parametrize("endpoint", DOUBTED)
async def test_two_doubtful_looks_at_a_session_mean_expired(
    endpoint: Endpoint, answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [EMPTY] * 20
    platform.script[Endpoint.ME] = [answer_of_me] * 20
    with pytest.raises(SessionExpired):
        await RETRIED[endpoint](own)
    assert platform.order == [endpoint, Endpoint.ME] * 2


@pytest.mark.parametrize("answer_of_me", NO_NAME)
@pytest.mark.parametrize("endpoint", [*DOUBTED, Endpoint.SWITCH])
async def test_a_doubted_session_that_is_never_named_has_expired(
    endpoint: Endpoint, answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [EMPTY] * 20
    platform.script[Endpoint.ME] = [answer_of_me] * 20
    with pytest.raises(SessionExpired):
        await CALLS[endpoint](own)
    assert platform.order.count(Endpoint.SWITCH) <= 1


@pytest.mark.parametrize("answer_of_me", [*NO_NAME, *ODD, {"code": 1}, GATEWAY])
@pytest.mark.parametrize("endpoint", DOUBTED)
async def test_one_look_without_a_name_is_not_yet_an_expired_session(
    endpoint: Endpoint, answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [EMPTY]
    platform.script[Endpoint.ME] = [answer_of_me]
    await RETRIED[endpoint](own)
    assert platform.order == [endpoint, Endpoint.ME, endpoint]


@pytest.mark.parametrize("answer_of_me", [*ODD, {"code": 1}, {"code": 1, "stuId": ""}, GATEWAY])
@pytest.mark.parametrize("endpoint", list(CALLS))
async def test_passing_trouble_alone_never_ends_a_session(
    endpoint: Endpoint, answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.stu_id = lambda _: ""
    platform.script[endpoint] = [EMPTY] * 20
    platform.script[Endpoint.ME] = [answer_of_me] * 20
    with pytest.raises(Temporary):
        await CALLS[endpoint](own)


@pytest.mark.parametrize("answer_of_me", [EXPIRED, {"code": 1, "msg": "用户信息异常"}])
@pytest.mark.parametrize("endpoint", [each for each in CALLS if each is not Endpoint.ME])
async def test_a_look_that_says_expired_is_believed_at_once(
    endpoint: Endpoint, answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [EMPTY]
    platform.script[Endpoint.ME] = [answer_of_me]
    with pytest.raises(SessionExpired):
        await CALLS[endpoint](own)
    assert platform.order == [endpoint, Endpoint.ME]


@pytest.mark.parametrize("answer_of_me", NO_NAME)
async def test_a_doubtful_answer_to_a_report_of_a_session_that_nobody_knows_means_expired(
    answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [LOGIN]
    platform.script[Endpoint.ME] = [answer_of_me] * 20
    with pytest.raises(SessionExpired):
        await report(own)
    assert set(platform.order[1:]) == {Endpoint.ME}


@pytest.mark.parametrize("answer_of_me", [*NO_NAME, *ODD])
async def test_one_look_without_a_name_after_a_report_is_followed_by_another(
    answer_of_me: Step, own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [LOGIN]
    platform.script[Endpoint.ME] = [answer_of_me]
    with pytest.raises(AnswerLost):
        await report(own)
    assert platform.order == [Endpoint.REPORT, Endpoint.ME, Endpoint.ME]


@pytest.mark.parametrize(
    ("endpoint", "code", "kind"),
    [
        (Endpoint.VIEW, -33, CellLocked),
        (Endpoint.VIEW, -100, OtherCellOpen),
        (Endpoint.REPORT, -2, StepRefused),
        (Endpoint.REPORT, -1, ReportRefused),
    ],
)
async def test_words_about_the_login_of_a_living_session_leave_the_code_its_meaning(
    endpoint: Endpoint, code: int, kind: type[ZjyError], own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[endpoint] = [{"code": code, "msg": "请重新登录"}]
    with pytest.raises(kind):
        await (report(own) if endpoint is Endpoint.REPORT else CALLS[endpoint](own))
    assert platform.order == [endpoint, Endpoint.ME]


async def test_logged_in_elsewhere_is_no_bar_but_a_question_whose_session_it_is(
    own: Session, platform: ScriptedPlatform
) -> None:
    elsewhere: Step = {"code": -1, "msg": "您的账号已在其他地方登录"}
    platform.script[Endpoint.VIEW] = [elsewhere]
    assert (await own.view(COURSE, "c", "m")).cell_id == "c"
    platform.script[Endpoint.VIEW] = [elsewhere]
    platform.script[Endpoint.ME] = [EXPIRED]
    with pytest.raises(SessionExpired):
        await own.view(COURSE, "c", "m")
    platform.script[Endpoint.VIEW] = [elsewhere] * 20
    with pytest.raises(ServerTrouble) as caught:
        await own.view(COURSE, "c", "m")
    assert caught.value.msg == "您的账号已在其他地方登录"


async def test_expired_for_want_of_a_name_keeps_what_the_platform_said(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.COURSES] = [EMPTY] * 20
    platform.script[Endpoint.ME] = [{"code": 0, "msg": "请先登录"}] * 20
    with pytest.raises(SessionExpired) as caught:
        await own.courses()
    assert (caught.value.endpoint, caught.value.code, caught.value.msg) == ("index", 0, "请先登录")


async def test_a_bar_told_where_a_session_was_in_doubt_stays_a_bar(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.COURSES] = [EMPTY]
    platform.script[Endpoint.ME] = [{"code": 0, "msg": "异常学习行为，请20分钟后再试"}]
    with pytest.raises(Barred):
        await own.courses()


async def test_a_name_refused_without_any_doubt_is_told_as_it_was(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.ME] = [{"code": 0}] * 20
    with pytest.raises(UnknownAnswer):
        await own.me()
    assert platform.order == [Endpoint.ME] * ATTEMPTS


async def test_doubt_while_the_platform_is_in_trouble_decides_nothing(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.COURSES] = [EMPTY] * 20
    platform.script[Endpoint.ME] = [GATEWAY] * 20
    with pytest.raises(ServerTrouble):
        await own.courses()
    assert platform.order == [Endpoint.COURSES, Endpoint.ME] * ATTEMPTS


async def test_an_endpoint_that_stays_empty_for_a_living_session_is_the_servers_trouble(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.COURSES] = [EMPTY] * 20
    with pytest.raises(ServerTrouble):
        await own.courses()
    assert platform.order == [Endpoint.COURSES, Endpoint.ME] * ATTEMPTS


async def test_a_report_with_an_empty_answer_may_have_been_applied(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [EMPTY]
    with pytest.raises(AnswerLost):
        await report(own)
    assert platform.order == [Endpoint.REPORT, Endpoint.ME]
    assert platform.gaps() == [pytest.approx(1, abs=0.02)]


async def test_a_report_of_an_expired_session_says_so(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.REPORT] = [EMPTY]
    platform.script[Endpoint.ME] = [EMPTY] * 20
    with pytest.raises(SessionExpired):
        await report(own)
    assert platform.order == [Endpoint.REPORT, Endpoint.ME, Endpoint.ME]


async def test_me_in_doubt_is_asked_once_more_after_some_seconds(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.ME] = [EMPTY]
    assert (await own.me()).name == "张三"
    assert platform.gaps() == [pytest.approx(2.75, abs=0.8)]


async def test_me_in_doubt_twice_means_expired(own: Session, platform: ScriptedPlatform) -> None:
    for second in DOUBTFUL:
        platform.seen.clear()
        platform.script[Endpoint.ME] = [EMPTY, second]
        with pytest.raises(SessionExpired):
            await own.me()
        assert platform.order == [Endpoint.ME] * 2


async def test_doubts_of_me_count_only_when_they_follow_each_other(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.ME] = [EMPTY, GATEWAY, EMPTY]
    assert (await own.me()).stu_id == "stu-a"
    assert platform.order == [Endpoint.ME] * 4


async def test_a_cancelled_wait_between_attempts_sends_nothing_more(
    own: Session, platform: ScriptedPlatform
) -> None:
    platform.script[Endpoint.COURSES] = [GATEWAY] * 20
    asking = asyncio.create_task(own.courses())
    await asyncio.sleep(1)
    asking.cancel()
    await asyncio.wait([asking])
    await asyncio.sleep(30)
    assert asking.cancelled()
    assert platform.order == [Endpoint.COURSES]


async def test_no_error_of_the_gate_holds_the_cookie(
    own: Session, platform: ScriptedPlatform
) -> None:
    for step in (EMPTY, GATEWAY, {"code": 9, "msg": auth_of("a")}):
        platform.script[Endpoint.ME] = [EMPTY]
        platform.script[Endpoint.REPORT] = [step]
        with pytest.raises(ZjyError) as caught:
            await report(own)
        assert auth_of("a") not in f"{caught.value!s} {caught.value!r}"


@pytest.mark.parametrize("endpoint", list(CALLS))
async def test_a_session_that_is_to_stop_makes_no_further_attempt(
    endpoint: Endpoint, own: Session, platform: ScriptedPlatform, stop: asyncio.Event
) -> None:
    platform.script[endpoint] = [GATEWAY] * 20
    asking = asyncio.ensure_future(CALLS[endpoint](own))
    await platform.first_request.wait()
    stop.set()
    with pytest.raises(ServerTrouble):
        await asking
    assert platform.order == [endpoint]
    assert asyncio.get_running_loop().time() < 0.2


@pytest.mark.parametrize("failed", range(1, ATTEMPTS))
async def test_a_stop_between_two_attempts_lets_the_trouble_of_the_last_one_out(
    failed: int, own: Session, platform: ScriptedPlatform, stop: asyncio.Event
) -> None:
    last = httpx.Response(503, text="the last")
    platform.script[Endpoint.COURSES] = [*[GATEWAY] * (failed - 1), last]
    asking = asyncio.ensure_future(own.courses())
    while sum(each.ended is not None for each in platform.seen) < failed:  # noqa: ASYNC110 - a log
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    stop.set()
    with pytest.raises(ServerTrouble) as caught:
        await asking
    assert "503" in caught.value.detail
    assert platform.order == [Endpoint.COURSES] * failed


async def test_a_session_that_is_to_stop_still_makes_a_first_attempt(
    own: Session, platform: ScriptedPlatform, stop: asyncio.Event
) -> None:
    stop.set()
    assert (await own.me()).stu_id == "stu-a"
