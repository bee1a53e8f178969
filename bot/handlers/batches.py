"""All courses at once: one press reads every unfinished course, a second press starts a job for
each."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.chat.views import batches as views
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.jobs.batches import Batches
from bot.outbox.budget import Rank
from bot.outbox.chat_queue import fixed
from bot.outbox.screen import Screen
from storage.accounts import Account
from storage.batch_readings import BatchReading
from storage.enums import Pace

Put = Callable[[Screen], Awaitable[int | None]]
"""Shows a screen in a message; returns the message's id."""


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
            await self._read_all(ctx, account, ctx.show)

    async def all_courses_of(self, ctx: Context) -> None:
        """Like :meth:`all_courses`, for the account that the button names, in a new message: the
        pressed digest stays."""
        account = await ctx.account_of(ctx.data.id(0))
        if account is None:
            await ctx.outdated()
        else:
            await self._read_all(ctx, account, ctx.say)

    async def _read_all(self, ctx: Context, account: Account, put: Put) -> None:
        if self._services.background.is_running(("batch", ctx.chat_id)):
            await ctx.toast(ctx.tr("Your courses are being read already."))
        else:
            self._begin(ctx, account, await put(views.reading(ctx.tr)))

    async def go_on(self, cut_off: BatchReading) -> None:
        """A restart interrupted the reading of a batch: read it again, in its message."""
        person = await self._services.people.of_chat(cut_off.chat_id)
        if person is not None:
            ctx = Context(self._services, person)
            self._begin(ctx, await ctx.account_of(cut_off.account_id), cut_off.message_id)

    def _begin(self, ctx: Context, account: Account | None, message_id: int | None) -> None:
        """Start reading; of two readings of a chat, as right after a restart, the newer one goes
        on."""
        if account is None or message_id is None:
            return
        key = ("batch", ctx.chat_id)
        older = self._shown_in.get(ctx.chat_id)
        if self._services.background.cancel(key) and older not in (None, message_id):
            self._services.outbox.show(ctx.chat_id, older, fixed(views.stopped(ctx.tr)))
        self._shown_in[ctx.chat_id] = message_id
        work = ctx.show_read(account, message_id, partial(self._read, ctx, account))
        self._services.background.start(ctx.chat_id, key, work)

    async def _read(self, ctx: Context, account: Account, message_id: int) -> Screen:
        """Read the courses. If the process ends meanwhile, the next start reads them again."""
        batch: int | None = None
        await self._batches.begin(account, message_id)
        try:
            courses = await self._services.drafts.read_courses(account)
            pace = ctx.person.chat.pace
            async for read in self._batches.read(account, courses, message_id, pace):
                batch = read.batch
                screen = views.reading(ctx.tr, read.course_name, read.done, read.total)
                self._services.outbox.show(ctx.chat_id, message_id, fixed(screen), rank=Rank.PERSON)
            screen = await self._preview(ctx, batch)
        except Exception:
            await self._batches.end(ctx.chat_id)
            raise
        await self._batches.end(ctx.chat_id)
        return screen

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
        await ctx.show(await self._preview(ctx, ctx.data.id(0)))

    async def start(self, ctx: Context) -> None:
        """Start the jobs. The first job uses the preview's message, the others send their own."""
        jobs = await self._batches.start(ctx.chat_id, ctx.data.id(0), ctx.message_id)
        if not jobs:
            await ctx.outdated()
        for job in jobs:
            await ctx.show_job(job.id)

    async def _preview(self, ctx: Context, batch: int | None) -> Screen:
        plans = await self._batches.plans(ctx.chat_id, batch) if batch is not None else []
        return views.preview(ctx.tr, plans, batch or 0)
