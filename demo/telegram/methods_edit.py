"""Changing and deleting messages, and answering presses."""

from demo.telegram.access import (
    message_to_edit,
    refuse_deletion,
    shown_message,
    writable_chat,
)
from demo.telegram.changes import Event, EventKind
from demo.telegram.errors import ApiError, bad_request
from demo.telegram.html_text import Formatted, utf16_length
from demo.telegram.markup import read_markup
from demo.telegram.messages import Json, Keyboard, Message
from demo.telegram.request import Params
from demo.telegram.state import CallbackAnswer, World
from demo.telegram.texts import read_caption, read_text

MAX_ANSWER = 200
MAX_DELETED = 100


def not_modified() -> ApiError:
    """The 400 of an edit that changes nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )


def edit_message_text(world: World, params: Params) -> Json:
    """``editMessageText``; leaving out ``reply_markup`` takes the keyboard away."""
    formatted = read_text(params)
    buttons = read_markup(params, inline_only=True)
    message = message_to_edit(world, params)
    if message.has_media:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, formatted, params.text("text"), buttons)


def edit_message_caption(world: World, params: Params) -> Json:
    """``editMessageCaption``; an empty caption removes it."""
    formatted = read_caption(params)
    buttons = read_markup(params, inline_only=True)
    message = message_to_edit(world, params)
    if not message.has_media or message.sticker is not None:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, message, formatted, params.text("caption"), buttons)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """``editMessageReplyMarkup``."""
    buttons = read_markup(params, inline_only=True)
    message = message_to_edit(world, params)
    same = Formatted(message.text, message.entities)
    return _change(world, message, same, message.html, buttons)


def _change(
    world: World, message: Message, formatted: Formatted, html: str, buttons: Keyboard
) -> Json:
    old = (message.text, message.entities, message.buttons)
    if old == (formatted.text, formatted.entities, buttons):
        raise not_modified()
    message.text, message.entities = formatted.text, formatted.entities
    message.html = html
    message.buttons = buttons
    return edited(world, message)


def edited(world: World, message: Message) -> Json:
    """Mark a message as edited now, report the change, and return its wire object."""
    message.edit_date = world.moment()
    message.edits += 1
    world.tell(EventKind.EDITED, message)
    return world.wire(message)


def delete_message(world: World, params: Params) -> bool:
    """``deleteMessage``."""
    if not params.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    message_id = params.integer("message_id")
    if message_id == 0:
        raise bad_request("message identifier is not specified")
    chat = writable_chat(world, params)
    message = shown_message(chat, message_id, "message to delete")
    refuse_deletion(world, chat, message)
    message.deleted = True
    world.tell(EventKind.DELETED, message)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """``deleteMessages``: ids that are not there are skipped."""
    ids = params.nested("message_ids", "message_ids")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if not isinstance(ids, list):
        raise bad_request("expected an Array of message identifiers")
    if len(ids) > MAX_DELETED:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(number, int) and number > 0 for number in ids):
        raise bad_request("invalid message identifier specified")
    chat = writable_chat(world, params)
    there = [message for number in ids if (message := chat.find(number)) is not None]
    there = [message for message in there if not message.deleted]
    for message in there:
        refuse_deletion(world, chat, message)
    for message in there:
        message.deleted = True
        world.tell(EventKind.DELETED, message)
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """``answerCallbackQuery``: once, in time, with at most 200 characters."""
    record = world.presses.get(params.text("callback_query_id"))
    expired = record is None or world.now() - record.at > world.answer_within
    if record is None or expired or record.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    record.answer = CallbackAnswer(text, params.flag("show_alert"), params.text("url") or None)
    message = world.find(record.chat_id, record.message_id)
    world.changes.tell(Event(EventKind.ANSWERED, record.chat_id, message, press_id=record.query_id))
    return True
