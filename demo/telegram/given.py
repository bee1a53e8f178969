"""Entities that a call gives beside its text, in place of markup."""

from demo.telegram.date_times import checked_format
from demo.telegram.errors import bad_request
from demo.telegram.fields import (
    optional_text,
    required_integer,
    required_object,
    required_text,
)
from demo.telegram.messages import Entity, Json

_BARE = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "blockquote",
        "expandable_blockquote",
    }
)
_FOUND = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bank_card_number",
    }
)
"""Telegram finds these by itself and ignores those that are given."""


def given_entities(given: object) -> list[Entity]:
    """The entities of a call; what is no list gives none. Raises ``ApiError`` 400."""
    if not isinstance(given, list):
        return []
    try:
        entities = [_entity(item) for item in given]
    except ValueError as error:
        raise bad_request(f"can't parse MessageEntity: {error}") from None
    return [entity for entity in entities if entity is not None]


def _entity(item: object) -> Entity | None:
    if not isinstance(item, dict):
        raise ValueError("expected an Object")
    offset, length = required_integer(item, "offset"), required_integer(item, "length")
    kind = required_text(item, "type")
    if kind in _FOUND:
        return None
    if kind in _BARE:
        return Entity(kind, offset, length)
    if kind == "pre":
        return Entity(kind, offset, length, language=optional_text(item, "language") or None)
    if kind == "text_link":
        return Entity(kind, offset, length, url=required_text(item, "url"))
    if kind == "text_mention":
        user = required_integer(required_object(item, "user"), "id")
        return Entity(kind, offset, length, user_id=user)
    if kind == "custom_emoji":
        number = required_integer(item, "custom_emoji_id")
        return Entity(kind, offset, length, custom_emoji_id=str(number))
    if kind == "date_time":
        return _moment(item, offset, length)
    raise ValueError("Unsupported type specified")


def _moment(item: Json, offset: int, length: int) -> Entity:
    unix_time = required_integer(item, "unix_time")
    try:
        shown = checked_format(optional_text(item, "date_time_format"))
    except ValueError:
        raise ValueError("Invalid date-time format specified") from None
    if unix_time <= 0:
        raise ValueError("Invalid date specified")
    return Entity("date_time", offset, length, unix_time=unix_time, date_time_format=shown)
