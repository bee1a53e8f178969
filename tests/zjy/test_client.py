"""The bare client over real HTTP on the loopback."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal

import httpx
import pytest
from aiohttp import web

from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    OddAnswer,
    ServerTrouble,
    SessionInDoubt,
    Temporary,
    UnknownAnswer,
    Unreachable,
    ZjyError,
)
from bot.zjy.exchange import TRANSLATION, USER_AGENT
from bot.zjy.models import CourseRef, OpenCell, Report
from tests.support.scripted_platform import COURSE, GOOD, VIEW, auth_of

from .conftest import Site

AUTH = auth_of("a")
QUICK = 1.0
"""Seconds for an answer, in which a busy machine connects and is asked."""
OPEN = OpenCell(
    course_open_id="o-course", open_class_id="o-class", module_id="m", cell_id="c", cell_name="名 &"
)
Call = Callable[[Client], Awaitable[object]]
IDS = {"courseOpenId": "course-open-id", "openClassId": "open-class-id"}
CALLS: dict[Endpoint, tuple[Call, dict[str, str]]] = {
    Endpoint.ME: (lambda c: c.me(AUTH), {}),
    Endpoint.COURSES: (lambda c: c.courses(AUTH), {}),
    Endpoint.MODULES: (lambda c: c.modules(AUTH, COURSE), IDS),
    Endpoint.TOPICS: (
        lambda c: c.topics(AUTH, COURSE, "m"),
        {"courseOpenId": "course-open-id", "moduleId": "m"},
    ),
    Endpoint.CELLS: (lambda c: c.cells(AUTH, COURSE, "t"), {**IDS, "topicId": "t"}),
    Endpoint.VIEW: (
        lambda c: c.view(AUTH, COURSE, "cell", "m"),
        {**IDS, "cellId": "cell", "moduleId": "m", "flag": "s"},
    ),
    Endpoint.SWITCH: (
        lambda c: c.switch_cell(AUTH, OPEN),
        {
            "courseOpenId": "o-course",
            "openClassId": "o-class",
            "moduleId": "m",
            "cellId": "c",
            "cellName": "名 &",
        },
    ),
    Endpoint.REPORT: (
        lambda c: c.report(AUTH, COURSE, "m", "cell", VIEW, Report(position=Decimal("12.5"))),
        {
            **IDS,
            "moduleId": "m",
            "cellId": "cell",
            "cellLogId": "log",
            "picNum": "0",
            "studyNewlyTime": "12.5",
            "studyNewlyPicNum": "0",
            "token": "token-of-the-view",
        },
    ),
}


def text(body: str, status: int = 200) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type="text/html")

    return answer


def json_of(body: dict[str, object]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(body)

    return answer


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def never(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


@pytest.mark.parametrize("endpoint", list(Endpoint))
async def test_each_method_posts_its_form_to_its_path(
    endpoint: Endpoint, site: Site, client: Client
) -> None:
    call, form = CALLS[endpoint]
    site.answer = json_of({**GOOD[endpoint], **form})
    await call(client)
    (got,) = site.got
    assert (got.method, got.path, got.form) == ("POST", endpoint.value, form)
    assert got.headers["cookie"] == f"auth={AUTH}"
    assert got.headers["user-agent"] == USER_AGENT
    assert "bot" in USER_AGENT


async def test_json_is_read_whatever_the_content_type_says(site: Site, client: Client) -> None:
    site.answer = text('{"code": "1", "stuId": "s", "disPlayName": "张三"}')
    assert (await client.me(AUTH)).name == "张三"


async def test_a_redirect_is_not_followed_and_the_cookie_stays_home(
    site: Site, other_site: Site, client: Client
) -> None:
    async def away(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": f"{other_site.url}/login?x={AUTH}"})

    site.answer = away
    with pytest.raises(SessionInDoubt) as caught:
        await client.me(AUTH)
    assert len(site.got) == 1
    assert other_site.got == []
    assert AUTH not in str(caught.value)


async def test_proxies_in_the_environment_are_not_used(
    site: Site, other_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, other_site.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    site.answer = json_of(GOOD[Endpoint.ME])
    own = Client(site.url)
    try:
        await own.me(AUTH)
    finally:
        await own.aclose()
    assert (len(site.got), other_site.got) == (1, [])


async def test_a_cookie_that_the_platform_sets_reaches_no_later_request(
    site: Site, client: Client
) -> None:
    async def setting(_: web.Request) -> web.StreamResponse:
        response = web.json_response(GOOD[Endpoint.ME])
        response.set_cookie("acw_tc", "of-the-first-student")
        response.set_cookie("auth", "of-the-first-student")
        return response

    site.answer = setting
    await client.me(auth_of("a"))
    await client.me(auth_of("b"))
    assert [got.headers["cookie"] for got in site.got] == [
        f"auth={auth_of('a')}",
        f"auth={auth_of('b')}",
    ]


async def test_no_connection_means_unreachable(client: Client) -> None:
    closed = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = closed.sockets[0].getsockname()[1]
    closed.close()
    await closed.wait_closed()
    own = Client(f"http://127.0.0.1:{port}")
    try:
        with pytest.raises(Unreachable):
            await own.me(AUTH)
    finally:
        await own.aclose()


@pytest.mark.parametrize("endpoint", [Endpoint.ME, Endpoint.VIEW, Endpoint.REPORT])
async def test_a_connection_that_breaks_after_sending_loses_the_answer(
    endpoint: Endpoint, site: Site, client: Client
) -> None:
    site.answer = hang_up
    with pytest.raises(AnswerLost):
        await CALLS[endpoint][0](client)
    assert len(site.got) == 1


async def test_an_answer_that_never_comes_is_lost(site: Site) -> None:
    site.answer = never
    own = Client(site.url, timeout=QUICK)
    try:
        with pytest.raises(AnswerLost):
            await own.me(AUTH)
    finally:
        await own.aclose()


async def test_an_answer_that_drips_is_lost_when_the_time_of_the_whole_is_over(site: Site) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    site.answer = drip
    own = Client(site.url, timeout=QUICK)
    try:
        with pytest.raises(AnswerLost):
            await own.me(AUTH)
    finally:
        await own.aclose()


async def test_a_body_shorter_than_announced_is_a_lost_answer(site: Site, client: Client) -> None:
    async def short(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"code": 1}')
        assert request.transport is not None
        request.transport.close()
        return response

    site.answer = short
    with pytest.raises(AnswerLost):
        await CALLS[Endpoint.REPORT][0](client)


@pytest.mark.parametrize(
    "kind",
    [
        each
        for each in map(httpx.__dict__.get, httpx.__all__)
        if isinstance(each, type) and issubclass(each, Exception)
    ],
)
def test_every_error_of_httpx_has_a_place_in_the_translation(kind: type[Exception]) -> None:
    assert kind in TRANSLATION
    assert issubclass(TRANSLATION[kind], Temporary)


def test_only_what_was_surely_not_sent_is_unreachable() -> None:
    unsent = {kind for kind, meaning in TRANSLATION.items() if meaning is Unreachable}
    assert unsent == {
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    }


@pytest.mark.parametrize("kind", [httpx.ReadError, httpx.ConnectTimeout, ConnectionResetError])
async def test_an_error_is_translated_without_its_text(kind: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise kind(f"while sending {request.headers['cookie']}")

    own = Client("http://127.0.0.1", transport=httpx.MockTransport(fail))
    with pytest.raises(Temporary) as caught:
        await own.me(AUTH)
    await own.aclose()
    assert type(caught.value) is TRANSLATION.get(kind, AnswerLost)
    assert_no_cookie(caught.value)


def assert_no_cookie(error: BaseException) -> None:
    """Neither its text nor any error that hangs on it."""
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None:
            assert AUTH not in f"{each!s} {each!r} {vars(each)!r}"
            waiting += [each.__cause__, each.__context__]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"code": 1, "stuId": null, "disPlayName": "%s"}', OddAnswer),
        ('{"code": 1, "stuId": ["%s"]}', OddAnswer),
        ('{"code": -9, "msg": "bad cookie %s"}', UnknownAnswer),
        ('{"code": "%s"}', OddAnswer),
        ("<html>%s</html>", ServerTrouble),
        ('["%s"]', OddAnswer),
    ],
)
async def test_a_platform_that_echoes_the_cookie_brings_it_into_no_error_and_no_log(
    body: str,
    kind: type[ZjyError],
    site: Site,
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.answer = text(body % AUTH)
    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as caught:
        await client.me(AUTH)
    assert_no_cookie(caught.value)
    assert caplog.records
    assert AUTH not in caplog.text


async def test_an_odd_answer_names_the_place_to_the_log_alone_and_no_value(
    site: Site, client: Client
) -> None:
    site.answer = json_of({"code": 1, "progress": {"moduleList": {"secret": 1}}})
    with pytest.raises(OddAnswer) as caught:
        await client.modules(AUTH, CourseRef("a", "b"))
    assert "progress.moduleList: value_error" in caught.value.detail
    assert caught.value.msg == ""
    assert "secret" not in str(caught.value)


VIEWED = {"code": 1, "cellId": "c", "guIdToken": "t"}


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 1},
        {**VIEWED, "cellId": "another"},
        {**VIEWED, "cellId": None},
        {**VIEWED, "cellId": ["c"]},
        {**VIEWED, "guIdToken": ""},
        {**VIEWED, "guIdToken": None},
        {**VIEWED, "guIdToken": ["t"]},
        {"code": 1, "courseList": []},
    ],
)
async def test_a_view_without_its_token_or_of_another_cell_is_odd(
    answer: dict[str, object], site: Site, client: Client
) -> None:
    site.answer = json_of(VIEWED)
    assert (await client.view(AUTH, CourseRef("a", "b"), "c", "m")).token == "t"
    site.answer = json_of(answer)
    with pytest.raises(OddAnswer) as caught:
        await client.view(AUTH, CourseRef("a", "b"), "c", "m")
    assert caught.value.msg == ""


@pytest.mark.parametrize("auth", ["", "a b", "a\r\nX: y", "a;b", "é" * 40])
async def test_a_value_that_would_break_the_header_is_refused_before_sending(
    auth: str, site: Site, client: Client
) -> None:
    with pytest.raises(ValueError, match="Cookie header") as caught:
        await client.me(auth)
    assert not auth or auth not in str(caught.value)
    assert site.got == []


async def test_an_address_with_a_slash_at_its_end_is_the_same(site: Site) -> None:
    site.answer = json_of(GOOD[Endpoint.MODULES])
    own = Client(site.url + "/")
    try:
        await own.modules(AUTH, CourseRef("a", "b"))
    finally:
        await own.aclose()
    assert site.got[0].path == Endpoint.MODULES.value


def test_the_default_address_of_the_user_agent_names_the_bot_honestly() -> None:
    assert USER_AGENT.startswith("zjy-study-bot/")
