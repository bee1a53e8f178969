"""``.env`` as Windows and hurried people leave it: it is read, or refused in one sentence."""

import codecs
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.env_file import EnvFileError, read_env_file
from bot.settings import Settings, SettingsError
from bot.settings_reading import load_settings

TOKEN = "123456789:AAE-secret_of_the_bot_1234567890abc"
PLAIN = f"# 设置\nBOT_TOKEN={TOKEN}\nMAX_RUNNING_JOBS=5\n"
NOBODY = 65534


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "gone")


def make_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def make_unreadable_content(path: Path) -> None:
    path.symlink_to("/proc/self/mem")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def written(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


REFUSED = {
    "UTF-16 with its mark": written(PLAIN.encode("utf-16")),
    "UTF-16 LE": written(codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le")),
    "UTF-16 BE": written(codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be")),
    "UTF-16 LE without a mark": written(PLAIN.encode("utf-16-le")),
    "UTF-16 BE without a mark": written(PLAIN.encode("utf-16-be")),
    "UTF-32": written(PLAIN.encode("utf-32")),
    "GBK in a comment": written(PLAIN.encode("gbk")),
    "GBK in a value": written("DATA_DIR=数据\n".encode("gbk")),
    "Latin-1": written(f"{PLAIN[:-1]} # dépôt\n".replace("设置", "").encode("latin-1")),
    "NUL bytes": written(PLAIN.encode() + b"\0" * 9),
    "a cut character": written(PLAIN.encode()[:4]),
    "a folder": make_folder,
    "a pipe": make_pipe,
    "a dangling link": make_dangling_link,
    "a link to itself": make_link_to_itself,
    "a failing disk": make_unreadable_content,
}


def is_one_sentence(said: str, path: Path) -> bool:
    return said.startswith(str(path)) and said.endswith(".") and "\n" not in said


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_one_sentence_that_names_the_file_and_no_secret(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / ".env")
    for need_token in (True, False):
        with pytest.raises(SettingsError) as raised:
            load_settings(need_token=need_token)
        assert is_one_sentence(str(raised.value), tmp_path / ".env")
        assert TOKEN not in str(raised.value)


def test_the_sentence_names_the_line_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LOG_LEVEL=info\r\n\r\n" + "# 端口".encode("gbk"))
    with pytest.raises(SettingsError, match=r"line 3 .*UTF-8"):
        load_settings()


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may read everything: another account may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(PLAIN, "utf-8")
    path.chmod(0)
    with as_somebody_else(), pytest.raises(EnvFileError, match="may not be read") as raised:
        read_env_file(path)
    assert is_one_sentence(str(raised.value), path)


@pytest.mark.process
@pytest.mark.parametrize("command", [["run"], [], ["backup"], ["restore", "old.sqlite3"]])
def test_every_command_ends_with_that_sentence_and_code_2(
    tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / ".env").write_bytes(PLAIN.encode("utf-16"))
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert is_one_sentence(ended.stderr.strip(), tmp_path / ".env")
    assert ended.stdout == ""


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\n", "\r\n").encode("utf-8-sig"),
        PLAIN.replace("\n", "\r").encode(),
        f"BOT_TOKEN=\"{TOKEN}\"\nMAX_RUNNING_JOBS='5'".encode(),
        f"export BOT_TOKEN={TOKEN}\nexport MAX_RUNNING_JOBS=5".encode(),
        f"BOT_TOKEN = {TOKEN}  \n  MAX_RUNNING_JOBS =5 # 五\n".encode(),
        f"bot_token={TOKEN}\nMax_Running_Jobs=5\n".encode(),
        f"never mind\nBOT_TOKEN={TOKEN}\nLOG_LEVEL\n\n=\nMAX_RUNNING_JOBS=5\nLOG_FORMAT=".encode(),
    ],
)
def test_what_people_write_is_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    settings = load_settings()
    assert (settings.bot_token, settings.max_running_jobs) == (TOKEN, 5)


@pytest.mark.parametrize(
    "line",
    [
        f"BOT_TOKEN=“{TOKEN}”",
        f"BOT_TOKEN=‘{TOKEN}’  # mine",
        f"BOT_TOKEN=`{TOKEN}`",
        f"BOT_TOKEN=＂{TOKEN}＂",
        f"BOT_TOKEN={TOKEN.replace(':', '：')}",
        f"BOT_TOKEN={TOKEN[:20]}\u200b{TOKEN[20:]}",
        f"\u200bBOT_TOKEN={TOKEN}",
        f"BOT_TOKEN＝{TOKEN}",
        f"BOT_TOKEN: {TOKEN}",
        f"BOT_TOKEN：{TOKEN}",
        f'"BOT_TOKEN": "{TOKEN}"',
        f"set BOT_TOKEN={TOKEN}",
        f"SET bot_token = {TOKEN}",
        f'$env:BOT_TOKEN="{TOKEN}"',
        f"$Env:BOT_TOKEN = '{TOKEN}'",
        f"ＢＯＴ_ＴＯＫＥＮ={TOKEN}",
        f"\u3000BOT_TOKEN={TOKEN}\u3000",
        f'NOTE="it is open\nBOT_TOKEN={TOKEN}',
        f"HTTP: //x\nBOT_TOKEN={TOKEN}",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u0085"])
def test_what_phones_and_other_shells_write_is_read(tmp_path: Path, line: str, end: str) -> None:
    content = f"{line}\nMAX_RUNNING_JOBS=5\n".replace("\n", end)
    (tmp_path / ".env").write_bytes(content.encode())
    settings = load_settings()
    assert (settings.bot_token, settings.max_running_jobs) == (TOKEN, 5)


@pytest.mark.parametrize("mark", ["'", '"'])
def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line(
    tmp_path: Path, mark: str
) -> None:
    path = tmp_path / ".env"
    path.write_text(f"# one\nBOT_TOKEN={mark}{TOKEN}\nMAX_RUNNING_JOBS=5\n", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    said = str(raised.value)
    assert is_one_sentence(said, path)
    assert "line 2 " in said
    assert TOKEN not in said


def test_a_value_with_quotation_marks_within_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("OTHER=“a” and “b”\nDATA_DIR='a “b”: c=d'\n", encoding="utf-8")
    assert read_env_file(path, {"data_dir"}) == {"OTHER": "“a” and “b”", "DATA_DIR": "a “b”: c=d"}


def test_no_file_sets_nothing_and_neither_does_an_empty_one(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == {}
    (tmp_path / ".env").write_bytes(codecs.BOM_UTF8)
    assert read_env_file(tmp_path / ".env") == {}
    assert load_settings(need_token=False).max_running_jobs == 200


@given(st.binary(max_size=60) | st.text(alphabet="A=\"'\\\n\r#$ {}export\ufeff").map(str.encode))
def test_whatever_stands_in_it_is_read_or_refused(content: bytes) -> None:
    path = Path("any.env").absolute()
    path.write_bytes(content)
    said = ""
    try:
        read_env_file(path)
    except EnvFileError as error:
        said = str(error)
    assert said == "" or is_one_sentence(said, path)
