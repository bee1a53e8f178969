"""A message as the ``Message`` object of the Bot API."""

from collections.abc import Callable
from datetime import datetime

from demo.telegram.messages import Button, Json, Message


def unix(moment: datetime) -> int:
    """Whole seconds since 1970, as the Bot API counts dates."""
    return int(moment.timestamp())


def keyboard(rows: list[list[Button]]) -> Json:
    """The ``InlineKeyboardMarkup`` of these rows."""
    return {"inline_keyboard": [[button.wire() for button in row] for row in rows]}


def message_object(message: Message, find: Callable[[int, int], Message | None]) -> Json:
    """The message on the wire; ``find(chat_id, message_id)`` looks up the one it answers."""
    wire: Json = {
        "message_id": message.message_id,
        "from": message.sender,
        "chat": message.chat,
        "date": unix(message.date),
    }
    if message.edit_date is not None:
        wire["edit_date"] = unix(message.edit_date)
    if message.effect_id is not None:
        wire["effect_id"] = message.effect_id
    if message.topic is not None:
        wire |= {"message_thread_id": message.topic, "is_topic_message": True}
    if message.media_group_id is not None:
        wire["media_group_id"] = message.media_group_id
    if message.forward_from is not None:
        wire["forward_origin"] = {
            "type": "user",
            "sender_user": message.forward_from,
            "date": unix(message.forward_date or message.date),
        }
    if message.reply_to is not None:
        answered = find(message.chat_id, message.reply_to)
        if answered is not None and not answered.deleted:
            shown = message_object(answered, find)
            shown.pop("reply_to_message", None)
            wire["reply_to_message"] = shown
    _add_media(wire, message)
    _add_text(wire, message)
    if message.buttons:
        wire["reply_markup"] = keyboard(message.buttons)
    wire.update(message.service)
    wire.update(message.extra)
    return wire


def _add_text(wire: Json, message: Message) -> None:
    if not message.text:
        return
    prefix = "caption" if message.has_media else "text"
    wire[prefix] = message.text
    if message.entities:
        name = "caption_entities" if message.has_media else "entities"
        wire[name] = [entity.wire() for entity in message.entities]


def _add_media(wire: Json, message: Message) -> None:
    if message.photo is not None:
        picture = message.photo
        wire["photo"] = [{**picture.wire(), "width": picture.width, "height": picture.height}]
    if message.document is not None:
        file = message.document
        wire["document"] = {**file.wire(), "mime_type": file.mime_type}
        if file.name:
            wire["document"]["file_name"] = file.name
    if message.voice is not None:
        wire["voice"] = {**message.voice.wire(), "duration": 1, "mime_type": "audio/ogg"}
    if message.sticker is not None:
        wire["sticker"] = {
            **message.sticker.wire(),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        }
