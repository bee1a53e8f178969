"""The jobs that are at work here: who asks one to stop reaches the run that goes on."""

from bot.jobs.running import RunningJobs


async def test_a_run_that_leaves_takes_nothing_of_the_next_run_of_its_job() -> None:
    running = RunningJobs()
    first, second = running.entered(1), running.entered(1)
    first.__enter__()
    flag = second.__enter__()
    first.__exit__(None, None, None)
    assert len(running) == 1
    assert running.stop(1)
    assert flag.is_raised
    second.__exit__(None, None, None)
    assert len(running) == 0
    assert not running.stop(1)
