"""The first screen: an introduction for a new person, the hub for a student."""

from bot.chat.views import home as views
from bot.chat.views import hub as hub_views
from bot.handlers.context import Context
from bot.handlers.hub import Hubs
from bot.handlers.services import Services


class HomeHandlers:
    def __init__(self, services: Services, hubs: Hubs) -> None:
        self._accounts = services.accounts
        self._access = services.access
        self._hubs = hubs

    async def home(self, ctx: Context) -> None:
        """Show the stored state at once; if it is old, read the platform in the background and
        update the same message."""
        account = await self._accounts.active(ctx.chat_id)
        if account is None:
            await ctx.show(views.welcome(ctx.tr))
            return
        hub = await self._hubs.of(ctx.person, account)
        message_id = await ctx.show(hub_views.hub(ctx.tr, hub))
        if message_id is not None:
            self._hubs.bring_up_to_date(ctx.chat_id, message_id, hub, hub_views.hub)

    async def help(self, ctx: Context) -> None:
        is_owner = ctx.chat_id == self._access.owner
        logged_in = await ctx.is_logged_in()
        await ctx.show(views.help_screen(ctx.tr, logged_in=logged_in, is_owner=is_owner))
