"""One run of a job, and what it has met so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.jobs.items import snapshot_of
from bot.study.events import CellEnded
from bot.study.progress import Snapshot
from bot.study.run import Study
from bot.study.stop import StopFlag
from bot.zjy.errors import Barred
from bot.zjy.models import CourseList
from storage import lengths
from storage.accounts import Account
from storage.jobs import Job


@dataclass(slots=True)
class Work:
    """One run of a job; ``study`` is None until the job has a session."""

    job: Job
    account: Account | None
    stop: StopFlag
    study: Study | None = None
    bar: Barred | None = None
    barred_until: datetime | None = None
    is_bar_stored: bool = False
    listed: CourseList | None = None
    snapshot: Snapshot = field(default_factory=lambda: snapshot_of([], lengths.KnownLengths()))

    @property
    def known(self) -> Mapping[str, CellEnded]:
        """The outcomes that the postponed cells would have now, by cell id."""
        return self.snapshot.postponed
