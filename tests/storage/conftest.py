"""A real database file for each test, and people in it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import storage.migrate
from storage.database import Database
from storage.key_file import open_vault
from storage.migrate import built_in_migrations, load_migrations
from storage.vault import Vault

NOBODY = 65534


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def db(data_dir: Path) -> AsyncIterator[Database]:
    async with await Database.open(data_dir / "bot.sqlite3", busy_seconds=0.05) as database:
        yield database


@pytest.fixture
def vault(data_dir: Path) -> Vault:
    return open_vault(data_dir / "bot.key")


@pytest.fixture
def plain_users_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of, and a test run as, a user to whom rights apply: root may write anywhere.

    That user may not be let into the folder where the program lies, so its migrations come along.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() != 0:
            yield folder
            folder.chmod(0o700)
            return
        # What is imported late must be in memory: the interpreter's own folder may be root's alone.
        load_migrations(built_in_migrations())
        migrations = folder / "migrations"
        shutil.copytree(Path(storage.migrate.__file__).parent / "migrations", migrations)
        monkeypatch.setattr("storage.database.built_in_migrations", lambda: migrations)
        for path in (folder, migrations, *migrations.iterdir()):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(0)
