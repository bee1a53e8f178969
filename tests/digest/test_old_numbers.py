"""Numbers that are not of now, or are said for the first time: never called nothing new, and never
taken for what they are not."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digest.report import Standing
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    Phase,
    course,
    module,
    picture,
    school_of,
    topic,
)
from storage.enums import JobState, NoNews
from storage.rows import run
from tests.support.digest_harness import DigestHarness, local, play_digests
from tests.support.names import ANNA

from .one_chat import begin, small


def test_the_date_is_that_of_the_oldest_number(tmp_path: Path) -> None:
    cells = [[picture(), picture()], [picture(), picture()]]
    school = school_of(
        courses=[course([module([topic(own)])], name=f"课程{n}") for n, own in enumerate(cells)]
    )

    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (read,) = await harness.tick_at("2026-03-02 21:00")
        for cell in ("cell-1", "cell-3"):
            harness.finish(cell)
        harness.platform.faults.add(
            Endpoint.MODULES,
            Fault.HTTP_503,
            times=None,
            where=lambda form: form["courseOpenId"] == school.courses[1].course_open_id,
        )
        await harness.tick_at("2026-03-03 21:00")
        (said,) = await harness.tick_at("2026-03-03 22:00")
        assert said.part.standing is Standing.AWAY
        lines = said.part.courses
        assert [line.percent for line in lines] == [50, 50], "the list of courses is of today"
        assert [line.modules[0].percent for line in lines] == [50, 0]
        assert said.part.as_of is not None
        assert said.part.as_of < read.report.made_at, "the modules of one are not"

    play_digests(tmp_path, school, story)


@pytest.mark.parametrize("no_news", NoNews)
@pytest.mark.parametrize("trouble", [each for each in Standing if each is not Standing.READ])
def test_what_could_not_be_read_is_never_called_nothing_new(
    tmp_path: Path, trouble: Standing, no_news: NoNews
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        await harness.wishes.set_no_news(ANNA, no_news)
        await harness.sleep_until(local("2026-03-03 20:00"))
        if trouble is Standing.EXPIRED:
            harness.platform.expire(STUDENT.stu_id)
        elif trouble is Standing.AWAY:
            harness.platform_transport.is_open = False
        elif trouble is Standing.REFUSED:
            refusal = Fault.json({"code": -7, "msg": "暂未开放"})
            harness.platform.faults.add(Endpoint.ME, refusal, times=None)
        else:
            (tmp_path / "key").write_bytes(bytes(range(32)))
            await harness.restart()
        # It asks for the cookie already.
        assert await harness.digests.send_now(ANNA)
        await harness.tick_at("2026-03-03 21:00")
        await harness.tick_at("2026-03-03 22:00")
        said = harness.telegram.said[-1]
        assert len(harness.telegram.said) == 3
        assert said.part.standing is trouble
        assert not said.part.asks_for_cookie
        assert said.report.has_news
        assert (await harness.rows())[-1].sent_at is not None

    play_digests(tmp_path, small(), story)


def test_the_first_numbers_of_a_course_are_told_in_full(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.platform.expire(STUDENT.stu_id)
        (first,) = await harness.tick_at("2026-03-02 21:00")
        assert (first.part.standing, first.part.courses) == (Standing.EXPIRED, [])
        await harness.log_in(ANNA, STUDENT.stu_id)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        line = said.course("护理")
        assert (line.gained, line.is_new, line.news) == (None, False, [])
        assert said.report.has_news
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert not said.report.has_news

    play_digests(tmp_path, small(), story)


@pytest.mark.parametrize(("points", "has_news"), [(0.01, False), (0.04, False), (0.05, True)])
def test_a_gain_that_would_read_as_none_is_none(
    tmp_path: Path, points: float, has_news: bool
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.finish("cell-2")
        await harness.tick_at("2026-03-02 21:00")
        for table in ("known_courses", "known_modules"):
            sql = f"UPDATE {table} SET said_percent = said_percent - ?"  # noqa: S608
            await harness.db.write(lambda conn, sql=sql: run(conn, sql, (points,)))  # type: ignore[misc]
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.course("护理").gained == points
        assert said.report.has_news is has_news

    play_digests(tmp_path, small(), story)


def test_a_job_that_rests_is_news_once_and_again_when_it_changes(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.tick_at("2026-03-02 21:00")
        job = (await harness.control.start(ANNA, await harness.preview(account, 0), 7)).job
        assert job is not None
        await harness.control.pause(ANNA, job.id)
        told = []
        for day in (3, 4, 5, 6):
            await harness.sleep_until(local(f"2026-03-{day:02} 12:00"))
            if day == 5:
                await harness.control.resume(ANNA, job.id)
            (said,) = await harness.tick_at(f"2026-03-{day:02} 21:00")
            (line,) = said.part.jobs
            told.append((line.state, line.is_news, said.report.has_news))
        assert told == [
            (JobState.PAUSED, True, True),
            (JobState.PAUSED, False, False),
            (JobState.QUEUED, True, True),
            (JobState.QUEUED, False, False),
        ]

    play_digests(tmp_path, small(), story)


def test_a_cookie_that_is_pasted_while_the_old_one_is_found_out_is_read_with(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.platform.expire(STUDENT.stu_id)
        pasting: list[asyncio.Task[object]] = []

        async def paste(asked: Endpoint, phase: Phase) -> None:
            if not pasting:
                pasting.append(asyncio.create_task(harness.log_in(ANNA, STUDENT.stu_id)))

        harness.platform.on_request = paste
        harness.finish("cell-2")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        await asyncio.gather(*pasting)
        assert said.part.standing is Standing.READ
        assert said.course("护理").gained == 50
        assert not said.part.asks_for_cookie
        (account,) = await harness.accounts.of_chat(ANNA)
        assert account.has_cookie
        assert account.cookie_asked_on is None

    play_digests(tmp_path, small(), story)


def test_a_wrong_clock_that_is_put_back_hides_nothing_from_the_next_digest(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.wishes.set_watch(ANNA, 6)
        await harness.tick_at("2026-03-02 13:00")
        await harness.sleep_until(local("2026-03-02 19:30"))
        harness.clock.jumped = timedelta(hours=2)
        (early,) = await harness.tick()
        harness.clock.jumped = timedelta()
        assert early.report.made_at > harness.clock.now()
        added = module([topic([replace(picture(name="补充"), id="new")], id="t9")], id="m9")
        harness.publish(0, added)
        await harness.tick()
        assert len(await harness.told()) == 1, "it is found while the last digest lies ahead"
        await harness.tick_at("2026-03-02 20:30")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert [c.name for new in said.course("护理").news for c in new.cells] == ["补充"]
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert not said.report.has_news

    play_digests(tmp_path, small(), story)
