"""Reads single values of an answer (``docs/platform.md``, section *Transport*)."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.zjy.texts import MOST_CHARACTERS

FINEST = Decimal("1e-9")
"""Finer parts of a second are rounded up: the platform tells six decimals."""
MOST_DIGITS = 12
"""The largest number accepted: no length, page or percent of this platform is larger."""


def as_number(value: object) -> Decimal | None:
    """The number in an int, a float or a string of either. None for anything else, as an empty
    string or null."""
    text = "" if value is None or isinstance(value, bool) else str(value).strip().rstrip("%％")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    sane = number.is_finite() and number.adjusted() < MOST_DIGITS
    return number if sane else None


def as_exact(value: object) -> Decimal:
    """As :func:`as_number`, with 0 for None: one odd length must not make its whole view
    unreadable."""
    return as_number(value) or Decimal(0)


def as_percent(value: object) -> float:
    return float(as_exact(value))


def as_told_percent(value: object) -> float | None:
    """The percent of a course, a module or a cell. None if it is not a number: 0 would be shown as
    lost progress."""
    number = as_number(value)
    return None if number is None else float(number)


def as_count(value: object) -> int:
    return int(as_exact(value))


def as_told_count(value: object) -> int | None:
    number = as_number(value)
    return None if number is None else int(number)


def as_seconds(value: object) -> Decimal:
    """A length or a position: exact, since the last report must reach the length to the digit."""
    seconds = max(as_exact(value), Decimal(0))
    is_fine = seconds != seconds.quantize(FINEST, ROUND_CEILING)
    return seconds.quantize(FINEST, ROUND_CEILING) if is_fine else seconds


def as_text(value: object) -> object:
    """Text, or a number as text. Other values are returned for pydantic to reject."""
    if value is None:
        return ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number:
        return str(value)
    return value[:MOST_CHARACTERS] if isinstance(value, str) else value


def as_label(value: object) -> object:
    """Text that is only shown: an odd value becomes empty text."""
    text = as_text(value)
    return text if isinstance(text, str) else ""


def as_id(value: object) -> object:
    """An id, which must be sent back to the platform as it came."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _ID.fullmatch(text.strip()):
        raise ValueError("no id")
    return text.strip()


def as_id_if_any(value: object) -> object:
    return "" if value is None or value == "" else as_id(value)


def as_detail(value: object) -> str:
    """Descriptive text: an odd value becomes empty, a list of names is joined."""
    if isinstance(value, list):
        return "、".join(filter(None, map(as_detail, value)))
    text = as_text(value)
    return text.strip() if isinstance(text, str) and not isinstance(value, bool) else ""


def as_object(value: object) -> object:
    return value if isinstance(value, dict) else {}


def as_flag(value: object) -> bool:
    return str(value).strip().lower() in ("true", "1")


_ID = re.compile("[^\\s\ufffd]{1,200}")

Percent = Annotated[float, BeforeValidator(as_percent)]
ToldPercent = Annotated[float | None, BeforeValidator(as_told_percent)]
Count = Annotated[int, BeforeValidator(as_count)]
ToldCount = Annotated[int | None, BeforeValidator(as_told_count)]
Text = Annotated[str, BeforeValidator(as_text)]
Label = Annotated[str, BeforeValidator(as_label)]
Detail = Annotated[str, BeforeValidator(as_detail)]
Id = Annotated[str, BeforeValidator(as_id)]
Seconds = Annotated[Decimal, BeforeValidator(as_seconds)]
Flag = Annotated[bool, BeforeValidator(as_flag)]


class Wire(BaseModel):
    """An object of an answer: frozen, and ignores fields that it does not name."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, arbitrary_types_allowed=True
    )


E = TypeVar("E", bound=Wire)


@dataclass(frozen=True, slots=True)
class Entries(Generic[E]):
    """A list of an answer: the ``read`` entries in the list's order, each once, and the number of
    ``unreadable`` ones, which are left out."""

    read: tuple[E, ...] = ()
    unreadable: int = 0

    @classmethod
    def of(cls, model: type[E], key: Callable[[E], Hashable], raw: object) -> Self:
        """The entries of ``raw``; of those with the same ``key`` the first. Null is an empty list,
        and entries that were read already stay as they are. Raises ValueError for any other value
        that is no list, which makes the whole answer invalid."""
        if isinstance(raw, cls):
            return raw
        if not isinstance(raw, list | tuple | None):
            raise ValueError("no list")
        found: dict[Hashable, E] = {}
        unreadable = 0
        for each in raw or ():
            try:
                entry = model.model_validate(each)
            except ValidationError:
                unreadable += 1
            else:
                found.setdefault(key(entry), entry)
        return cls(tuple(found.values()), unreadable)


def places(error: ValidationError) -> str:
    """The fields where the answer does not match the model, without any of their values."""
    places = (
        ".".join(map(str, each["loc"])) + ": " + each["type"]
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(places)[:300]
