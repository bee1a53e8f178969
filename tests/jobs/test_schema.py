"""Every list of values in the schema is the enum's own."""

from enum import StrEnum
from pathlib import Path

import pytest

from storage.database import Database
from storage.enums import (
    ENDED,
    RESTING,
    UNFINISHED,
    AuditAction,
    Awaiting,
    DraftState,
    JobRequest,
    JobState,
    NoticeKind,
    Origin,
    Outcome,
    OutcomeGroup,
    OwnerCause,
    Pace,
    Platform,
)
from tests.storage.checks import allowed_values

ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("chats", "pace"): Pace,
    ("drafts", "pace"): Pace,
    ("jobs", "pace"): Pace,
    ("chats", "awaiting"): Awaiting,
    ("drafts", "state"): DraftState,
    ("jobs", "state"): JobState,
    ("job_history", "state"): JobState,
    ("jobs", "requested"): JobRequest,
    ("job_items", "outcome"): Outcome,
    ("notices", "kind"): NoticeKind,
    ("people", "origin"): Origin,
    ("audit", "action"): AuditAction,
    ("owner_notices", "cause"): OwnerCause,
    ("accounts", "platform"): Platform,
    ("pending_cookies", "platform"): Platform,
}

NEVER_WRITTEN = {("drafts", "state"): {"dropped"}}
"""What a CHECK lists beyond its enum: no version wrote it, so no migration takes it away."""


@pytest.mark.parametrize(("table", "column"), ENUMS)
async def test_the_schema_allows_exactly_the_values_of_the_enum(
    tmp_path: Path, table: str, column: str
) -> None:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        allowed = await db.read(lambda conn: allowed_values(conn, table, column))
    unused = NEVER_WRITTEN.get((table, column), set())
    assert allowed - unused == {member.value for member in ENUMS[table, column]}
    assert unused <= allowed


def test_every_state_is_either_ended_or_running_or_at_rest() -> None:
    assert ENDED | RESTING | {JobState.RUNNING} == frozenset(JobState)
    assert RESTING | {JobState.RUNNING} == UNFINISHED
    assert not ENDED & RESTING


def test_every_outcome_stands_in_one_group() -> None:
    assert {outcome.group for outcome in Outcome} == set(OutcomeGroup)
    assert [outcome for outcome in Outcome if outcome.group is OutcomeGroup.DONE] == [Outcome.DONE]
