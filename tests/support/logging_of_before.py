"""The logging of a process is one for all its tests: each gives back what it found."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def logging_given_back() -> Iterator[None]:
    """At the end of the block, every logger has the level of before, the root has its handlers,
    and structlog has its configuration and no bound keywords."""
    root = logging.getLogger()
    handlers, levels, configuration = root.handlers[:], _levels(), structlog.get_config()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        for logger, level in _levels().items():
            before = levels.get(logger, logging.NOTSET)
            if level != before:  # setting a level makes every logger forget what it is enabled for
                logger.setLevel(before)
        structlog.configure(**configuration)
        structlog.contextvars.clear_contextvars()


def _levels() -> dict[logging.Logger, int]:
    known = logging.root.manager.loggerDict.values()
    loggers = [logging.root, *(each for each in known if isinstance(each, logging.Logger))]
    return {each: each.level for each in loggers}
