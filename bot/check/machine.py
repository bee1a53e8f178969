"""Checks what needs neither a network nor the data folder: zone data, and whether the settings of
the load fit together."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.check.finding import Finding, Level, note, ok, wrong
from bot.health.state_file import StoredState
from bot.settings import Settings
from bot.study.pace import gap_of
from bot.zones import FALLBACK
from storage.enums import Pace

ZONES, LOAD = "zone data", "load"
_WITH_SUMMER_TIME = "Europe/Berlin"
_SUMMER, _WINTER = (datetime(2024, month, 1, tzinfo=UTC) for month in (7, 1))


def check_zones() -> Finding:
    """Whether the zones of the world are known, with their summer times."""
    try:
        ZoneInfo(FALLBACK)
        changing = ZoneInfo(_WITH_SUMMER_TIME)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return wrong(ZONES, "there is none: install the package tzdata")
    if _SUMMER.astimezone(changing).utcoffset() == _WINTER.astimezone(changing).utcoffset():
        return wrong(ZONES, "it knows no summer time: install the package tzdata")
    return ok(ZONES, "the zones of the world are known")


def requests_of(pace: Pace) -> float:
    """How many requests one student's job sends in a second. ``CLOCK_SPEED`` is for stand-ins and
    does not count."""
    return 1 / gap_of(pace)


def check_load(settings: Settings, state: StoredState | None = None) -> Finding:
    """Whether so many jobs can be served by so many requests, and whether the bot that runs, which
    wrote ``state``, keeps up with them."""
    found = _fitting(settings)
    if state is None or not state.late_reports or found.level is not Level.OK:
        return found
    return note(
        LOAD,
        f"{state.late_reports} of {state.reports} reports since the bot's start were held up for "
        "more than a second by PLATFORM_REQUESTS_PER_SECOND: allow more requests, or fewer jobs "
        "by MAX_RUNNING_JOBS",
    )


def _fitting(settings: Settings) -> Finding:
    jobs, rate = settings.max_running_jobs, settings.platform_requests_per_second
    fitting = {pace: int(rate / requests_of(pace) + 1e-9) for pace in Pace}
    if jobs > fitting[Pace.NORMAL]:
        return wrong(
            LOAD,
            f"{jobs} jobs at 1× need {jobs * requests_of(Pace.NORMAL):g} requests a "
            f"second, and PLATFORM_REQUESTS_PER_SECOND is {rate:g}: set MAX_RUNNING_JOBS to at "
            f"most {max(fitting[Pace.NORMAL], 1)}, or allow more requests",
        )
    if jobs > fitting[Pace.DOUBLE]:
        return ok(
            LOAD,
            f"{jobs} jobs fit at 1×, {fitting[Pace.DOUBLE]} at 2×: with more at 2×, reports come "
            "later than the pace asks for",
        )
    return ok(LOAD, f"{jobs} jobs fit at any pace")
