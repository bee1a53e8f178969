"""What the bot tells other processes of its health, by a file in its folder."""

import fcntl
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.build import build_app
from bot.health.command import causes_of
from bot.health.monitor import STARTING, TOLD_WITHIN
from bot.health.state_file import SIZE, StateFile, StoredState, read_state
from bot.settings import Settings
from storage.lock import FolderLock
from tests.support.names import TOKEN

NOW = datetime(2021, 3, 1, tzinfo=UTC)
JUST_NOW = NOW - timedelta(seconds=TOLD_WITHIN)
LONG_AGO = NOW - timedelta(seconds=TOLD_WITHIN + 1)


@pytest.fixture
def lock(tmp_path: Path) -> FolderLock:
    return FolderLock.take(tmp_path)


def tell(folder: Path, at: datetime, *causes: str) -> None:
    StateFile.create(folder).write(StoredState(at, causes))


def test_a_healthy_bot_has_no_cause(tmp_path: Path, lock: FolderLock) -> None:
    tell(tmp_path, JUST_NOW)
    assert causes_of(tmp_path, NOW) == ()


def test_the_causes_are_those_that_the_bot_told(tmp_path: Path, lock: FolderLock) -> None:
    tell(tmp_path, JUST_NOW, "One.", "两个。")
    assert causes_of(tmp_path, NOW) == ("One.", "两个。")


def test_a_blocked_loop_shows_by_the_age_of_what_it_told(tmp_path: Path, lock: FolderLock) -> None:
    tell(tmp_path, LONG_AGO)
    (cause,) = causes_of(tmp_path, NOW)
    assert "event loop is blocked" in cause
    assert "61 seconds" in cause
    tell(tmp_path, NOW)
    assert causes_of(tmp_path, NOW) == ()


def test_a_clock_that_was_put_back_does_not_hide_a_blocked_loop(
    tmp_path: Path, lock: FolderLock
) -> None:
    tell(tmp_path, NOW + timedelta(hours=1))
    assert causes_of(tmp_path, NOW) != ()


def test_without_a_bot_there_is_one_sentence_and_no_folder_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (cause,) = causes_of(folder, NOW)
    assert cause == f"No bot is running with the data folder {folder}."
    assert not folder.exists()


def test_what_a_killed_bot_left_counts_for_nothing(tmp_path: Path, lock: FolderLock) -> None:
    tell(tmp_path, NOW)
    lock.release()
    assert causes_of(tmp_path, NOW) == (f"No bot is running with the data folder {tmp_path}.",)


def test_a_bot_that_has_told_nothing_yet_is_starting(tmp_path: Path, lock: FolderLock) -> None:
    assert causes_of(tmp_path, NOW) == (STARTING,)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"at": 5, "causes": []}', b"\xff"])
def test_a_file_of_another_content_is_told_in_a_sentence(
    content: bytes, tmp_path: Path, lock: FolderLock
) -> None:
    (tmp_path / "health").write_bytes(content)
    (cause,) = causes_of(tmp_path, NOW)
    assert "cannot be read" in cause


def test_the_file_is_the_owners_alone_and_keeps_its_size(tmp_path: Path) -> None:
    """One that grew could not be written on a full disk."""
    file = StateFile.create(tmp_path)
    for causes in ((), ("长" * 5000,) * 50, ("One.",)):
        file.write(StoredState(NOW, causes, 10**12, 10**12))
        assert (tmp_path / "health").stat().st_size == SIZE
        read = read_state(tmp_path)
        assert read.causes == tuple(cause[:300] for cause in causes[:4])
        assert (read.reports, read.late_reports) == (10**12, 10**12)
    assert stat.S_IMODE((tmp_path / "health").stat().st_mode) == 0o600
    file.close()
    assert not (tmp_path / "health").exists()


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / "health").symlink_to(elsewhere)
    tell(tmp_path, NOW)
    assert elsewhere.read_text() == "mine"
    assert read_state(tmp_path).at == NOW


def test_a_look_at_the_lock_leaves_it_free_for_the_bot(tmp_path: Path) -> None:
    FolderLock.take(tmp_path).release()
    causes_of(tmp_path, NOW)
    FolderLock.take(tmp_path).release()


def test_a_start_waits_for_a_process_that_only_looks_at_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FolderLock.take(tmp_path).release()
    handle = os.open(tmp_path / "lock", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)

    def release(_: float) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    monkeypatch.setattr("storage.lock.time.sleep", release)
    FolderLock.take(tmp_path).release()
    os.close(handle)


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "health")
    with pytest.raises(OSError, match="health"):
        StateFile.create(tmp_path)


async def test_a_start_does_not_count_as_healthy_by_what_the_last_process_told(
    tmp_path: Path,
) -> None:
    now = datetime.now(UTC)
    tell(tmp_path, now)
    app = await build_app(Settings(bot_token=TOKEN, data_dir=tmp_path))
    try:
        assert causes_of(tmp_path, now) == (STARTING,)
    finally:
        await app.close()
