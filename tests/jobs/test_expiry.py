"""The warning before a cookie ends under a job that needs it longer."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.answers import Answer
from bot.login.expiry import ExpiryWatch
from demo.platform import OTHER_STUDENT, STUDENT, picture, school_of, video
from storage import accounts
from storage.accounts import Account
from storage.enums import JobState
from storage.notices import Notice
from storage.rows import run
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

FIVE_FILMS = school_of([video(1200) for _ in range(5)])
"""Nobody has seen their lengths: they count for 50 minutes."""
NOBODY_WORKS = 0


async def student(
    harness: JobsHarness, chat_id: int, *, ends_in: float, stu_id: str = STUDENT.stu_id
) -> Account:
    """Log in with a cookie that ends in so many platform minutes."""
    account = (await harness.log_in(chat_id, stu_id)).account
    await set_end(harness, account, ends_in)
    return account


async def set_end(harness: JobsHarness, account: Account, ends_in: float) -> None:
    ends = harness.platform_clock.after(ends_in * 60).isoformat(timespec="microseconds")
    await harness.db.write(
        lambda conn: run(
            conn, "UPDATE accounts SET expires_at = ? WHERE id = ?", (ends, account.id)
        )
    )


async def warned(harness: JobsHarness) -> list[Notice]:
    """Look once, as the job queue does; the warnings that wait to be sent."""
    await ExpiryWatch(harness.db, harness.platform_clock, harness.heard).look()
    return [notice for notice in await harness.told() if notice.kind == "expiring"]


async def test_a_job_that_outlives_its_cookie_is_told_of_once_an_hour_before(
    tmp_path: Path,
) -> None:
    # Slow enough that a platform minute is not over before the row is written.
    async with open_jobs(tmp_path, FIVE_FILMS, max_running=NOBODY_WORKS, speed=60) as harness:
        account = await student(harness, ANNA, ends_in=62)
        job_id = await harness.start(account)
        assert await warned(harness) == []
        await set_end(harness, account, 40)
        (notice,) = await warned(harness)
        assert (notice.chat_id, notice.job_id) == (ANNA, job_id)
        assert json.loads(notice.payload)["pasted_at"] == account.pasted_at.isoformat()  # type: ignore[union-attr]
        assert harness.heard.notices == 1
        assert len(await warned(harness)) == 1
        assert harness.heard.notices == 1


async def test_a_job_that_ends_before_its_cookie_is_not_told_of(tmp_path: Path) -> None:
    school = school_of([video(1200), picture()])
    async with open_jobs(tmp_path, school, max_running=NOBODY_WORKS, speed=60) as harness:
        await harness.start(await student(harness, ANNA, ends_in=40))
        assert await warned(harness) == []


async def test_lengths_that_are_known_decide(tmp_path: Path) -> None:
    school = school_of([video(60) for _ in range(5)])
    async with open_jobs(tmp_path, school, max_running=NOBODY_WORKS, speed=60) as harness:
        account = await student(harness, ANNA, ends_in=40)
        await harness.start(account)
        for cell in school.leaves():
            await harness.db.write(
                lambda conn, cell=cell: run(  # type: ignore[misc]
                    conn, "INSERT INTO media_lengths VALUES (?, '60', '', NULL)", (cell.id,)
                )
            )
        assert await warned(harness) == []


@pytest.mark.parametrize("rest", ["paused", "no job", "expired"])
async def test_a_cookie_that_no_job_needs_is_not_told_of(tmp_path: Path, rest: str) -> None:
    async with open_jobs(tmp_path, FIVE_FILMS, max_running=NOBODY_WORKS, speed=60) as harness:
        account = await student(harness, ANNA, ends_in=40)
        if rest != "no job":
            job_id = await harness.start(account)
        if rest == "paused":
            assert (await harness.control.pause(ANNA, job_id)).answer is Answer.PAUSED
        if rest == "expired":
            now = harness.clock.now()
            await harness.db.write(lambda conn: accounts.mark_expired(conn, account.id, now))
        assert await warned(harness) == []


async def test_a_cookie_that_has_ended_is_not_warned_of_any_more(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, FIVE_FILMS, max_running=NOBODY_WORKS, speed=60) as harness:
        account = await student(harness, ANNA, ends_in=40)
        await harness.start(account)
        await set_end(harness, account, -1)
        assert await warned(harness) == []


async def test_a_new_cookie_gets_a_warning_of_its_own(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, FIVE_FILMS, max_running=NOBODY_WORKS, speed=60) as harness:
        await harness.start(await student(harness, ANNA, ends_in=40))
        assert len(await warned(harness)) == 1
        renewed = (await harness.log_in(ANNA)).account
        assert len(await warned(harness)) == 1
        await set_end(harness, renewed, 40)
        assert len(await warned(harness)) == 2


async def test_jobs_of_the_same_student_in_another_chat_take_their_time_first(
    tmp_path: Path,
) -> None:
    school = school_of([video(1200), video(1200)])
    async with open_jobs(tmp_path, school, max_running=NOBODY_WORKS, speed=60) as harness:
        await harness.start(await student(harness, BORIS, ends_in=600))
        await harness.start(await student(harness, ANNA, ends_in=30))
        (notice,) = await warned(harness)
        assert notice.chat_id == ANNA


async def test_a_job_of_another_student_takes_no_time_of_ones_own(tmp_path: Path) -> None:
    school = school_of([video(1200), video(1200)])
    async with open_jobs(tmp_path, school, max_running=NOBODY_WORKS, speed=60) as harness:
        other = await student(harness, BORIS, ends_in=600, stu_id=OTHER_STUDENT.stu_id)
        await harness.start(other)
        await harness.start(await student(harness, ANNA, ends_in=30))
        assert await warned(harness) == []


async def test_a_wait_for_a_bar_counts_too(tmp_path: Path) -> None:
    school = school_of([video(1200), video(1200)])
    async with open_jobs(tmp_path, school, max_running=NOBODY_WORKS, speed=60) as harness:
        account = await student(harness, ANNA, ends_in=30)
        job_id = await harness.start(account)
        assert await warned(harness) == []
        until = harness.platform_clock.after(15 * 60).isoformat(timespec="microseconds")
        await harness.db.write(
            lambda conn: run(
                conn,
                "UPDATE jobs SET state = 'waiting', resume_at = ? WHERE id = ?",
                (until, job_id),
            )
        )
        assert (await harness.job(job_id)).state is JobState.WAITING
        assert len(await warned(harness)) == 1


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 60.0), (60.0, 5.0), (6000.0, 0.25)])
async def test_it_is_looked_often_enough_at_any_speed(
    tmp_path: Path, speed: float, seconds: float
) -> None:
    async with open_jobs(tmp_path, FIVE_FILMS, speed=speed) as harness:
        watch = ExpiryWatch(harness.db, harness.platform_clock, harness.heard)
        assert watch.interval == timedelta(seconds=seconds)
