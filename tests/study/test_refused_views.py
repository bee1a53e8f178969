"""A view that is refused in words: one cell's own trouble, or a bar on the account."""

import pytest

from bot.study.events import CellPostponed, CellSuspect
from bot.study.refusals import MANY
from bot.zjy.errors import Barred, SessionExpired
from demo.platform import Endpoint, Fault, link, locked, picture, school_of, topic, video
from storage.enums import Outcome
from tests.support.study_harness import Ending, StudyHarness, folded, open_study

pytestmark = pytest.mark.looptime(start=0)
GONE = "该课件不存在或已被删除"
OTHER = "该课件已下架"


def refuse(
    harness: StudyHarness, *cell_ids: str, msg: str = GONE, times: int | None = None
) -> None:
    for cell_id in cell_ids:
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -1, "msg": msg}),
            times=times,
            where=lambda form, cell_id=cell_id: form["cellId"] == cell_id,  # type: ignore[misc]
        )


async def test_one_cell_that_is_refused_is_tried_again_and_then_fails_alone() -> None:
    async with open_study([link(), video(20), link()]) as harness:
        refuse(harness, "cell-2")
        ending = await harness.study()
        gone = ending.of("cell-2")
        assert (gone.outcome, gone.code, gone.msg) == (Outcome.REFUSED, "-1", GONE)
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]
        assert len(harness.sent(Endpoint.VIEW, cell="cell-2")) == 2


async def test_a_cell_that_was_refused_once_is_done_by_its_second_try() -> None:
    async with open_study([link(), video(20), link()]) as harness:
        refuse(harness, "cell-2", times=1)
        assert (await harness.study()).outcomes == [Outcome.DONE] * 3
        harness.assert_no_violations()


async def test_the_last_cell_alone_is_no_bar() -> None:
    async with open_study([link(), video(20)]) as harness:
        refuse(harness, "cell-2")
        assert (await harness.study()).outcomes == [Outcome.DONE, Outcome.REFUSED]


async def test_two_in_a_row_in_the_same_words_are_a_bar_and_neither_ends() -> None:
    async with open_study([link(), video(20), link(), link()]) as harness:
        plan = await harness.plan()
        refuse(harness, "cell-2", "cell-3")
        ending = Ending()
        with pytest.raises(Barred) as raised:
            await harness.study(plan, into=ending)
        assert (raised.value.minutes, raised.value.msg, raised.value.code) == (None, GONE, "-1")
        assert raised.value.endpoint == "viewDirectory"
        assert [event.cell.cell_id for event in ending.ended] == ["cell-1"]
        suspects = [event for event in ending.events if isinstance(event, CellSuspect)]
        assert suspects == [
            CellSuspect(plan[1], "-1", GONE),
            CellSuspect(plan[2], "-1", GONE),
        ]
        assert harness.sent(Endpoint.VIEW, cell="cell-4") == []


async def test_two_in_a_row_in_different_words_are_their_own_trouble() -> None:
    async with open_study([video(20), link(), link()]) as harness:
        refuse(harness, "cell-1")
        refuse(harness, "cell-2", msg=OTHER)
        ending = await harness.study()
        assert {ending.of("cell-1").msg, ending.of("cell-2").msg} == {GONE, OTHER}
        assert ending.of("cell-3").outcome is Outcome.DONE


@pytest.mark.parametrize("between", [link(), locked(link())])
async def test_a_cell_between_them_that_answers_otherwise_makes_it_no_bar(between: object) -> None:
    async with open_study([video(20), between, picture()]) as harness:  # type: ignore[list-item]
        refuse(harness, "cell-1", "cell-3", times=1)
        ending = await harness.study()
        assert ending.of("cell-1").outcome is Outcome.DONE
        assert ending.of("cell-3").outcome is Outcome.DONE


async def test_trouble_between_them_decides_nothing() -> None:
    async with open_study([video(20), link(), picture()]) as harness:
        plan = await harness.plan()
        refuse(harness, "cell-1", "cell-3")
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -500}),
            times=None,
            where=lambda form: form["cellId"] == "cell-2",
        )
        with pytest.raises(Barred):
            await harness.study(plan)


async def test_the_next_cell_may_stand_in_the_next_topic_and_the_first_is_not_yet_ended() -> None:
    school = school_of(topics=[topic([link(), video(20)]), topic([picture(), link()])])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        refuse(harness, "cell-2", "cell-3")
        ending = Ending()
        with pytest.raises(Barred):
            await harness.study(plan, into=ending)
        assert [event.cell.cell_id for event in ending.ended] == ["cell-1"]
        held = [e.end for e in ending.events if isinstance(e, CellPostponed)]
        assert [(end.cell.cell_id, end.outcome) for end in held] == [("cell-2", Outcome.REFUSED)]
        # A suspect is open again: it is no longer known how it would end.
        assert folded(plan, ending.events).postponed == {}


async def test_words_that_come_again_after_the_bar_are_the_cells_own_trouble() -> None:
    async with open_study([video(20), link(), link(), picture()]) as harness:
        plan = await harness.plan()
        refuse(harness, "cell-1", "cell-2")
        known = {"cell-1": GONE, "cell-2": GONE}
        ending = await harness.study(plan, look_first=True, refused=known)
        assert [ending.of(f"cell-{n}").outcome for n in (1, 2, 3, 4)] == [
            *[Outcome.REFUSED, Outcome.REFUSED],
            *[Outcome.DONE, Outcome.DONE],
        ]


async def test_other_words_after_the_bar_are_a_bar_again() -> None:
    async with open_study([video(20), link(), link(), picture()]) as harness:
        plan = await harness.plan()
        refuse(harness, *(cell.cell_id for cell in plan))
        with pytest.raises(Barred):
            await harness.study(plan, refused={"cell-1": OTHER, "cell-2": OTHER})
        assert len(harness.sent(Endpoint.VIEW)) == 2


@pytest.mark.parametrize(("cells", "barred"), [(MANY, False), (MANY + 1, True)])
async def test_a_platform_that_refuses_one_after_the_other_bars_the_account(
    cells: int, barred: bool
) -> None:
    async with open_study([link() for _ in range(cells)]) as harness:
        plan = await harness.plan()
        refuse(harness, *(cell.cell_id for cell in plan))
        if barred:
            with pytest.raises(Barred):
                await harness.study(plan, refused={"cell-1": GONE})
            assert len(harness.sent(Endpoint.VIEW)) == cells
        else:
            ending = await harness.study(plan, refused={"cell-1": GONE})
            assert set(ending.outcomes) == {Outcome.REFUSED}


async def test_the_refusals_of_one_topic_after_the_other_count_together() -> None:
    school = school_of(topics=[topic([link()]) for _ in range(1 + MANY)])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        refuse(harness, *(cell.cell_id for cell in plan))
        with pytest.raises(Barred):
            await harness.study(plan, refused={"cell-1": GONE})


async def test_a_cell_that_is_refused_in_other_words_begins_the_count_anew() -> None:
    school = school_of(topics=[topic([link()]) for _ in range(2 * MANY)])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        gone = [cell.cell_id for cell in plan]
        refuse(harness, gone.pop(MANY), msg=OTHER)
        refuse(harness, *gone)
        ending = await harness.study(plan, refused={"cell-1": GONE})
        assert ending.outcomes == [Outcome.REFUSED] * len(plan)


@pytest.mark.parametrize("dead", [True, False])
async def test_words_about_the_login_ask_whether_the_session_lives_and_are_never_a_bar(
    dead: bool,
) -> None:
    async with open_study([video(20), link()]) as harness:
        plan = await harness.plan()
        harness.says(Endpoint.VIEW, -1, "您的账号已在其他地方登录", times=3)
        if dead:
            harness.fault(Endpoint.ME, Fault.EXPIRED_STRING)
            with pytest.raises(SessionExpired):
                await harness.study(plan)
        else:
            assert (await harness.study(plan)).outcomes == [Outcome.DONE, Outcome.DONE]


async def test_minutes_beside_not_open_yet_are_no_bar() -> None:
    async with open_study([video(20), link(finished=True)]) as harness:
        harness.says(Endpoint.VIEW, -33, "该课件禁止提前学习，30分钟后开放", times=9)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.LOCKED]
