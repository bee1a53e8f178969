"""Databases as earlier versions of the schema wrote them: ``data/vNNNN.sql``, never changed.

``data/0001_initial.sql`` is the schema of the first of them: with the program's migrations after it
a database goes the way that those went.

``python -m tests.storage.versions 5`` writes ``data/v0005.sql`` once, when a migration 0006 is to
come: the version before it, brought up, with the rows that :data:`ADDED` says.
"""

# ruff: noqa: S608 -- whole scripts are put together here
import asyncio
import shutil
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database
from storage.migrate import built_in_migrations, load_migrations

FOLDER = Path(__file__).parent / "data"
LEFT = [int(file.stem[1:]) for file in sorted(FOLDER.glob("v*.sql"))]
KEY = bytes(range(32))
"""What the cookies in them are sealed with."""
_AT = "'2021-03-01T08:00:00.000000+00:00'"
ADDED: Mapping[int, Sequence[str]] = {
    2: (
        """INSERT INTO notices (chat_id, job_id, kind, once, created_at)
           VALUES (1001, 1, 'expiring', 'once-expiring', '2021-03-01T08:00:00.000000+00:00')""",
    ),
    3: (
        "UPDATE accounts SET homework = 3, exams = 1, unread = 2 WHERE id = 1",
        "UPDATE courses SET current = 1 WHERE id IN (1, 3)",
        "UPDATE drafts SET batch = 10 WHERE id IN (10, 11)",
    ),
    4: (
        """UPDATE chats SET time_zone = 'Europe/Berlin', notify_bar = 0, notify_outage = 0,
                            notify_expiry = 0, awaiting = 'zone' WHERE chat_id = 1001""",
        "UPDATE chats SET awaiting = 'digest_time' WHERE chat_id = 1003",
    ),
    5: (
        f"""INSERT INTO digest_settings
            (chat_id, wanted, days, no_news, watch_times, watched_at, start_hour, start_armed_at,
             zone, zone_since, armed_at, reported_until)
            VALUES (1001, 1, 'daily', 'one_line', 2, {_AT}, 7, {_AT}, 'Europe/Berlin', {_AT}, {_AT},
                    {_AT}),
                   (1002, 0, 'weekdays', 'silent', 0, NULL, NULL, NULL, 'Asia/Shanghai', {_AT},
                    {_AT}, NULL),
                   (1003, 1, 'weekly', 'silent', 0, NULL, NULL, NULL, 'Asia/Shanghai', {_AT},
                    {_AT}, NULL)""",
        f"""INSERT INTO digests (chat_id, kind, local_date, claimed_at, sent_at)
            VALUES (1001, 'digest', '2021-03-01', {_AT}, {_AT}),
                   (1001, 'start', '2021-03-01', {_AT}, NULL)""",
        f"""INSERT INTO digests (chat_id, kind, local_date, skipped_at, reason, told_at)
            SELECT 1002, 'digest', '2021-03-0' || (key + 1), {_AT}, value, {_AT}
            FROM json_each('["down", "broken", "unsaid", "no_news", "blocked",
                             "nothing_to_start"]')""",
        f"INSERT INTO known_courses VALUES (1, 140, 17, {_AT}, 12.5, 1, {_AT})",
        f"""INSERT INTO known_modules
            (course_id, module_id, name, position, percent, said_percent, listed, read_at, found_at)
            VALUES (1, 'module-1', '第一章', 0, 33.25, 30.0, 1, {_AT}, {_AT}),
                   (1, 'module-9', '第九章', 1, 0.0, NULL, 0, NULL, NULL)""",
        f"""INSERT INTO known_cells VALUES
            (1, 'cell-0', 1, 0, 'topic-1', '第一节', '视频 0', '视频', 100.0, {_AT})""",
        "INSERT INTO course_snapshots VALUES (1, '2021-03-01', 12.5, 140, 17)",
        "INSERT INTO module_snapshots VALUES (1, '2021-03-01', 33.25)",
        "UPDATE accounts SET cookie_asked_on = '2021-03-01' WHERE id = 4",
        f"""INSERT INTO notices (chat_id, kind, once, created_at)
            VALUES (1001, 'new_lessons', 'once-new-lessons', {_AT})""",
    ),
    6: (f"INSERT INTO pasted_messages VALUES (1001, 700, 701, {_AT})",),
    7: (
        "UPDATE accounts SET said_homework = 3, said_exams = 0 WHERE id = 1",
        f"UPDATE courses SET found_at = {_AT} WHERE id = 1",
        "UPDATE known_modules SET read_percent = 33.25 WHERE module_id = 'module-1'",
        """INSERT INTO known_cells SELECT course_id, 'cell-gone', module_row, position, topic_id,
                  topic_name, name, category, percent, found_at, 0 FROM known_cells""",
    ),
    8: (
        """INSERT INTO job_items SELECT job_id, position + 100 + key, module_id, module_name,
                  topic_id, topic_name, cell_id || value, cell_name, category, percent, value, NULL,
                  NULL FROM job_items, json_each('["unread", "own_fault"]') WHERE position = 0""",
        f"INSERT INTO pending_cookies VALUES (1, 1001, X'01', {_AT}, {_AT}, {_AT})",
        "UPDATE courses SET full_name = name || ' · 2021', chat_name = name || ' · 1' WHERE id = 1",
        f"INSERT INTO pasted_messages VALUES (1001, 702, {_AT}, 0)",
        "UPDATE jobs SET percent_before = 12.5, percent_after = 40.0 WHERE id = 1",
        """UPDATE drafts SET notice_id = (SELECT id FROM notices WHERE kind = 'new_lessons')
           WHERE id = 10""",
        "UPDATE courses SET percent = NULL, percent_at = NULL WHERE id = 3",
    ),
}
"""Rows of what a version brought: each new table, column and value of a CHECK."""


def load(version: int, path: Path) -> None:
    """Make ``path`` the database that this version left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.executescript((FOLDER / f"v{version:04}.sql").read_text(encoding="utf-8"))


def migrations_up_to(version: int, work: Path) -> Path:
    """A folder of the first schema and the program's migrations up to that version."""
    folder = work / f"migrations-{version}"
    folder.mkdir(parents=True)
    shutil.copy(FOLDER / "0001_initial.sql", folder / "schema_0001.sql")
    built_in = built_in_migrations()
    for step in load_migrations(built_in).steps[: version - 1]:
        (folder / step.name).write_bytes((built_in / step.name).read_bytes())
    return folder


async def leave(version: int, work: Path) -> str:
    """The script of ``version``, from the one before it."""
    path = work / "bot.sqlite3"
    load(version - 1, path)
    await (await Database.open(path, migrations=migrations_up_to(version, work))).close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA foreign_keys = ON")
        for statement in ADDED.get(version, ()):
            conn.execute(statement)
        conn.commit()
        about = (
            f"-- A database as version {version} of the schema wrote it, with a row of each table "
            "and sort. Never changed."
        )
        return "\n".join([about, f"PRAGMA user_version = {version};", *conn.iterdump(), ""])


def main(version: int) -> None:
    file = FOLDER / f"v{version:04}.sql"
    if file.exists():
        raise SystemExit(f"{file} is there, and must stay what that version wrote")
    with TemporaryDirectory() as work:
        file.write_text(asyncio.run(leave(version, Path(work))), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]))
