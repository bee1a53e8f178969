"""The least bot of the same library: it answers each message with one, and a press with its answer
and an edit. ``python -m benchmarks.echo_bot`` with Telegram's address and the token."""

import asyncio
import sys

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from benchmarks.presser import BACK, SETTINGS

CONNECTIONS = 48
AT_ONCE = 32
"""As many as the bot has."""
Context = ContextTypes.DEFAULT_TYPE


def keyboard(label: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label)]])


async def echo(update: Update, _: Context) -> None:
    if isinstance(message := update.effective_message, Message):
        await message.reply_text(message.text or "", reply_markup=keyboard(SETTINGS))


async def turn(update: Update, _: Context) -> None:
    """Show the other button."""
    if isinstance(query := update.callback_query, CallbackQuery):
        other = BACK if query.data == SETTINGS else SETTINGS
        await query.answer()
        await query.edit_message_text(other, reply_markup=keyboard(other))


async def main(url: str, token: str) -> None:
    """Poll until the process is ended."""
    builder = Application.builder().token(token).base_url(f"{url}/bot")
    application = builder.connection_pool_size(CONNECTIONS).concurrent_updates(AT_ONCE).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(turn))
    async with application:
        await application.start()
        if application.updater is None:
            raise RuntimeError("the library made no updater")
        await application.updater.start_polling()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
