"""What a job's end stores, where the run broke or the process ended at a bad moment."""

from pathlib import Path

import pytest

from bot.jobs import endings
from bot.jobs.endings import MAX_TROUBLES
from bot.study.run import Study
from demo.platform import Endpoint, Fault, link, school_of
from storage.enums import JobReason, JobState, Outcome
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


async def test_a_bar_is_not_stored_without_its_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        called = False

        def breaks(*_: object, **__: object) -> None:
            nonlocal called
            called = True
            broken()

        monkeypatch.setattr(endings, "insert_notice", breaks)
        harness.fault(Endpoint.VIEW, Fault.bar(5))
        job_id = await harness.start(account)
        await harness.until_so(lambda: called and not harness.running)
        assert (await harness.job(job_id)).barred_until is None


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
