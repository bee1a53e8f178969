"""No value that a library puts into the log is written, in pieces or whole, at any level."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import stamina
import structlog
from telegram import Update

from bot.logs import HIDDEN, get_log, set_up_logs
from bot.settings import LogFormat, LogLevel
from tests.test_logs import err

__all__ = ["err"]

PIECE = "5EC4E7C00C1E0F00"
PRIVATE = "private words"
LIBRARIES = ("telegram.Bot", "telegram.ext.Updater", "httpx", "apscheduler.executors.default")
UPDATE = {"update_id": 7, "message": {"text": f"{PIECE} {PIECE} private words"}}


def whole_batch(log: logging.Logger) -> None:
    try:
        raise TypeError(f"unexpected argument {PIECE}")
    except TypeError as error:
        log.critical("Received data was %r", [UPDATE], exc_info=error)


def object_of_the_library(log: logging.Logger) -> None:
    log.error("Error while building for update %s.", Update(7, api_kwargs={"text": PIECE}))


def text_of_an_answer(log: logging.Logger) -> None:
    log.error('Can not load invalid JSON data: "%s"', f"<html>{PIECE} private words")


def named_arguments(log: logging.Logger) -> None:
    log.error("said %(text)r", {"text": f"{PIECE} private words"})


def arguments_that_do_not_fit(log: logging.Logger) -> None:
    log.error("said %d", f"{PIECE} private words")


def several_lines(log: logging.Logger) -> None:
    log.error(f"Task exception was never retrieved\nfuture: {PIECE} private words")  # noqa: G004


def chained(log: logging.Logger) -> None:
    try:
        try:
            raise KeyError(PIECE)
        except KeyError as inner:
            raise RuntimeError(PRIVATE) from inner
    except RuntimeError:
        log.exception("broke")


def object_in_place_of_the_sentence(log: logging.Logger) -> None:
    log.error({"text": f"{PIECE} private words"})
    log.error(RuntimeError(f"{PIECE} private words"))


def event_of_structlog(log: logging.Logger) -> None:
    """As the library for retries logs each of them."""
    retries = foreign_events(log.name)
    retries.error("retry", args=(f"'{PIECE}'",), kwargs={"text": PRIVATE}, by=PRIVATE, wait=0.5)


def event_with_an_error(log: logging.Logger) -> None:
    try:
        raise RuntimeError(f"{PIECE} {PRIVATE}")
    except RuntimeError:
        foreign_events(log.name).exception("broke")


def event_that_is_an_object(log: logging.Logger) -> None:
    event: Any = {"text": PRIVATE}
    foreign_events(log.name).error(event, PRIVATE)


def foreign_events(name: str) -> structlog.stdlib.BoundLogger:
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log


WAYS = [
    object_in_place_of_the_sentence,
    event_of_structlog,
    event_with_an_error,
    event_that_is_an_object,
    whole_batch,
    object_of_the_library,
    text_of_an_answer,
    named_arguments,
    arguments_that_do_not_fit,
    several_lines,
    chained,
]


@pytest.mark.parametrize("level", [LogLevel.DEBUG, LogLevel.INFO, LogLevel.ERROR])
@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("way", WAYS)
def test_a_library_says_its_sentence_without_the_values(
    err: Callable[[], str], way: Callable[[logging.Logger], None], form: LogFormat, level: LogLevel
) -> None:
    set_up_logs(level, form)
    for name in LIBRARIES:
        way(logging.getLogger(name))
    written = err()
    assert written.count("\n") >= len(LIBRARIES)
    assert PIECE not in written
    assert "private words" not in written
    assert "could not be logged" not in written
    if form is LogFormat.JSON:
        for line in written.splitlines():
            assert isinstance(json.loads(line), dict)


def test_an_event_of_a_library_keeps_its_sentence_and_its_numbers(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.JSON)
    event_of_structlog(logging.getLogger("stamina"))
    line = json.loads(err())
    assert (line["event"], line["wait"], line["logger"]) == ("retry", 0.5, "stamina")
    assert line["level"] == "error"
    assert "timestamp" in line


async def test_a_retried_request_is_logged_as_one_line(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.JSON)
    stamina.set_testing(True, attempts=2)
    tries = []
    async for attempt in stamina.retry_context(on=OSError, attempts=2, wait_max=0):
        with attempt:
            tries.append(attempt.num)
            if attempt.num == 1:
                raise OSError(f"{PIECE}")
    stamina.set_testing(False)
    (line,) = map(json.loads, err().splitlines())
    assert (line["event"], line["retry_num"]) == ("stamina.retry_scheduled", 1)


def test_the_sentence_the_numbers_and_the_kinds_stay(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.CONSOLE)
    logging.getLogger("telegram").error("%s in poll %d of %.1f s: %r", "x", 7, 1.5, UPDATE)
    assert f"{HIDDEN} in poll 7 of 1.5 s: dict {HIDDEN}" in err()


def test_where_it_happened_stays(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.CONSOLE)
    chained(logging.getLogger("telegram"))
    written = err()
    assert "in chained" in written
    assert f"KeyError: {HIDDEN}" in written
    assert f"RuntimeError: {HIDDEN}" in written


def test_trouble_of_the_system_is_told_in_full(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.CONSOLE)
    try:
        raise OSError(28, "No space left on device")
    except OSError:
        logging.getLogger("aiosqlite").exception("broke")
    assert "No space left on device" in err()


@pytest.mark.parametrize("form", LogFormat)
def test_a_built_in_error_in_own_words_does_not_quote_its_value(
    err: Callable[[], str], form: LogFormat
) -> None:
    set_up_logs(LogLevel.INFO, form)
    try:
        int(PIECE)
    except ValueError as error:
        get_log("bot.handlers").error("an update could not be handled", exc_info=error)
    written = err()
    assert "an update could not be handled" in written
    assert "ValueError" in written
    assert PIECE not in written
