"""Type checks for the fields of an update that the handlers use; the library accepts any type.

The library would leave a text field that is a number as it is, and the handler that reads it would
fail.
"""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.chat.telegram_answers import LARGEST_ID

_Id = Annotated[int, Field(gt=0, le=LARGEST_ID)]
_ChatId = Annotated[int, Field(ge=-LARGEST_ID, le=LARGEST_ID)]
_MessageId = Annotated[int, Field(ge=0, lt=2**31)]
_Moment = Annotated[int, Field(ge=0, lt=2**32)]
"""Seconds since 1970."""
_Count = Annotated[int, Field(ge=0, lt=2**31)]


MOST_FAULTS = 30
"""The most fields of a wrong type that are left out of one object."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class User(_Strict):
    id: _Id
    is_bot: bool
    first_name: str
    username: str | None = None
    language_code: str | None = None


class _Chat(_Strict):
    id: _ChatId
    type: str

    @model_validator(mode="after")
    def _private_ids_are_users(self) -> Self:
        if (self.type == "private") != (self.id > 0):
            raise ValueError("the id does not fit the type")
        return self


class _Entity(_Strict):
    type: str
    offset: _Count
    length: _Count


class _Document(_Strict):
    file_id: str
    file_unique_id: str
    file_name: str | None = None
    mime_type: str | None = None
    file_size: Annotated[int, Field(ge=0, lt=2**52)] | None = None


class ShownMessage(_Strict):
    """A message under a pressed button; the bot may have no access to it any more."""

    message_id: _MessageId
    date: _Moment
    chat: _Chat


class SentMessage(ShownMessage):
    sender: User | None = Field(default=None, alias="from")
    text: str | None = None
    caption: str | None = None
    entities: list[_Entity] | None = None
    caption_entities: list[_Entity] | None = None
    document: _Document | None = None
    media_group_id: str | None = None
    is_topic_message: bool | None = None
    message_thread_id: _MessageId | None = None
    sender_chat: _Chat | None = None

    @model_validator(mode="after")
    def _private_messages_have_senders(self) -> Self:
        if self.sender is None and self.chat.type == "private":
            raise ValueError("a private message without a sender")
        return self


class Press(_Strict):
    id: str
    sender: User = Field(alias="from")
    data: str | None = None
    message: ShownMessage | None = None


class _Member(_Strict):
    status: str


class Membership(_Strict):
    chat: _Chat
    sender: User = Field(alias="from")
    date: _Moment
    new_chat_member: _Member


class _Update(_Strict):
    message: SentMessage | None = None
    edited_message: SentMessage | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None


def check(update: dict[str, Any]) -> None:
    """Raise ValueError if a field that the handlers use has another type than in the Bot API."""
    _Update.model_validate(update)


def fitted(model: type[_Strict], fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that ``model`` knows, without optional ones of a wrong type.

    Raises ValueError if a required field is missing or of a wrong type.
    """
    for _ in range(MOST_FAULTS):
        try:
            return model.model_validate(fields).model_dump(by_alias=True, exclude_none=True)
        except ValidationError as error:
            (fault, *_) = error.errors(include_url=False, include_context=False)
            path = fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"]
            fields = _cut(fields, path)
    raise ValueError("too many fields of a wrong type")


def _cut(fields: dict[str, Any], path: tuple[int | str, ...]) -> dict[str, Any]:
    """The fields without the one at ``path``; of a list, all is left out."""
    if not path or path[0] not in fields:
        raise ValueError("a required field cannot be used")
    name, rest = str(path[0]), path[1:]
    inner = fields[name]
    if rest and isinstance(inner, dict):
        return {**fields, name: _cut(inner, rest)}
    return {each: value for each, value in fields.items() if each != name}
