"""The link of the log survives every form of the log, its levels and its redaction."""

import json
import subprocess
import sys

import pytest

from bot.access.codes import LENGTH, LETTERS, code_in, link_of, new_code
from bot.logs import redact

SAY = """
import sys
from types import SimpleNamespace as Made
from bot.logs import set_up_logs
from bot.connecting import offer_ownership
from bot.settings import LogFormat, LogLevel
set_up_logs(LogLevel(sys.argv[1]), LogFormat(sys.argv[2]), known_secrets=["123456:token"])
bot = Made(username="class_3b_bot")
offer_ownership(Made(access=Made(new_claim=lambda: sys.argv[3]), application=Made(bot=bot)))
"""


@pytest.mark.process
@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
@pytest.mark.parametrize("form", ["console", "json"])
def test_the_link_stands_whole_in_one_line(form: str, level: str) -> None:
    code = new_code()
    ran = subprocess.run(
        [sys.executable, "-c", SAY, level, form, code], capture_output=True, text=True, check=True
    )
    (line,) = ran.stderr.splitlines()
    if form == "json":
        line = json.loads(line)["event"]
    assert f"https://t.me/class_3b_bot?start={code}" in line.split()


def test_no_code_is_taken_for_a_cookie_and_none_comes_twice() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    for code in codes:
        link = link_of("abcdef_bot", code)
        assert redact(link) == link
        assert len(code) == LENGTH
        assert code_in(f"/start {code}") == code


@pytest.mark.parametrize(
    "text",
    [None, "", "/start", "/start ", "start " + LETTERS[:LENGTH], "/start " + LETTERS[: LENGTH - 1],
     "/start " + LETTERS[:LENGTH] + "G", "/start " + "a" * LENGTH, "/starts " + LETTERS[:LENGTH],
     f"/start {LETTERS[:LENGTH]} {LETTERS[:LENGTH]}", "/start\0" + LETTERS[:LENGTH]],
)  # fmt: skip
def test_other_texts_hold_no_code(text: str | None) -> None:
    assert code_in(text) is None
