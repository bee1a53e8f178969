"""The bot's place in a chat, and which messages reach it there."""

from demo.telegram.messages import Json, Message
from demo.telegram.state import BotStatus, Chat, ChatKind, World
from demo.telegram.wire import unix


def reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """Whether the bot sees a message: in groups, privacy mode hides what is not for it."""
    if chat.kind is ChatKind.PRIVATE or chat.bot is BotStatus.ADMINISTRATOR:
        return True
    if chat.bot is not BotStatus.MEMBER:
        return False
    if message.reply_to is not None:
        answered = chat.find(message.reply_to)
        if answered is not None and answered.from_bot:
            return True
    name = f"@{world.bot['username']}".lower()
    if name in message.text.lower():
        return True
    command = message.text.split(maxsplit=1)[0] if message.text else ""
    return command.startswith("/") and "@" not in command


def tell_membership(world: World, chat: Chat, actor: Json, old: BotStatus, new: BotStatus) -> None:
    """Tell the bot that its place in a chat changed."""
    world.updates.add(
        "my_chat_member",
        {
            "chat": chat.wire(),
            "from": actor,
            "date": unix(world.moment()),
            "old_chat_member": _member(world, old),
            "new_chat_member": _member(world, new),
        },
    )


def _member(world: World, status: BotStatus) -> Json:
    named = BotStatus.LEFT if status is BotStatus.STRANGER else status
    member: Json = {"user": world.bot, "status": named.value}
    if status is BotStatus.KICKED:
        member["until_date"] = 0
    if status is BotStatus.ADMINISTRATOR:
        rights = (
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
            "can_pin_messages",
        )
        member |= dict.fromkeys(rights, True)
    return member
