"""Reduces an update that the library cannot read to the fields that the handlers use.

A newer or older Bot API server may send objects that this version of the library cannot parse. The
handlers use few fields: an update with readable ones must reach them, because its text may hold a
cookie that has to be deleted. What a message holds beyond these fields is carried on unparsed.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from telegram import Message

from bot.chat.sound_update import Membership, Press, SentMessage, ShownMessage, User, fitted
from bot.chat.telegram_answers import LARGEST_ID, Json, whole_number
from bot.chat.whole_text import whole

UNPARSED = "unparsed"
"""The field for the unparsed rest of a message; the library keeps unknown fields in
``api_kwargs``."""
DEEPEST = 12
"""Levels of nested objects that are kept."""

_LATEST = 2**32 - 1
_AWAY = frozenset({"kicked", "left"})
_COMMAND = re.compile(r"/\w{1,64}(?:@\w+)?", re.ASCII)
_READ_ALWAYS = frozenset({"message_id", "date", "chat", "from", "sender_chat", "reply_to_message"})


def unparsed(message: Message) -> Mapping[str, object]:
    """The fields of a reduced message that were not parsed, by name; none for other messages."""
    rest = message.api_kwargs.get(UNPARSED)
    return rest if isinstance(rest, Mapping) else {}


def reduced(update: Json, kind: str) -> Json:
    """The update with only its id and its content's fields that the handlers use, completed where
    the rest of the content tells a missing value.

    Raises ValueError if a needed field has no usable value.
    """
    content = whole(_shallow(update.get(kind), DEEPEST))
    if not isinstance(content, dict):
        raise ValueError(f"the {kind} is no object")
    return {"update_id": update["update_id"], kind: _REDUCERS[kind](content)}


def _message(given: Json) -> Json:
    chat = _chat(given.get("chat"))
    named = {**_shown(given), "from": _sender(given.get("from"), chat)}
    if given.get("sender_chat"):
        named["sender_chat"] = chat  # the handlers only use that there is one
    animated = ["document"] if given.get("animation") else []
    fields = _without({**given, **named}, "entities", "caption_entities", *animated)
    read = fitted(SentMessage, fields)
    command = _COMMAND.match(read.get("text") or "")
    if command is not None:
        read["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
    return read


def _with_rest(given: Json) -> Json:
    """A message with the own message that it answers, and with its unparsed fields."""
    read = _message(given)
    replied = given.get("reply_to_message")
    if isinstance(replied, dict):
        with suppress(ValueError):
            read["reply_to_message"] = _message(replied)
    names = (set(read) - {"entities"}) | _READ_ALWAYS
    rest = {name: each for name, each in given.items() if each is not None and name not in names}
    return {**read, UNPARSED: rest} if rest else read


def _shown(given: Json) -> Json:
    """The fields that tell which message it is. The handlers do not use its date."""
    date = whole_number(given.get("date"), 0, _LATEST) or 0
    number = given.get("message_id")
    return fitted(
        ShownMessage, {"message_id": number, "date": date, "chat": _chat(given.get("chat"))}
    )


def _press(given: Json) -> Json:
    named: Json = {"message": None}
    shown = given.get("message")
    if isinstance(shown, dict):
        with suppress(ValueError):
            named["message"] = _shown(shown)
    chat = (named["message"] or {}).get("chat", {})
    read = fitted(Press, {**given, **named, "from": _sender(given.get("from"), chat)})
    return {**read, "chat_instance": ""}


def _membership(given: Json) -> Json:
    chat = _chat(given.get("chat"))
    named = {"chat": chat, "from": _sender(given.get("from"), chat)}
    date = whole_number(given.get("date"), 0, _LATEST) or 0
    read = fitted(Membership, {**given, **named, "date": date})
    member = {"user": named["from"], "status": "left", "until_date": 0}
    status = read["new_chat_member"]["status"]
    now = {**member, "status": status if status in _AWAY else "member"}
    return {**read, "old_chat_member": member, "new_chat_member": now}


def _chat(given: object) -> Json:
    """A chat with its id and type. The sign of the id tells whether it is private."""
    chat = given if isinstance(given, dict) else {}
    chat_id, kind = whole_number(chat.get("id"), -LARGEST_ID, LARGEST_ID), chat.get("type")
    if not chat_id:
        raise ValueError("a chat without an id")
    is_group = isinstance(kind, str) and kind != "private"
    return {"id": chat_id, "type": "private" if chat_id > 0 else kind if is_group else "group"}


def _sender(given: object, chat: Json) -> Json | None:
    """The user, if the id can be read; in a private chat the id is also that of the chat."""
    user: Json = given if isinstance(given, dict) else {}
    user_id = whole_number(user.get("id"), 1, LARGEST_ID)
    if user_id is None and chat.get("type") == "private":
        user_id = chat["id"]
    if user_id is None:
        return None
    name, is_bot = user.get("first_name"), user.get("is_bot")
    named = {
        "id": user_id,
        "first_name": name if isinstance(name, str) else "",
        "is_bot": is_bot is True,
    }
    return fitted(User, {**user, **named})


def _without(fields: Json, *names: str) -> Json:
    return {name: each for name, each in fields.items() if name not in names}


def _shallow(value: object, levels: int) -> object:
    """The value without what is nested more deeply than so many levels."""
    if isinstance(value, dict):
        return {name: _shallow(each, levels - 1) for name, each in value.items()} if levels else {}
    if isinstance(value, list):
        return [_shallow(each, levels - 1) for each in value] if levels else []
    return value


_REDUCERS: Mapping[str, Callable[[Json], Json]] = {
    "message": _with_rest,
    "edited_message": _with_rest,
    "callback_query": _press,
    "my_chat_member": _membership,
}
