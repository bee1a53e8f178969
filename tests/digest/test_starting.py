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
from tests.support.digest_harness import DigestHarness, local, play_digests
from tests.support.names import ANNA


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


async def publish(harness: DigestHarness) -> None:
    harness.add_cell(0, 0, replace(video(90, name="补充"), id="new"))


async def jobs_of(harness: DigestHarness) -> int:
    return len(await harness.control.latest(ANNA))


def once(harness: DigestHarness, endpoint: Endpoint, act: Callable[[], Awaitable[object]]) -> None:
    """With the next request of the endpoint something happens elsewhere."""

    async def hook(asked: Endpoint, phase: Phase) -> None:
        if asked is endpoint and phase is Phase.BEFORE:
            harness.platform.on_request = None
            await act()

    harness.platform.on_request = hook


@pytest.mark.parametrize("change", ["switch off", "zone", "block", "log out", "erase", "nothing"])
def test_nothing_starts_for_who_changes_it_during_the_look_before(
    tmp_path: Path, change: str
) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_start_hour(ANNA, 20)
        await harness.tick_at("2026-03-02 20:00")
        await harness.tick_at("2026-03-02 21:00")  # reads ahead
        await publish(harness)

        async def act() -> None:
            now = harness.clock.now()
            match change:
                case "switch off":
                    await harness.wishes.set_start_hour(ANNA, None)
                case "zone":
                    # Where it is seven in the morning.
                    await harness.db.write(
                        lambda c: chats.set_time_zone(c, ANNA, "America/New_York")
                    )
                case "block":
                    await harness.db.write(lambda c: chats.mark_blocked(c, ANNA, now))
                case "log out":
                    await harness.login.log_out(ANNA, account.id)
                case "erase":
                    await harness.login.erase(ANNA)
                case _:
                    pass

        once(harness, Endpoint.MODULES, act)
        with capture_logs() as logged:
            await harness.tick_at("2026-03-03 20:00")
        assert harness.platform.on_request is None, "it was looked"
        assert [each["event"] for each in logged if each["log_level"] == "error"] == []
        assert await jobs_of(harness) == (change == "nothing")

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize("watches", [0, 6])
def test_a_start_and_a_digest_at_one_time_read_once_and_leave_no_notice(
    tmp_path: Path, watches: int
) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA, "21:00")
        await harness.wishes.set_start_hour(ANNA, 21)
        await harness.wishes.set_watch(ANNA, watches)
        await harness.tick_at("2026-03-02 21:00")
        await publish(harness)
        listings = (Endpoint.COURSES, Endpoint.MODULES)
        asked = harness.asked(*listings)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        await harness.tick()
        assert harness.asked(*listings) - asked == 1 + 2
        assert [cell.name for cell in said.course("课程0").news[0].cells] == ["补充"]
        assert await harness.told() == []
        assert await jobs_of(harness) == 1

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize("wanted", [True, False])
def test_what_a_start_finds_is_told_by_the_digest_where_one_is_wanted(
    tmp_path: Path, wanted: bool
) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_start_hour(ANNA, 20)
        if wanted:
            await harness.wants(ANNA)
        await harness.tick_at("2026-03-02 20:00")
        await harness.tick_at("2026-03-02 21:00")
        await publish(harness)
        await harness.tick_at("2026-03-03 20:00")
        assert await jobs_of(harness) == 1
        assert await harness.told() == [], "else the job's own message tells of it"
        said = await harness.tick_at("2026-03-03 21:00")
        assert len(said) == wanted
        for each in said:
            assert [cell.name for cell in each.course("课程0").news[0].cells] == ["补充"]

    play_digests(tmp_path, a_school(), story)


async def follow(harness: DigestHarness) -> None:
    """A chat whose new lessons are looked for and started; all is known of its courses."""
    await harness.log_in(ANNA, STUDENT.stu_id)
    await harness.wishes.set_watch(ANNA, 6)
    await harness.wishes.set_start_hour(ANNA, 20)
    await harness.tick_at("2026-03-02 13:00")
    await harness.tick_at("2026-03-02 14:00")


@pytest.mark.parametrize("hidden", ["module", "cell"])
def test_what_is_hidden_for_a_while_starts_nothing(tmp_path: Path, hidden: str) -> None:
    async def story(harness: DigestHarness) -> None:
        await follow(harness)
        whole = harness.platform.school.courses
        first, other = whole
        if hidden == "module":
            less = replace(first, modules=first.modules[:1])
        else:
            under_way, unbegun = first.modules
            part = topic([under_way.topics[0].cells[0], under_way.topics[0].cells[2]], id="topic-1")
            less = replace(first, modules=(replace(under_way, topics=(part,)), unbegun))
        harness.platform.school.courses = (less, other)
        await harness.tick_at("2026-03-02 18:30")
        await harness.tick_at("2026-03-02 18:40")  # reads ahead what moved
        harness.platform.school.courses = whole
        for moment in ("2026-03-02 20:00", "2026-03-03 00:30", "2026-03-03 20:00"):
            await harness.tick_at(moment)
        assert await jobs_of(harness) == 0
        assert await harness.told() == []

    play_digests(tmp_path, a_school(), story)


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

    async def story(harness: DigestHarness) -> None:
        await follow(harness)
        harness.platform_transport.instead[Endpoint.MODULES] = json.dumps(nothing).encode()
        await harness.tick_at("2026-03-02 18:30")
        assert not harness.platform_transport.instead
        for moment in ("2026-03-02 20:00", "2026-03-03 00:30", "2026-03-03 20:00"):
            await harness.tick_at(moment)
        assert await jobs_of(harness) == 0
        assert await harness.told() == []
        await harness.sleep_until(local("2026-03-03 20:30"))
        assert await harness.digests.send_now(ANNA)
        assert [course.has_news for course in harness.telegram.said[-1].part.courses] == [
            False,
            False,
        ]

    play_digests(tmp_path, a_school(), story)
