"""What a job's end stores, where the run broke or the process ended at a bad moment."""

from pathlib import Path
from typing import Any

import pytest

from bot.jobs import endings, runner
from bot.jobs.endings import MAX_TROUBLES, Endings
from bot.jobs.runner import JobRunner
from bot.study.run import Study
from bot.zjy.errors import SessionExpired
from demo.platform import Endpoint, Fault, link, picture, school_of
from storage.enums import JobReason, JobState, Outcome
from storage.errors import DatabaseBusy
from storage.rows import rows
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA

GONE = "该课件不存在或已被删除"


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("a fault of the bot")


async def end_by_one_more_trouble(harness: JobsHarness, job_id: int) -> None:
    await harness.until_state(job_id, JobState.WAITING)
    await harness.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))


@pytest.mark.parametrize("look_breaks", [False, True])
async def test_the_last_break_ends_the_job_whatever_its_last_look_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look_breaks: bool
) -> None:
    async with open_jobs(tmp_path, school_of([link(), link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        monkeypatch.setattr(Study, "run", broken)
        if look_breaks:
            monkeypatch.setattr(Study, "look", broken)
        job_id = await harness.start(account)
        await harness.until_state(job_id, JobState.WAITING)
        harness.finish("cell-2")
        await end_by_one_more_trouble(harness, job_id)
        job = await harness.until_ended(job_id)
        assert job.reason == JobReason.BROKE_OFF
        found = [item.outcome for item in await harness.items(job_id)]
        assert found == [Outcome.OWN_FAULT, Outcome.OWN_FAULT if look_breaks else Outcome.DONE]


async def test_a_fault_of_the_bot_is_not_told_in_words_of_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        harness.fault(Endpoint.VIEW, Fault.json({"code": -1, "msg": GONE}), times=None)
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_ended(job_id)
        monkeypatch.setattr(Study, "run", broken)
        result = await harness.control.retry(ANNA, job_id)
        assert result.job is not None
        await end_by_one_more_trouble(harness, result.job.id)
        await harness.until_ended(result.job.id)
        (item,) = await harness.items(result.job.id)
        assert (item.outcome, item.msg) == (Outcome.OWN_FAULT, None)
        assert item.code not in (None, "-1")


async def test_a_bar_whose_notice_cannot_be_stored_is_not_studied_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_jobs(tmp_path, school_of([link()]), speed=100) as harness:
        account = (await harness.log_in(ANNA)).account
        monkeypatch.setattr(endings, "insert_notice", broken)
        harness.fault(Endpoint.VIEW, Fault.bar(30))
        job = await harness.until_state(await harness.start(account), JobState.WAITING)
        assert job.resume_at == job.barred_until is not None
        assert job.barred_until > harness.platform_clock.after(20 * 60)
        assert await harness.told() == []


async def test_a_bar_whose_write_fails_once_is_told_and_not_studied_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, calls = Endings.bar_met, 0

    async def fails_once(self: Endings, *args: Any) -> None:  # noqa: ANN401
        nonlocal calls
        calls += 1
        if calls == 1:
            raise DatabaseBusy("busy")
        await really(self, *args)

    monkeypatch.setattr(Endings, "bar_met", fails_once)
    async with open_jobs(tmp_path, school_of([link(), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.VIEW, Fault.bar(30))
        await harness.until_ended(await harness.start(account))
        assert [notice.kind for notice in await harness.told(ANNA)] == ["barred", "job_ended"]
        first, second, *_ = harness.sent(Endpoint.VIEW)
        assert second.at - first.at > 30 * 60


async def test_a_job_whose_end_alone_was_not_stored_still_tells_the_percent(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_ended(job_id)
        await harness.close()
        await harness.open()
        await harness.db.write(
            lambda c: c.execute(
                "UPDATE jobs SET state = 'queued', finished_at = NULL, percent_after = NULL"
            )
        )
        harness.begin()
        assert (await harness.until_ended(job_id)).percent_after == 100.0


async def test_a_cookie_that_is_damaged_stays_stored(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft_id = await harness.draft(account)
        await harness.db.write(
            lambda c: c.execute("UPDATE accounts SET sealed_cookie = substr(sealed_cookie, 1, 31)")
        )
        result = await harness.control.start(ANNA, draft_id, None)
        assert result.job is not None
        await harness.until_state(result.job.id, JobState.NEEDS_LOGIN)
        with pytest.raises(SessionExpired):
            await harness.accounts.session(account)
        assert await harness.accounts.expired(account)
        found = await harness.db.read(lambda c: rows(c, "SELECT sealed_cookie FROM accounts"))
        assert [len(row["sealed_cookie"]) for row in found] == [31]


async def test_a_job_ends_though_its_courses_cannot_be_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "keep_courses_after", broken)
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        job = await harness.until_ended(job_id)
        assert (job.state, job.troubles) == (JobState.SUCCEEDED, 0)
        assert [each.state for each in await harness.history(job_id)].count(JobState.RUNNING) == 1


async def test_a_job_whose_break_cannot_be_stored_waits_as_after_a_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Study, "run", broken)
    monkeypatch.setattr(JobRunner, "_broke_off", broken)
    async with open_jobs(tmp_path, school_of([link()]), speed=10) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        job = await harness.until_state(job_id, JobState.WAITING)
        assert (job.reason, job.troubles) == (JobReason.BROKE_OFF, 1)
        await harness.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))
        await harness.db.write(lambda c: c.execute("UPDATE jobs SET resume_at = created_at"))
        assert (await harness.until_ended(job_id)).state is JobState.FAILED
