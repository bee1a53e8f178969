"""What is written: commits, bytes and requests of a report and of a cell, and the file's growth."""

import asyncio
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import engine, load
from benchmarks.figures import Measured, Result, Table
from benchmarks.seeds import people, sow
from benchmarks.stage import SeededStage
from bot.app import DATABASE_NAME
from bot.settings_reading import DIE_AT
from demo.platform import Endpoint, PlatformServer
from demo.stage import TOKEN
from demo.telegram import TelegramServer

SPEED = 120.0
REPEATED = 3
DONE_WITHIN = 120.0
COMMITTED = "after commit"
FINISHED = (
    "UPDATE job_items SET outcome = 'done', percent = 100",
    "UPDATE jobs SET state = 'succeeded', started_at = created_at, finished_at = created_at",
)
"""What the end of all jobs leaves."""


async def writes(students: int, topics: int) -> Table:
    """Let jobs run to their end, each cell of them, at a fast clock."""
    made = engine.school(students, topics)
    seeds, _ = people(made, students, 0)
    settings = {DIE_AT: "0", "PLATFORM_REQUESTS_PER_SECOND": "1000"}
    leaves = [leaf.id for each in made.courses[0].modules for leaf in each.leaves()]
    async with SeededStage(made, seeds, speed=SPEED, settings=settings) as stage:
        await stage.begin()
        async with asyncio.timeout(DONE_WITHIN):
            before = stage.usage()
            for seed in seeds:
                while not _is_done(stage, seed.student.stu_id, leaves):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        after = stage.usage()
        await stage.end()
        said = stage.said.read_text(encoding="utf-8").splitlines()
        sent = Counter(each.endpoint for each in stage.platform.requests)
    cells, reports = len(leaves) * students, sent[Endpoint.REPORT]
    commits = sum(COMMITTED in line for line in said)
    figures = {
        "requests to the platform": sum(sent.values()),
        "commits": commits,
        "KiB written": (after.written - before.written) / 1024,
    }
    rows = {
        name: (
            Measured((total,)),
            Measured((total / reports,), 2),
            Measured((total / cells,), 2),
        )
        for name, total in figures.items()
    }
    return Table(
        "Requests and writes of a job",
        f"{students} jobs of {len(leaves)} cells from their start to their end, by the real bot: "
        f"{reports:,} reports. Commits are those of the database's units, from the start of the "
        "process to its end; what is written is what Linux counts for the process.",
        ("what", "in all", "a report", "a cell"),
        rows,
    )


def _is_done(stage: SeededStage, stu_id: str, leaves: list[str]) -> bool:
    return all(stage.platform.school.progress(stu_id, leaf).is_full for leaf in leaves)


async def size(jobs: int) -> Measured:
    """MiB of a file with so many ended jobs of 40 cells, each of another chat."""
    made = load.school(jobs)
    _, seeds = people(made, 0, jobs)
    with TemporaryDirectory() as folder:
        platform, telegram = PlatformServer(made), TelegramServer(TOKEN)
        await sow(Path(folder), platform, telegram, seeds)
        file = Path(folder) / DATABASE_NAME
        with closing(sqlite3.connect(file)) as db, db:
            for statement in FINISHED:
                db.execute(statement)
        return Measured((file.stat().st_size / 2**20,), 1)


def disk(commits: int) -> Measured:
    """Commits a second, one after the other, with the bot's own settings of SQLite."""
    took = []
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "plain")) as db:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (n)")
        for _ in range(REPEATED):
            began = time.monotonic()
            for number in range(commits):
                with db:
                    db.execute("INSERT INTO t VALUES (?)", (number,))
            took.append(time.monotonic() - began)
    return Measured.of(commits / each for each in took)


async def measure(
    students: int = 10, topics: int = 4, jobs: int = 1000, commits: int = 300
) -> Result:
    """Jobs that run, and a file with many that ended."""
    table = await writes(students, topics)
    file = await size(jobs)
    grown = Table(
        "The file after many jobs",
        f"{load.CELLS} cells each, each job of another chat, with the drafts that they were made "
        "from, which go after some weeks.",
        ("what", "MiB"),
        {f"{jobs:,} ended jobs": (file,)},
    )
    taken = Table(
        "What the disk takes",
        "Commits of one row with the bot's own settings of SQLite, in the folder for temporary "
        "files.",
        ("what", "measured"),
        {"commits a second": (disk(commits),)},
    )
    return Result((table, taken, grown))
