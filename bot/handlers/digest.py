"""``/digest``: its switch, time, days and options, and a digest at once."""

from datetime import time

from bot.chat.callbacks import Action, Callback, time_of
from bot.chat.clock_words import switch_of
from bot.chat.digest_sender import DigestSender
from bot.chat.digest_wish import wish_of
from bot.chat.views import digest_settings as views
from bot.chat.views import login as login_views
from bot.digest.service import Digests
from bot.digest.settings import DigestSettingsService
from bot.handlers.context import Context
from bot.handlers.services import Services
from storage.digest_settings import DigestSettings
from storage.enums import Awaiting, Days, NoNews


class DigestHandlers:
    """Invalid or outdated numbers on buttons change nothing and lead back to the settings of the
    digest."""

    def __init__(
        self,
        services: Services,
        digests: Digests,
        settings: DigestSettingsService,
        sender: DigestSender,
    ) -> None:
        self._services = services
        self._digests = digests
        self._settings = settings
        self._sender = sender

    async def digest(self, ctx: Context) -> None:
        """Show the current settings, or set the time given with the command. While they are shown,
        a typed time is understood."""
        await self._services.people.expect(ctx.chat_id, Awaiting.DIGEST_TIME)
        typed = (ctx.text or "").partition(" ")[2].strip()
        turned_on = switch_of(typed)
        if turned_on is not None:
            await self._settings.switch(ctx.chat_id, on=turned_on)
        elif typed:
            await self.take_time(ctx, typed)
            return
        await self._show(ctx, await self._settings.get(ctx.chat_id))

    async def switch(self, ctx: Context) -> None:
        """Switch the digest on or off, as the button says."""
        await self._settings.switch(ctx.chat_id, on=ctx.data.action is Action.DIGEST_ON)
        await self.digest(ctx)

    async def send_now(self, ctx: Context) -> None:
        """Read everything in the background, and send the digest in a new message; a second press
        before it is sent has no effect."""
        if await ctx.account() is not None:
            key = ("digest now", ctx.chat_id)
            self._services.background.start(ctx.chat_id, key, self._send_now(ctx))

    async def _send_now(self, ctx: Context) -> None:
        waiting, loading = await ctx.say(views.sending(ctx.tr)), self._services.loading
        if waiting is not None:
            # A digest that was sent already must not be sent again: the settings offer it.
            await loading.begin(ctx.chat_id, waiting, Callback(Action.DIGEST))
        try:
            await self._digests.send_now(ctx.chat_id, self._sender.prepare_now)
            if not await ctx.is_logged_in():
                await ctx.say(login_views.log_in_first(ctx.tr))
        finally:
            if waiting is not None:
                await self._services.outbox.delete(ctx.chat_id, waiting)
                await loading.end(ctx.chat_id, waiting)

    async def times(self, ctx: Context) -> None:
        """Offer the times; from here on a typed time is understood."""
        await self._services.people.expect(ctx.chat_id, Awaiting.DIGEST_TIME)
        settings = await self._settings.get(ctx.chat_id)
        await ctx.show(views.times(ctx.tr, settings, ctx.now()))

    async def press_time(self, ctx: Context) -> None:
        at = time_of(ctx.data.id(0))
        if at is not None and ctx.data.ids:
            await self._set_time(ctx, at)
        await self.digest(ctx)

    async def take_time(self, ctx: Context, text: str) -> None:
        """Take a text that came while the bot asked for a time; after an unreadable one, the person
        may type another."""
        wish = wish_of(text)
        if wish is None:
            await ctx.say(views.no_such_time(ctx.tr, text))
            return
        if wish.days is not None:
            await self._settings.set_days(ctx.chat_id, wish.days)
        await self._show(ctx, await self._set_time(ctx, wish.at))

    async def _set_time(self, ctx: Context, at: time) -> DigestSettings:
        """Set the time; this also switches the digest on."""
        await self._settings.set_at(ctx.chat_id, at)
        return await self._settings.switch(ctx.chat_id, on=True)

    async def days(self, ctx: Context) -> None:
        await ctx.show(views.days(ctx.tr, await self._settings.get(ctx.chat_id)))

    async def press_days(self, ctx: Context) -> None:
        ids, days = ctx.data.ids, list(Days)
        weekday = ids[1] if len(ids) > 1 else None
        if ids and ids[0] < len(days) and (weekday is None or weekday in range(7)):
            await self._settings.set_days(ctx.chat_id, days[ids[0]], weekday)
        await self.digest(ctx)

    async def quiet(self, ctx: Context) -> None:
        await ctx.show(views.quiet(ctx.tr, await self._settings.get(ctx.chat_id)))

    async def press_quiet(self, ctx: Context) -> None:
        if ctx.data.ids and ctx.data.id(0) < len(views.QUIET_CHOICES):
            await self._settings.set_quiet(ctx.chat_id, *views.QUIET_CHOICES[ctx.data.id(0)])
        await self.digest(ctx)

    async def press_no_news(self, ctx: Context) -> None:
        choices = list(NoNews)
        if ctx.data.ids and ctx.data.id(0) < len(choices):
            await self._settings.set_no_news(ctx.chat_id, choices[ctx.data.id(0)])
        await self.digest(ctx)

    async def watch(self, ctx: Context) -> None:
        settings = await self._settings.get(ctx.chat_id)
        can_study = await self._services.accounts.any_can_study(ctx.chat_id)
        await ctx.show(views.watch(ctx.tr, settings, can_study=can_study))

    async def press_watch(self, ctx: Context) -> None:
        if ctx.data.ids and ctx.data.id(0) in views.WATCH_CHOICES:
            await self._settings.set_watch(ctx.chat_id, ctx.data.id(0))
        await self.digest(ctx)

    async def start_hour(self, ctx: Context) -> None:
        await ctx.show(views.start_hour(ctx.tr, await self._settings.get(ctx.chat_id)))

    async def press_start(self, ctx: Context) -> None:
        if not ctx.data.ids:
            await self._settings.set_start_hour(ctx.chat_id, None)
        elif ctx.data.id(0) in range(24):
            await self._settings.set_start_hour(ctx.chat_id, ctx.data.id(0))
        await self.digest(ctx)

    async def _show(self, ctx: Context, settings: DigestSettings) -> None:
        next_at = await self._settings.next_at(ctx.chat_id)
        can_study = await self._services.accounts.any_can_study(ctx.chat_id)
        await ctx.show(views.main(ctx.tr, settings, next_at, ctx.now(), can_study=can_study))
