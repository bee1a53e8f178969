"""Newly published lessons: found by the platform's own numbers, named, told and started once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import PlatformClock
from bot.delivery_status import DeliveryStatus
from bot.digest.report import CourseLine
from bot.jobs.endings import Endings
from bot.tracking.changes import NEW_AT_ONCE
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from bot.zjy.session_evidence import ATTEMPTS
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    School,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from demo.platform.school import Cell
from storage import job_changes, jobs
from storage.enums import DigestKind, JobState, NoticeKind
from tests.support.digest_harness import DigestHarness, learns_nothing, local, play_digests
from tests.support.names import ANNA

NURSING = "急危重症护理"
DEEPER = (Endpoint.TOPICS, Endpoint.CELLS)


def a_school() -> School:
    """One module is under way, one is done, one was never begun."""
    return school_of(
        courses=[
            course(
                [
                    module([topic([picture(finished=True), video(60)])], name="在学"),
                    module([topic([picture(finished=True)])], name="学完"),
                    module([topic([document(3)])], name="未学"),
                ],
                name=NURSING,
            )
        ]
    )


def news_of(line: CourseLine) -> list[tuple[str, bool, list[str]]]:
    return [(each.module_name, each.is_new, [c.name for c in each.cells]) for each in line.news]


def fresh(name: str) -> Cell:
    return replace(video(90, name=name), id=f"new-{name}")


def join(harness: DigestHarness, name: str) -> None:
    """The student joins a course with one cell."""
    cell = replace(document(3), id="joined")
    added = course([module([topic([cell], id="t9")], name="第一章", id="m9")], name=name)
    school = harness.platform.school
    school.courses = (*school.courses, replace(added, course_open_id="o9", open_class_id="c9"))
    school.__post_init__()


async def begin(harness: DigestHarness) -> None:
    """The first digest, which says what there is and calls nothing new."""
    await harness.log_in(ANNA, STUDENT.stu_id)
    await harness.wants(ANNA)
    (said,) = await harness.tick_at("2026-03-02 21:00")
    assert not said.course(NURSING).has_news


async def next_line(harness: DigestHarness, day: int = 3) -> CourseLine:
    (said,) = await harness.tick_at(f"2026-03-{day:02} 21:00")
    return said.course(NURSING)


async def look(harness: DigestHarness, moment: str) -> list[NewLessonsNotice]:
    """Look at that time; the notices of new lessons there are then."""
    await harness.tick_at(f"2026-03-{moment}")
    return [NewLessonsNotice.of(notice.payload) for notice in await harness.told()]


def test_a_new_module_is_named_with_its_cells(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        new = module(
            [topic([fresh("导学"), fresh("操作")], name="t", id="t")], name="新的", id="m9"
        )
        harness.publish(0, new)
        before = harness.asked(*DEEPER)
        line = await next_line(harness)
        assert news_of(line) == [("新的", True, ["导学", "操作"])]
        assert line.unnamed == 0
        assert harness.asked(*DEEPER) - before == 2, "its topics, and its topic's cells"
        assert line.left.to_study == 4
        assert await harness.told() == [], "the digest says it"
        assert not (await next_line(harness, 4)).has_news, "it is told once"
        assert harness.asked(*DEEPER) - before == 2

    play_digests(tmp_path, a_school(), story)


def test_a_new_cell_in_a_complete_module_is_named(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.add_cell(0, 1, fresh("补充"))
        before = harness.asked(Endpoint.TOPICS)
        line = await next_line(harness)
        assert news_of(line) == [("学完", False, ["补充"])]
        assert line.unnamed == 0
        assert harness.asked(Endpoint.TOPICS) - before == 1, "no other module is read"

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize(("place", "name"), [(0, "在学"), (2, "未学")])
def test_a_new_cell_in_a_module_that_was_read_is_named(
    tmp_path: Path, place: int, name: str
) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        assert not (await next_line(harness, 2)).has_news
        harness.add_cell(0, place, fresh("补充"))
        line = await next_line(harness)
        assert news_of(line) == [(name, False, ["补充"])]
        assert line.unnamed == 0

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize(("place", "name"), [(0, "在学"), (2, "未学")])
def test_a_new_cell_is_named_though_no_person_ever_opened_its_module(
    tmp_path: Path, place: int, name: str
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.add_cell(0, place, fresh("补充"))
        line = await next_line(harness)
        assert (news_of(line), line.unnamed) == ([(name, False, ["补充"])], 0)

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize("place", [0, 2])
def test_a_new_cell_among_cells_that_nobody_read_is_counted_and_not_named(
    tmp_path: Path, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns_nothing(monkeypatch)

    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.add_cell(0, place, fresh("补充"))
        line = await next_line(harness)
        assert (news_of(line), line.unnamed) == ([], 1)
        harness.add_cell(0, place, fresh("又一个"))
        line = await next_line(harness, 4)
        # The fallen percent let the first module be read; of the last one nothing tells.
        assert (news_of(line), line.unnamed) == (
            ([("在学", False, ["又一个"])], 0) if place == 0 else ([], 1)
        )

    play_digests(tmp_path, a_school(), story)


def test_a_new_cell_that_hides_behind_a_risen_percent_is_found_by_the_count(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        await next_line(harness, 2)
        harness.add_cell(0, 0, fresh("补充"))
        harness.finish("cell-2")
        line = await next_line(harness)
        assert line.modules[0].gained == 16.67
        assert news_of(line) == [("在学", False, ["补充"])]

    play_digests(tmp_path, a_school(), story)


def test_a_complete_course_that_gets_new_cells_is_noticed(tmp_path: Path) -> None:
    school = school_of([picture(finished=True)])

    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.tick_at("2026-03-02 21:00")
        await harness.tick_at("2026-03-03 21:00")
        assert harness.asked(Endpoint.MODULES) == 1, "once, to know it"
        harness.add_cell(0, 0, fresh("补充"))
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert news_of(said.part.courses[0]) == [("模块", False, ["补充"])]

    play_digests(tmp_path, school, story)


def test_what_a_person_opened_in_between_is_still_news(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        await next_line(harness, 2)
        harness.add_cell(0, 0, fresh("补充"))
        harness.publish(0, module([topic([fresh("导学")], id="t")], name="新的", id="m9"))
        await harness.sleep_until(local("2026-03-03 12:00"))
        await harness.preview(account, 0)
        before = harness.asked(*DEEPER)
        line = await next_line(harness)
        assert news_of(line) == [("在学", False, ["补充"]), ("新的", True, ["导学"])]
        assert line.unnamed == 0
        # The new one, the one that fell, and the one of which the preview told no percent.
        assert harness.asked(*DEEPER) - before == 6

    play_digests(tmp_path, a_school(), story)


def test_many_new_modules_are_named_at_once_and_read_by_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns_nothing(monkeypatch)

    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        for n in range(NEW_AT_ONCE + 2):
            cell = fresh(f"{n}")
            harness.publish(0, module([topic([cell], id=f"t{n}")], name=f"新{n}", id=f"m{n}"))
        line = await next_line(harness)
        assert [(each.is_new, len(each.cells)) for each in line.news] == [
            *[(True, 1)] * NEW_AT_ONCE,
            (True, 0),
            (True, 0),
        ]
        assert line.unnamed == 0
        line = await next_line(harness, 4)
        last = [(f"新{n}", False, [f"{n}"]) for n in (NEW_AT_ONCE, NEW_AT_ONCE + 1)]
        assert news_of(line) == last
        assert line.unnamed == 0

    play_digests(tmp_path, a_school(), story)


def test_cells_of_modules_that_waited_do_not_hide_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns_nothing(monkeypatch)

    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        await next_line(harness, 2)
        for n in range(NEW_AT_ONCE + 2):
            cell = fresh(f"{n}")
            harness.publish(0, module([topic([cell], id=f"t{n}")], name=f"新{n}", id=f"m{n}"))
        await next_line(harness)
        # Nothing of this module is done, so its percent does not fall.
        harness.add_cell(0, 2, fresh("补充"))
        line = await next_line(harness, 4)
        assert news_of(line)[0] == ("未学", False, ["补充"])
        assert len(line.news) == 3

    play_digests(tmp_path, a_school(), story)


def test_a_cell_or_module_that_is_taken_away_is_no_news(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        await next_line(harness, 2)
        nursing = harness.platform.school.courses[0]
        harness.platform.school.courses = (replace(nursing, modules=nursing.modules[:2]),)
        line = await next_line(harness)
        assert not line.has_news
        assert [each.name for each in line.modules] == ["在学", "学完"]
        harness.platform.school.courses = (nursing,)
        assert not (await next_line(harness, 4)).has_news
        without = replace(nursing.modules[2], topics=(topic([picture()]),))
        harness.publish(0, without)
        assert not (await next_line(harness, 5)).has_news
        harness.publish(0, nursing.modules[2])
        assert not (await next_line(harness, 6)).has_news

    play_digests(tmp_path, a_school(), story)


def test_a_module_that_is_there_again_leaves_no_notice(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 6)
        await harness.tick_at("2026-03-02 13:00")
        await harness.tick_at("2026-03-02 14:00")
        nursing = harness.platform.school.courses[0]
        harness.platform.school.courses = (replace(nursing, modules=nursing.modules[:2]),)
        assert await look(harness, "02 18:00") == []
        harness.platform.school.courses = (nursing,)
        assert await look(harness, "02 23:00") == []

    play_digests(tmp_path, a_school(), story)


def test_a_platform_that_is_away_at_the_hour_is_waited_for(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 23:00")
        harness.add_cell(0, 1, fresh("补充"))
        harness.platform_transport.is_open = False
        await harness.tick_at("2026-03-03 23:00")
        assert await the_jobs(harness) == []
        harness.platform_transport.is_open = True
        await harness.tick_at("2026-03-03 23:06")
        assert await the_jobs(harness) == [(JobState.QUEUED, ["补充"])]

    play_digests(tmp_path, a_school(), story)


def test_a_look_that_finds_the_cookie_expired_asks_for_a_new_one_once(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 6)
        await harness.tick_at("2026-03-02 13:00")
        harness.platform.expire(STUDENT.stu_id)
        for moment in ("02 18:00", "02 23:00", "03 04:00", "04 13:00"):
            await harness.tick_at(f"2026-03-{moment}")
        (notice,) = await harness.told()
        assert notice.kind == NoticeKind.NEEDS_LOGIN
        assert json.loads(notice.payload) == {"account_id": account.id}
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.tick_at("2026-03-04 23:00")
        harness.platform.expire(STUDENT.stu_id)
        await harness.tick_at("2026-03-05 13:00")
        assert len(await harness.told()) == 2, "once for each cookie"

    play_digests(tmp_path, a_school(), story)


def test_whose_digest_asks_for_the_cookie_gets_no_notice_of_it(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.wishes.set_watch(ANNA, 6)
        harness.platform.expire(STUDENT.stu_id)
        await harness.tick_at("2026-03-03 13:00")
        assert await harness.told() == []

    play_digests(tmp_path, a_school(), story)


def test_an_expiry_that_a_job_told_of_is_not_told_again_by_a_look(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 6)
        await harness.tick_at("2026-03-02 13:00")
        draft_id = await harness.preview(account, 0)
        await harness.control.start(ANNA, draft_id, None)
        row = await harness.db.write(lambda c: job_changes.claim_next(c, harness.clock.now(), 1))
        assert row is not None
        job, endings = row, Endings(PlatformClock(harness.clock))
        harness.platform.expire(STUDENT.stu_id)
        await harness.db.write(lambda c: endings.session_expired(c, job, account))
        await harness.control.cancel(ANNA, job.id)
        await harness.tick_at("2026-03-02 18:00")
        assert [(each.kind, each.job_id) for each in await harness.told()] == [
            (NoticeKind.NEEDS_LOGIN, job.id)
        ]

    play_digests(tmp_path, a_school(), story)


def test_a_course_that_was_joined_is_news_once_and_its_lessons_are_not(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        join(harness, "新课程")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        line = said.course("新课程")
        assert line.left.to_study == 1
        assert (line.is_new, line.news, line.unnamed) == (True, [], 0)
        assert said.report.has_news
        assert not said.course(NURSING).has_news
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert not said.course("新课程").has_news

    play_digests(tmp_path, a_school(), story)


def test_a_look_between_digests_tells_of_a_course_that_was_joined(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 3)
        assert await look(harness, "02 14:00") == []
        join(harness, "新课程")
        (notice,) = await look(harness, "02 22:01")
        assert (notice.is_new, notice.modules, notice.unnamed) == (True, [], 0)
        assert len(await look(harness, "03 12:00")) == 1, "it is told once"

    play_digests(tmp_path, a_school(), story)


def test_a_look_between_digests_leaves_a_notice_that_names_them(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 3)
        assert await look(harness, "02 14:00") == []
        harness.publish(0, module([topic([fresh("导学")], id="t")], name="新的", id="m9"))
        assert await look(harness, "02 21:59") == [], "three a day"
        (notice,) = await look(harness, "02 22:01")
        assert notice.account_id == account.id
        assert notice.modules == [TaughtModule("m9", "新的", True, ("导学",), ("new-导学",))]
        assert notice.unnamed == 0
        assert harness.heard.notices >= 1
        assert len(await look(harness, "03 12:00")) == 1, "it is told once"
        (row,) = await harness.told()
        assert row.kind == NoticeKind.NEW_LESSONS
        assert harness.telegram.said == []

    play_digests(tmp_path, a_school(), story)


def test_what_was_found_between_stands_in_the_digest_too(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.wishes.set_watch(ANNA, 4)
        harness.publish(0, module([topic([fresh("导学")], id="t")], name="新的", id="m9"))
        assert len(await look(harness, "03 09:00")) == 1
        line = await next_line(harness)
        assert news_of(line) == [("新的", True, ["导学"])]
        assert len(await harness.told()) == 1, "what a digest finds it says itself"

    play_digests(tmp_path, a_school(), story)


def test_news_of_a_digest_that_was_lost_stand_in_the_next(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.publish(0, module([topic([fresh("导学")], id="t")], name="新的", id="m9"))
        harness.add_cell(0, 2, fresh("补充"))
        harness.telegram.delivery = DeliveryStatus.UNKNOWN
        await harness.tick_at("2026-03-03 21:00")
        harness.telegram.delivery = DeliveryStatus.SENT
        line = await next_line(harness, 4)
        assert news_of(line) == [("未学", False, ["补充"]), ("新的", True, ["导学"])]
        assert line.unnamed == 0

    play_digests(tmp_path, a_school(), story)


def test_a_look_that_trouble_broke_off_finds_it_the_next_time(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 4)
        await harness.tick_at("2026-03-02 14:00")
        harness.add_cell(0, 1, fresh("补充"))
        refusal = Fault.json({"code": -7, "msg": "?"})
        harness.platform.faults.add(Endpoint.CELLS, refusal, times=ATTEMPTS)
        assert await look(harness, "02 20:30") == []
        (notice,) = await look(harness, "03 03:00")
        assert notice.modules == [TaughtModule("module-2", "学完", False, ("补充",), ("new-补充",))]

    play_digests(tmp_path, a_school(), story)


async def the_jobs(harness: DigestHarness) -> list[tuple[JobState, list[str]]]:
    found = []
    for job in reversed(await harness.control.latest(ANNA)):
        rows = await harness.db.read(lambda conn, job=job: jobs.items(conn, job.id))  # type: ignore[misc]
        found.append((job.state, [item.cell.name for item in rows]))
    return found


def test_a_job_of_new_lessons_starts_by_itself_at_the_hour_that_was_set(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 4)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 14:00")
        harness.add_cell(0, 1, fresh("补充"))
        harness.add_cell(0, 1, replace(quiz(name="小测"), id="new-quiz"))
        assert len(await look(harness, "02 21:00")) == 1
        await harness.tick_at("2026-03-02 22:00")
        await harness.tick_at("2026-03-02 22:59:59")
        assert await the_jobs(harness) == []
        await harness.tick_at("2026-03-02 23:00")
        assert await the_jobs(harness) == [(JobState.QUEUED, ["补充"])]
        (job,) = await harness.control.latest(ANNA)
        assert job.message_id is None
        assert job.outline_at is not None
        for moment in ("2026-03-02 23:01", "2026-03-03 23:00"):
            await harness.tick_at(moment)
        assert len(await the_jobs(harness)) == 1
        reasons = [row.reason for row in await harness.rows(kind=DigestKind.START)]
        assert reasons == [None, "nothing_to_start"]

    play_digests(tmp_path, a_school(), story)


def test_a_start_that_breaks_off_is_left_to_the_next_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 23:00")
        harness.add_cell(0, 1, fresh("补充"))

        async def broken(*_: object) -> None:
            raise RuntimeError("nobody foresaw this")

        with monkeypatch.context() as patched:
            patched.setattr("bot.digest.starting.drafts.create", broken)
            await harness.tick_at("2026-03-03 23:00")
        await harness.tick_at("2026-03-03 23:30")
        assert await the_jobs(harness) == []
        await harness.tick_at("2026-03-04 23:00")
        assert await the_jobs(harness) == [(JobState.QUEUED, ["补充"])]

    play_digests(tmp_path, a_school(), story)


def test_without_any_other_look_it_looks_at_that_hour(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 23:00")
        harness.add_cell(0, 1, fresh("补充"))
        await harness.tick_at("2026-03-03 23:00")
        assert await the_jobs(harness) == [(JobState.QUEUED, ["补充"])]
        assert await harness.told() == [], "the job's own message tells of it"

    play_digests(tmp_path, a_school(), story)


def test_what_a_person_started_is_not_started_by_itself(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 4)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 14:00")
        harness.add_cell(0, 1, fresh("补充"))
        await harness.tick_at("2026-03-02 21:00")
        draft_id = await harness.preview(account, 0)
        await harness.control.start(ANNA, draft_id, 7)
        await harness.tick_at("2026-03-02 23:00")
        assert len(await the_jobs(harness)) == 1

    play_digests(tmp_path, a_school(), story)


def test_what_was_new_before_it_was_asked_for_is_left_alone(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wishes.set_watch(ANNA, 4)
        await harness.tick_at("2026-03-02 14:00")
        harness.add_cell(0, 1, fresh("补充"))
        await harness.tick_at("2026-03-02 21:00")
        await harness.sleep_until(local("2026-03-02 22:00"))
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 23:00")
        assert await the_jobs(harness) == []

    play_digests(tmp_path, a_school(), story)


def test_the_tree_of_such_a_job_is_not_taken_for_the_whole_module(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.tick_at("2026-03-02 21:00")
        harness.add_cell(0, 0, fresh("补充"))
        line = await next_line(harness)
        assert line.left.to_study == 3
        await harness.tick_at("2026-03-03 23:00")
        assert await the_jobs(harness) == [(JobState.QUEUED, ["补充"])]
        line = await next_line(harness, 4)
        assert line.left.to_study == 3
        assert not line.has_news

    play_digests(tmp_path, a_school(), story)


def test_a_payload_says_what_it_was_made_of() -> None:
    modules = [TaughtModule("m", "模块", is_new=True, cells=("一", "二"))]
    notice = NewLessonsNotice(account_id=3, course_id=4, modules=modules, unnamed=2)
    assert NewLessonsNotice.of(notice.payload()) == notice
    with pytest.raises(KeyError):
        NewLessonsNotice.of("{}")
