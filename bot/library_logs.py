"""What libraries may write to the log: their own sentences, without the values put into them.

python-telegram-bot puts whole updates and answers into its log lines, and a built-in error quotes
the value that it is about. No pattern finds a secret that was cut into pieces there. So the values
are left out; the sentence, the numbers, the types and the place stay.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import cast

OWN = frozenset({"bot", "storage"})
LONGEST = 300
_PLAIN = (int, float, timedelta, datetime, type(None))
_QUOTING = (ValueError, LookupError, TypeError, AttributeError, NameError, ArithmeticError)
"""Built-in errors whose text quotes the value that they are about; their subclasses do, too."""
_DEEPEST = 10
_ADDED = frozenset({"level", "logger", "timestamp"})
"""The fields that this program's processors add to a structlog event."""


def without_values(record: logging.LogRecord, hidden: str) -> logging.LogRecord:
    """A library's log record without its values; ``hidden`` replaces each value."""
    if record.name.partition(".")[0] in OWN:
        return record
    cut = logging.makeLogRecord(record.__dict__)
    is_event = hasattr(record, "_from_structlog") or hasattr(record, "_logger")
    if is_event and isinstance(record.msg, Mapping):
        cut.msg = _event(record.msg, hidden)
        return cut
    cut.msg, cut.args, cut.exc_text = _sentence(record, hidden), (), None
    if record.exc_info and record.exc_info[1] is not None:
        quiet = _quiet(record.exc_info[1], hidden, every=True)
        cut.exc_info = (type(quiet), quiet, quiet.__traceback__)
    return cut


def without_quotes(event: MutableMapping[str, object], hidden: str, *, every: bool = False) -> None:
    """Remove the values that built-in errors quote from a structlog event; with ``every``, the
    texts of all errors but those of the operating system."""
    given = event.get("exc_info")
    error = given if isinstance(given, BaseException) else None
    if given is True:
        error = sys.exc_info()[1]
    elif isinstance(given, tuple) and len(given) > 1 and isinstance(given[1], BaseException):
        error = given[1]
    if error is not None:
        quiet = _quiet(error, hidden, every=every)
        event["exc_info"] = (type(quiet), quiet, quiet.__traceback__)


class _Hidden:
    """Replaces an argument of a log sentence, for any conversion that the sentence uses."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__


def _event(given: Mapping[str, object], hidden: str) -> dict[str, object]:
    """A library's structlog event: the sentence, and the fields without their values."""
    event = {
        name: value if name in _ADDED else _shown(_argument(value, hidden))
        for name, value in given.items()
    }
    sentence = given.get("event")
    if isinstance(sentence, str):
        event["event"] = sentence.partition("\n")[0][:LONGEST]
    if given.get("exc_info"):
        event["exc_info"] = given["exc_info"]
        without_quotes(event, hidden, every=True)
    return event


def _shown(value: object) -> object:
    return str(value) if isinstance(value, _Hidden | timedelta | datetime) else value


def _sentence(record: logging.LogRecord, hidden: str) -> str:
    if not isinstance(record.msg, str):  # an object in place of the sentence
        return str(_argument(record.msg, hidden))
    sentence = record.msg
    if record.args:
        with suppress(TypeError, ValueError, KeyError):  # arguments that do not fit the sentence
            sentence %= _without(record.args, hidden)
    return sentence.partition("\n")[0][:LONGEST]


def _without(args: "tuple[object, ...] | Mapping[str, object]", hidden: str) -> object:
    if isinstance(args, Mapping):
        return {name: _argument(each, hidden) for name, each in args.items()}
    return tuple(_argument(each, hidden) for each in args)


def _argument(value: object, hidden: str) -> object:
    if isinstance(value, _PLAIN):
        return value
    kind = type(value)
    if kind.__module__.partition(".")[0] == "apscheduler":
        return str(value)[:LONGEST]  # a scheduled job, by the name that this program gave it
    return _Hidden(hidden if kind is str else f"{kind.__name__} {hidden}")


def _quiet(error: BaseException, hidden: str, *, every: bool, depth: int = 0) -> BaseException:
    """The error with its traceback and causes, without its text if that may quote a value. With
    ``every``, all errors but those of the operating system lose their text."""
    quotes = not isinstance(error, OSError) if every else isinstance(error, _QUOTING)
    quiet = _renamed(error, hidden if quotes else str(error))
    quiet.__traceback__ = error.__traceback__
    if depth < _DEEPEST:
        cause, context = error.__cause__, error.__context__
        if cause is not None:
            quiet.__cause__ = _quiet(cause, hidden, every=every, depth=depth + 1)
        elif context is not None and not error.__suppress_context__:
            quiet.__context__ = _quiet(context, hidden, every=every, depth=depth + 1)
    return quiet


def _renamed(error: BaseException, text: str) -> BaseException:
    """An error that prints like one of the same type with this text."""
    kind = type(error)
    printed = type(kind.__name__, (Exception,), {"__str__": lambda _: text})
    printed.__module__, printed.__qualname__ = kind.__module__, kind.__qualname__
    return cast("BaseException", printed())
