"""Each error in the log gets a reference, and the owner's listener hears of it."""

import logging

import pytest

from bot.health.fault_listener import FaultListener
from bot.logs import get_log, set_up_logs
from bot.settings import LogFormat, LogLevel


class Heard(list[str]):
    """The references that ``listener`` told of; the log goes through it from here on."""

    def __init__(self) -> None:
        self.listener = FaultListener()
        set_up_logs(LogLevel.INFO, LogFormat.CONSOLE, also=[self.listener])


def _break() -> None:
    raise RuntimeError("broken")


def test_an_error_without_a_reference_gets_one_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard = Heard()
    heard.listener.listen(heard.append)
    get_log("bot.digest.service").error("a digest could not be stored", trouble="full")
    try:
        _break()
    except RuntimeError:
        get_log("storage.database").exception("a unit of work failed")
    assert len({*heard}) == 2
    lines = capsys.readouterr().err
    assert all(f"reference={each}" in lines for each in heard)


def test_the_reference_that_a_person_was_told_is_the_owners_too() -> None:
    heard = Heard()
    heard.listener.listen(heard.append)
    get_log("bot.jobs.runner").error("a job broke off", reference="ABCD2345")
    assert heard == ["ABCD2345"]


def test_an_error_of_a_library_counts(capsys: pytest.CaptureFixture[str]) -> None:
    heard = Heard()
    heard.listener.listen(heard.append)
    logging.getLogger("asyncio").error("Task exception was never retrieved")
    (reference,) = heard
    assert f"reference={reference}" in capsys.readouterr().err


def test_what_is_no_error_or_is_told_in_other_words_does_not_count() -> None:
    heard = Heard()
    heard.listener.listen(heard.append)
    get_log("bot.connecting").warning("Telegram cannot be reached")
    get_log("bot.backups").error("the nightly backup failed; trying again")
    logging.getLogger("telegram.ext").warning("odd")
    assert heard == []


def test_the_first_error_of_the_start_is_told_once_there_is_who_tells_it() -> None:
    heard = Heard()
    for reference in ("ABCD2345", "WXYZ6789"):
        get_log("bot.build").error("cookies are sealed with another key", reference=reference)
    heard.listener.listen(heard.append)
    assert heard == ["ABCD2345"]


def test_a_line_is_logged_though_nothing_can_be_told_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard = Heard()

    def tell(reference: str) -> None:
        raise RuntimeError("Event loop is closed")

    heard.listener.listen(tell)
    get_log("bot.process").error("the shutdown failed", reference="ABCD2345")
    assert "ABCD2345" in capsys.readouterr().err


def test_at_the_end_nothing_more_is_told() -> None:
    heard = Heard()
    heard.listener.listen(heard.append)
    heard.listener.end()
    get_log("bot.process").error("the shutdown failed")
    assert heard == []
