"""Which answers of Telegram mean that the bot cannot write to a chat for now.

Any other 400 is about the message (too long, not found, a bad entity), and the next message may be
delivered. The texts are those of the Bot API server (telegram-bot-api, ``Client.cpp``), of the
library below it (tdlib), and the bare names that Telegram's own servers answer.
"""

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

_BEGINNINGS = (
    # a private chat
    "chat not found",
    "private chat not found",
    "user not found",
    "user is deactivated",
    "user is deleted",
    "bot was blocked",
    "bot can't initiate conversation",
    "chat_id_invalid",
    "peer_id_invalid",
    "user_id_invalid",
    "user_is_blocked",
    "user_deactivated",
    "user_deleted",
    "input_user_deactivated",
    # a group or a channel
    "group chat was deactivated",
    "group chat was deleted",
    "the group chat was deleted",
    "group chat was upgraded",
    "bot was kicked",
    "bot is not a member",
    "have no access to the chat",
    "have no write access",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
    "channel_invalid",
    "channel_private",
    "chat_admin_required",
    "chat_forbidden",
    "chat_restricted",
    "chat_write_forbidden",
    "user_banned_in_channel",
)


class ChatUnreachable(Forbidden):
    """The bot cannot write to the chat for now, whichever code Telegram answered; the call had no
    effect."""

    @property
    def is_by_person(self) -> bool:
        """Whether the answer is a 403: the person blocked the bot, or the account is deleted."""
        return isinstance(self.__cause__, Forbidden)


def says_unreachable(error: TelegramError) -> bool:
    """Whether the answer is about the chat as a whole. A group that moved is not unreachable: the
    answer names its new id."""
    if isinstance(error, ChatMigrated):
        return False
    if isinstance(error, Forbidden):
        return True
    return isinstance(error, BadRequest) and error.message.lower().startswith(_BEGINNINGS)
