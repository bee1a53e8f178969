"""A plan counts what the job's end counts, and its time holds what the job takes."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from bot.jobs.items import counts_of, snapshot_of
from bot.study.estimate import Estimate
from demo.platform import (
    Cell,
    Endpoint,
    School,
    archive,
    audio,
    document,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from storage import lengths
from storage.enums import JobState
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

SCHOOLS = 6


def _leaf(random: Random) -> Cell:
    length = round(random.lognormvariate(3.5, 0.5), 3)
    media: list[Callable[[], Cell]] = [lambda: video(length), lambda: audio(length)]
    finished: list[Callable[[], Cell]] = [
        lambda: video(length, finished=True),
        lambda: document(3, finished=True),
    ]
    others: list[Callable[[], Cell]] = [
        lambda: document(random.randint(1, 20)),
        picture,
        archive,
        link,
        quiz,
        unsupported,
    ]
    kinds = [*media, *media, *finished, *others]
    return random.choice(kinds)()


def _school(random: Random) -> School:
    modules = [
        module(
            [
                topic([_leaf(random) for _ in range(random.randint(1, 5))])
                for _ in range(random.randint(1, 3))
            ]
        )
        for _ in range(random.randint(1, 2))
    ]
    return school_of(modules=[*modules, module([topic([video(30), document(1)])])])


async def _know_all(harness: JobsHarness) -> None:
    now = harness.platform_clock.now()
    for cell in harness.platform.school.leaves():
        if cell.length:
            await harness.db.write(
                lambda conn, cell=cell: lengths.keep(  # type: ignore[misc]
                    conn, "course", cell.id, str(cell.length), now
                )
            )


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("seed", range(SCHOOLS))
async def test_a_plan_agrees_with_the_end_of_its_job(
    tmp_path: Path, seed: int, known: bool
) -> None:
    async with open_jobs(tmp_path, _school(Random(seed)), speed=5000.0) as harness:
        if known:
            await _know_all(harness)
        account = (await harness.log_in(ANNA)).account
        draft = await harness.drafts.get(ANNA, await harness.draft(account))
        assert draft is not None
        plan = await harness.drafts.plan(draft)
        job = await harness.until_ended(await harness.start(account))

        counts = counts_of(await harness.items(job.id))
        assert counts.open == 0
        assert counts.total == plan.total
        assert (counts.done, counts.skipped) == (
            plan.to_study,
            len(plan.by_hand) + len(plan.unsupported),
        )
        unfinished = [cell for cell in harness.platform.school.leaves() if not cell.finished]
        assert len(unfinished) == plan.total
        assert plan.estimate.is_exact is known


async def test_what_was_learned_of_a_course_stays_after_a_pause_and_a_kill(tmp_path: Path) -> None:
    school = school_of([video(300), video(400), video(400)])
    async with open_jobs(tmp_path, school) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_so(lambda: harness.sent(Endpoint.REPORT, cell="cell-2"))
        before = await _left(harness, job_id)
        await harness.control.pause(ANNA, job_id)
        await harness.until_state(job_id, JobState.PAUSED)
        paused = await _left(harness, job_id)
        await harness.kill_and_start()
        killed = await _left(harness, job_id)

    # Of three videos two were opened: not the default, and not unknown.
    assert len({before, paused, killed}) == 1
    assert not before.is_exact
    assert 400 + 100 < before.low < before.high < 400 + 1200


async def test_other_courses_of_the_chat_tell_of_a_course_without_lengths(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(60), video(30), link()])) as harness:
        account = (await harness.log_in(ANNA)).account
        job = await harness.until_ended(await harness.start(account))

        async def known(chat_id: int, course_open_id: str) -> lengths.KnownLengths:
            return await harness.db.read(
                lambda conn: lengths.of_course(conn, chat_id, course_open_id, [])
            )

        assert sorted((await known(ANNA, "another")).others) == [30, 60]
        assert await known(BORIS, "another") == lengths.KnownLengths()
        same = await known(BORIS, job.course_open_id)
        assert sorted(same.course.values()) == [30, 60]
        assert same.others == ()


async def _left(harness: JobsHarness, job_id: int) -> Estimate:
    job, items = await harness.job(job_id), await harness.items(job_id)
    known = await harness.db.read(lambda conn: lengths.of_job(conn, job, items))
    return snapshot_of(items, known).left(job.pace)
