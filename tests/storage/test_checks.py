"""What the schema itself refuses, whoever writes."""

import pytest

from storage.database import Database
from storage.rows import rows
from tests.storage.checks import allowed_values

JOB_STATES = {
    "queued",
    "running",
    "paused",
    "needs_login",
    "waiting",
    "succeeded",
    "partly_failed",
    "failed",
    "cancelled",
}
PACES = {"1", "1.5", "2"}
LISTED = {
    ("chats", "pace"): PACES,
    ("chats", "awaiting"): {"cookie", "zone", "digest_time"},
    ("drafts", "state"): {"choosing", "reading", "ready", "started", "dropped"},
    ("drafts", "pace"): PACES,
    ("jobs", "pace"): PACES,
    ("jobs", "state"): JOB_STATES,
    ("jobs", "requested"): {"pause", "cancel"},
    ("job_items", "outcome"): {
        "done",
        "by_hand",
        "locked",
        "unsupported",
        "not_counted",
        "refused",
        "temporary",
        "unread",
        "own_fault",
    },
    ("job_history", "state"): JOB_STATES,
    ("notices", "kind"): {
        "job_ended",
        "barred",
        "needs_login",
        "platform_away",
        "expiring",
        "new_lessons",
    },
    ("digest_settings", "days"): {"daily", "weekdays", "weekly"},
    ("digest_settings", "no_news"): {"one_line", "silent"},
    ("digests", "kind"): {"digest", "start"},
    ("digests", "reason"): {
        "down",
        "broken",
        "unsaid",
        "no_news",
        "blocked",
        "nothing_to_start",
    },
}


@pytest.mark.parametrize(("table", "column"), LISTED)
async def test_the_listed_values_are_these(db: Database, table: str, column: str) -> None:
    found = await db.read(lambda conn: allowed_values(conn, table, column))
    assert found == LISTED[table, column]


@pytest.mark.parametrize(
    ("table", "column"), [("nowhere", "state"), ("chats", "language"), ("notices", "payload")]
)
async def test_a_column_without_a_list_is_told_apart_from_an_empty_one(
    db: Database, table: str, column: str
) -> None:
    with pytest.raises(LookupError):
        await db.read(lambda conn: allowed_values(conn, table, column))


async def test_every_table_is_strict_and_every_reference_has_an_index(db: Database) -> None:
    """Without STRICT a wrong type is kept; without an index erasing reads whole tables."""
    tables = await db.read(
        lambda conn: rows(
            conn,
            "SELECT name, strict FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
    )
    assert len(tables) == 27
    assert all(table["strict"] for table in tables)
    missing = await db.read(
        lambda conn: rows(
            conn,
            'SELECT t.name, k."from" FROM pragma_table_list AS t'
            " JOIN pragma_foreign_key_list(t.name) AS k WHERE NOT EXISTS ("
            " SELECT 1 FROM pragma_index_list(t.name) AS i JOIN pragma_index_info(i.name) AS c"
            ' WHERE c.seqno = 0 AND c.name = k."from")'
            # What a table is ordered by needs no index besides.
            " AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) AS p"
            ' WHERE p.pk = 1 AND p.name = k."from")',
        )
    )
    assert [tuple(row) for row in missing] == []
