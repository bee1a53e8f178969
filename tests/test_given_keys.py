"""``BOT_KEYS``: what is taken, and one sentence for what is not, which never holds the key."""

import base64
import os
from pathlib import Path

import pytest

from bot import settings_sources
from bot.given_keys import GivenKeys, key_text, new_key_text, parse_keys
from bot.settings import Settings, SettingsError
from bot.settings_reading import load_settings

ONE, TWO = bytes(range(32)), bytes(range(100, 132))
PLUS = bytes([251, 255] * 16)


@pytest.fixture(autouse=True)
def _no_other_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(settings_sources, "SECRET_FILE", tmp_path / "no secret")
    monkeypatch.chdir(tmp_path)


def _loaded() -> GivenKeys | None:
    return load_settings(need_token=False).bot_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (key_text(ONE), [ONE]),
        (key_text(ONE).rstrip("="), [ONE]),
        (f" {key_text(ONE)}\n", [ONE]),
        (f"'{key_text(ONE)}'", [ONE]),
        (f"{key_text(TWO)},{key_text(ONE)}", [TWO, ONE]),
        (f"{key_text(TWO)} \n{key_text(ONE)}\n", [TWO, ONE]),
        (f"{key_text(TWO)}，{key_text(ONE)}", [TWO, ONE]),
        (base64.b64encode(PLUS).decode(), [PLUS]),
        (key_text(PLUS), [PLUS]),
    ],
)
def test_keys_are_read_from_the_setting(
    text: str, keys: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_KEYS", text)
    given = _loaded()
    assert given is not None
    assert list(given.read()) == keys
    assert given.file is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" , ", "there is no key in it"),
        (key_text(ONE)[:-2], "key 1 has 31 bytes instead of 32"),
        (key_text(ONE)[:-3], "key 1 is cut off"),
        (key_text(ONE + b"!"), "key 1 has 33 bytes instead of 32"),
        (ONE.hex(), "key 1 has 48 bytes instead of 32"),
        (f"{key_text(ONE)},hunter2", "key 2"),
        (f"{key_text(ONE)},{key_text(ONE)}", "twice"),
        (key_text(ONE).replace("A", "!"), "not written in URL-safe Base64"),
        ("钥匙", "not written in URL-safe Base64"),
        (f"@{key_text(ONE)}", "behind @ must stand the full path of a file"),
        ("@/" + key_text(ONE)[1:], "behind @ must stand the full path of a file"),
        ("@relative/file", "behind @ must stand the full path of a file"),
        ("@/nowhere/bot_keys", "the file /nowhere/bot_keys cannot be read"),
        ("@/", "it is no file"),
        ("@/dev/zero", "it is no file"),
    ],
)
def test_a_wrong_shape_is_one_sentence_without_the_key(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_KEYS", text)
    with pytest.raises(SettingsError) as refused:
        _loaded()
    sentence = str(refused.value)
    assert sentence.startswith("BOT_KEYS: ")
    assert said in sentence
    assert "\n" not in sentence
    for word in (*text.split(","), text):
        assert len(word) < 20 or word.strip("@ ") not in sentence


def test_no_mistake_of_any_length_shows_a_part_of_the_key() -> None:
    key = new_key_text()
    for cut in range(1, 43):
        with pytest.raises(ValueError, match=r"^key 1 ") as refused:
            parse_keys(key[:cut])
        assert key[: max(cut, 5)] not in str(refused.value)


def test_a_file_and_the_docker_secret_hold_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "bot_keys"
    secret.write_text(f"{key_text(TWO)}\n{key_text(ONE)}\n")
    monkeypatch.setattr(settings_sources, "SECRET_FILE", secret)
    given = _loaded()
    assert given is not None
    assert (given.file, list(given.read())) == (secret, [TWO, ONE])

    other = tmp_path / "other"
    other.write_text(key_text(ONE))
    monkeypatch.setenv("BOT_KEYS", f"@{other}")
    given = _loaded()
    assert given is not None
    assert (given.file, list(given.read())) == (other, [ONE])


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(key_text(ONE))
    given = GivenKeys.parse(f"@{file}")
    before = given.signature()
    file.write_text(f"{key_text(TWO)} {key_text(ONE)}")
    assert given.signature() != before
    assert list(given.read()) == [TWO, ONE]
    file.unlink()
    assert given.signature() is None
    with pytest.raises(ValueError, match="cannot be read"):
        given.read()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is no key in it"),
        (PLUS, "it holds no text"),
        (b"A" * 100_000, "it is too long"),
    ],
)
def test_a_file_without_keys_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "keys"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        GivenKeys.parse(f"@{file}")


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="it is no file"):
        GivenKeys.parse(f"@{tmp_path / 'pipe'}")


def test_neither_the_setting_nor_its_parts_show_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_KEYS", key_text(ONE))
    settings = load_settings(need_token=False)
    assert settings.bot_keys is not None
    for text in (repr(settings), str(settings), repr(settings.bot_keys)):
        assert key_text(ONE)[:10] not in text
    assert key_text(ONE) in settings.bot_keys.secrets()


def test_a_new_key_is_taken() -> None:
    assert [len(key) for key in parse_keys(f"{new_key_text()},{new_key_text()}")] == [32, 32]
