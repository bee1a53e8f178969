"""A job that waits because all places are taken says so, and where it stands."""

from pathlib import Path

from aiosqlite import Connection

from demo.platform import OTHER_STUDENT, school_of, video
from storage import jobs
from storage.enums import JobState
from storage.job_queue import Place, place_of
from tests.support.chat_harness import ChatHarness
from tests.support.jobs_harness import open_jobs
from tests.support.names import ANNA, BORIS

CLARA, DORA = 3003, 3004


async def place(harness: ChatHarness, job_id: int, places: int) -> Place:
    async def unit(conn: Connection) -> Place:
        job = await jobs.get(conn, job_id)
        assert job is not None
        return await place_of(conn, job, places)

    return await harness.db.read(unit)


async def test_a_job_without_a_place_shows_its_number_and_how_many_places_there_are(
    tmp_path: Path,
) -> None:
    async with ChatHarness(tmp_path, max_running=1) as harness:
        await harness.job(await harness.student(BORIS))
        for number, language in ((1, "zh"), (2, "en")):
            chat_id = CLARA + number
            job_id = await harness.job(await harness.student(chat_id), state=JobState.QUEUED)
            await harness.people.set_language(chat_id, language)
            screen = await harness.reporter.screen(job_id)
            assert screen is not None
            words = {
                "zh": "排队中，排在第 1 位：1 个学习位置都满了",
                "en": "Queued as number 2: all 1 places for jobs are taken",
            }
            assert words[language] in screen.text
            assert "马上开始" not in screen.text


async def test_a_job_with_a_free_place_begins_in_a_moment(tmp_path: Path) -> None:
    async with ChatHarness(tmp_path, max_running=2) as harness:
        await harness.job(await harness.student(BORIS))
        job_id = await harness.job(await harness.student(ANNA), state=JobState.QUEUED)
        screen = await harness.reporter.screen(job_id)
        assert screen is not None
        assert "马上开始" in screen.text


async def test_jobs_that_cannot_take_the_next_place_do_not_count(tmp_path: Path) -> None:
    async with ChatHarness(tmp_path) as harness:
        boris = await harness.student(BORIS)
        await harness.job(boris)
        behind_own = await harness.job(boris, state=JobState.QUEUED, course_name="另一门")
        first = await harness.job(await harness.student(CLARA), state=JobState.QUEUED)
        dora = await harness.student(DORA)
        second = await harness.job(dora, state=JobState.QUEUED)
        after_second = await harness.job(dora, state=JobState.QUEUED, course_name="另一门")
        assert await place(harness, behind_own, 1) == Place(1)
        assert await place(harness, first, 1) == Place(0, 1)
        assert await place(harness, second, 1) == Place(0, 2)
        assert await place(harness, after_second, 1) == Place(1)
        assert await place(harness, first, 2) == Place(0)


async def test_what_waits_is_shown_anew_once_a_minute_if_a_job_was_taken_up(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([video(4000)]), max_running=1) as harness:
        first = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_state(first, JobState.RUNNING)
        second = await harness.start((await harness.log_in(BORIS, OTHER_STUDENT.stu_id)).account)
        await harness.dispatcher._show_places()
        assert harness.heard.moved_up == [second]
        await harness.dispatcher._show_places()
        assert harness.heard.moved_up == [second]
