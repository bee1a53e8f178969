"""Secrets in log lines: taken out of messages, arguments and exceptions, in both formats."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot.logs import HIDDEN, get_log, new_reference, redact, set_up_logs
from bot.settings import LogFormat, LogLevel

TOKEN = "123456789:AAE-secret_of_the_bot_1234567890abc"
COOKIE = "5EC4E7C00C1E0F00D5EC4E7C00C1E0F00D5EC4E7C00C1E0F00D5EC4E7C00C1E0"
ODD = "no-shape-at-all"
SECRETS = (TOKEN, COOKIE, ODD)


@pytest.fixture
def err(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What was written to standard error; the logging of before is given back at the end."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    chatty = ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram.ext.Updater")
    levels = {name: logging.getLogger(name).level for name in chatty}
    configuration = structlog.get_config()
    yield lambda: capsys.readouterr().err
    root.handlers[:] = before
    root.setLevel(level)
    for name, each in levels.items():
        logging.getLogger(name).setLevel(each)
    structlog.configure(**configuration)
    structlog.contextvars.clear_contextvars()


def plain_message() -> None:
    logging.getLogger("library").info("POST /bot%s with auth=%s", TOKEN, COOKIE)
    logging.getLogger("library").info(f"said {ODD}")  # noqa: G004


def arguments() -> None:
    logging.getLogger("library").warning("parameters: %r", {"cookie": COOKIE, "t": (TOKEN, ODD)})


def library_exception() -> None:
    try:
        raise ValueError(f"Cookie: auth={COOKIE}; bot{TOKEN}; {ODD}")
    except ValueError:
        logging.getLogger("library").exception("broke off")


def own_words() -> None:
    get_log("bot").info(f"hello {ODD}", cookie=COOKIE, token=TOKEN, nested={"auth": COOKIE})


def own_exception() -> None:
    try:
        raise KeyError(TOKEN) from ValueError(f"{COOKIE} {ODD}")
    except KeyError:
        get_log("bot").exception("a job broke off", job=7)


def bound_facts() -> None:
    structlog.contextvars.bind_contextvars(cookie=COOKIE, update=f"{TOKEN} {ODD}")
    get_log("bot").info("bound")


def deep_stack() -> None:
    logging.getLogger("library").error("with a stack %s", COOKIE, stack_info=True)


WAYS = [
    plain_message,
    arguments,
    library_exception,
    own_words,
    own_exception,
    bound_facts,
    deep_stack,
]


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("way", WAYS)
def test_no_secret_reaches_the_log_whichever_way_it_takes(
    err: Callable[[], str], way: Callable[[], None], form: LogFormat
) -> None:
    set_up_logs(LogLevel.DEBUG, form, known_secrets=[TOKEN, ODD])
    way()
    written = err()
    assert HIDDEN in written
    assert [secret for secret in SECRETS if secret in written] == []


@pytest.mark.parametrize("way", WAYS)
def test_every_line_of_json_is_an_object_with_time_level_and_event(
    err: Callable[[], str], way: Callable[[], None]
) -> None:
    set_up_logs(LogLevel.DEBUG, LogFormat.JSON, known_secrets=[TOKEN, ODD])
    way()
    for line in err().splitlines():
        record = json.loads(line)
        assert {"timestamp", "level", "event", "logger"} <= set(record)


@pytest.mark.parametrize(
    "text",
    [
        f"auth={COOKIE}",
        f"Cookie: a=b; auth={COOKIE}; c=d",
        f'"auth": "{COOKIE}"',
        f"'auth', '{COOKIE.lower()}'",
        f"AUTH: {COOKIE}",
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"sha {COOKIE[:32]}",
        "auth=shortish",
    ],
)
def test_secrets_are_known_by_their_shape(text: str) -> None:
    hidden = redact(text)
    assert HIDDEN in hidden
    assert COOKIE[:12].lower() not in hidden.lower()
    assert TOKEN not in hidden
    assert "shortish" not in hidden


@pytest.mark.parametrize(
    "text",
    [
        "the author = somebody else",
        "job=12 stu=ewuzaw6sikjh4eueok9yXX",
        "at 12:30:55 it was 100.0 %",
        "http://127.0.0.1:41234/api",
        "deadbeef",
        "完成 4 · 失败 0",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert redact(text) == text


def test_known_secrets_are_hidden_whatever_they_look_like() -> None:
    assert redact(f"a {ODD} b", [ODD]) == f"a {HIDDEN} b"


def test_a_blank_known_secret_hides_nothing_else(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.CONSOLE, known_secrets=[""])
    logging.getLogger("library").info("all of this")
    assert "all of this" in err()


@pytest.mark.parametrize("name", ["httpx", "httpcore", "apscheduler", "aiosqlite"])
def test_talkative_libraries_speak_from_warnings_up(err: Callable[[], str], name: str) -> None:
    set_up_logs(LogLevel.DEBUG, LogFormat.CONSOLE)
    logging.getLogger(name).info("every request")
    logging.getLogger(name).warning("trouble")
    written = err()
    assert "every request" not in written
    assert "trouble" in written


def test_the_level_holds_for_all(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.ERROR, LogFormat.CONSOLE)
    get_log("bot").warning("small")
    get_log("bot").error("great")
    logging.getLogger("httpx").warning("small too")
    written = err()
    assert "small" not in written
    assert "great" in written


def test_references_can_be_read_out_and_do_not_repeat() -> None:
    found = {new_reference() for _ in range(200)}
    assert len(found) == 200
    assert all(len(each) == 8 and not set(each) & set("01IO") for each in found)
