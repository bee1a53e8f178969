"""``SSLKEYLOGFILE``: a file that cannot be written is left out."""

import ssl
from pathlib import Path

import pytest

from bot.tls_key_log import VARIABLE, leave_out_unusable_key_log


@pytest.mark.parametrize("name", ["missing/keys", "."])
def test_a_key_log_that_cannot_be_written_is_left_out(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / name))
    with pytest.raises((FileNotFoundError, IsADirectoryError)):
        ssl.create_default_context()
    assert leave_out_unusable_key_log()
    ssl.create_default_context()


@pytest.mark.parametrize("name", [None, "", "keys"])
def test_a_key_log_that_can_be_written_stays(
    name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {} if name is None else {VARIABLE: name}
    assert not leave_out_unusable_key_log(environment)
    assert environment == ({} if name is None else {VARIABLE: name})
