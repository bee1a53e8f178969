"""Rows of the storage as jobs: plain text becomes enums, items become cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from bot.jobs.states import JobState, Wanted
from bot.study.outcome import Outcome
from bot.study.pace import Pace
from bot.study.progress import Counts, Snapshot
from bot.zjy.models import CourseRef
from storage.cells import Cell
from storage.jobs import HistoryRow, ItemRow, JobRow


@dataclass(frozen=True, slots=True)
class Job:
    """One job. ``message_id`` is the progress message; moments are UTC."""

    id: int
    chat_id: int
    account_id: int
    stu_id: str
    course_id: int | None
    course: CourseRef
    course_name: str
    pace: Pace
    state: JobState
    reason: str | None
    wanted: Wanted | None
    message_id: int | None
    resume_at: datetime | None
    outline_at: datetime | None
    troubles: int
    restarts: int
    barred_until: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    percent_before: float | None = None
    """The course's percent when the job was confirmed, as the platform showed it last; None where
    it never did."""
    percent_after: float | None = None
    """The same after the job ended; None where it could not be read."""

    @classmethod
    def of(cls, row: JobRow) -> Self:
        return cls(
            id=row.id,
            chat_id=row.chat_id,
            account_id=row.account_id,
            stu_id=row.stu_id,
            course_id=row.course_id,
            course=CourseRef(row.course_open_id, row.open_class_id),
            course_name=row.course_name,
            pace=Pace(row.pace),
            state=JobState(row.state),
            reason=row.reason,
            wanted=Wanted(row.wanted) if row.wanted is not None else None,
            message_id=row.message_id,
            resume_at=row.resume_at,
            outline_at=row.outline_at,
            troubles=row.troubles,
            restarts=row.restarts,
            barred_until=row.barred_until,
            created_at=row.created_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
            percent_before=row.percent_before,
            percent_after=row.percent_after,
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One cell of a job, and how it ended; ``outcome`` is None while it is open."""

    cell: Cell
    outcome: Outcome | None
    code: str | None
    msg: str | None

    @classmethod
    def of(cls, row: ItemRow) -> Self:
        cell = Cell(
            module_id=row.module_id,
            module_name=row.module_name,
            topic_id=row.topic_id,
            topic_name=row.topic_name,
            cell_id=row.cell_id,
            name=row.cell_name,
            category=row.category,
            percent=row.percent,
        )
        return cls(cell, Outcome(row.outcome) if row.outcome else None, row.code, row.msg)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a job's history: the state that it came to, when, and why."""

    at: datetime
    state: JobState
    reason: str | None

    @classmethod
    def of(cls, row: HistoryRow) -> Self:
        return cls(row.at, JobState(row.state), row.reason)


def counts_of(items: list[Item]) -> Counts:
    return Counts.of([item.outcome for item in items])


def snapshot_of(items: list[Item], known_lengths: Mapping[str, str]) -> Snapshot:
    """Where a job stands by what is stored; the cell that is open now is not."""
    still_open = tuple(item.cell for item in items if item.outcome is None)
    lengths = {cell_id: Decimal(seconds) for cell_id, seconds in known_lengths.items()}
    return Snapshot(open_cells=still_open, counts=counts_of(items), lengths=lengths)
