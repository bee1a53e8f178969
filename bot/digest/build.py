"""Puts the digests together, for the application and for tests."""

from collections.abc import Callable

from bot.clock import PlatformClock
from bot.digest.collect import Collector
from bot.digest.reading import AccountReader
from bot.digest.service import Digests, Say
from bot.digest.starting import Starting
from bot.jobs.control import JobControl
from bot.jobs.new_lessons import NewLessonJobs
from bot.zjy.gate import Gate
from storage.database import Database
from storage.vault import Vault


def build_digests(
    db: Database,
    vault: Vault,
    gate: Gate,
    clock: PlatformClock,
    control: JobControl,
    say: Say,
    tell: Callable[[], None],
) -> Digests:
    """``say`` sends a chat its report, ``tell`` says that there are new notices."""
    reader = AccountReader(db, vault, gate, clock)
    return Digests(
        db,
        clock.clock,
        Collector(db, clock.clock, reader),
        Starting(db, NewLessonJobs(db, clock.clock, control).start),
        say,
        tell,
    )
