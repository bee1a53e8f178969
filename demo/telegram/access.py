"""Which chats and messages a call may touch, and the refusals for the others."""

from datetime import timedelta

from demo.telegram.errors import ApiError, bad_request, forbidden
from demo.telegram.messages import Message
from demo.telegram.request import Params
from demo.telegram.state import Account, BotStatus, Chat, ChatKind, World

DELETE_WITHIN = timedelta(hours=48)


def known_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat that a call names. Raises ``ApiError`` 400."""
    given = params.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    try:
        chat = world.chats.get(int(given))
    except ValueError:
        chat = None
    if chat is None or chat.account is Account.NOT_FOUND:
        raise bad_request("chat not found")
    return chat


def writable_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat, if the bot may write there now. Raises ``ApiError`` 400 or 403."""
    chat = known_chat(world, params, name)
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.kind is ChatKind.PRIVATE:
        refuse_person(chat)
        if chat.bot is BotStatus.STRANGER:
            raise forbidden("bot can't initiate conversation with a user")
    else:
        refuse_outsider(chat)
    return chat


def refuse_person(chat: Chat) -> None:
    """Raise the 403 of a private chat whose person cannot or will not be written to."""
    if chat.account is Account.DEACTIVATED:
        raise forbidden("user is deactivated")
    if chat.bot is BotStatus.KICKED:
        raise forbidden("bot was blocked by the user")


def refuse_outsider(chat: Chat) -> None:
    """Raise the 403 of a group that the bot is not in."""
    if chat.bot is BotStatus.KICKED:
        raise forbidden(f"bot was kicked from the {chat.kind.value} chat")
    if chat.bot not in {BotStatus.MEMBER, BotStatus.ADMINISTRATOR}:
        raise forbidden(f"bot is not a member of the {chat.kind.value} chat")


def editable_chat(world: World, params: Params) -> Chat:
    """The chat, if the bot may edit there: a person who blocked the bot hides nothing."""
    chat = known_chat(world, params)
    if chat.kind is ChatKind.PRIVATE:
        refuse_person(chat)
        return chat
    if chat.migrated_to is None:
        refuse_outsider(chat)
    return chat


def shown_message(chat: Chat, message_id: int, what: str) -> Message:
    """A message that still is in the chat; ``what`` names it in the 400."""
    message = chat.find(message_id) if message_id > 0 else None
    if message is None or message.deleted:
        raise bad_request(f"{what} not found")
    return message


def message_to_edit(world: World, params: Params) -> Message:
    """The bot's own message that an edit names. Raises ``ApiError`` 400 or 403."""
    message_id = params.integer("message_id")
    if not params.text("chat_id") and message_id == 0:
        if params.text("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        raise bad_request("message identifier is not specified")
    message = shown_message(editable_chat(world, params), message_id, "message to edit")
    if not message.from_bot or message.forward_from is not None or message.service:
        raise bad_request("message can't be edited")
    return message


def refuse_deletion(world: World, chat: Chat, message: Message) -> None:
    """Raise the 400 for a message that the bot may not delete."""
    if world.moment() - message.date > DELETE_WITHIN and not _rules(chat):
        raise bad_request("message can't be deleted for everyone")
    if message.from_bot or chat.kind is ChatKind.PRIVATE or _rules(chat):
        return
    raise bad_request("message can't be deleted")


def _rules(chat: Chat) -> bool:
    return chat.kind is not ChatKind.PRIVATE and chat.bot is BotStatus.ADMINISTRATOR
