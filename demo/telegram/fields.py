"""Fields of a JSON object that a call brings, with the API's words for those that are amiss.

Each function raises ``ValueError`` with these words; the caller says in which object.
"""

import re

from demo.telegram.messages import Json


def optional_text(given: Json, name: str) -> str:
    """A text, or a number as text; empty without the field."""
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f'Field "{name}" must be of type String')
    return str(value)


def required_text(given: Json, name: str) -> str:
    """A text that must be there, though it may be empty."""
    if given.get(name) is None:
        raise ValueError(f'Can\'t find field "{name}"')
    return optional_text(given, name)


def optional_flag(given: Json, name: str) -> bool:
    """A Boolean; false without the field."""
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f'Field "{name}" must be of type Boolean')
    return value


def optional_integer(given: Json, name: str) -> int:
    """A whole number, or its digits as text; 0 without the field."""
    value = given.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f'Field "{name}" must be a Number')
    if not re.fullmatch(r"-?[0-9]+", str(value)):
        raise ValueError(f'Field "{name}" must be a valid Number')
    return int(value)


def required_integer(given: Json, name: str) -> int:
    """A whole number that must be there."""
    if name not in given:
        raise ValueError(f'Can\'t find field "{name}"')
    return optional_integer(given, name)


def required_object(given: Json, name: str) -> Json:
    """An object that must be there."""
    if name not in given:
        raise ValueError(f'Can\'t find field "{name}"')
    value = given[name]
    if not isinstance(value, dict):
        raise ValueError(f'Field "{name}" must be of type Object')
    return value
