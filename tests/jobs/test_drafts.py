"""From ticking modules to a tree that was read: every call finds the chat's own drafts alone."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.courses.plan import OpenDraft
from bot.jobs.running import RunningJobs
from bot.zjy.errors import Temporary
from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    Fault,
    course,
    link,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage import chats, job_queue, jobs
from storage.enums import Awaiting, DraftState, JobState, Pace
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

MODULES = [
    module([topic([link(finished=True)])], name="done"),
    module([topic([video(30)])], name="one"),
    module([topic([picture()])], name="two"),
]


async def opened_draft(harness: JobsHarness) -> OpenDraft:
    account = (await harness.log_in(ANNA)).account
    (listed,) = await harness.drafts.read_courses(account)
    opened = await harness.drafts.begin(account, listed, 5, Pace.NORMAL)
    assert opened is not None
    return opened


async def ticked(harness: JobsHarness, opened: OpenDraft) -> list[str]:
    now = await harness.draft_now(opened)
    return [each.name for each in now.modules if each.id in now.ticked]


async def test_modules_are_ticked_one_by_one_or_all_unfinished_at_once(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        opened = await opened_draft(harness)
        draft, rows = opened.draft.id, [each.id for each in opened.modules]
        assert [each.name for each in opened.modules] == ["done", "one", "two"]
        await harness.drafts.tick(ANNA, draft, rows[1])
        assert await ticked(harness, opened) == ["one"]
        for _ in range(2):
            await harness.drafts.tick_all(ANNA, draft)
            assert await ticked(harness, opened) == ["one", "two"]
        await harness.drafts.untick(ANNA, draft, rows[1])
        assert await ticked(harness, opened) == ["two"]
        await harness.drafts.clear(ANNA, draft)
        assert await ticked(harness, opened) == []


async def test_another_chat_changes_nothing_of_a_draft(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        opened = await opened_draft(harness)
        draft = opened.draft.id
        await harness.log_in(BORIS)
        await harness.drafts.tick_all(ANNA, draft)
        before = await harness.draft_now(opened)
        await harness.drafts.untick(BORIS, draft, opened.modules[1].id)
        await harness.drafts.clear(BORIS, draft)
        await harness.drafts.set_pace(BORIS, draft, Pace.DOUBLE)
        assert await harness.draft_now(opened) == before
        assert await harness.drafts.course(BORIS, opened.course.id) is None
        assert await harness.drafts.course(ANNA, opened.course.id) is not None


async def test_a_pace_is_kept_and_a_preview_can_be_left_again(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        await harness.drafts.set_pace(ANNA, draft, Pace.FAST)
        opened = await harness.drafts.get(ANNA, draft)
        assert opened is not None
        assert (opened.draft.state, opened.draft.pace) == (DraftState.READY, Pace.FAST)
        plan = await harness.drafts.plan(opened)
        assert (plan.pace, plan.modules, plan.to_study) == (Pace.FAST, ["one", "two"], 2)
        await harness.drafts.back_to_choosing(draft)
        assert (await harness.draft_now(opened)).draft.state is DraftState.CHOOSING


async def test_a_reading_that_fails_keeps_nothing_and_stays_a_reading(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        opened = await opened_draft(harness)
        (account,) = await harness.accounts.of_chat(ANNA)
        await harness.drafts.tick_all(ANNA, opened.draft.id)
        assert await harness.drafts.claim_reading(opened.draft.id)
        harness.fault(Endpoint.CELLS, Fault.HTTP_502, times=None)
        reading = harness.drafts.read(account, await harness.draft_now(opened))
        with pytest.raises(Temporary):
            [each async for each in reading]
        now = await harness.draft_now(opened)
        assert (now.draft.state, now.draft.read_at) == (DraftState.READING, None)
        await harness.drafts.back_to_choosing(opened.draft.id)
        assert await harness.drafts.claim_reading(opened.draft.id)


async def test_courses_of_current_terms_come_first_in_the_lists_order(tmp_path: Path) -> None:
    terms = {"a": "2019秋", "b": "2021春", "c": "2018春", "d": "2020秋"}
    school = school_of(
        courses=[
            replace(course([module([topic([link()])])], name=name), term=term)
            for name, term in terms.items()
        ]
    )
    async with open_jobs(tmp_path, school) as harness:
        account = (await harness.log_in(ANNA)).account
        read = await harness.drafts.read_courses(account)
        for found in (read, await harness.drafts.courses(account)):
            assert [(each.name, each.current) for each in found] == [
                ("b", True),
                ("d", True),
                ("a", False),
                ("c", False),
            ]


async def test_a_chat_that_expects_a_cookie_is_remembered_until_one_comes(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([link()])) as harness:
        await harness.log_in(ANNA)

        async def awaiting() -> str | None:
            chat = await harness.db.read(lambda conn: chats.get(conn, ANNA))
            assert chat is not None
            return chat.awaiting

        await harness.db.write(lambda conn: chats.set_awaiting(conn, ANNA, Awaiting.COOKIE))
        assert await awaiting() is Awaiting.COOKIE
        await harness.log_in(ANNA)
        assert await awaiting() is None


async def test_a_job_behind_others_of_its_student_tells_its_place(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(4000)])) as harness:
        first = await harness.start((await harness.log_in(ANNA)).account)
        second = await harness.start((await harness.log_in(BORIS)).account)
        for job_id, place in ((first, 0), (second, 1)):
            row = await harness.db.read(lambda conn, job_id=job_id: jobs.get(conn, job_id))  # type: ignore[misc]
            assert row is not None
            found = await harness.db.read(lambda c, row=row: job_queue.place_of(c, row, 200))  # type: ignore[misc]
            assert found == job_queue.Place(place)
        assert [job.id for job in await harness.control.unfinished(ANNA)] == [first]
        assert (await harness.job(second)).state is JobState.QUEUED
        assert harness.platform.shown(STUDENT.stu_id, "cell-1") < 100


async def test_whoever_does_not_stop_in_time_is_cancelled() -> None:
    running = RunningJobs()
    entered = asyncio.Event()

    async def deaf() -> None:
        with running.entered(1):
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(deaf())
    await entered.wait()
    assert not running.stop(2)
    await running.stop_all(0.01)
    assert task.cancelled()
    assert len(running) == 0
    with running.entered(3) as flag:
        assert flag.is_raised


async def test_a_length_that_was_seen_once_makes_the_next_preview_exact(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(120), link()])) as harness:
        anna = (await harness.log_in(ANNA)).account
        first = await _opened(harness, await harness.draft(anna))
        assert not (await harness.drafts.plan(first)).estimate.is_exact
        job = await harness.until_ended(await harness.start(anna))
        assert job.state is JobState.SUCCEEDED

        boris = (await harness.log_in(BORIS, OTHER_STUDENT.stu_id)).account
        plan = await harness.drafts.plan(await _opened(harness, await harness.draft(boris), BORIS))

        assert plan.estimate.is_exact
        # A read-back, two views, and the video itself.
        assert plan.estimate.low == pytest.approx(123)


async def _opened(harness: JobsHarness, draft_id: int, chat_id: int = ANNA) -> OpenDraft:
    opened = await harness.drafts.get(chat_id, draft_id)
    assert opened is not None
    return opened
