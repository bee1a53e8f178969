"""The owner's own menu of commands: Telegram shows it in the owner's chat alone."""

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.access.access import Access
from bot.chat.bot_profile import languages_of
from bot.chat.commands import commands_for
from bot.chat.i18n import Translators
from bot.logs import get_log
from storage import kept
from storage.database import Database

HOLDER = "owner_menu"
"""The name under which the chat with the owner's menu is kept."""

_log = get_log(__name__)


class OwnerMenu:
    def __init__(self, bot: Bot, translators: Translators, db: Database, access: Access) -> None:
        self._bot = bot
        self._translators = translators
        self._db = db
        self._access = access
        self._set_for: int | None = None

    @property
    def is_due(self) -> bool:
        """Whether this process has not given the menu to the owner yet."""
        return self._access.owner != self._set_for

    async def bring_up_to_date(self) -> None:
        """Give the menu to the owner and take it from a former one. A failure is logged: an owner
        who has not written to the bot yet gets the menu with their first message."""
        holder, owner = await self._holder(), self._access.owner
        try:
            if holder is not None and holder != owner:
                await self._take(holder)
            if owner is not None:
                await self._give(owner)
                await self._db.write(lambda conn: kept.put(conn, HOLDER, str(owner)))
        except TelegramError as error:
            _log.info("the owner's command menu could not be set", trouble=str(error))
            return
        self._set_for = owner

    async def _holder(self) -> int | None:
        text = await self._db.read(lambda conn: kept.get(conn, HOLDER))
        return int(text) if text else None

    async def _give(self, chat_id: int) -> None:
        scope = BotCommandScopeChat(chat_id)
        for language, tr in languages_of(self._translators):
            menu = [BotCommand(c.name, tr(c.summary)) for c in commands_for(is_owner=True)]
            await self._bot.set_my_commands(menu, scope=scope, language_code=language)

    async def _take(self, chat_id: int) -> None:
        scope = BotCommandScopeChat(chat_id)
        try:
            for language, _ in languages_of(self._translators):
                await self._bot.delete_my_commands(scope=scope, language_code=language)
        except (BadRequest, Forbidden) as error:
            # As of an account that was deleted; the owner's menu must not wait for it.
            _log.info("a former owner's command menu could not be removed", trouble=str(error))
        await self._db.write(lambda conn: kept.put(conn, HOLDER, ""))
