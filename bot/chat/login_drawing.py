"""The drawing of the login screen, one file per language; ``make drawings`` regenerates it."""

from importlib.resources import files

from bot.chat.i18n import SOURCE_LANGUAGE
from bot.outbox.uploads import Photo


def where_cookie(language: str) -> Photo:
    """Where a browser shows the cookie; in the source language if the language has no drawing."""
    folder = files("bot.chat").joinpath("pictures")
    for drawn in (language, SOURCE_LANGUAGE):
        picture = folder.joinpath(f"where_cookie.{drawn}.png")
        if picture.is_file():
            return Photo(picture.read_bytes(), picture.name)
    raise FileNotFoundError("where_cookie")
