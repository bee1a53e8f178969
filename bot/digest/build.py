"""Builds the digest service, for the application and for tests."""

from collections.abc import Callable, Collection

from bot.accounts import Accounts
from bot.clock import PlatformClock
from bot.digest.collect import Collector
from bot.digest.delivery import Prepare
from bot.digest.reading import AccountReader
from bot.digest.service import Digests
from bot.digest.starting import Starting
from bot.jobs.control import JobControl
from storage.database import Database


def build_digests(
    db: Database,
    accounts: Accounts,
    clock: PlatformClock,
    control: JobControl,
    prepare: Prepare,
    tell: Callable[[], None],
    without_access: Collection[int] = (),
) -> Digests:
    """``prepare`` makes a report ready to be sent, ``tell`` reports new notices; the chats
    ``without_access`` are not served."""
    reader = AccountReader(db, accounts, clock)
    return Digests(
        db,
        clock.clock,
        Collector(db, clock.clock, reader),
        Starting(db, clock.clock, control),
        prepare,
        tell,
        without_access,
    )
