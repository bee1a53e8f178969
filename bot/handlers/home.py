"""The first screen: an introduction for a new person, the state of the courses for a student."""

from bot.chat.views import home as views
from bot.handlers.context import Context
from bot.handlers.services import Services, behind
from bot.logs import get_log
from bot.outbox.chat_queue import fixed
from bot.outbox.screen import Screen
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account
from storage.courses import newest_percent_at

_log = get_log(__name__)


class HomeHandlers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._accounts = services.accounts
        self._drafts = services.drafts

    async def home(self, ctx: Context) -> None:
        """Show the stored state at once; if it is old, read the platform in the background and
        update the same message."""
        if ctx.press is not None:
            await self._services.login.expect_cookie(ctx.chat_id, expecting=False)
        screen, outdated = await self._screen(ctx)
        message_id = await ctx.show(screen)
        if outdated is not None and message_id is not None:
            work = self._refresh(ctx, outdated, message_id)
            self._services.background.start(ctx.chat_id, behind(ctx.chat_id, message_id), work)

    async def help(self, ctx: Context) -> None:
        await ctx.show(views.help_screen(ctx.tr, logged_in=await ctx.is_logged_in()))

    async def _screen(self, ctx: Context) -> tuple[Screen, Account | None]:
        """The screen from stored data, and the account whose courses are outdated and can be
        read."""
        account = await self._accounts.active(ctx.chat_id)
        if account is None:
            return views.welcome(ctx.tr), None
        kept = await self._drafts.courses(account)
        if await self._drafts.are_fresh(account, kept):
            return views.known(ctx.tr, account, kept), None
        as_of, told_at = None, newest_percent_at(kept)
        if told_at is not None:
            as_of = ctx.tr.clock_time(told_at, ctx.person.zone, self._services.clock.now())
        return views.known(ctx.tr, account, kept, as_of), account if account.has_cookie else None

    async def _refresh(self, ctx: Context, account: Account, message_id: int) -> None:
        try:
            await self._accounts.refresh(account)
            await self._drafts.read_courses(account)
        except SessionExpired:
            await self._accounts.expired(account)
        except ZjyError as trouble:
            # The read is not prompted by a press: the stored state stays on the screen.
            _log.info("the first screen was not brought up to date", trouble=str(trouble))
            return
        screen, _ = await self._screen(ctx)
        # Not an edit prompted by a press: that would bring back a message the person deleted.
        self._services.outbox.show(ctx.chat_id, message_id, fixed(screen))
