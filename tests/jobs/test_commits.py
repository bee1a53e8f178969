"""How often a job writes to the disk: counts, not seconds."""

from collections import Counter
from pathlib import Path

from bot.jobs.dispatcher import CLAIMED_AT_ONCE
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, school_of, video
from demo.platform.school import Student
from storage.enums import JobState
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

VIDEOS = 4


def commits_of(harness: JobsHarness) -> Counter[str]:
    """The commits from now on, by the function that asks for them."""
    found: Counter[str] = Counter()

    def told(sort: str, unit: str) -> None:
        if sort == "after commit":
            found[unit.partition(".<locals>")[0]] += 1

    harness.db._boundary = told
    return found


async def test_reports_commit_nothing_and_a_cell_once_more_if_its_length_is_new(
    tmp_path: Path,
) -> None:
    school = school_of([video(60 + n) for n in range(VIDEOS)])
    async with open_jobs(tmp_path, school) as harness:
        for chat_id, student, lengths in (
            (ANNA, STUDENT, VIDEOS),
            (BORIS, OTHER_STUDENT, 0),
        ):
            account = (await harness.log_in(chat_id, student.stu_id)).account
            draft_id = await harness.draft(account)
            commits = commits_of(harness)
            result = await harness.control.start(chat_id, draft_id, 7)
            assert result.job is not None
            job = await harness.until_ended(result.job.id)
            harness.db._boundary = None
            assert job.state is JobState.SUCCEEDED
            assert len(harness.sent(Endpoint.REPORT, student=student.stu_id)) > 3 * VIDEOS
            assert commits["JobRunner._store"] == VIDEOS
            assert commits["JobRunner._keep_length"] == lengths
            of_ticks = {"JobDispatcher._tick", "JobDispatcher._claim"}
            rest = sum(commits[name] for name in commits if name not in of_ticks)
            # The press, and the end with its notice.
            assert rest - VIDEOS - lengths <= 3


async def test_a_start_claims_many_jobs_with_few_commits(tmp_path: Path) -> None:
    count = 2 * CLAIMED_AT_ONCE + 5
    students = tuple(Student(stu_id=f"student{n:03}XX", name=f"学生{n}") for n in range(count))
    async with open_jobs(tmp_path, school_of([video(4000)], students=students)) as harness:
        harness.dispatcher.close()
        for n, student in enumerate(students):
            account = (await harness.log_in(5000 + n, student.stu_id)).account
            await harness.start(account)
        commits = commits_of(harness)
        harness.begin()
        await harness.until_so(lambda: len(harness.running) == count)
        assert commits["JobDispatcher._claim"] <= 2 + count // CLAIMED_AT_ONCE + 2
