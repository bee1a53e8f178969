"""Tokens: what is needed, how long it lives, and how the site says that it is over."""

import base64
import json

import aiohttp
import pytest

from demo.platform import Fault
from demo.spoc import (
    DAY,
    EXPIRED_FORMS,
    RENEWED_WITHIN,
    WEEK,
    Read,
    SpocSchool,
    lesson,
    spoc_course,
    spoc_school,
)
from tests.demo.spoc.conftest import Reader, Visit


def school() -> SpocSchool:
    pupils = (("张三", "zhangsan"), ("李四", "lisi"))
    return spoc_school([spoc_course([lesson("第一课")])], pupils=pupils)


async def is_over(reader: Reader) -> bool:
    response, text = await reader.send(Read.ME)
    return response.status == 401 or json.loads(text)["code"] in (401, "401")


async def test_a_token_is_a_jwt_that_names_no_expiry_and_new_each_time(visit: Visit) -> None:
    reader = await visit(school())
    made = {reader.site.token_for(reader.pupil.user_id) for _ in range(20)}
    assert len(made) == 20
    head, claims, signature = reader.token.split(".")
    padded = claims + "=" * (-len(claims) % 4)
    assert list(json.loads(base64.urlsafe_b64decode(padded))) == ["login_user_key"]
    assert len(signature) == 86
    assert head.startswith("eyJ")


async def test_an_unknown_student_gets_no_token(visit: Visit) -> None:
    reader = await visit(school())
    with pytest.raises(KeyError):
        reader.site.token_for("nobody")


@pytest.mark.parametrize("word", ["Bearer ", ""])
async def test_the_token_works_with_and_without_the_word_bearer(
    visit: Visit, session: aiohttp.ClientSession, word: str
) -> None:
    reader = await visit(school())
    url = reader.server.url + Read.ME
    async with session.get(url, headers={"Authorization": word + reader.token}) as response:
        assert (await response.json(content_type=None))["user"]["nickName"] == "张三"
    assert reader.site.requests[-1].has_bearer is bool(word)


async def test_each_token_is_its_own_students(visit: Visit) -> None:
    reader = await visit(school())
    reader.token = reader.site.token_for(reader.site.school.pupils[1].user_id)
    assert (await reader.ask(Read.ME))["user"]["nickName"] == "李四"


@pytest.mark.parametrize("lifetime", [DAY, WEEK])
async def test_a_token_lives_a_day_or_a_week_by_the_scenario(visit: Visit, lifetime: float) -> None:
    reader = await visit(school(), lifetime=lifetime)
    reader.clock.advance(lifetime - 2)
    assert not await is_over(reader)
    assert reader.site.token_left(reader.pupil.user_id) == 1
    assert await is_over(reader)
    assert reader.site.token_left(reader.pupil.user_id) == 0


async def test_use_in_the_last_two_hours_renews_a_token_only_where_the_site_renews(
    visit: Visit,
) -> None:
    reader = await visit(school())
    reader.site.tokens.renews = True
    reader.clock.advance(DAY - RENEWED_WITHIN - 10)
    await reader.ask(Read.ME)
    left = reader.site.token_left(reader.pupil.user_id)
    assert left is not None
    assert left < RENEWED_WITHIN + 10
    reader.clock.advance(60)
    await reader.ask(Read.ME)
    assert reader.site.token_left(reader.pupil.user_id) == DAY
    reader.site.tokens.renews = False
    reader.clock.advance(DAY - 60)
    await reader.ask(Read.ME)
    reader.clock.advance(60)
    assert await is_over(reader)


@pytest.mark.parametrize("token", ["", "x", "eyJhbGciOiJIUzUxMiJ9.e30.x"])
async def test_all_forms_of_a_token_that_is_over_occur(visit: Visit, token: str) -> None:
    reader = await visit(school())
    reader.token = token
    seen = set()
    for read in Read:
        for _ in range(12):
            response, text = await reader.send(read)
            seen.add((response.status, repr(json.loads(text)["code"]) if text else ""))
    assert seen == {(200, "401"), (200, "'401'"), (401, "401"), (401, "")}
    assert len(EXPIRED_FORMS) == len(seen)


@pytest.mark.parametrize("form", EXPIRED_FORMS)
async def test_the_form_can_be_pinned_and_all_tokens_of_a_student_ended(
    visit: Visit, form: Fault
) -> None:
    reader = await visit(school())
    other = reader.site.token_for(reader.site.school.pupils[1].user_id)
    reader.site.faults.expired_form = form
    reader.site.expire(reader.pupil.user_id)
    assert [await is_over(reader) for _ in range(3)] == [True] * 3
    reader.token = other
    assert (await reader.ask(Read.ME))["user"]["nickName"] == "李四"
