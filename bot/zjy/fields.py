"""How single values of an answer are read (``docs/platform.md``, section *Transport*)."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST_DIGITS = 12
"""A larger number is no length, page or percent of this platform."""


def as_exact(value: object) -> Decimal:
    """Numbers come as ints, floats, strings of either, empty strings or null. What is no number
    at all counts as 0: one odd cell must not hide the rest of its topic."""
    text = "" if value is None or isinstance(value, bool) else str(value).strip().rstrip("%")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    sane = number.is_finite() and number.adjusted() < MOST_DIGITS
    return number if sane else Decimal(0)


def as_percent(value: object) -> float:
    return float(as_exact(value))


def as_percent_if_any(value: object) -> float | None:
    return None if value is None or value == "" else as_percent(value)


def as_count(value: object) -> int:
    return int(as_exact(value))


def as_seconds(value: object) -> Decimal:
    """A length or a position: exact, since the last report must reach the length to the digit."""
    return max(as_exact(value), Decimal(0))


def as_text(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str):
        # Half of a surrogate pair is no text: neither SQLite nor Telegram takes it.
        return value.encode("utf-8", "ignore").decode("utf-8")
    return str(value) if isinstance(value, int | float) else value


def as_detail(value: object) -> str:
    """What only describes: an odd value is none, a list of names is all of them."""
    if isinstance(value, list):
        return "、".join(filter(None, map(as_detail, value)))
    text = as_text(value)
    return text.strip() if isinstance(text, str) and not isinstance(value, bool) else ""


def as_list(value: object) -> object:
    return [] if value is None else value


def as_object(value: object) -> object:
    return value or {}


def as_flag(value: object) -> bool:
    return str(value).strip().lower() in ("true", "1")


Percent = Annotated[float, BeforeValidator(as_percent)]
Count = Annotated[int, BeforeValidator(as_count)]
Text = Annotated[str, BeforeValidator(as_text)]
Detail = Annotated[str, BeforeValidator(as_detail)]
Id = Annotated[str, BeforeValidator(as_text), Field(min_length=1)]
Seconds = Annotated[Decimal, BeforeValidator(as_seconds)]
Flag = Annotated[bool, BeforeValidator(as_flag)]


class Wire(BaseModel):
    """An object of an answer: frozen, and blind to fields that it does not name."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
