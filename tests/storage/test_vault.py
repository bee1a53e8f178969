"""The vault: a secret opens with its key, in its row, unchanged; or it does not open."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.key_file import open_vault
from storage.vault import KeyDamaged, KeyMissing, SealBroken, Vault, WrongKey, key_id
from tests.support.stored_rows import COOKIE

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
ROW = "accounts.sealed_cookie:17"


@given(st.text(), st.text())
def test_a_secret_opens_in_its_row(secret: str, row: str) -> None:
    vault = Vault(KEY)
    assert vault.unseal(vault.seal(secret, row), row) == secret


def test_a_secret_does_not_open_in_another_row() -> None:
    vault = Vault(KEY)
    with pytest.raises(SealBroken):
        vault.unseal(vault.seal(COOKIE, ROW), "accounts.sealed_cookie:18")


def test_a_sealed_secret_has_the_described_shape_and_hides_the_secret() -> None:
    blob = Vault(KEY).seal(COOKIE, ROW)
    assert blob[0] == 1
    assert blob[1:9] == key_id(KEY)
    assert len(blob) == 1 + 8 + 12 + len(COOKIE) + 16
    assert COOKIE.encode() not in blob


def test_sealing_the_same_twice_gives_different_bytes() -> None:
    vault = Vault(KEY)
    assert vault.seal(COOKIE, ROW) != vault.seal(COOKIE, ROW)


@pytest.mark.parametrize("place", range(len(Vault(KEY).seal(COOKIE, ROW))))
def test_one_changed_bit_anywhere_is_noticed(place: int) -> None:
    vault = Vault(KEY)
    blob = bytearray(vault.seal(COOKIE, ROW))
    blob[place] ^= 1
    with pytest.raises(WrongKey if 1 <= place < 9 else SealBroken):
        vault.unseal(bytes(blob), ROW)


@pytest.mark.parametrize("length", [0, 1, 9, 21, 36, 50])
def test_cut_bytes_are_noticed(length: int) -> None:
    vault = Vault(KEY)
    with pytest.raises(SealBroken):
        vault.unseal(vault.seal(COOKIE, ROW)[:length], ROW)


def test_another_key_is_told_apart_from_broken_bytes() -> None:
    with pytest.raises(WrongKey, match=key_id(KEY).hex()):
        Vault(OTHER_KEY).unseal(Vault(KEY).seal(COOKIE, ROW), ROW)


def test_an_older_key_opens_what_it_sealed_and_seals_no_more() -> None:
    vault = Vault(OTHER_KEY, older=[KEY])
    assert vault.unseal(Vault(KEY).seal(COOKIE, ROW), ROW) == COOKIE
    assert vault.seal(COOKIE, ROW)[1:9] == key_id(OTHER_KEY)


def test_a_secret_that_claims_another_key_of_the_vault_does_not_open() -> None:
    vault = Vault(OTHER_KEY, older=[KEY])
    blob = vault.seal(COOKIE, ROW)
    with pytest.raises(SealBroken):
        vault.unseal(blob[:1] + key_id(KEY) + blob[9:], ROW)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(KeyDamaged):
        Vault(bytes(length))


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "data" / "bot.key"
    blob = open_vault(file).seal(COOKIE, ROW)
    assert open_vault(file, expect_existing=True).unseal(blob, ROW) == COOKIE
    assert len(file.read_bytes()) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["bot.key"]


def test_two_vaults_have_different_keys(tmp_path: Path) -> None:
    blob = open_vault(tmp_path / "one.key").seal(COOKIE, ROW)
    with pytest.raises(WrongKey):
        open_vault(tmp_path / "two.key").unseal(blob, ROW)


def test_many_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    file = tmp_path / "bot.key"
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: open_vault(file), range(16)))
    blob = vaults[0].seal(COOKIE, ROW)
    assert [vault.unseal(blob, ROW) for vault in vaults] == [COOKIE] * 16
    assert [each.name for each in tmp_path.iterdir()] == ["bot.key"]


def test_a_key_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "bot.key"
    file.write_bytes(KEY)
    file.chmod(0o644)
    open_vault(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_missing_key_is_not_made_when_secrets_wait_for_it(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"bot\.key"):
        open_vault(tmp_path / "bot.key", expect_existing=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", KEY[:31], KEY + b"\n"])
def test_a_damaged_key_file_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bot.key"
    file.write_bytes(content)
    with pytest.raises(KeyDamaged, match=rf"bot\.key holds {len(content)} bytes"):
        open_vault(file)
    assert file.read_bytes() == content


def test_a_key_file_that_cannot_be_read_or_made_says_so(plain_users_dir: Path) -> None:
    file = plain_users_dir / "bot.key"
    file.write_bytes(KEY)
    file.chmod(0)
    plain_users_dir.chmod(0o500)
    with pytest.raises(KeyMissing, match="cannot be used"):
        open_vault(file)
    with pytest.raises(KeyMissing, match="cannot be used"):
        open_vault(plain_users_dir / "new" / "bot.key")


def test_neither_a_vault_nor_its_errors_show_a_key_or_a_secret() -> None:
    vault = Vault(KEY)
    blob = vault.seal(COOKIE, ROW)
    with pytest.raises(SealBroken) as moved:
        vault.unseal(blob, "elsewhere")
    with pytest.raises(WrongKey) as wrong:
        Vault(OTHER_KEY).unseal(blob, ROW)
    for text in (repr(vault), repr(moved.value), repr(wrong.value)):
        assert COOKIE not in text
        assert KEY.hex() not in text
        assert repr(KEY) not in text
