"""All courses at once: one press reads every unfinished course, a second press starts a job for
each."""

from functools import partial

from bot.chat.callbacks import Action, Callback
from bot.chat.views import batches as views
from bot.chat.views.hub import Origin
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.jobs.batches import Batches
from bot.limits import Limit
from bot.outbox.budget import Rank
from bot.outbox.chat_queue import fixed
from bot.outbox.screen import Screen
from storage.accounts import Account
from storage.enums import Pace


class BatchHandlers:
    def __init__(self, services: Services, batches: Batches) -> None:
        self._services = services
        self._batches = batches
        self._shown_in: dict[int, int] = {}
        """By chat: the message in which its last reading is shown."""

    async def all_courses(self, ctx: Context) -> None:
        """Read every unfinished course in the background, then show the preview of the jobs. While
        a batch of the chat is being read, the pressed message stays as it is."""
        account = await ctx.account()
        if account is not None:
            await self._read_in(ctx, account, Origin.of(ctx.data.id(0)))

    async def all_courses_of(self, ctx: Context) -> None:
        """Like :meth:`all_courses`, for the account that the button names."""
        account = await ctx.account_of(ctx.data.id(0))
        if account is None:
            await ctx.outdated()
        else:
            await self._read_in(ctx, account, Origin.of(ctx.data.id(1)))

    async def _read_in(self, ctx: Context, account: Account, origin: Origin) -> None:
        if not account.can_study:
            await ctx.outdated()
            return
        if self._services.background.is_running(("batch", ctx.chat_id)):
            await ctx.toast(ctx.tr("Your courses are being read already."))
            return
        message_id = await ctx.show(views.reading(ctx.tr))
        if message_id is not None:
            await self._begin(ctx, account, message_id, origin)

    async def go_on(self, ctx: Context) -> None:
        """A restart interrupted the reading of a batch: read it again, in its message."""
        account = await ctx.account_of(ctx.data.id(0))
        if account is None or ctx.message_id is None or not account.can_study:
            await ctx.outdated()
        else:
            await self._begin(ctx, account, ctx.message_id, Origin.of(ctx.data.id(1)))

    async def _begin(self, ctx: Context, account: Account, message_id: int, origin: Origin) -> None:
        """Start reading; of two readings of a chat, as right after a restart, the newer one goes
        on."""
        key = ("batch", ctx.chat_id)
        older = self._shown_in.get(ctx.chat_id)
        is_cut_off = self._services.background.cancel(key)
        self._shown_in[ctx.chat_id] = message_id
        again = Callback(Action.OTHER_ALL_COURSES, (account.id, origin))
        work = ctx.show_read(account, message_id, partial(self._read, ctx, account, origin), again)
        self._services.background.start(ctx.chat_id, key, work)
        if is_cut_off and older is not None and older != message_id:
            self._services.outbox.show(ctx.chat_id, older, fixed(views.stopped(ctx.tr)))
            await self._services.loading.end(ctx.chat_id, older)

    async def _read(
        self, ctx: Context, account: Account, origin: Origin, message_id: int
    ) -> Screen:
        """Read the courses. If the process ends meanwhile, the next start reads them again."""
        batch: int | None = None
        courses = await self._services.drafts.read_courses(account)
        pace = ctx.person.chat.pace
        async for read in self._batches.read(account, courses, message_id, pace):
            batch = read.batch
            screen = views.reading(ctx.tr, read.course_name, read.done, read.total)
            self._services.outbox.show(ctx.chat_id, message_id, fixed(screen), rank=Rank.PERSON)
        return await self._preview(ctx, batch, origin)

    async def stop(self, ctx: Context) -> None:
        """Stop the reading that the pressed message shows; one in another message goes on."""
        if self._shown_in.get(ctx.chat_id, ctx.message_id) == ctx.message_id:
            self._services.background.cancel(("batch", ctx.chat_id))
            await self._batches.let_go(ctx.chat_id)
        if await ctx.account() is not None:
            await ctx.show(views.stopped(ctx.tr))

    async def pace(self, ctx: Context) -> None:
        paces = list(Pace)
        if ctx.data.id(1) < len(paces):
            await self._batches.set_pace(ctx.chat_id, ctx.data.id(0), paces[ctx.data.id(1)])
        await ctx.show(await self._preview(ctx, ctx.data.id(0), Origin.of(ctx.data.id(2))))

    async def start(self, ctx: Context) -> None:
        """Start the jobs. The first job uses the preview's message, the others send their own. If
        other jobs have all of it by now, show the preview again, which says so."""
        batch, origin = ctx.data.id(0), Origin.of(ctx.data.id(1))
        jobs, is_full = await self._batches.start(ctx.chat_id, batch, ctx.message_id)
        if is_full:
            await ctx.say_limit(Limit.JOBS)
        elif not jobs and await self._batches.plans(ctx.chat_id, batch):
            await ctx.show(await self._preview(ctx, batch, origin))
        elif not jobs:
            await ctx.outdated()
        for job in jobs:
            await ctx.show_job(job.id)

    async def _preview(self, ctx: Context, batch: int | None, origin: Origin) -> Screen:
        plans = await self._batches.plans(ctx.chat_id, batch) if batch is not None else []
        return views.preview(ctx.tr, plans, batch or 0, origin)
