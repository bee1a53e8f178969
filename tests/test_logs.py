"""Secrets in log lines: taken out of messages, arguments and exceptions, in both formats."""

import io
import json
import logging
import time
from collections.abc import Callable

import pytest
import structlog

from bot.logs import HIDDEN, get_log, new_reference, redact, set_up_logs
from bot.settings import LogFormat, LogLevel
from tests.support.pasted_forms import ALL_FORMS
from tests.support.secret_reader import CANARY, readable

TOKEN = "123456789:AAE-secret_of_the_bot_1234567890abc"
COOKIE = "5EC4E7C00C1E0F00D5EC4E7C00C1E0F00D5EC4E7C00C1E0F00D5EC4E7C00C1E0"
ODD = "no-shape-at-all"
SECRETS = (TOKEN, COOKIE, ODD)


@pytest.fixture
def err(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What was written to standard error."""
    return lambda: capsys.readouterr().err


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


def wrong_arguments() -> None:
    """A library's lines stand without values; this program's own come to the formatter whole."""
    for name in ("library", "bot.own"):
        logging.getLogger(name).info("%d of them", COOKIE)
        logging.getLogger(name).info(f"{TOKEN} %s %s", ODD)  # noqa: G004


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
        (
            "2026-11-28 11:34:14 [info     ] the nightly backup is made     "
            "file=nightly-20261128T113414Z.sqlite3 removed=['nightly-20261121T113414Z.sqlite3']"
        ),
        (
            '{"update": 812345678, "chat": -1001234567890, "event": "bound", "level": "info", '
            '"logger": "bot", "timestamp": "2026-03-01T20:00:00.123456Z"}'
        ),
        "2026-03-01 20:00:00,123 a task broke     reference=7KQ2MZ8E job=41 cell=1203",
        '  File "/srv/bot/app.py", line 1203, in begin\n    raise ValueError(1234567890)',
        "<Task pending name='Task-12' coro=<f() running at 0x7f3c4a5b6c7d> cb=[x() at 0x7f3c4a5b]>",
        "id 550e8400-e29b-41d4-a716-446655440000 from fe80:0000:0000:0000:0202:b3ff:fe1e:8329",
        "python-telegram-bot 22.8, httpx 0.28.1, Python 3.11.7, port 41234, 192.168.100.200:65535",
        "parameters: (1234567, 2345678, 3456789, 4567890, 20260301, 1772395200)",
        "rows 12 34 56 78 90 12 34 56 78 90 12 34 56 updated 123456789, 234567890, 345678901",
        "added a bad face to the cafe, decade by decade",
        "课程 20210001 张三 13800138000 学完 12 / 34",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert redact(text) == text


def test_known_secrets_are_hidden_whatever_they_look_like() -> None:
    assert redact(f"a {ODD} b", [ODD]) == f"a {HIDDEN} b"


@pytest.mark.parametrize("form", LogFormat)
def test_a_line_that_cannot_be_rendered_is_told_by_its_kind_alone(
    err: Callable[[], str], form: LogFormat
) -> None:
    set_up_logs(LogLevel.INFO, form)
    wrong_arguments()
    written = err()
    if form is LogFormat.JSON:
        assert all(isinstance(json.loads(line), dict) for line in written.splitlines())
    assert written.count("a line of bot.own could not be logged: TypeError") == 2
    assert [secret for secret in SECRETS if secret in written] == []


def test_a_line_that_cannot_be_written_is_shown_nowhere_else(err: Callable[[], str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.CONSOLE)
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(io.StringIO())
    handler.stream.close()
    plain_message()
    assert err() == ""


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


def test_a_patient_reader_finds_the_canary_in_every_form() -> None:
    """What the tests below look with is not blind."""
    for pasted in ALL_FORMS.values():
        assert readable(CANARY, repr(json.dumps(pasted(CANARY))))


def say_in_every_way(text: str) -> None:
    library, own = logging.getLogger("library"), get_log("bot")
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        library.log(level, text.replace("%", "%%"))
        library.log(level, "Received data was %s, %r", text, {"text": text, "other": (text,)})
        library.log(level, "%s", json.dumps({"message": {"text": json.dumps({"x": text})}}))
        library.log(level, "%a", text)
        own.log(level, text, text=text, nested={"caption": [text]})
    try:
        try:
            raise ValueError(text)
        except ValueError as error:
            raise KeyError(f"in an update: {text!r}") from error
    except KeyError:
        library.exception("could not be read: %s", text)
        own.exception("broke off", text=text)


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("pasted", ALL_FORMS)
def test_no_form_of_a_cookie_is_readable_in_any_line(
    err: Callable[[], str], pasted: str, form: LogFormat
) -> None:
    set_up_logs(LogLevel.DEBUG, form)
    say_in_every_way(ALL_FORMS[pasted](CANARY))
    written = err()
    assert HIDDEN in written
    assert readable(CANARY, written) == []


@pytest.mark.parametrize("pasted", ALL_FORMS)
def test_no_form_is_readable_where_a_log_cut_it(pasted: str) -> None:
    line = repr(ALL_FORMS[pasted](CANARY))
    middle = len(line) // 2
    for cut in (line[:middle], line[middle:], line[middle - 80 : middle + 80]):
        assert readable(CANARY, redact(f"Received data was {cut}...")) == []


@pytest.mark.parametrize(
    "text", ["a", "\\", "\\x", "%", "%3D", "%41", "&#", "<a", "<b ", "9f3c ", "1234 ", " "]
)
def test_a_long_line_is_redacted_in_linear_time(text: str) -> None:
    started = time.process_time()
    redact((text * 2**20)[: 2**20] + "9f")
    assert time.process_time() - started < 30  # half a second; its square would take hours
