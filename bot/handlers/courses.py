"""From the list of courses to the preview. Slow reads run as tasks that edit the message."""

from collections.abc import Callable, Sequence

from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Translator
from bot.chat.views import courses as views
from bot.courses.plan import OpenDraft
from bot.handlers.context import Context
from bot.handlers.readings import Readings
from bot.handlers.services import Services
from bot.outbox.screen import Screen
from storage.accounts import Account
from storage.courses import Course
from storage.enums import DraftState, Pace

ListView = Callable[[Translator, Account, Sequence[Course], int], Screen]


class CourseHandlers:
    def __init__(self, services: Services, readings: Readings) -> None:
        self._drafts = services.drafts
        self._readings = readings

    async def read_courses(self, ctx: Context) -> None:
        """``/courses``: read the courses from the platform again."""
        account = await ctx.account()
        if account is not None:
            await self._read_list(ctx, account, Action.COURSES, views.course_list)

    async def courses(self, ctx: Context) -> None:
        """Show a page of the list; read it again if the stored list is old."""
        await self._list(ctx, Action.COURSES, views.course_list)

    async def finished(self, ctx: Context) -> None:
        """Show a page of the finished courses, which the list hides."""
        await self._list(ctx, Action.FINISHED, views.finished_courses)

    async def _list(self, ctx: Context, action: Action, view: ListView) -> None:
        account = await ctx.account()
        if account is None:
            return
        kept = await self._drafts.courses(account)
        if await self._drafts.are_fresh(account, kept):
            await ctx.show(view(ctx.tr, account, kept, ctx.data.page))
        else:
            await self._read_list(ctx, account, action, view)

    async def _read_list(
        self, ctx: Context, account: Account, action: Action, view: ListView
    ) -> None:
        async def read(_: int) -> Screen:
            found = await self._drafts.read_course_list(account)
            screen = view(ctx.tr, account, found.courses, ctx.data.page)
            return views.with_unreadable(ctx.tr, screen, found.unreadable)

        again = Callback(action, page=ctx.data.page)
        await ctx.show_later(account, views.loading(ctx.tr), read, again)

    async def open(self, ctx: Context) -> None:
        """Open a course: show its modules, as a fresh draft."""
        course = await self._drafts.course(ctx.chat_id, ctx.data.id(0))
        account = await ctx.account_of(course.account_id if course else None)
        if course is None or account is None:
            await ctx.outdated()
            return

        async def read(message_id: int) -> Screen:
            pace = ctx.person.chat.pace
            opened = await self._drafts.begin(account, course, message_id, pace)
            if opened is None:
                return await ctx.old_button()
            screen = _modules(ctx, opened) if opened.modules else views.no_modules(ctx.tr, course)
            return views.with_unreadable(ctx.tr, screen, opened.unreadable)

        again = Callback(Action.COURSE, (course.id,))
        await ctx.show_later(account, views.loading(ctx.tr), read, again)

    async def tick(self, ctx: Context) -> None:
        await self._drafts.tick(ctx.chat_id, ctx.data.id(0), ctx.data.id(1))
        await self._show_modules(ctx)

    async def untick(self, ctx: Context) -> None:
        await self._drafts.untick(ctx.chat_id, ctx.data.id(0), ctx.data.id(1))
        await self._show_modules(ctx)

    async def tick_all(self, ctx: Context) -> None:
        await self._drafts.tick_all(ctx.chat_id, ctx.data.id(0))
        await self._show_modules(ctx)

    async def clear(self, ctx: Context) -> None:
        await self._drafts.clear(ctx.chat_id, ctx.data.id(0))
        await self._show_modules(ctx)

    async def next(self, ctx: Context) -> None:
        """Read the ticked modules in the background, then show the preview."""
        opened = await self._opened(ctx)
        account = await ctx.account_of(opened.draft.account_id if opened else None)
        if opened is None or account is None or not opened.can_study:
            await ctx.outdated()
        elif not opened.ticked:
            await ctx.alert(ctx.tr("Tick at least one module first."))
        elif await self._drafts.claim_reading(opened.draft.id):
            await self._readings.show(ctx, account, opened, total=1)

    async def stop_reading(self, ctx: Context) -> None:
        if await self._opened(ctx) is not None:
            self._readings.stop(ctx.data.id(0))
        await self.modules(ctx)

    async def pace(self, ctx: Context) -> None:
        """Set another pace for this draft; the preview shows the new time."""
        paces = list(Pace)
        opened = await self._opened(ctx)
        if opened is None or not opened.can_study or ctx.data.id(1) >= len(paces):
            await ctx.outdated()
            return
        await self._drafts.set_pace(ctx.chat_id, ctx.data.id(0), paces[ctx.data.id(1)])
        await ctx.show(await self._readings.preview(ctx, ctx.data.id(0)))

    async def modules(self, ctx: Context) -> None:
        """Show another page of the modules, or return to them from the preview."""
        if await self._opened(ctx) is not None:
            await self._drafts.back_to_choosing(ctx.data.id(0))
            # Ticking modules selects them as a whole.
            await self._drafts.take_notice(ctx.chat_id, ctx.data.id(0), None)
        await self._show_modules(ctx)

    async def _show_modules(self, ctx: Context) -> None:
        opened = await self._opened(ctx)
        if opened is None or opened.draft.state is DraftState.STARTED:
            await ctx.outdated()
        elif opened.draft.state is DraftState.CHOOSING:
            await ctx.show(_modules(ctx, opened, ctx.data.page))

    async def _opened(self, ctx: Context) -> OpenDraft | None:
        return await self._drafts.get(ctx.chat_id, ctx.data.id(0))


def _modules(ctx: Context, opened: OpenDraft, page: int = 0) -> Screen:
    if not opened.can_study:
        about = opened.course, opened.modules, opened.draft.id
        return views.modules_to_read(ctx.tr, *about, page)
    return views.module_list(
        ctx.tr, opened.course, opened.modules, opened.ticked, opened.draft.id, page
    )
