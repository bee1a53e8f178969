"""Logging of the bot and its libraries, with secrets redacted at the last step.

httpx logs the bot's token with every request, aiosqlite logs the parameters of statements, and
python-telegram-bot logs whole updates. So the redaction sits in the root handler's formatter, which
formats every line of every library, exceptions included. The values in libraries' lines are left
out altogether (:mod:`bot.library_logs`).
"""

import contextlib
import json
import logging
import re
import secrets
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog

from bot.library_logs import without_quotes, without_values
from bot.settings import LogFormat, LogLevel

HIDDEN = "[hidden]"
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{8,}")
_URL_PASSWORD = re.compile(r"(://[^\s/@:]*:)[^\s/]+(?=@)")
FEWEST_DIGITS = 24
"""A run of at least so many hex digits is hidden, whatever separates them into groups."""
# A digit: plain, full-width, of a mathematical alphabet, or as an escape of URLs, strings or HTML.
_DIGIT = (
    r"(?:[0-9A-Fa-f０-９Ａ-Ｆａ-ｆ\U0001d400-\U0001d7ff]"
    r"|\\{1,8}(?:U0001[dD]|u[dD]835\\{1,8}u[dD])[4-7c-fC-F][0-9A-Fa-f]{2}"
    r"|(?:%(?:25){0,3}|\\{1,8}(?:x|u00)|&\#[xX]0{0,4})(?:3[0-9]|[46][1-6]);?"
    r"|\\{1,8}u(?:ff|FF)(?:1[0-9]|[24][1-6])|&\#0{0,4}(?:4[89]|5[0-7]|6[5-9]|70|9[789]|10[012]);)"
)
# A separator: no word character, or what encodes one (an escape, an entity, an HTML tag). It is
# never a sign that separates the fields of JSON: a line has to stay an object.
_BETWEEN = (
    rf"(?!{_DIGIT})(?:\\{{1,8}}(?:U[0-9A-Fa-f]{{8}}|u[0-9A-Fa-f]{{4}}|x[0-9A-Fa-f]{{2}}|[nrt])"
    r"|%(?:25){0,3}[0-9A-Fa-f]{2}|&\#?\w{1,8};|</?[A-Za-z][^<>]{0,100}>|[^\w,:;{}()\[\]]|_)"
)
# A single sign separates the groups of times, addresses, versions and UUIDs, never of a cookie.
_ONE_SIGN = rf"[-./@\#=_+]{_DIGIT}"
_GROUPS = re.compile(
    rf"({_DIGIT}++(?:(?!{_ONE_SIGN})(?:{_BETWEEN}){{1,300}}+{_DIGIT}++(?![A-Za-z_]))*+)"
    # What separates nothing is passed at once: no later group is looked for behind it again.
    rf"((?:{_BETWEEN}){{0,300}}+)"
)
_GROUP = re.compile(rf"({_DIGIT}++)|{_BETWEEN}")
_ONE_DIGIT = re.compile(_DIGIT)
_AUTH = re.compile(r"(?i)(\bauth\b[\"']?\s*[=:,]\s*[\"']?)[^\s;,\"'&\\]{6,}")

# The token of today's site: a JWT or the beginning of one, and whatever bears its name.
_JWT = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=3[Dd]))eyJ[\w-]{8,}+(?:\.[\w-]*+){0,2}", re.ASCII)
_BEARER = re.compile(
    r"((?i:\bbearer)\s{1,9}|\bToken\b[\"']?\s{0,9}[=:]\s{0,9}[\"']?)[^\s;,\"'&\\]{16,}"
)


def redact(text: str, known: Iterable[str] = ()) -> str:
    """The text without bot tokens, platform cookies and tokens, passwords in addresses and the
    given secrets."""
    for secret in known:
        text = text.replace(secret, HIDDEN)
    text = _URL_PASSWORD.sub(rf"\1{HIDDEN}", text)
    text = _TOKEN.sub(HIDDEN, text)
    text = _AUTH.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1{HIDDEN}", _JWT.sub(HIDDEN, text))
    return _GROUPS.sub(_without_cookie, text)


def _without_cookie(row: re.Match[str]) -> str:
    """A run of groups, or the placeholder if it was hidden. Runs of decimal numbers stay: of a
    cookie's hex digits, three in eight are letters."""
    written, behind = row.groups()
    if len(written) < FEWEST_DIGITS:
        return row.group()
    groups = [_ONE_DIGIT.findall(each) for each in _GROUP.findall(written) if each]
    digits = [digit for group in groups for digit in group]
    if len(digits) < FEWEST_DIGITS:
        return row.group()
    letters = sum(not digit.isdecimal() for digit in digits)
    is_long = max(len(group) for group in groups) >= FEWEST_DIGITS
    is_secret = is_long or letters * 8 >= len(digits)
    return HIDDEN + behind if is_secret else row.group()


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record as structlog would, then redacts it."""

    def __init__(self, *args: Any, known: Iterable[str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._known = tuple(secret for secret in known if secret)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(without_values(record, HIDDEN)), self._known)


class QuietHandler(logging.StreamHandler[TextIO]):
    """Reports a line that could not be written: only its origin and the type of the error.

    The library's own report shows the line's arguments unredacted.
    """

    def __init__(self, stream: TextIO, form: LogFormat) -> None:
        super().__init__(stream)
        self._form = form

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        kind = type(sys.exc_info()[1]).__name__
        line = f"a line of {record.name} could not be logged: {kind}"
        if self._form is LogFormat.JSON:
            line = json.dumps({"event": line, "level": "error"}, ensure_ascii=False)
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"{line}\n")


def set_up_logs(
    level: LogLevel,
    form: LogFormat,
    *,
    known_secrets: Iterable[str] = (),
    also: Iterable[structlog.typing.Processor] = (),
) -> None:
    """Send every log record of this process to standard error, redacted.

    ``known_secrets`` are hidden wherever they occur, whatever their form. Each event, of libraries
    too, passes the processors of ``also``, with its level and its logger.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        *also,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _without_quotes,
    ]
    renderer: structlog.typing.Processor
    if form is LogFormat.JSON:
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    formatter = RedactingFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        foreign_pre_chain=shared,
        known=known_secrets,
    )
    handler = QuietHandler(sys.stderr, form)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())
    for chatty in ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram.ext.Updater"):
        logging.getLogger(chatty).setLevel(max(root.level, logging.WARNING))
    # Its debug lines hold whole updates; a cookie that was pasted in pieces is not recognised
    # there.
    logging.getLogger("telegram").setLevel(max(root.level, logging.INFO))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _without_quotes(
    logger: object, name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    without_quotes(event, HIDDEN)
    return event


def get_log(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module; events are short sentences, facts are keywords."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log


def new_reference() -> str:
    """Eight characters that a person can read out and an operator can search the log for."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "".join(secrets.choice(alphabet) for _ in range(8))
