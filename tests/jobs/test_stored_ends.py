"""What a job's end stores, where the run broke or the process ended at a bad moment."""

from pathlib import Path
from typing import Any

import pytest

from bot.jobs import endings, runner
from bot.jobs.endings import MAX_TROUBLES, Endings
from bot.jobs.runner import JobRunner
from bot.study.run import Study
from bot.zjy.errors import SessionExpired
from demo.platform import STUDENT, Endpoint, Fault, link, picture, school_of
from storage import accounts
from storage.enums import JobReason, JobState, Outcome
from storage.errors import DatabaseBusy
from storage.vault import Vault
from tests.jobs.office import Office, open_office

ANNA = 1001
GONE = "该课件不存在或已被删除"


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("a fault of the bot")


async def end_by_one_more_trouble(office: Office, job_id: int) -> None:
    await office.until_state(job_id, JobState.WAITING)
    await office.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))


@pytest.mark.parametrize("look_breaks", [False, True])
async def test_the_last_break_ends_the_job_whatever_its_last_look_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look_breaks: bool
) -> None:
    async with open_office(tmp_path, school_of([link(), link()])) as office:
        account = (await office.log_in(ANNA)).account
        monkeypatch.setattr(Study, "run", broken)
        if look_breaks:
            monkeypatch.setattr(Study, "look", broken)
        job_id = await office.start(account)
        await office.until_state(job_id, JobState.WAITING)
        done = office.platform.school.progress(STUDENT.stu_id, "cell-2")
        done.raise_to(100.0, office.platform.now())
        await end_by_one_more_trouble(office, job_id)
        job = await office.until_ended(job_id)
        assert job.reason == JobReason.BROKE_OFF
        found = [item.outcome for item in await office.items(job_id)]
        assert found == [Outcome.OWN_FAULT, Outcome.OWN_FAULT if look_breaks else Outcome.DONE]


async def test_a_fault_of_the_bot_is_not_told_in_words_of_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(tmp_path, school_of([link()])) as office:
        office.fault(Endpoint.VIEW, Fault.json({"code": -1, "msg": GONE}), times=None)
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_ended(job_id)
        monkeypatch.setattr(Study, "run", broken)
        result = await office.control.retry(ANNA, job_id)
        assert result.job is not None
        await end_by_one_more_trouble(office, result.job.id)
        await office.until_ended(result.job.id)
        (item,) = await office.items(result.job.id)
        assert (item.outcome, item.msg) == (Outcome.OWN_FAULT, None)
        assert item.code not in (None, "-1")


async def test_a_bar_whose_notice_cannot_be_stored_is_not_studied_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(tmp_path, school_of([link()]), speed=100) as office:
        account = (await office.log_in(ANNA)).account
        monkeypatch.setattr(endings, "insert_notice", broken)
        office.fault(Endpoint.VIEW, Fault.bar(30))
        job = await office.until_state(await office.start(account), JobState.WAITING)
        assert job.resume_at == job.barred_until is not None
        assert job.barred_until > office.clock.after(20 * 60)
        assert await office.told() == []


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
    async with open_office(tmp_path, school_of([link(), picture()])) as office:
        account = (await office.log_in(ANNA)).account
        office.fault(Endpoint.VIEW, Fault.bar(30))
        await office.until_ended(await office.start(account))
        assert [notice.kind for notice in await office.told(ANNA)] == ["barred", "job_ended"]
        first, second, *_ = office.sent(Endpoint.VIEW)
        assert second.at - first.at > 30 * 60


async def test_a_job_whose_end_alone_was_not_stored_still_tells_the_percent(
    tmp_path: Path,
) -> None:
    async with open_office(tmp_path, school_of([link()])) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_ended(job_id)
        await office.close()
        await office.open()
        await office.db.write(
            lambda c: c.execute(
                "UPDATE jobs SET state = 'queued', finished_at = NULL, percent_after = NULL"
            )
        )
        office.begin()
        assert (await office.until_ended(job_id)).percent_after == 100.0


async def test_a_cookie_that_cannot_be_opened_stays_stored(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([link()])) as office:
        account = (await office.log_in(ANNA)).account
        draft_id = await office.draft(account)
        office.accounts._vault = Vault(bytes(32))
        result = await office.control.start(ANNA, draft_id, None)
        assert result.job is not None
        await office.until_state(result.job.id, JobState.NEEDS_LOGIN)
        with pytest.raises(SessionExpired):
            await office.accounts.session(account)
        assert await office.accounts.expired(account)
        kept = await office.db.read(lambda conn: accounts.cookie(conn, office.vault, account.id))
        assert kept is not None


async def test_a_job_ends_though_its_courses_cannot_be_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "keep_courses", broken)
    async with open_office(tmp_path, school_of([link()])) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        job = await office.until_ended(job_id)
        assert (job.state, job.troubles) == (JobState.SUCCEEDED, 0)
        assert [each.state for each in await office.history(job_id)].count(JobState.RUNNING) == 1


async def test_a_job_whose_break_cannot_be_stored_waits_as_after_a_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Study, "run", broken)
    monkeypatch.setattr(JobRunner, "_broke_off", broken)
    async with open_office(tmp_path, school_of([link()]), speed=10) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        job = await office.until_state(job_id, JobState.WAITING)
        assert (job.reason, job.troubles) == (JobReason.BROKE_OFF, 1)
        await office.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))
        await office.db.write(lambda c: c.execute("UPDATE jobs SET resume_at = created_at"))
        assert (await office.until_ended(job_id)).state is JobState.FAILED
