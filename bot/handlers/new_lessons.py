"""Start on a notice of new lessons: reads the lessons that it names, and shows the preview."""

from functools import partial

from bot.chat.views import courses as course_views
from bot.handlers.context import Context
from bot.handlers.readings import Readings
from bot.handlers.services import Services
from bot.outbox.screen import Screen
from bot.tracking.new_lessons import NewLessonsNotice
from storage.accounts import Account
from storage.courses import Course


class NewLessonHandlers:
    """Starts no job: the preview's own button does that."""

    def __init__(self, services: Services, readings: Readings) -> None:
        self._services = services
        self._drafts = services.drafts
        self._readings = readings

    async def start(self, ctx: Context) -> None:
        """Read the lessons that the notice names; a second press during the read has no effect."""
        news = await self._services.notices.new_lessons(ctx.chat_id, ctx.data.id(0))
        account = await ctx.account_of(news.account_id if news else None)
        course = await self._drafts.course(ctx.chat_id, news.course_id) if news else None
        if news is None or account is None or course is None or not account.can_study:
            await ctx.outdated()
            return
        work = self._prepare(ctx, account, course, news)
        key = ("new lessons", ctx.chat_id, course.id)
        self._services.background.start(ctx.chat_id, key, work)

    async def whole_modules(self, ctx: Context) -> None:
        """From the preview of new lessons: read the whole modules that hold them."""
        chat_id, draft_id = ctx.chat_id, ctx.data.id(0)
        opened = await self._drafts.get(chat_id, draft_id)
        account = await ctx.account_of(opened.draft.account_id if opened else None)
        is_open = (
            opened and opened.can_study and await self._drafts.take_notice(chat_id, draft_id, None)
        )
        if account is None or not is_open:
            await ctx.outdated()
            return
        await self._drafts.back_to_choosing(draft_id)
        anew = await self._drafts.get(chat_id, draft_id)
        if anew is not None and await self._drafts.claim_reading(draft_id):
            await self._readings.show(ctx, account, anew, total=len(anew.ticked))

    async def _prepare(
        self, ctx: Context, account: Account, course: Course, news: NewLessonsNotice
    ) -> None:
        message_id = await ctx.show(course_views.loading(ctx.tr))
        if message_id is not None:
            read = partial(self._read, ctx, account, course, news)
            await ctx.show_read(account, message_id, read, ctx.data)

    async def _read(
        self,
        ctx: Context,
        account: Account,
        course: Course,
        news: NewLessonsNotice,
        message_id: int,
    ) -> Screen | None:
        """Read the lessons; None if a task shows the preview later."""
        opened = await self._drafts.begin(account, course, message_id, ctx.person.chat.pace)
        if opened is None:
            return await ctx.old_button()
        draft_id = opened.draft.id
        named = {module.module_id for module in news.modules}
        for module in opened.modules:
            if module.module_id in named:
                await self._drafts.tick(ctx.chat_id, draft_id, module.id)
        ticked = await self._drafts.get(ctx.chat_id, draft_id)
        if ticked is None or not ticked.ticked:
            # The teacher withdrew the lessons meanwhile: show the course as it is now.
            return course_views.module_list(
                ctx.tr, opened.course, opened.modules, set(), draft_id, 0
            )
        await self._drafts.take_notice(ctx.chat_id, draft_id, ctx.data.id(0))
        of_notice = await self._drafts.get(ctx.chat_id, draft_id)
        if of_notice is not None and await self._drafts.claim_reading(draft_id):
            self._readings.begin(ctx, account, of_notice, message_id)
        return None
