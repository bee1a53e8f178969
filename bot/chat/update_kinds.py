"""The kinds of updates that the bot asks Telegram for, by polls and by webhook alike."""

from telegram import Update

HANDLED_KINDS = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
