"""Pasted forms through the bot's own application, in trouble and at the chattiest level."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel
from demo.platform import STUDENT, Fault, document
from tests.support.app_harness import AppHarness, one_course
from tests.support.pasted_forms import ALL_FORMS
from tests.support.secret_reader import readable

Make = Callable[..., Any]
SENT = (
    *("alone", "after an account", "in groups of 16", "in lines of 40", "with escaped line breaks"),
    *("in full-width digits", "a percent-encoded header", "curl for bash", "repr of a list"),
    *("HAR", "cookies.txt", "glued behind 账号20210001", "an equals sign of a mail"),
    *("entities of entities", "letters of mathematics", "in circled numbers"),
)
TROUBLE = (Fault.AWAY, Fault.EMPTY, Fault.HALF_JSON, Fault.LOGIN_PAGE, Fault.EXPIRED_TEXT)


NAMES = ("", "telegram", "telegram.ext.Updater", "httpx", "httpcore", "apscheduler", "aiosqlite")


def log_everything() -> None:
    """Every line of every library, also of those that are kept quiet."""
    set_up_logs(LogLevel.DEBUG, LogFormat.CONSOLE)
    for name in NAMES:
        logging.getLogger(name).setLevel(logging.DEBUG)


async def test_no_pasted_form_is_readable_in_what_is_kept_whatever_trouble_there_is(
    open_app: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    log_everything()
    harness: AppHarness = await open_app(one_course([document(1)]))
    secrets = []
    for number, form in enumerate(SENT):
        auth = harness.platform.cookie_for(STUDENT.stu_id)
        secrets.append(auth)
        harness.platform.faults.add("*", TROUBLE[number % len(TROUBLE)], times=None)
        pasted = harness.person.send(ALL_FORMS[form](auth))

        def is_over(pasted: Any = pasted) -> bool:  # noqa: ANN401
            shown = harness.person.chat.messages
            is_gone = all(each.message_id != pasted.message_id for each in shown)
            return is_gone and any(e.from_bot and e.message_id > pasted.message_id for e in shown)

        await harness.until(is_over)
        harness.platform.faults.clear()

    out = capsys.readouterr()
    files = [file for file in (harness.folder / "data").rglob("*") if file.is_file()]
    assert "Call to Bot API endpoint" in out.err, "the libraries told of what they did"
    for secret in secrets:
        assert readable(secret, out.out + out.err) == []
        assert all(secret.encode() not in file.read_bytes() for file in files)
        assert all(readable(secret, each.text) == [] for each in harness.person.chat.messages)
