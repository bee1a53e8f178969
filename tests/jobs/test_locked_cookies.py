"""A cookie whose key is not here waits for it: its student is neither told nor asked anything."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.zjy.errors import CookieLocked, SessionExpired
from demo.platform import Endpoint, link, picture, school_of
from storage import accounts, sealed
from storage.enums import JobState
from storage.key_file import open_vault
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

OTHER_KEY = bytes(range(32))


async def _without_key(harness: JobsHarness, folder: Path) -> bytes:
    """Open the bot again with another key; returns the right one."""
    key = (folder / "key").read_bytes()
    await harness.close()
    (folder / "key").write_bytes(OTHER_KEY)
    await harness.open()
    harness.begin()
    return key


async def test_a_job_waits_for_its_cookies_key_and_goes_on_once_it_is_back(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link(), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft_id = await harness.draft(account)
        key = await _without_key(harness, tmp_path)
        result = await harness.control.start(ANNA, draft_id, 7)
        assert result.job is not None
        job_id, asked = result.job.id, len(harness.sent(Endpoint.ME))
        await harness.dispatcher._tick()
        assert (await harness.job(job_id)).state is JobState.QUEUED
        assert [row.state for row in await harness.history(job_id)] == [JobState.QUEUED]
        assert await harness.told(ANNA) == []
        assert len(harness.sent(Endpoint.ME)) == asked
        assert (await harness.accounts.get(ANNA, account.id)) == account

        (tmp_path / "key").write_bytes(key + OTHER_KEY)
        harness.dispatcher.wake()
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED


async def test_other_chats_jobs_run_meanwhile(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        locked = await harness.draft((await harness.log_in(ANNA)).account)
        await _without_key(harness, tmp_path)
        first = await harness.control.start(ANNA, locked, 7)
        account = (await harness.log_in(BORIS)).account
        job_id = await harness.start(account)
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert first.job is not None
        assert (await harness.job(first.job.id)).state is JobState.QUEUED


async def test_a_run_that_meets_a_locked_cookie_is_queued_again_and_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key went between the claim and the session."""
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft_id = await harness.draft(account)
        usual = harness.accounts.study_session

        async def locked(*_: object, **__: object) -> None:
            monkeypatch.setattr(harness.accounts, "study_session", usual)
            raise CookieLocked("vault")

        monkeypatch.setattr(harness.accounts, "study_session", locked)
        with capture_logs() as logged:
            result = await harness.control.start(ANNA, draft_id, 7)
            assert result.job is not None
            job = await harness.until_ended(result.job.id)
        assert job.state is JobState.SUCCEEDED
        states = [row.state for row in await harness.history(job.id)]
        assert states == ["queued", "running", "queued", "running", "succeeded"]
        assert "a job waits for its cookie's key" in [line["event"] for line in logged]


async def test_a_locked_cookie_is_no_expired_session(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        await _without_key(harness, tmp_path)
        with pytest.raises(CookieLocked) as locked:
            await harness.accounts.session(account)
        assert not isinstance(locked.value, SessionExpired)
        assert await harness.accounts.expired(account)
        stored = await harness.accounts.get(ANNA, account.id)
        assert stored is not None
        assert stored.has_cookie


async def test_a_new_cookie_needs_no_other_key(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        draft_id = await harness.draft((await harness.log_in(ANNA)).account)
        await _without_key(harness, tmp_path)
        result = await harness.control.start(ANNA, draft_id, 7)
        assert result.job is not None
        account = (await harness.log_in(ANNA)).account
        assert (await harness.until_ended(result.job.id)).state is JobState.SUCCEEDED
        assert await harness.db.read(lambda c: sealed.other_keys(c, harness.vault)) == []
        opened = await harness.db.read(
            lambda c: accounts.cookie(c, open_vault(tmp_path / "key"), account.id)
        )
        assert opened
