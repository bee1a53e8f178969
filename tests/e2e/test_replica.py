"""Litestream replicates the database while the bot works, and a replica takes the bot's place."""

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from demo.platform import Endpoint, document, video
from demo.stage import Stage
from storage.backup import check_copy
from storage.database import Database
from storage.rows import rows, run
from tests.docs.pages import ROOT
from tests.support.app_harness import one_course
from tests.support.stage_jobs import PATIENCE, begin_job, command, finals, saying
from tests.support.stored_rows import chat_of

pytestmark = pytest.mark.process

LITESTREAM = Path(sys.executable).with_name("litestream")
SPEED = 120
LENGTH = 600.0


class Replica:
    """A folder to which Litestream replicates a database, as the hosting page says."""

    def __init__(self, work: Path, database: Path) -> None:
        self.database = database
        self.folder = work / "replica"
        self.config = work / "litestream.yml"
        page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
        example = yaml.safe_load(page.split("```yaml\n")[-1].split("```")[0])
        (of_database,) = example["dbs"]
        assert of_database["path"] == "/data/bot.sqlite3"
        of_database |= {
            "path": str(database),
            "replica": {"url": f"file://{self.folder}", "sync-interval": "100ms"},
            "monitor-interval": "100ms",
        }
        self.config.write_text(yaml.safe_dump(example))
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            LITESTREAM,
            "replicate",
            "-config",
            self.config,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def restore(self, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            LITESTREAM,
            "restore",
            "-config",
            self.config,
            "-o",
            target,
            self.database,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, said.decode()

    async def holds(self, condition: Callable[[Path], bool]) -> None:
        """Wait until a restore of the replica fulfils the condition."""
        async with asyncio.timeout(PATIENCE):
            while True:
                target = self.folder.with_name("look") / "bot.sqlite3"
                shutil.rmtree(target.parent, ignore_errors=True)
                if self.folder.exists():
                    try:
                        await self.restore(target)
                    except AssertionError:
                        pass
                    else:
                        if condition(target):
                            return
                await asyncio.sleep(0.1)


@asynccontextmanager
async def replicated(work: Path, database: Path) -> AsyncIterator[Replica]:
    replica = Replica(work, database)
    try:
        yield replica
    finally:
        await replica.kill()


def _has_running_job(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as conn:
        return bool(conn.execute("SELECT 1 FROM jobs WHERE state = 'running'").fetchall())


async def test_jobs_go_on_from_a_replica_in_a_new_folder_after_everything_was_killed(
    tmp_path: Path,
) -> None:
    school = one_course([document(2), video(LENGTH), document(1)])
    async with (
        Stage(school, speed=SPEED) as stage,
        replicated(tmp_path, stage.data_dir / "bot.sqlite3") as replica,
    ):
        await replica.start()
        person, progress = await begin_job(stage)
        await replica.holds(_has_running_job)
        # The bot may be stopped and started beside it.
        await stage.stop_bot()
        await stage.start_bot()
        await stage.telegram.wait_for(
            lambda: [each for each in stage.platform.requests if each.endpoint is Endpoint.REPORT],
            PATIENCE,
        )
        await stage.kill_bot()
        await replica.kill()
        assert finals(person) == []

        old, new = stage.data_dir, tmp_path / "new"
        await replica.restore(new / "bot.sqlite3")
        shutil.copy(old / "key", new / "key")
        old.rename(tmp_path / "lost")
        stage.settings["DATA_DIR"] = str(new)
        await stage.start_bot()

        (final,) = await stage.telegram.wait_for(lambda: finals(person), 60)
        assert "完成 3 · 失败 0 · 跳过 0" in final.text
        shrunk = await stage.telegram.wait_for(lambda: saying(person, "已结束"), PATIENCE)
        assert shrunk.message_id == progress.message_id
        assert not saying(person, "cookie 已失效")
        assert stage.platform.violations == []
        assert (new / "bot.sqlite3").stat().st_mode & 0o777 == 0o600


async def test_a_bot_is_not_slowed_by_its_replicator(tmp_path: Path) -> None:
    """Litestream reads all the time: emptying the log must not wait for its end."""
    path = tmp_path / "data" / "bot.sqlite3"
    async with (
        await Database.open(path, busy_seconds=PATIENCE) as db,
        replicated(tmp_path, path) as replica,
    ):
        await chat_of(db)
        await replica.start()
        await replica.holds(lambda copy: bool(check_copy(copy)))
        async with asyncio.timeout(PATIENCE / 2):
            for _ in range(10):
                await db.write(lambda conn: run(conn, "UPDATE chats SET language = 'en'"))
                await db.checkpoint()
        await replica.holds(_speaks_english)


def _speaks_english(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as conn:
        return conn.execute("SELECT language FROM chats").fetchall() == [("en",)]


async def test_what_was_written_without_the_replicator_is_made_up_for(tmp_path: Path) -> None:
    path = tmp_path / "data" / "bot.sqlite3"
    async with replicated(tmp_path, path) as replica:
        async with await Database.open(path) as db:
            await chat_of(db)
            await replica.start()
            await replica.holds(lambda copy: bool(check_copy(copy)))
            await replica.kill()
            for _ in range(5):
                await db.write(lambda conn: run(conn, "UPDATE chats SET language = 'zh'"))
                await db.checkpoint()
            await db.write(lambda conn: run(conn, "UPDATE chats SET language = 'en'"))
        await replica.start()
        await replica.holds(_speaks_english)


async def test_a_replicated_database_is_backed_up_and_restored_like_any_other(
    tmp_path: Path,
) -> None:
    path = tmp_path / "data" / "bot.sqlite3"
    async with replicated(tmp_path, path) as replica:
        async with await Database.open(path) as db:
            await chat_of(db)
        await replica.start()
        await replica.holds(lambda copy: bool(check_copy(copy)))
        code, said, _ = await command(path.parent, "backup")
        assert code == 0
        backup = Path(said.strip())

        code, _, troubles = await command(path.parent, "restore", backup)
        assert code == 1
        assert "is held by another process" in troubles

        await replica.kill()
        code, _, troubles = await command(path.parent, "restore", backup)
        assert (code, troubles) == (0, "")
        async with await Database.open(path) as db:
            assert len(await db.read(lambda conn: rows(conn, "SELECT * FROM chats"))) == 1
            await db.write(lambda conn: run(conn, "UPDATE chats SET language = 'en'"))
        await replica.start()
        await replica.holds(_speaks_english)
