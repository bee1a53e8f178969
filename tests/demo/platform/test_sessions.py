import aiohttp
import pytest

from demo.platform import EXPIRED_FORMS, OTHER_STUDENT, Endpoint, Fault, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient


async def refused(client: StudentClient, endpoint: Endpoint = Endpoint.ME) -> str:
    """Which form of an ended session the answer has; fails on an ordinary answer."""
    response = await client.send(endpoint)
    body = await response.text()
    if response.status == 302:
        assert response.headers["Location"] == "/login"
        return "redirect_login"
    assert response.status == 200
    if not body:
        return "empty"
    if '"-1"' in body:
        return "expired_string"
    if "用户信息异常" in body:
        return "expired_text"
    if "其他地方登录" in body:
        return "expired_words"
    assert "password" in body
    return "login_page"


async def test_a_cookie_is_long_hex_text_and_new_each_time(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    made = {client.server.cookie_for(client.stu_id) for _ in range(20)}
    assert len(made) == 20
    assert all(len(auth) >= 64 and int(auth, 16) for auth in made)
    assert len({len(auth) for auth in made}) > 1


async def test_an_unknown_student_gets_no_cookie(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    with pytest.raises(KeyError):
        client.server.cookie_for("nobody")


async def test_other_cookies_beside_auth_do_no_harm(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.auth = f"{client.auth}; acw_tc=1; xauth=2; verifycode=3"
    assert (await client.ask(Endpoint.ME))["disPlayName"] == "张三"


async def test_each_session_is_its_own_students(enrol: Enrol) -> None:
    client = await enrol(school_of([]), OTHER_STUDENT.stu_id)
    assert (await client.ask(Endpoint.ME))["disPlayName"] == "李四"


async def test_several_sessions_of_a_student_live_until_the_student_is_expired(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([]))
    first, second = client.auth, client.server.cookie_for(client.stu_id)
    other = client.server.cookie_for(OTHER_STUDENT.stu_id)
    for auth in (first, second):
        client.auth = auth
        assert (await client.ask(Endpoint.ME))["code"] == 1
    client.server.expire(client.stu_id)
    for auth in (first, second):
        client.auth = auth
        await refused(client)
    client.auth = other
    assert (await client.ask(Endpoint.ME))["disPlayName"] == "李四"


async def test_a_session_ends_ten_platform_hours_after_it_was_issued(enrol: Enrol) -> None:
    client = await enrol(school_of([]), speed=60.0)
    client.clock.advance(599.9)
    assert (await client.ask(Endpoint.ME))["code"] == 1
    client.clock.advance(0.2)
    await refused(client)


async def test_a_session_may_be_given_a_shorter_life(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.auth = client.server.cookie_for(client.stu_id, lifetime=30)
    client.clock.advance(29)
    assert (await client.ask(Endpoint.ME))["code"] == 1
    client.clock.advance(1)
    await refused(client)


@pytest.mark.parametrize("auth", ["", "abc", "0" * 64])
async def test_all_forms_of_a_refused_session_occur(enrol: Enrol, auth: str) -> None:
    client = await enrol(school_of([]))
    client.auth = auth
    seen = {await refused(client, endpoint) for _ in range(10) for endpoint in Endpoint}
    assert seen == {form.kind.value for form in EXPIRED_FORMS}


@pytest.mark.parametrize("form", EXPIRED_FORMS, ids=lambda form: form.kind)
async def test_the_form_of_a_refused_session_can_be_pinned(enrol: Enrol, form: Fault) -> None:
    client = await enrol(school_of([]))
    client.server.faults.expired_form = form
    client.server.expire(client.stu_id)
    assert {await refused(client) for _ in range(8)} == {form.kind.value}


async def test_a_redirect_leads_to_a_login_page(
    enrol: Enrol, session: aiohttp.ClientSession
) -> None:
    client = await enrol(school_of([]))
    async with session.get(f"{client.server.url}/login") as response:
        assert response.status == 200
        assert "登录" in await response.text()


async def test_nothing_is_studied_without_a_session(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10)]))
    await client.view("cell-1")
    client.clock.advance(10)
    client.server.expire(client.stu_id)
    client.server.faults.expired_form = Fault.EXPIRED_STRING
    assert (await client.report("cell-1", 10))["code"] == "-1"
    assert client.shown("cell-1") == 0
    assert client.server.requests[-1].student is None


async def test_what_is_left_counts_the_session_that_ends_last(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    server = client.server
    assert server.session_left(client.stu_id) == 36_000
    server.cookie_for(client.stu_id, lifetime=60)
    assert server.session_left(client.stu_id) == 36_000
    client.clock.seconds += 35_990
    assert server.session_left(client.stu_id) == 10
    client.clock.seconds += 20
    assert server.session_left(client.stu_id) == 0
    server.cookie_for(client.stu_id, lifetime=60)
    server.expire(client.stu_id)
    assert server.session_left(client.stu_id) == 0
    assert server.session_left(OTHER_STUDENT.stu_id) is None
