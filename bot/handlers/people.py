"""The owner's commands: who may use the bot, and links that let people in."""

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta

from bot.access.access import MOST_OPEN_INVITES
from bot.access.codes import link_of
from bot.access.records import Records
from bot.chat.keyboards import page_of
from bot.chat.views import invites as invite_views
from bot.chat.views import people as views
from bot.handlers.context import Context, Handler
from bot.handlers.logins import Logins
from bot.handlers.services import Services
from bot.outbox.chat_queue import fixed
from storage.invites import Invite
from storage.people import PersonRow

MOST_PLACES, MOST_DAYS = 500, 90
DEFAULT_DAYS = 7
_NUMBERS = re.compile(r"/\w+(?:@\w+)?\D*(\d+)(?:\D+(\d+))?\D*", re.ASCII)
_NO_COUNT = re.compile(r"(?<!\d)[-\u2212]\d|\d\.\d")
"""Below zero, or a fraction: a link for one person is not what was meant."""


class PeopleHandlers:
    """``username`` gives the bot's own, which is known once Telegram was reached."""

    def __init__(
        self, services: Services, records: Records, logins: Logins, username: Callable[[], str]
    ) -> None:
        self._services = services
        self._access = services.access
        self._records = records
        self._logins = logins
        self._username = username
        self._last: tuple[Invite, str] | None = None
        """The invite made last, with its code: a second press of its button shows it again."""

    def for_owner(self, handler: Handler, otherwise: Handler) -> Handler:
        """The handler, for the owner alone; other people get what an unknown command or an old
        button gets."""

        async def handle(ctx: Context) -> None:
            is_owner = ctx.chat_id == self._access.owner
            await (handler if is_owner else otherwise)(ctx)

        return handle

    # links

    async def invites(self, ctx: Context) -> None:
        """The open invites; a command with numbers makes one."""
        given = unicodedata.normalize("NFKC", ctx.text or "") if ctx.press is None else ""
        numbers = _NUMBERS.fullmatch(given)
        if numbers is not None:
            count = 0 if _NO_COUNT.search(given) else int(numbers[1][:9])
            await self._make(ctx, count, int((numbers[2] or str(DEFAULT_DAYS))[:9]))
            return
        found = await self._access.open_invites()
        following = await self._access.next_invite()
        await ctx.show(invite_views.invites(ctx.tr, found, following, ctx.now()))

    async def make(self, ctx: Context) -> None:
        """Make the invite of a button; a second press of it shows the same one."""
        if len(ctx.data.ids) != 3:
            await self.invites(ctx)
            return
        places, days, following = ctx.data.ids
        if following < await self._access.next_invite():
            if self._last is not None and self._last[0].id == following:
                await self._show_made(ctx, *self._last)
            else:
                await self.invites(ctx)
            return
        await self._make(ctx, places, days)

    async def _make(self, ctx: Context, places: int, days: int) -> None:
        if not (1 <= places <= MOST_PLACES and 1 <= days <= MOST_DAYS):
            await ctx.show(invite_views.bad_invite(ctx.tr, MOST_PLACES, MOST_DAYS))
            return
        made = await self._access.invite(places, timedelta(days=days))
        if made is None:
            await ctx.show(invite_views.too_many_invites(ctx.tr, MOST_OPEN_INVITES))
            return
        self._last = made
        await self._show_made(ctx, *made)

    async def _show_made(self, ctx: Context, invite: Invite, code: str) -> None:
        link = link_of(self._username(), code)
        await ctx.show(invite_views.invite_made(ctx.tr, invite, link, ctx.now()))

    async def revoke(self, ctx: Context) -> None:
        await self._access.revoke(ctx.data.id(0))
        await self.invites(ctx)

    # people

    async def people(self, ctx: Context) -> None:
        rows = await self._records.people()
        shown, page = page_of(rows, ctx.data.page)
        members = [self._member(row) for row in shown]
        allowed = sum(self._access.allows(row.user_id) for row in rows)
        screen = views.people(ctx.tr, members, page, len(rows), allowed, ctx.now())
        await ctx.show(screen)

    async def member(self, ctx: Context) -> None:
        row = await self._row(ctx)
        if row is not None:
            await self._show_member(ctx, row)

    async def _show_member(self, ctx: Context, row: PersonRow) -> None:
        usage = await self._records.usage(row.user_id)
        screen = views.member(ctx.tr, self._member(row), usage, ctx.data.page, ctx.now())
        await ctx.show(screen)

    async def ask_remove(self, ctx: Context) -> None:
        row = await self._row(ctx)
        if row is None:
            return
        shown = self._member(row)
        if shown.is_owner or shown.is_removed:
            await self._show_member(ctx, row)
        else:
            await ctx.show(views.confirm_removal(ctx.tr, shown, ctx.data.page))

    async def remove(self, ctx: Context) -> None:
        """Take the person's access, stop what works for them, and tell them once. A second press
        stops what the first one did not, because the storage failed."""
        row = await self._row(ctx)
        if row is None:
            return
        is_new = await self._access.remove(row.user_id)
        if is_new or self._access.is_removed(row.user_id):
            await self._stop(row.user_id, is_told=is_new)
            await ctx.show(views.removed(ctx.tr, self._member(row), ctx.data.page))
        else:
            await self._show_member(ctx, row)

    async def _stop(self, chat_id: int, *, is_told: bool) -> None:
        services = self._services
        await self._logins.withdraw(chat_id)
        await services.control.suspend(chat_id)
        person = await services.people.of_chat(chat_id)
        if person is not None and is_told:
            tell = services.outbox.say(chat_id, fixed(views.you_are_removed(person.tr)))
            services.background.start(None, ("removed", chat_id), tell)

    async def let_in_again(self, ctx: Context) -> None:
        row = await self._row(ctx)
        if row is not None:
            await self._access.let_in_again(row.user_id)
            await self._show_member(ctx, await self._records.person(row.user_id) or row)

    async def audit(self, ctx: Context) -> None:
        found, page, count = await self._records.audit(ctx.data.page, views.AUDIT_PAGE)
        await ctx.show(views.audit(ctx.tr, found, page, count, ctx.now()))

    async def _row(self, ctx: Context) -> PersonRow | None:
        """The person of the button; shows the list and returns None for one who is not stored any
        more."""
        row = await self._records.person(ctx.data.id(0))
        if row is None:
            await self.people(ctx)
        return row

    def _member(self, row: PersonRow) -> views.Member:
        return views.Member(
            row,
            self._records.came_by(row),
            is_owner=row.user_id == self._access.owner,
            is_removed=self._access.is_removed(row.user_id),
        )
