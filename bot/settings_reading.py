"""Reads the settings, and tells every mistake in them at once."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.addresses import is_loopback
from bot.env_file import EnvFileError, read_env_file
from bot.settings import Settings, SettingsError
from bot.settings_sources import ENV_FILE, WRITTEN

DIE_AT = "ZJY_TEST_DIE_AT"
SIMILARITY = 0.85
"""Of ``difflib``. One letter too many or too few in a name of six is above it; two names of
different settings are below it."""
KNOWN = frozenset(name.upper() for name in Settings.model_fields)

WORDS = {
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than": "must be greater than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "enum": "must be {expected}",
}
"""For the kinds of errors that pydantic tells in a programmer's words."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One sentence for the operator, and the settings whose values are at fault."""

    names: frozenset[str]
    sentence: str


TOKEN_MISSING = Mistake(
    frozenset({"BOT_TOKEN"}),
    "BOT_TOKEN is missing: get a token from @BotFather in Telegram and put it into .env or the "
    "environment.",
)


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """What was read. In ``settings`` the values of ``wrong`` settings are the defaults."""

    settings: Settings
    mistakes: tuple[Mistake, ...]

    @property
    def wrong(self) -> frozenset[str]:
        """The settings that are missing or wrong, by their names in capitals."""
        return frozenset[str]().union(*(mistake.names for mistake in self.mistakes))


def load_settings(*, need_token: bool = True, **overrides: Any) -> Settings:  # noqa: ANN401
    """Read the settings from the environment and ``.env``.

    Raises :class:`SettingsError` with one sentence per missing or wrong setting, or one about the
    file.
    """
    reading = read_settings(need_token=need_token, **overrides)
    if reading.mistakes:
        raise SettingsError("\n".join(mistake.sentence for mistake in reading.mistakes))
    die_at(reading.settings)
    return reading.settings


def read_settings(*, need_token: bool = True, **overrides: Any) -> SettingsReading:  # noqa: ANN401
    """As :func:`load_settings`, but wrong values are returned as mistakes. Raises
    :class:`SettingsError` if the file cannot be read."""
    try:
        written = read_env_file(ENV_FILE, Settings.model_fields)
    except EnvFileError as error:
        raise SettingsError(str(error)) from None
    token = WRITTEN.set(written)
    try:
        settings, mistakes = _validated(overrides)
    except EnvFileError as error:  # of a secret of the container
        raise SettingsError(str(error)) from None
    finally:
        WRITTEN.reset(token)
    mistakes += _misspelt({**written, **os.environ}, overrides)
    if (
        need_token
        and not settings.bot_token
        and TOKEN_MISSING.names.isdisjoint(_names_of(mistakes))
    ):
        mistakes.append(TOKEN_MISSING)
    return SettingsReading(settings, tuple(mistakes))


def _validated(overrides: Mapping[str, Any]) -> tuple[Settings, list[Mistake]]:
    """The settings, with the default for each wrong value, and every mistake in them. Values that
    are right by themselves are looked at together only if each of them is right."""
    mistakes: list[Mistake] = []
    replaced: dict[str, Any] = {}
    while True:
        try:
            return Settings(**{**overrides, **replaced}), mistakes
        except ValidationError as error:
            found = _mistakes(error)
        told = {name.upper() for name in replaced}
        mistakes += [mistake for mistake in found if not mistake.names & told]
        for name in _names_of(found):
            replaced[name.lower()] = Settings.model_fields[name.lower()].default


def _misspelt(given: Mapping[str, str], overrides: Iterable[str]) -> list[Mistake]:
    """The names that are near those of settings that are not set. Where the setting itself is set,
    the other name may well be another program's."""
    names = {name for name, value in given.items() if value}
    is_set = {name.upper() for name in (*names, *overrides)}
    return [
        Mistake(frozenset({meant}), f"{name}: did you mean {meant}?")
        for name, meant in _near_names(names, KNOWN).items()
        if meant not in is_set
    ]


def _near_names(given: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """The given names that are near a known one, with that one. Names count in any case; a name
    that is known itself is left out."""
    by_name = {name.casefold(): name for name in known}
    found: dict[str, str] = {}
    for name in sorted(given):
        folded = name.casefold()
        if folded in by_name:
            continue
        near = get_close_matches(folded, by_name, n=1, cutoff=SIMILARITY)
        if near:
            found[name] = by_name[near[0]]
    return found


def _names_of(mistakes: Iterable[Mistake]) -> set[str]:
    return {name for mistake in mistakes for name in mistake.names}


def _words(error: ErrorDetails) -> str:
    """What is wrong with a value, without the value."""
    words = WORDS.get(error["type"])
    if words is None:
        return error["msg"].removeprefix("Value error, ")
    return words.format(**error.get("ctx", {}))


def _mistakes(error: ValidationError) -> list[Mistake]:
    found = []
    for each in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in each["loc"]).upper()
        for text in _words(each).splitlines():
            sentence = f"{name}: {text}." if name else f"{text}."
            names = {name} if name else set(re.findall(r"[A-Z_]+", text)) & KNOWN
            found.append(Mistake(frozenset(names), sentence))
    return found


def die_at(settings: Settings) -> str | None:
    """The boundary at which a test kills this process (``bot/fault_point.py`` defines its form);
    None outside such tests. It is no setting for operators, so no table of settings lists it.

    Raises SettingsError unless both servers are on this machine.
    """
    text = os.environ.get(DIE_AT)
    if text is None:
        return None
    if not (is_loopback(settings.zjy_base_url) and is_loopback(settings.telegram_api_url)):
        raise SettingsError(
            f"{DIE_AT} is for tests: ZJY_BASE_URL and TELEGRAM_API_URL must be on this machine."
        )
    if not text.partition(" ")[0].isdecimal():
        raise SettingsError(f"{DIE_AT} must begin with a whole number.")
    return text
