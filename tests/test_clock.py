"""Two kinds of seconds: real ones, and the platform's, which a speed divides."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SHORTEST_SLEEP, PlatformClock, SystemClock
from tests.support.clocks import SettableClock

NOON = datetime(2021, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("speed", [1.0, 60.0, 0.5])
async def test_platform_seconds_are_slept_at_the_clocks_speed(speed: float) -> None:
    real = SettableClock(NOON)
    clock = PlatformClock(real, speed)
    await clock.sleep(30)
    assert real.seconds == pytest.approx(30 / speed)
    assert clock.monotonic() == pytest.approx(30)
    assert clock.real(30) == 30 / speed


async def test_the_moment_is_real_at_any_speed() -> None:
    clock = PlatformClock(SettableClock(NOON), 60.0)
    await clock.sleep(30)
    assert clock.now() == NOON + timedelta(seconds=0.5)


async def test_a_timer_that_fires_early_is_waited_for_again() -> None:
    real = SettableClock(NOON, early=0.25)
    await PlatformClock(real).sleep_until(1.0)
    assert real.seconds >= 1.0
    assert real.slept == [1.0, 0.25]


async def test_a_moment_that_is_past_is_not_waited_for() -> None:
    real = SettableClock(NOON)
    await PlatformClock(real).sleep_until(0)
    await PlatformClock(real).sleep(-5)
    assert real.slept == []


async def test_a_rest_that_rounding_left_is_slept_long_enough_to_count() -> None:
    real = SettableClock(NOON)
    await PlatformClock(real, 3).sleep_until(1e-12)
    assert real.slept == [SHORTEST_SLEEP]


def test_moments_are_real_utc_and_durations_are_platform_time() -> None:
    real = SettableClock(NOON)
    clock = PlatformClock(real, 60)
    assert clock.after(3600) == NOON + timedelta(minutes=1)
    assert clock.since(NOON - timedelta(minutes=1)) == 3600
    assert clock.since(clock.after(7)) == pytest.approx(-7, abs=1e-3)
    assert clock.after(0).tzinfo is UTC


@pytest.mark.parametrize("speed", [0, -1])
def test_time_does_not_stand_still_or_go_back(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        PlatformClock(SettableClock(NOON), speed)


@pytest.mark.looptime(start=100)
async def test_the_systems_clock_follows_the_running_loop_and_tells_utc() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(12)
    assert clock.monotonic() - before == 12
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(minutes=1)
