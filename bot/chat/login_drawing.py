"""The drawings of the login screens, one file per language; ``make drawings`` regenerates it."""

from importlib.resources import files

from bot.chat.i18n import SOURCE_LANGUAGE
from bot.outbox.screen import Photo


def where_cookie(language: str) -> Photo:
    """Where a browser shows the cookie of the API of 2021; in the source language if the language
    has no drawing."""
    return _drawn("where_cookie", language)


def where_token(language: str) -> Photo:
    """As :func:`where_cookie`, for the token of the site since 2023."""
    return _drawn("where_token", language)


def _drawn(name: str, language: str) -> Photo:
    folder = files("bot.chat").joinpath("pictures")
    for drawn in (language, SOURCE_LANGUAGE):
        picture = folder.joinpath(f"{name}.{drawn}.png")
        if picture.is_file():
            return Photo(picture.read_bytes(), picture.name)
    raise FileNotFoundError(name)
