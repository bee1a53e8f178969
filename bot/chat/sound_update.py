"""Type checks for the fields of an update that the handlers use; the library accepts any type.

The library would leave a text field that is a number as it is, and the handler that reads it would
fail.
"""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_Id = Annotated[int, Field(gt=0, le=2**52)]
"""The Bot API: ids have at most 52 significant bits."""
_ChatId = Annotated[int, Field(ge=-(2**52), le=2**52)]
_MessageId = Annotated[int, Field(ge=0, lt=2**31)]
_Moment = Annotated[int, Field(ge=0, lt=2**32)]
"""Seconds since 1970."""
_Count = Annotated[int, Field(ge=0, lt=2**31)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _User(_Strict):
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


class _Shown(_Strict):
    """A message under a pressed button; the bot may have no access to it any more."""

    message_id: _MessageId
    date: _Moment
    chat: _Chat


class _Message(_Shown):
    sender: _User | None = Field(default=None, alias="from")
    text: str | None = None
    caption: str | None = None
    entities: list[_Entity] | None = None
    caption_entities: list[_Entity] | None = None
    document: _Document | None = None
    media_group_id: str | None = None


class _Press(_Strict):
    id: str
    sender: _User = Field(alias="from")
    data: str | None = None
    message: _Shown | None = None


class _Member(_Strict):
    status: str


class _Membership(_Strict):
    chat: _Chat
    sender: _User = Field(alias="from")
    date: _Moment
    new_chat_member: _Member


class _Update(_Strict):
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Press | None = None
    my_chat_member: _Membership | None = None


def check(update: dict[str, Any]) -> None:
    """Raise ValueError if a field that the handlers use has another type than in the Bot API."""
    _Update.model_validate(update)
