"""Cells that the platform does not open: not yet, or not any more."""

from demo.platform import Endpoint, gone, picture, quiz, school_of, topic, video
from tests.demo.platform.conftest import Enrol


async def test_a_cell_that_was_taken_away_answers_the_int_minus_1_with_its_own_words(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([gone(video(30)), video(30)]))
    answer = await client.view("cell-1")
    assert (answer["code"], answer["msg"]) == (-1, "该课件不存在或已被删除")
    assert (await client.view("cell-2"))["code"] == 1
    assert client.kinds() == []


async def test_in_some_courses_a_cell_opens_once_the_one_before_it_is_done(enrol: Enrol) -> None:
    school = school_of(topics=[topic([picture(), quiz()]), topic([picture()])], in_order=True)
    client = await enrol(school)
    answer = await client.view("cell-3")
    assert answer["code"] == -33
    assert "30分钟" in answer["msg"]
    assert (await client.view("cell-1"))["code"] == 1
    assert (await client.report("cell-1", page=1))["code"] == 1
    assert (await client.view("cell-3"))["code"] == 1, "a test holds up nothing"


async def test_it_opens_once_the_one_before_shows_100_which_lags(enrol: Enrol) -> None:
    client = await enrol(school_of([picture(), picture()], in_order=True), lag=5)
    await client.view("cell-1")
    await client.report("cell-1", page=1)
    assert (await client.cells())[0]["stuCellPercent"] == 0
    assert (await client.view("cell-2"))["code"] == -33
    client.clock.advance(4.5)
    assert (await client.cells())[0]["stuCellPercent"] == 100
    assert (await client.view("cell-2"))["code"] == 1


async def test_minutes_are_advice_now_and_then(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    said = {(await client.ask(Endpoint.ME)).get("msg") for _ in range(100)}
    assert "建议学习45分钟" in said
