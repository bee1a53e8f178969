"""Reads the ticked modules of a draft in the background, up to its preview."""

from collections.abc import Callable
from functools import partial

from bot.chat.callbacks import Action, Callback
from bot.chat.time_ranges import clock_range
from bot.chat.views import courses as course_views
from bot.chat.views import preview as views
from bot.courses.plan import OpenDraft, Plan
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.outbox.budget import Rank
from bot.outbox.chat_queue import fixed
from bot.outbox.screen import Screen
from storage.accounts import Account
from storage.cells import Cell
from storage.drafts import Draft


class Readings:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._drafts = services.drafts

    async def go_on(self, draft: Draft) -> None:
        """Read a draft again whose reading a restart interrupted, in the message that still
        announces it."""
        person = await self._services.people.of_chat(draft.chat_id)
        opened = await self._drafts.get(draft.chat_id, draft.id)
        if person is None or opened is None or draft.message_id is None:
            return
        ctx = Context(self._services, person)
        account = await ctx.account_of(draft.account_id)
        if account is not None and await self._drafts.claim_reading(draft.id):
            self.begin(ctx, account, opened, draft.message_id)

    async def show(self, ctx: Context, account: Account, opened: OpenDraft, total: int) -> None:
        """Say that the draft is being read, and call :meth:`begin`."""
        screen = course_views.reading(ctx.tr, opened.course.name, opened.draft.id, 0, total)
        message_id = await ctx.show(screen)
        if message_id is not None:
            self.begin(ctx, account, opened, message_id)

    def begin(self, ctx: Context, account: Account, opened: OpenDraft, message_id: int) -> None:
        """Read in the background; the caller has claimed the draft."""
        read = partial(self._read, ctx, account, opened)
        back = Callback(Action.MODULES, (opened.draft.id,))
        work = ctx.show_read(account, message_id, read, back=back)
        self._services.background.start(ctx.chat_id, ("read", opened.draft.id), work)

    def stop(self, draft_id: int) -> None:
        self._services.background.cancel(("read", draft_id))

    async def preview(self, ctx: Context, draft_id: int) -> Screen:
        opened = await self._drafts.get(ctx.chat_id, draft_id)
        if opened is None:
            return await ctx.old_button()
        plan = await self._drafts.plan(opened)
        ending = await self._ending(ctx, opened, plan)
        return views.preview(ctx.tr, plan, draft_id, ending)

    async def _ending(self, ctx: Context, opened: OpenDraft, plan: Plan) -> views.Ending:
        """When the job would end if it began now, and whether the cookie lasts that long."""
        clock = self._services.clock
        now = clock.now()
        first, last = clock.after(plan.estimate.low), clock.after(plan.estimate.high)
        account = await ctx.account_of(opened.draft.account_id)
        expires_at = account.expires_at if account is not None else None
        zone = ctx.person.zone
        ends_sooner = expires_at is not None and expires_at < last
        return views.Ending(
            at=clock_range(ctx.tr, first, last, zone, now),
            cookie_ends_at=(
                ctx.tr.moment(expires_at, zone, now) if expires_at and ends_sooner else None
            ),
        )

    async def _takes(self, ctx: Context, opened: OpenDraft) -> Callable[[Cell], bool] | None:
        """Which cells a draft made from a notice includes; None for all of its modules."""
        if opened.draft.notice_id is None:
            return None
        news = await self._services.notices.new_lessons(ctx.chat_id, opened.draft.notice_id)
        return news.names if news is not None else None

    async def _read(
        self, ctx: Context, account: Account, opened: OpenDraft, message_id: int
    ) -> Screen:
        """Read the draft. If the process ends meanwhile, the draft stays ``reading`` and the next
        start reads it again."""
        draft_id, unreadable = opened.draft.id, 0
        try:
            takes = await self._takes(ctx, opened)
            async for read in self._drafts.read(account, opened, takes):
                name = opened.course.name
                screen = course_views.reading(ctx.tr, name, draft_id, read.done, read.total)
                self._services.outbox.show(ctx.chat_id, message_id, fixed(screen), rank=Rank.PERSON)
                unreadable = read.unreadable
            screen = await self.preview(ctx, draft_id)
        except Exception:
            await self._drafts.back_to_choosing(draft_id)
            raise
        return course_views.with_unreadable(ctx.tr, screen, unreadable)
