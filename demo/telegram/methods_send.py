"""Texts: sending, replying, copying, forwarding, and what the bot is said to be doing."""

from demo.telegram.access import known_chat, shown_message, writable_chat
from demo.telegram.changes import Event, EventKind
from demo.telegram.effects import read_effect
from demo.telegram.errors import bad_request
from demo.telegram.markup import read_markup
from demo.telegram.messages import Json, Message
from demo.telegram.request import Params
from demo.telegram.state import Chat, World
from demo.telegram.texts import read_caption, read_text

ACTIONS = frozenset(
    {
        "cancel",
        "typing",
        "record_video",
        "upload_video",
        "record_audio",
        "upload_audio",
        "record_voice",
        "upload_voice",
        "upload_photo",
        "upload_document",
        "choose_sticker",
        "pick_up_location",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(world: World, params: Params) -> Json:
    """``sendMessage``."""
    formatted = read_text(params)
    message = draft(world, params)
    message.text, message.entities = formatted.text, formatted.entities
    message.html = params.text("text")
    return world.wire(world.show(message))


def draft(world: World, params: Params) -> Message:
    """An empty message of the bot with keyboard, reply, effect and silence as the call asks."""
    buttons = read_markup(params)
    chat = writable_chat(world, params)
    effect_id = read_effect(params, chat)
    reply_to, topic = _reply_to(chat, params), _topic(chat, params)
    message = world.new_message(chat, world.bot, from_bot=True)
    message.buttons = buttons
    message.reply_to = reply_to
    message.topic = topic
    message.effect_id = effect_id
    message.silent = params.flag("disable_notification")
    return message


def _topic(chat: Chat, params: Params) -> int | None:
    topic = params.integer("message_thread_id") or None
    if topic is not None and topic not in chat.topics:
        raise bad_request("message thread not found")
    return topic


def _reply_to(chat: Chat, params: Params) -> int | None:
    asked = params.nested("reply_parameters", "reply parameters")
    if asked is not None and not isinstance(asked, dict):
        raise bad_request("object expected as reply parameters")
    if asked:
        message_id = int(asked.get("message_id", 0))
        optional = bool(asked.get("allow_sending_without_reply"))
    else:
        message_id = params.integer("reply_to_message_id")
        optional = params.flag("allow_sending_without_reply")
    if message_id <= 0:
        return None
    answered = chat.find(message_id)
    if answered is None or answered.deleted:
        if optional:
            return None
        raise bad_request("message to be replied not found")
    return message_id


def send_chat_action(world: World, params: Params) -> bool:
    """``sendChatAction``."""
    action = params.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(world, params)
    chat.action = None if action == "cancel" else action
    world.changes.tell(Event(EventKind.ACTION, chat.chat_id, action=chat.action))
    return True


def copy_message(world: World, params: Params) -> Json:
    """``copyMessage``: the same content as a new message of the bot."""
    source = _source(world, params, "message to copy")
    message = draft(world, params)
    _take(message, source)
    if "caption" in params.values and source.has_media:
        formatted = read_caption(params)
        message.text, message.entities = formatted.text, formatted.entities
        message.html = params.text("caption")
    world.show(message)
    return {"message_id": message.message_id}


def forward_message(world: World, params: Params) -> Json:
    """``forwardMessage``."""
    source = _source(world, params, "message to forward")
    message = draft(world, params)
    _take(message, source)
    message.buttons = []
    message.forward_from = source.forward_from or source.sender
    message.forward_date = source.forward_date or source.date
    return world.wire(world.show(message))


def _source(world: World, params: Params, what: str) -> Message:
    chat = known_chat(world, params, "from_chat_id")
    return shown_message(chat, params.integer("message_id"), what)


def _take(message: Message, source: Message) -> None:
    message.text, message.html = source.text, source.html
    message.entities = list(source.entities)
    message.photo, message.document = source.photo, source.document
    message.sticker, message.voice = source.sticker, source.voice
