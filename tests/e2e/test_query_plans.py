"""What the bot asks its database again and again does not read a table that grows with the years
from one end to the other."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.jobs.queue import WorkQueue
from bot.jobs.recovery import recover
from bot.jobs.repeated import Work
from demo.platform import course, module, picture, school_of, topic, video
from storage import outdated_messages
from storage.vital_signs import jobs_by_state
from tests.support.app_harness import AppHarness

PER_STUDENT = {
    "accounts", "chats", "courses", "digest_settings", "loading_screens", "pasted_messages",
    "pending_cookies", "pending_logins", "people",
}  # fmt: skip
"""Tables with a row or a few per student, whatever the years."""
PRUNED = {"audit", "drafts", "kept", "owner_notices"}
"""Tables whose old rows are removed."""
PARTS = {"notices_pending", "jobs_by_state"}
"""Indexes that are read from one end to the other: of the notices that are not sent yet, and of the
states of jobs, which the metrics count (a millisecond for 10,000 jobs)."""
_NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+AS)?\s+(\w+)", re.IGNORECASE)
_SCAN = re.compile(r"SCAN (?:TABLE )?(\w+)(?:.* INDEX (\w+))?")

Asked = dict[str, Any]
"""Statements, each with the values of one call."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What is asked from now on."""
    found: Asked = {}
    execute = aiosqlite.Connection.execute_fetchall

    def listen(conn: aiosqlite.Connection, sql: str, values: Any = ()) -> Any:  # noqa: ANN401
        found.setdefault(sql, values)
        return execute(conn, sql, values)

    monkeypatch.setattr(aiosqlite.Connection, "execute_fetchall", listen)
    return found


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> dict[str, Work]:
    """The work that is repeated by the bot that is built from now on, by name."""
    found: dict[str, Work] = {}
    every = WorkQueue.every

    def listen(
        queue: WorkQueue, interval: timedelta, name: str, work: Work, *, at_once: bool = False
    ) -> None:
        found[name] = work
        every(queue, interval, name, work, at_once=at_once)

    monkeypatch.setattr(WorkQueue, "every", listen)
    return found


def _scanned(conn: sqlite3.Connection, sql: str, values: Any) -> Iterator[str]:  # noqa: ANN401
    """The tables that the statement reads from one end to the other."""
    names = {alias: table for table, alias in _NAMED.findall(sql)}
    tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for *_, detail in conn.execute(f"EXPLAIN QUERY PLAN {sql}", values):
        if (match := _SCAN.match(detail)) and match[2] not in PARTS:
            table = names.get(match[1], match[1])
            if table in tables - PER_STUDENT - PRUNED:
                yield f"{table} by: {' '.join(sql.split())}"


def scans(path: Path, asked: Asked) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        return [
            found
            for sql, values in asked.items()
            if sql.split()[0] in {"SELECT", "UPDATE", "DELETE", "INSERT", "WITH"}
            for found in _scanned(conn, sql, values)
        ]


async def test_no_statement_that_repeats_reads_a_growing_table_whole(
    tmp_path: Path, asked: Asked, repeated: dict[str, Work]
) -> None:
    cells = [video(20), picture(), video(20), picture()]
    school = school_of(courses=[course([module([topic(cells)], name="模块一")], name="护理")])
    async with AppHarness(tmp_path, school) as harness:
        asked.clear()  # the migrations of a new file
        await harness.log_in()
        await harness.start_job("护理", "模块一")
        await harness.final()
        for command in ("/jobs", "/courses", "/progress", "/digest", "/start"):
            harness.person.send(command)
        await harness.until(lambda: harness.with_button("📚"))
        assert len(repeated) >= 9
        app = harness.app
        assert app is not None
        for work in repeated.values():
            await work()
        await app.health.monitor.look()
        await app.db.read(jobs_by_state)
        await app.restart.go_on(await recover(app.db, app.clock.now()), app.clock.now())
        path = app.db.path
        assert len(asked) > 60
        found = scans(path, asked.copy())  # the database's thread adds to it meanwhile
        assert found == [], "\n".join(found)


FILL = """
INSERT INTO chats (chat_id, user_id, created_at) VALUES (-1, -1, '');
INSERT INTO accounts (id, chat_id, stu_id, name, number, created_at)
VALUES (-1, -1, 'long gone', '', '', '');
CREATE TEMP TABLE numbers AS WITH RECURSIVE n (i) AS
(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT 100000 + i AS i FROM n;
INSERT INTO jobs (id, chat_id, account_id, stu_id, course_open_id, open_class_id, course_name,
    pace, state, created_at, finished_at, barred_until)
SELECT i, -1, -1, 'long gone', '', '', '', '1', 'succeeded', '2020', '2020',
    iif(i % 10, NULL, '2020') FROM numbers;
INSERT INTO job_items (job_id, position, module_id, module_name, topic_id, topic_name, cell_id,
    cell_name, category, percent, outcome)
SELECT i, 0, '', '', '', '', '', '', '', 100, 'done' FROM numbers;
INSERT INTO job_history (job_id, at, state) SELECT i, '2020', 'succeeded' FROM numbers;
INSERT INTO notices (chat_id, job_id, kind, once, created_at, sent_at)
SELECT -1, i, 'job_ended', i, '2020', '2020' FROM numbers;
"""
"""Ten thousand jobs of years ago."""
A_STEP = 50
"""Instructions of SQLite's machine between two counts."""


async def test_ten_thousand_jobs_of_the_past_cost_the_ticks_nothing(
    tmp_path: Path, repeated: dict[str, Work]
) -> None:
    async with AppHarness(tmp_path, school_of([picture()])) as harness:
        await harness.log_in()
        app = harness.app
        assert app is not None
        steps = 0

        def count() -> None:
            nonlocal steps
            steps += 1

        for conn in (app.db._writer, app.db._reader):
            await conn.set_progress_handler(count, A_STEP)

        async def cost() -> dict[str, int]:
            nonlocal steps
            found = {}
            for name, work in repeated.items():
                steps = 0
                await work()
                found[name] = steps
            steps = 0
            await app.db.read(lambda conn: outdated_messages.of_all_chats(conn, app.clock.now()))
            found["a start"] = steps
            return found

        before = await cost()
        with closing(sqlite3.connect(app.db.path)) as other:
            other.executescript(FILL)
        after = await cost()
        assert before.keys() == after.keys()
        # A walk over ten thousand rows takes 30,000 instructions at least.
        grown = {name: (before[name], after[name]) for name in before if after[name] > 300}
        assert grown == {}
