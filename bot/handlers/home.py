"""The first screen: an introduction for a new person, the state of the courses for a student."""

from bot.chat.views import home as views
from bot.handlers.context import Context
from bot.handlers.services import Services, behind
from bot.logs import get_log
from bot.outbox.screen import Screen
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account

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
        message_id = await ctx.show(await self._screen(ctx))
        account = await self._accounts.active(ctx.chat_id)
        if account is None or not account.has_cookie or message_id is None:
            return
        if not await self._drafts.are_fresh(account, await self._drafts.courses(account)):
            work = self._refresh(ctx, account, message_id)
            self._services.background.start(ctx.chat_id, behind(ctx.chat_id, message_id), work)

    async def help(self, ctx: Context) -> None:
        await ctx.show(views.help_screen(ctx.tr, logged_in=await ctx.is_logged_in()))

    async def _screen(self, ctx: Context) -> Screen:
        """The screen from stored data, without a call to the platform."""
        account = await self._accounts.active(ctx.chat_id)
        if account is None:
            return views.welcome(ctx.tr)
        kept = await self._drafts.courses(account)
        as_of = None
        if kept and not await self._drafts.are_fresh(account, kept):
            seen_at = max(course.percent_at or course.seen_at for course in kept)
            now = self._services.clock.now()
            as_of = ctx.tr.clock_time(seen_at, ctx.person.zone, now)
        return views.known(ctx.tr, account, kept, as_of)

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
        await self._services.outbox.edit(ctx.chat_id, message_id, await self._screen(ctx))
