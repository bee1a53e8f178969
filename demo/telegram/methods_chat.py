"""Chats: what they are, pinned messages, reactions, and leaving."""

from demo.telegram.access import known_chat, refuse_outsider, shown_message, writable_chat
from demo.telegram.changes import Event, EventKind
from demo.telegram.errors import bad_request
from demo.telegram.membership import tell_membership
from demo.telegram.messages import Json
from demo.telegram.request import Params
from demo.telegram.state import BotStatus, Chat, ChatKind, World

_REACTIONS = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 "
    "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 "
    "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
REACTIONS = frozenset(_REACTIONS.split())


def get_chat(world: World, params: Params) -> Json:
    """``getChat``."""
    chat = known_chat(world, params)
    if chat.kind is not ChatKind.PRIVATE:
        refuse_outsider(chat)
    full: Json = {
        **chat.wire(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    for message_id in reversed(chat.pinned):
        message = chat.find(message_id)
        if message is not None and not message.deleted:
            full["pinned_message"] = world.wire(message)
            break
    return full


def pin_chat_message(world: World, params: Params) -> bool:
    """``pinChatMessage``."""
    chat = _pinning(world, params)
    message = shown_message(chat, params.integer("message_id"), "message to pin")
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    chat.pinned.append(message.message_id)
    world.tell(EventKind.PINNED, message)
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """``unpinChatMessage``: the named message, else the one pinned last."""
    chat = _pinning(world, params)
    message_id = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.changes.tell(Event(EventKind.PINNED, chat.chat_id))
    return True


def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """``unpinAllChatMessages``."""
    chat = _pinning(world, params)
    chat.pinned.clear()
    world.changes.tell(Event(EventKind.PINNED, chat.chat_id))
    return True


def _pinning(world: World, params: Params) -> Chat:
    chat = writable_chat(world, params)
    if chat.kind is not ChatKind.PRIVATE and chat.bot is not BotStatus.ADMINISTRATOR:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def leave_chat(world: World, params: Params) -> bool:
    """``leaveChat``."""
    chat = writable_chat(world, params)
    if chat.kind is ChatKind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    old, chat.bot = chat.bot, BotStatus.LEFT
    tell_membership(world, chat, world.bot, old, BotStatus.LEFT)
    world.changes.tell(Event(EventKind.CHAT, chat.chat_id))
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """``setMessageReaction``: one of Telegram's own emoji, or none."""
    given = params.nested("reaction", "reaction types")
    if given is not None and not isinstance(given, list):
        raise bad_request("expected an Array of ReactionType")
    emoji = [_emoji(item) for item in given or []]
    chat = writable_chat(world, params)
    message = shown_message(chat, params.integer("message_id"), "message to react")
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one not in REACTIONS for one in emoji):
        raise bad_request("REACTION_INVALID")
    message.reaction = emoji[0] if emoji else None
    world.tell(EventKind.REACTION, message)
    return True


def _emoji(item: object) -> str:
    if not isinstance(item, dict):
        raise bad_request("can't parse ReactionType: expected an Object")
    if item.get("type") != "emoji":
        raise bad_request("can't parse ReactionType: invalid reaction type specified")
    return str(item.get("emoji", "")).replace("\ufe0f", "")
