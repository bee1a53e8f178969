"""The link of the log survives every form of the log, its levels and its redaction."""

import json
import subprocess
import sys

import pytest

from bot.access.codes import LENGTH, LETTERS, code_in, link_of, new_code
from bot.logs import redact
from bot.settings import LogFormat, LogLevel

SAY = """
import sys
from types import SimpleNamespace as Made
from bot.logs import set_up_logs
from bot.connecting import offer_ownership
from bot.settings import LogFormat, LogLevel
bot = Made(username="class_3b_bot")
for level in LogLevel:
    set_up_logs(level, LogFormat(sys.argv[1]), known_secrets=["123456:token"])
    offer_ownership(Made(access=Made(new_claim=lambda: sys.argv[2]), application=Made(bot=bot)))
"""


@pytest.mark.process
@pytest.mark.parametrize("form", LogFormat)
def test_the_link_stands_whole_in_one_line_at_every_level(form: LogFormat) -> None:
    code = new_code()
    ran = subprocess.run(
        [sys.executable, "-c", SAY, form, code], capture_output=True, text=True, check=True
    )
    lines = ran.stderr.splitlines()
    assert len(lines) == len(LogLevel)
    for line in lines:
        said = json.loads(line)["event"] if form is LogFormat.JSON else line
        assert f"https://t.me/class_3b_bot?start={code}" in said.split()


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
