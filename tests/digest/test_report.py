"""What a digest says is what the platform shows, or what it showed last, with its date."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.delivery_status import DeliveryStatus
from bot.digest.report import Standing
from bot.digest.service import AT_ONCE
from bot.jobs.answers import Answer
from bot.study.estimate import estimate
from bot.study.methods import CellKind
from bot.zjy.gate import Priority
from bot.zjy.session_evidence import ATTEMPTS
from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    Fault,
    School,
    Student,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from storage import accounts, lengths
from storage.cells import Cell
from storage.enums import JobState, Pace
from storage.rows import run
from tests.support.digest_harness import DigestHarness, learns_nothing, local, names, play_digests
from tests.support.names import ANNA, BORIS

NURSING, SPORT = "急危重症护理", "体育"


def a_school() -> School:
    """Two modules of a course that is under way, and a course that is done."""
    first = [video(60), quiz(name="期中测验"), unsupported()]
    return school_of(
        courses=[
            course(
                [
                    module([topic(first)], name="模块一"),
                    module([topic([document(3), picture(), picture()])], name="模块二"),
                ],
                name=NURSING,
            ),
            course([module([topic([picture(finished=True)])], name="全部")], name=SPORT),
        ]
    )


async def begin(harness: DigestHarness) -> None:
    await harness.log_in(ANNA, STUDENT.stu_id)
    await harness.wants(ANNA)


def test_the_numbers_are_the_platforms(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.finish("cell-1")
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.part.standing is Standing.READ
        nursing = harness.platform.school.courses[0]
        line = said.course(NURSING)
        assert line.percent == harness.percent(nursing) == 16.67
        assert [(each.name, each.percent) for each in line.modules] == [
            ("模块一", 33.33),
            ("模块二", 0),
        ]
        assert (line.cell_count, line.studied_count) == (6, 1)
        assert said.course(SPORT).is_complete
        assert (said.part.homework, said.part.exams, said.part.unread) == (70, 6, 0)
        assert line.is_current
        assert line.gained is None, "there is nothing to compare with"

    play_digests(tmp_path, a_school(), story)


def test_two_classes_of_one_course_and_two_modules_of_one_name_are_told_apart(
    tmp_path: Path,
) -> None:
    twice = [module([topic([video(60)])], name="模块")] * 2
    school = school_of(courses=[course(twice, name=NURSING), course(twice, name=NURSING)])
    first, second = school.courses
    school.courses = (first, replace(second, teacher="李健"))

    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert names(said.part.courses) == [f"{NURSING} · {first.teacher}", f"{NURSING} · 李健"]
        assert names(said.part.courses[0].modules) == ["模块 (1)", "模块 (2)"]

    play_digests(tmp_path, school, story)


def test_it_takes_one_call_per_unfinished_course_and_goes_deeper_where_something_moved(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        async def asked_at(moment: str) -> list[Endpoint]:
            before = len(harness.platform.requests)
            assert len(await harness.tick_at(moment)) == 1
            return [request.endpoint for request in harness.platform.requests[before:]]

        listing = [Endpoint.ME, Endpoint.COURSES, Endpoint.MODULES]
        module = [Endpoint.TOPICS, Endpoint.CELLS]
        await begin(harness)
        # Of the course that is done the modules are asked for once.
        first = await asked_at("2026-03-02 21:00")
        assert first == [*listing, Endpoint.MODULES, *module, *module]
        assert await asked_at("2026-03-03 21:00") == listing
        harness.finish("cell-1")
        assert await asked_at("2026-03-04 21:00") == [*listing, *module]
        assert harness.platform.violations == []

    play_digests(tmp_path, a_school(), story)


def test_what_was_gained_counts_from_the_last_digest_that_was_sent(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.finish("cell-1")
        harness.telegram.delivery = DeliveryStatus.UNKNOWN
        await harness.tick_at("2026-03-03 21:00")
        harness.telegram.delivery = DeliveryStatus.SENT
        harness.finish("cell-4")
        (said,) = await harness.tick_at("2026-03-04 21:00")
        line = said.course(NURSING)
        assert line.gained == 33.33
        assert [each.gained for each in line.modules] == [33.33, 33.33]
        assert said.course(SPORT).gained == 0
        (said,) = await harness.tick_at("2026-03-05 21:00")
        assert said.course(NURSING).gained == 0
        assert not said.report.has_news

    play_digests(tmp_path, a_school(), story)


def test_what_is_left_is_read_with_the_first_one(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        left = said.course(NURSING).left
        assert left.by_kind == [(CellKind.VIDEO, 1), (CellKind.DOCUMENT, 1), (CellKind.PICTURE, 2)]
        assert left.by_hand == ["期中测验"]
        assert (left.unsupported, left.unread_modules, left.as_of) == (1, 0, None)
        assert left.estimate is not None
        assert left.estimate.low > 10
        harness.finish("cell-5")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        left = said.course(NURSING).left
        assert left.by_kind == [(CellKind.VIDEO, 1), (CellKind.DOCUMENT, 1), (CellKind.PICTURE, 1)]
        assert left.as_of is None

    play_digests(tmp_path, a_school(), story)


def test_what_is_left_is_what_was_read_and_nothing_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns_nothing(monkeypatch)

    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        left = said.course(NURSING).left
        assert (left.to_study, left.unread_modules, left.as_of) == (0, 2, None)
        await harness.sleep_until(local("2026-03-03 12:00"))
        read_at = harness.clock.now()
        await harness.preview(account, 0)
        now = harness.clock.now()
        await harness.db.write(lambda conn: lengths.keep(conn, "course", "cell-1", "60", now))
        (said,) = await harness.tick_at("2026-03-03 21:00")
        left = said.course(NURSING).left
        assert left.by_kind == [(CellKind.VIDEO, 1), (CellKind.DOCUMENT, 1), (CellKind.PICTURE, 2)]
        assert left.by_hand == ["期中测验"]
        assert (left.unsupported, left.unread_modules) == (1, 0)
        assert left.as_of is not None
        assert read_at < left.as_of <= now
        cells = [
            Cell("m", "", "t1" if n == 1 else "t2", "", f"cell-{n}", "", category, 0)
            for n, category in ((1, "视频"), (4, "文档"), (5, "图片"), (6, "图片"))
        ]
        expected = estimate(cells, Pace.NORMAL, lengths={"cell-1": Decimal(60)})
        assert left.estimate == expected
        assert left.estimate.low > 60

    play_digests(tmp_path, a_school(), story)


def test_cells_that_a_job_has_done_are_no_longer_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns_nothing(monkeypatch)

    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.tick_at("2026-03-02 21:00")
        draft_id = await harness.preview(account, 0)
        assert (await harness.control.start(ANNA, draft_id, 7)).answer is Answer.STARTED
        await harness.db.write(
            lambda conn: run(conn, "UPDATE job_items SET outcome = 'done' WHERE cell_id = 'cell-1'")
        )
        (said,) = await harness.tick_at("2026-03-03 21:00")
        left = said.course(NURSING).left
        assert left.by_kind == [(CellKind.DOCUMENT, 1), (CellKind.PICTURE, 2)]

    play_digests(tmp_path, a_school(), story)


def test_a_module_that_is_complete_by_now_has_nothing_left(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.preview(account, 0)
        for cell in ("cell-4", "cell-5", "cell-6"):
            harness.finish(cell)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.course(NURSING).left.by_kind == [(CellKind.VIDEO, 1)]

    play_digests(tmp_path, a_school(), story)


def test_jobs_are_told_while_they_are_not_ended_and_once_when_they_are(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        draft_id = await harness.preview(account, 0)
        job = (await harness.control.start(ANNA, draft_id, 7)).job
        assert job is not None
        (said,) = await harness.tick_at("2026-03-02 21:00")
        (line,) = said.part.jobs
        assert (line.course_name, line.state) == (NURSING, JobState.QUEUED)
        assert (line.counts.total, line.counts.open) == (6, 6)
        await harness.sleep_until(local("2026-03-03 12:00"))
        await harness.control.cancel(ANNA, job.id)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert [each.state for each in said.part.jobs] == [JobState.CANCELLED]
        assert said.report.has_news
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.part.jobs == []

    play_digests(tmp_path, a_school(), story)


def test_a_job_stands_with_its_own_student(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        other = await harness.log_in(ANNA, OTHER_STUDENT.stu_id)
        await harness.wants(ANNA)
        draft_id = await harness.preview(other, 0)
        await harness.control.start(ANNA, draft_id, 7)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        jobs = {part.account_id: len(part.jobs) for part in said.report.accounts}
        assert jobs == {account.id: 0, other.id: 1}

    play_digests(tmp_path, a_school(), story)


def test_a_course_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    odd = Fault.json({"code": 1, "progress": {"moduleList": 7}})

    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        read_at = harness.clock.now()
        school = harness.platform.school
        other = course([module([topic([picture()], id="t8")], id="m8")], name="第三门")
        school.courses = (*school.courses, replace(other, course_open_id="o8", open_class_id="c8"))
        school.__post_init__()
        harness.platform.faults.add(Endpoint.MODULES, odd, times=ATTEMPTS)
        harness.finish("cell-1")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.part.standing is Standing.READ
        assert said.course(NURSING).percent == 16.67
        as_of = said.course(NURSING).left.as_of
        assert as_of is not None
        assert as_of < read_at
        assert [each.name for each in said.course("第三门").modules] == ["模块"]
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.course(NURSING).left.as_of is None

    play_digests(tmp_path, a_school(), story)


def test_odd_entries_hide_nothing_and_take_nothing_away(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (before,) = await harness.tick_at("2026-03-02 21:00")
        harness.platform.faults.add("*", Fault.ODD_ROWS, times=None)
        (during,) = await harness.tick_at("2026-03-03 21:00")
        assert during.part.standing is Standing.READ
        harness.platform.faults.clear()
        (after,) = await harness.tick_at("2026-03-04 21:00")
        for said in (during, after):
            assert [each.name for each in said.part.courses] == [
                each.name for each in before.part.courses
            ]
            for line in said.part.courses:
                assert (list(line.news), line.unnamed) == ([], 0)
        assert await harness.told() == []

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize("odd", ["module-2", "course-1-open", "cell-4"])
def test_what_was_known_and_is_odd_for_a_day_is_neither_gone_nor_new(
    odd: str, tmp_path: Path
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.platform.faults.add("*", Fault.without_id(odd), times=None)
        harness.add_cell(0, 1, picture(id="new"))
        (during,) = await harness.tick_at("2026-03-03 21:00")
        harness.platform.faults.clear()
        (after,) = await harness.tick_at("2026-03-04 21:00")
        for said in (during, after):
            line = said.course(NURSING)
            assert [each.name for each in line.modules] == ["模块一", "模块二"]
            assert dict(line.left.by_kind)[CellKind.DOCUMENT] == 1
            assert {cell.name for each in line.news for cell in each.cells} <= {"图片"}
            assert not any(each.is_new for each in line.news)

    play_digests(tmp_path, a_school(), story)


def test_modules_with_odd_cells_are_not_known_before_they_are_read_whole(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.platform.faults.add(Endpoint.CELLS, Fault.ODD_ROWS, times=None)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.course(NURSING).left.unread_modules > 0
        harness.platform.faults.clear()
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.course(NURSING).left.unread_modules == 0

    play_digests(tmp_path, a_school(), story)


def test_a_module_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        refusal = Fault.json({"code": -7, "msg": "?"})
        harness.platform.faults.add(Endpoint.TOPICS, refusal, times=ATTEMPTS)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.part.standing is Standing.READ
        left = said.course(NURSING).left
        assert left.unread_modules == 1
        assert left.by_kind == [(CellKind.DOCUMENT, 1), (CellKind.PICTURE, 2)]
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.course(NURSING).left.unread_modules == 0

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize("more", [2, -2])
def test_homework_and_exams_that_came_since_are_news(tmp_path: Path, more: int) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert (said.part.more_homework, said.part.more_exams) == (0, 0)
        harness.waits_at_school(STUDENT.stu_id, homework=70 + more, exams=6)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.part.homework == 70 + more
        assert said.part.more_homework == max(more, 0)
        assert said.report.has_news is (more > 0)
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert not said.report.has_news

    play_digests(tmp_path, a_school(), story)


def test_a_cookie_that_expired_is_asked_for_once_a_day_with_what_was_known(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.finish("cell-1")
        (read,) = await harness.tick_at("2026-03-03 21:00")
        harness.platform.expire(STUDENT.stu_id)
        harness.finish("cell-4")
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.part.standing is Standing.EXPIRED
        assert said.part.asks_for_cookie
        assert said.report.has_news
        assert said.course(NURSING).percent == 16.67
        assert said.part.as_of is not None
        assert read.report.made_at - timedelta(minutes=1) < said.part.as_of < read.report.made_at
        account = await harness.db.read(lambda conn: accounts.get(conn, ANNA, said.part.account_id))
        assert account is not None
        assert not account.has_cookie
        assert await harness.digests.send_now(ANNA)
        assert not harness.telegram.said[-1].part.asks_for_cookie
        (said,) = await harness.tick_at("2026-03-05 21:00")
        assert said.part.asks_for_cookie
        await harness.log_in(ANNA, STUDENT.stu_id)
        (said,) = await harness.tick_at("2026-03-06 21:00")
        assert said.part.standing is Standing.READ
        assert said.course(NURSING).gained == 16.66

    play_digests(tmp_path, a_school(), story)


def test_a_platform_that_is_away_leaves_the_last_known_state_and_its_date(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (read,) = await harness.tick_at("2026-03-02 21:00")
        harness.platform_transport.is_open = False
        for minute in range(0, 60, 5):
            assert await harness.tick_at(f"2026-03-03 21:{minute:02}") == [], "it can come back"
        (said,) = await harness.tick_at("2026-03-03 22:00:10")
        assert said.part.standing is Standing.AWAY
        assert said.report.has_news, "nobody knows what is new"
        assert not said.part.asks_for_cookie
        assert said.part.as_of is not None
        assert said.part.as_of < read.report.made_at
        assert [line.percent for line in said.part.courses] == [0, 100]
        harness.platform_transport.is_open = True
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.part.standing is Standing.READ

    play_digests(tmp_path, a_school(), story)


def test_a_platform_that_is_away_for_minutes_costs_minutes(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.finish("cell-1")
        harness.platform_transport.is_open = False
        assert await harness.tick_at("2026-03-03 21:00") == []
        harness.platform_transport.is_open = True
        asked = len(harness.platform.requests)
        assert await harness.tick_at("2026-03-03 21:04") == []
        assert len(harness.platform.requests) == asked, "it is left alone for a while"
        (said,) = await harness.tick_at("2026-03-03 21:06")
        assert said.part.standing is Standing.READ
        assert said.course(NURSING).gained == 16.67
        assert len(await harness.rows()) == 2

    play_digests(tmp_path, a_school(), story)


def test_shortly_before_midnight_the_platform_is_not_waited_for(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA, "23:52")
        harness.platform_transport.is_open = False
        (said,) = await harness.tick_at("2026-03-02 23:52")
        assert said.part.standing is Standing.AWAY

    play_digests(tmp_path, a_school(), story)


def test_trouble_half_way_keeps_what_was_read_before_it(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.finish("cell-1")
        harness.platform.faults.add(Endpoint.MODULES, Fault.HTTP_503, times=None)
        await harness.tick_at("2026-03-03 21:00")
        (said,) = await harness.tick_at("2026-03-03 22:00")
        assert said.part.standing is Standing.AWAY
        assert said.course(NURSING).percent == 16.67
        assert [each.percent for each in said.course(NURSING).modules] == [0, 0]

    play_digests(tmp_path, a_school(), story)


def test_a_thousand_chats_do_not_each_find_out_that_the_platform_is_away(tmp_path: Path) -> None:
    people = [Student(f"student-{n}", "") for n in range(30)]
    school = school_of([picture()], students=people)

    async def story(harness: DigestHarness) -> None:
        for n in range(30):
            await harness.log_in(5000 + n, f"student-{n}")
            await harness.wants(5000 + n)
        harness.platform.faults.add(Endpoint.ME, Fault.AWAY, times=None)
        before = harness.asked(Endpoint.ME)
        assert await harness.tick_at("2026-03-02 21:00") == []
        # So many ask at once before any of them can know; the first tries until it is sure.
        assert harness.asked(Endpoint.ME) - before < 4 * AT_ONCE
        said = await harness.tick_at("2026-03-02 22:01")
        assert len(said) == 30
        assert {each.part.standing for each in said} == {Standing.AWAY}
        assert said[-1].at - said[0].at < timedelta(minutes=3)

    play_digests(tmp_path, school, story)


def test_one_who_presses_is_answered_even_so(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        for n, chat_id in enumerate((ANNA, BORIS, 1003, 1004)):
            await harness.log_in(chat_id, f"student-{n}")
            await harness.wants(chat_id)
        harness.platform.faults.add(Endpoint.ME, Fault.AWAY, times=None)
        await harness.tick_at("2026-03-02 21:00")
        harness.platform.faults.clear()
        assert await harness.digests.send_now(ANNA)
        assert harness.telegram.said[-1].part.standing is Standing.READ

    people = [Student(f"student-{n}", "") for n in range(4)]
    play_digests(tmp_path, school_of([picture()], students=people), story)


@pytest.mark.parametrize("other", [Priority.PERSON, Priority.JOB])
def test_persons_and_jobs_go_before_digests(other: Priority) -> None:
    assert other < Priority.DIGEST


def test_a_course_that_the_platform_forgets_for_a_day_keeps_what_was_known(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        school = harness.platform.school
        whole = school.courses
        school.courses = whole[1:]
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert [line.name for line in said.part.courses] == [SPORT]
        school.courses = whole
        harness.finish("cell-1")
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.course(NURSING).gained == 16.67

    play_digests(tmp_path, a_school(), story)
