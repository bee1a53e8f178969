"""A job that ends with cells still open has looked a last time at what the platform shows."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.jobs.answers import Answer
from bot.jobs.endings import MAX_TROUBLES
from bot.study.run import Study
from demo.platform import (
    Endpoint,
    Fault,
    Request,
    School,
    link,
    locked,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from storage.enums import JobReason, JobState, Outcome
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA

GONE = "该课件不存在或已被删除"


def three_topics() -> School:
    return school_of(
        topics=[
            topic([locked(link()), video(60)]),
            topic([link(), quiz()]),
            topic([picture(), link()]),
        ]
    )


def finish(harness: JobsHarness, *cell_ids: str) -> None:
    """The student did it elsewhere."""
    for cell_id in cell_ids:
        harness.finish(cell_id)


def views_of(harness: JobsHarness, cell_id: str) -> list[Request]:
    return [each for each in harness.sent(Endpoint.VIEW) if each.form["cellId"] == cell_id]


async def ends(harness: JobsHarness, job_id: int) -> Mapping[str, Outcome | None]:
    return {item.cell.cell_id: item.outcome for item in await harness.items(job_id)}


async def barred_once(harness: JobsHarness) -> int:
    """A job that waits for the end of its first bar."""
    account = (await harness.log_in(ANNA)).account
    harness.fault(Endpoint.REPORT, Fault.bar(5))
    job_id = await harness.start(account)
    await harness.until_state(job_id, JobState.WAITING)
    return job_id


def leave_unread(harness: JobsHarness, *topic_ids: str) -> None:
    """From now on these topics cannot be read."""
    harness.platform.faults.add(
        Endpoint.CELLS,
        Fault.json({"msg": "忙"}),
        times=None,
        where=lambda form: form["topicId"] in topic_ids,
    )


async def test_a_second_bar_ends_the_job_with_what_the_platform_shows(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, three_topics()) as harness:
        job_id = await barred_once(harness)
        finish(harness, "cell-5")
        harness.fault(Endpoint.REPORT, Fault.bar(5))
        job = await harness.until_ended(job_id)
        assert job.reason == JobReason.BARRED_AGAIN
        assert (job.percent_before, job.percent_after) == (0.0, 16.67)
        assert await ends(harness, job_id) == {
            "cell-1": Outcome.LOCKED,
            "cell-2": Outcome.REFUSED,
            "cell-3": Outcome.REFUSED,
            "cell-4": Outcome.BY_HAND,
            "cell-5": Outcome.DONE,
            "cell-6": Outcome.REFUSED,
        }
        assert harness.outcomes_agree(await harness.items(job_id))
        assert harness.platform.violations == []


async def test_a_topic_that_cannot_be_read_at_the_second_bar_may_be_done_and_is_told_so(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, three_topics()) as harness:
        job_id = await barred_once(harness)
        harness.fault(Endpoint.REPORT, Fault.bar(5))
        leave_unread(harness, "topic-2", "topic-3")
        await harness.until_ended(job_id)
        found = await ends(harness, job_id)
        assert (found["cell-1"], found["cell-2"]) == (Outcome.LOCKED, Outcome.REFUSED)
        assert (found["cell-3"], found["cell-4"]) == (Outcome.UNREAD, Outcome.BY_HAND)
        assert (found["cell-5"], found["cell-6"]) == (Outcome.UNREAD, Outcome.UNREAD)


async def test_a_topic_that_can_be_read_again_at_the_second_bar_was_refused_by_the_bar(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, three_topics()) as harness:
        job_id = await barred_once(harness)
        leave_unread(harness, "topic-1")

        async def let_it_be_read(endpoint: Endpoint, _: object) -> None:
            if endpoint is Endpoint.REPORT:
                harness.platform.faults.clear()
                harness.fault(Endpoint.REPORT, Fault.bar(5))

        harness.platform.on_request = let_it_be_read
        job = await harness.until_ended(job_id)
        assert job.reason == JobReason.BARRED_AGAIN
        found = await ends(harness, job_id)
        assert found["cell-2"] is Outcome.REFUSED
        assert Outcome.UNREAD not in found.values()


async def test_a_process_that_ends_within_the_last_look_loses_neither_the_job_nor_its_bar(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, three_topics()) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.REPORT, Fault.bar(5))
        job_id = await harness.start(account)
        first = await harness.until_state(job_id, JobState.WAITING)
        harness.fault(Endpoint.REPORT, Fault.bar(100))
        held = asyncio.Event()

        async def hold_the_last_look(endpoint: Endpoint, _: object) -> None:
            row = await harness.job(job_id)
            if endpoint is Endpoint.CELLS and row.barred_until != first.barred_until:
                held.set()
                await asyncio.sleep(60)

        harness.platform.on_request = hold_the_last_look
        await asyncio.wait_for(held.wait(), 30)
        barred = await harness.job(job_id)
        harness.platform.on_request = None
        await harness.kill_and_start()
        again = await harness.job(job_id)
        assert (again.state, again.reason) == (JobState.WAITING, JobReason.BARRED)
        assert again.resume_at == again.barred_until == barred.barred_until
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert harness.platform.violations == []


async def test_a_request_within_the_last_look_goes_before_the_end(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, three_topics()) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.REPORT, Fault.bar(5))
        job_id = await harness.start(account)
        first = await harness.until_state(job_id, JobState.WAITING)
        harness.fault(Endpoint.REPORT, Fault.bar(5))
        asked = False

        async def pause_at_the_last_look(endpoint: Endpoint, _: object) -> None:
            nonlocal asked
            row = await harness.job(job_id)
            if endpoint is Endpoint.CELLS and row.barred_until != first.barred_until and not asked:
                asked = True
                await harness.control.pause(ANNA, job_id)

        harness.platform.on_request = pause_at_the_last_look
        await harness.until_state(job_id, JobState.PAUSED)
        assert None in (await ends(harness, job_id)).values()


async def test_a_day_of_trouble_ends_with_what_can_be_read(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, three_topics()) as harness:
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        harness.fault(Endpoint.VIEW, Fault.AWAY, times=None)
        harness.fault(Endpoint.ME, Fault.AWAY, times=None)
        result = await harness.control.start(ANNA, draft, 7)
        assert result.job is not None
        job_id = result.job.id
        await harness.until_state(job_id, JobState.WAITING)
        finish(harness, "cell-6")
        await harness.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))
        job = await harness.until_ended(job_id)
        assert (job.state, job.reason) == (JobState.PARTLY_FAILED, JobReason.PLATFORM_AWAY)
        found = await ends(harness, job_id)
        assert found["cell-6"] is Outcome.DONE
        assert found["cell-3"] is Outcome.TEMPORARY
        assert (job.percent_before, job.percent_after) == (0.0, 16.67)
        assert harness.outcomes_agree(await harness.items(job_id))


async def test_what_broke_each_time_is_told_by_the_logs_number_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_jobs(tmp_path, school_of([video(30)])) as harness:
        account = (await harness.log_in(ANNA)).account

        def broken(self: Study, *args: object, **options: object) -> None:
            raise KeyError("nobody foresaw this")

        monkeypatch.setattr(Study, "run", broken)
        job_id = await harness.start(account)
        await harness.until_state(job_id, JobState.WAITING)
        await harness.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))
        job = await harness.until_ended(job_id)
        assert job.reason == JobReason.BROKE_OFF
        (item,) = await harness.items(job_id)
        assert (item.outcome, item.msg) == (Outcome.OWN_FAULT, None)
        assert item.code is not None
        assert f"reference={item.code}" in capsys.readouterr().out


async def test_two_cells_that_are_gone_cost_one_bar_and_not_the_job(tmp_path: Path) -> None:
    school = school_of(topics=[topic([video(20), link(), picture()]), topic([link()])])
    async with open_jobs(tmp_path, school) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -1, "msg": GONE}),
            times=None,
            where=lambda form: form["cellId"] in ("cell-1", "cell-2"),
        )
        job_id = await harness.start(account)
        barred = await harness.until_state(job_id, JobState.WAITING)
        assert barred.reason == JobReason.BARRED
        job = await harness.until_ended(job_id)
        assert job.state is JobState.PARTLY_FAILED
        items = {item.cell.cell_id: item for item in await harness.items(job_id)}
        assert [items[f"cell-{n}"].outcome for n in (1, 2, 3, 4)] == [
            *[Outcome.REFUSED, Outcome.REFUSED],
            *[Outcome.DONE, Outcome.DONE],
        ]
        assert (items["cell-1"].code, items["cell-1"].msg) == ("-1", GONE)
        assert [n.kind for n in await harness.told(ANNA)] == ["barred", "job_ended"]


@pytest.mark.parametrize("dead", [True, False])
async def test_a_login_elsewhere_asks_for_a_cookie_or_passes_and_is_no_bar(
    tmp_path: Path, dead: bool
) -> None:
    async with open_jobs(tmp_path, school_of([video(60), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        elsewhere = Fault.json({"code": -1, "msg": "您的账号已在其他地方登录"})
        harness.fault(Endpoint.VIEW, elsewhere, times=2)
        if dead:
            harness.fault(Endpoint.ME, Fault.EXPIRED_STRING)
        result = await harness.control.start(ANNA, draft, 7)
        assert result.job is not None
        if dead:
            job = await harness.until_state(result.job.id, JobState.NEEDS_LOGIN)
            assert job.reason == JobReason.SESSION_EXPIRED
            await harness.log_in(ANNA)
        assert (await harness.until_ended(result.job.id)).state is JobState.SUCCEEDED
        told = [n.kind for n in await harness.told(ANNA)]
        assert told == ["needs_login"] * dead + ["job_ended"]


async def test_a_retry_of_what_is_still_closed_ends_as_such_and_can_be_retried(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([link(), locked(video(20))])) as harness:
        account = (await harness.log_in(ANNA)).account
        first = await harness.until_ended(await harness.start(account))
        before = len(views_of(harness, "cell-2"))
        result = await harness.control.retry(ANNA, first.id)
        assert result.answer is Answer.STARTED
        assert result.job is not None
        second = await harness.until_ended(result.job.id)
        assert second.state is JobState.SUCCEEDED
        assert list((await ends(harness, second.id)).values()) == [Outcome.LOCKED]
        assert await harness.control.may_retry(second)
        assert len(views_of(harness, "cell-2")) == before + 1


@pytest.mark.parametrize("gone", [4, 6])
async def test_many_lessons_in_a_row_that_are_gone_cost_no_other_lesson(
    tmp_path: Path, gone: int
) -> None:
    topics = [topic([link() for _ in range(4)]) for _ in range(2)]
    async with open_jobs(tmp_path, school_of(topics=topics)) as harness:
        taken = {f"cell-{number}" for number in range(1, gone + 1)}
        refusal = Fault.json({"code": -1, "msg": GONE})
        harness.platform.faults.add(
            Endpoint.VIEW, refusal, times=None, where=lambda form: form["cellId"] in taken
        )
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        job = await harness.until_ended(job_id)
        assert (job.state, job.reason) == (JobState.PARTLY_FAILED, None)
        items = await harness.items(job_id)
        assert {i.cell.cell_id for i in items if i.outcome is Outcome.REFUSED} == taken
        assert {i.msg for i in items if i.outcome is Outcome.REFUSED} == {GONE}
        assert harness.outcomes_agree(items)

        result = await harness.control.retry(ANNA, job_id)
        assert result.job is not None
        again = await harness.until_ended(result.job.id)
        assert (again.state, again.reason) == (JobState.FAILED, None)
        assert "waiting" not in await harness.states(again.id)


async def test_a_lesson_at_100_is_done_though_the_bot_itself_breaks_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_jobs(tmp_path, school_of([link(), link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft_id = await harness.draft(account)
        harness.finish("cell-2")

        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(Study, "run", broken)
        monkeypatch.setattr("bot.jobs.endings.MAX_TROUBLES", 0)
        started = await harness.control.start(ANNA, draft_id, 7)
        assert started.job is not None
        await harness.until_ended(started.job.id)
        items = await harness.items(started.job.id)
        assert [item.outcome for item in items] == [Outcome.OWN_FAULT, Outcome.DONE]


async def test_a_job_whose_end_was_not_stored_ends_without_a_cookie(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_ended(job_id)
        await harness.close()
        await harness.open()
        await harness.db.write(
            lambda c: c.execute("UPDATE jobs SET state = 'queued', finished_at = NULL")
        )
        await harness.db.write(lambda c: c.execute("UPDATE accounts SET sealed_cookie = NULL"))
        harness.begin()
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
