"""New lessons' jobs start by themselves only for who wants that at that moment, once, and for what
is new."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from demo.platform import (
    STUDENT,
    Endpoint,
    Phase,
    School,
    course,
    document,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage import chats

from .campus import ANNA, Campus, local, on_campus


def a_school() -> School:
    """Two courses that are under way."""
    return school_of(
        courses=[
            course(
                [
                    module(
                        [topic([picture(finished=True), video(60), document(2)])], name=f"在学{n}"
                    ),
                    module([topic([document(3)])], name=f"未学{n}"),
                ],
                name=f"课程{n}",
            )
            for n in range(2)
        ]
    )


async def publish(campus: Campus) -> None:
    campus.add_cell(0, 0, replace(video(90, name="补充"), id="new"))


async def jobs_of(campus: Campus) -> int:
    return len(await campus.control.latest(ANNA))


def once(campus: Campus, endpoint: Endpoint, act: Callable[[], Awaitable[object]]) -> None:
    """With the next request of the endpoint something happens elsewhere."""

    async def hook(asked: Endpoint, phase: Phase) -> None:
        if asked is endpoint and phase is Phase.BEFORE:
            campus.platform.on_request = None
            await act()

    campus.platform.on_request = hook


@pytest.mark.parametrize("change", ["switch off", "zone", "block", "log out", "erase", "nothing"])
def test_nothing_starts_for_who_changes_it_during_the_look_before(
    tmp_path: Path, change: str
) -> None:
    async def story(campus: Campus) -> None:
        account = await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wishes.set_start_hour(ANNA, 20)
        await campus.tick_at("2026-03-02 20:00")
        await campus.tick_at("2026-03-02 21:00")  # reads ahead
        await publish(campus)

        async def act() -> None:
            now = campus.clock.now()
            match change:
                case "switch off":
                    await campus.wishes.set_start_hour(ANNA, None)
                case "zone":
                    # Where it is seven in the morning.
                    await campus.db.write(
                        lambda c: chats.set_time_zone(c, ANNA, "America/New_York")
                    )
                case "block":
                    await campus.db.write(lambda c: chats.mark_blocked(c, ANNA, now))
                case "log out":
                    await campus.login.log_out(ANNA, account.id)
                case "erase":
                    await campus.login.erase(ANNA)

        once(campus, Endpoint.MODULES, act)
        with capture_logs() as logged:
            await campus.tick_at("2026-03-03 20:00")
        assert campus.platform.on_request is None, "it was looked"
        assert [each["event"] for each in logged if each["log_level"] == "error"] == []
        assert await jobs_of(campus) == (change == "nothing")

    on_campus(tmp_path, a_school(), story)


@pytest.mark.parametrize("watches", [0, 6])
def test_a_start_and_a_digest_at_one_time_read_once_and_leave_no_notice(
    tmp_path: Path, watches: int
) -> None:
    async def story(campus: Campus) -> None:
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA, "21:00")
        await campus.wishes.set_start_hour(ANNA, 21)
        await campus.wishes.set_watch(ANNA, watches)
        await campus.tick_at("2026-03-02 21:00")
        await publish(campus)
        listings = (Endpoint.COURSES, Endpoint.MODULES)
        asked = campus.asked(*listings)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        await campus.tick()
        assert campus.asked(*listings) - asked == 1 + 2
        assert [cell.name for cell in said.course("课程0").news[0].cells] == ["补充"]
        assert await campus.told() == []
        assert await jobs_of(campus) == 1

    on_campus(tmp_path, a_school(), story)


@pytest.mark.parametrize("wanted", [True, False])
def test_what_a_start_finds_is_told_by_the_digest_where_one_is_wanted(
    tmp_path: Path, wanted: bool
) -> None:
    async def story(campus: Campus) -> None:
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wishes.set_start_hour(ANNA, 20)
        if wanted:
            await campus.wants(ANNA)
        await campus.tick_at("2026-03-02 20:00")
        await campus.tick_at("2026-03-02 21:00")
        await publish(campus)
        await campus.tick_at("2026-03-03 20:00")
        assert await jobs_of(campus) == 1
        assert await campus.told() == [], "else the job's own message tells of it"
        said = await campus.tick_at("2026-03-03 21:00")
        assert len(said) == wanted
        for each in said:
            assert [cell.name for cell in each.course("课程0").news[0].cells] == ["补充"]

    on_campus(tmp_path, a_school(), story)


async def follow(campus: Campus) -> None:
    """A chat whose new lessons are looked for and started; all is known of its courses."""
    await campus.log_in(ANNA, STUDENT.stu_id)
    await campus.wishes.set_watch(ANNA, 6)
    await campus.wishes.set_start_hour(ANNA, 20)
    await campus.tick_at("2026-03-02 13:00")
    await campus.tick_at("2026-03-02 14:00")


@pytest.mark.parametrize("hidden", ["module", "cell"])
def test_what_is_hidden_for_a_while_starts_nothing(tmp_path: Path, hidden: str) -> None:
    async def story(campus: Campus) -> None:
        await follow(campus)
        whole = campus.platform.school.courses
        first, other = whole
        if hidden == "module":
            less = replace(first, modules=first.modules[:1])
        else:
            under_way, unbegun = first.modules
            part = topic([under_way.topics[0].cells[0], under_way.topics[0].cells[2]], id="topic-1")
            less = replace(first, modules=(replace(under_way, topics=(part,)), unbegun))
        campus.platform.school.courses = (less, other)
        await campus.tick_at("2026-03-02 18:30")
        await campus.tick_at("2026-03-02 18:40")  # reads ahead what moved
        campus.platform.school.courses = whole
        for moment in ("2026-03-02 20:00", "2026-03-03 00:30", "2026-03-03 20:00"):
            await campus.tick_at(moment)
        assert await jobs_of(campus) == 0
        assert await campus.told() == []

    on_campus(tmp_path, a_school(), story)


@pytest.mark.parametrize("cells", [6, 0])
def test_a_list_of_modules_that_is_empty_for_once_starts_nothing(
    tmp_path: Path, cells: int
) -> None:
    nothing = {
        "code": 1,
        "openCourseCellCount": cells,
        "stuStudyCourseOpenCellCount": 0,
        "progress": {"moduleList": [], "moduleId": ""},
    }

    async def story(campus: Campus) -> None:
        await follow(campus)
        campus.corridor.instead[Endpoint.MODULES] = json.dumps(nothing).encode()
        await campus.tick_at("2026-03-02 18:30")
        assert not campus.corridor.instead
        for moment in ("2026-03-02 20:00", "2026-03-03 00:30", "2026-03-03 20:00"):
            await campus.tick_at(moment)
        assert await jobs_of(campus) == 0
        assert await campus.told() == []
        await campus.sleep_until(local("2026-03-03 20:30"))
        assert await campus.digests.send_now(ANNA)
        assert [course.has_news for course in campus.telegram.said[-1].part.courses] == [
            False,
            False,
        ]

    on_campus(tmp_path, a_school(), story)
