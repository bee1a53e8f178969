"""Start, show, pause, resume, cancel and retry jobs: by button and by command."""

from collections.abc import Awaitable, Callable

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.views import full_list as full_list_views
from bot.chat.views import job as views
from bot.chat.views import jobs as jobs_views
from bot.chat.views.limits import sentence as limit_sentence
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.jobs.answers import Answer, Result
from bot.jobs.items import counts_of
from bot.limits import Limit
from bot.outbox.screen import Screen
from storage.enums import RESTING, JobRequest, JobState
from storage.jobs import Job

Act = Callable[[int, int], Awaitable[Result]]


class JobHandlers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._control = services.control
        self._reporter = services.reporter

    async def start(self, ctx: Context) -> None:
        """Start the job; the preview's own message becomes the progress message."""
        result = await self._control.start(ctx.chat_id, ctx.data.id(0), ctx.message_id)
        if result.job is not None and result.answer is Answer.PLANNED:
            await ctx.show(views.already_planned(ctx.tr, result.job))
            return
        if result.job is not None:
            await ctx.show_job(result.job.id)
            return
        await ctx.alert(_start_words(ctx.tr, result.answer))
        if result.answer is Answer.TOO_MANY:
            await self._services.access.limited(ctx.chat_id, Limit.JOBS)
        if result.answer is Answer.UNKNOWN:
            await ctx.outdated()

    async def jobs(self, ctx: Context) -> None:
        entries = [
            (job, counts_of(await self._control.items(job)))
            for job in await self._control.latest(ctx.chat_id)
        ]
        times = [(job.id, await self._reporter.left(job)) for job, _ in entries]
        left = {job_id: time for job_id, time in times if time is not None}
        if entries or await ctx.account() is not None:
            await ctx.show(jobs_views.job_list(ctx.tr, entries, ctx.now(), left))

    async def job(self, ctx: Context) -> None:
        """Show one job with its history, in the message of the list."""
        job = await self._job(ctx)
        if job is not None:
            await ctx.show(await self._details(ctx, job))

    async def refresh(self, ctx: Context) -> None:
        """Bring the job's progress message up to date at once."""
        job = await self._job(ctx)
        if job is not None:
            await ctx.show_job(job.id)

    async def pause(self, ctx: Context) -> None:
        await self._act(ctx, self._control.pause)

    async def resume(self, ctx: Context) -> None:
        await self._act(ctx, self._control.resume)

    async def ask_cancel(self, ctx: Context) -> None:
        """Ask once for confirmation, in the pressed message; the job goes on meanwhile."""
        job = await self._job(ctx)
        if job is None:
            return
        if job.state.is_ended:
            await ctx.alert(ctx.tr("This job has already ended."))
        elif ctx.message_id == job.message_id:
            self._reporter.ask(job.id, asking=True)
            await ctx.show_job(job.id)
        else:
            await ctx.show(views.confirm_cancel(ctx.tr, job))

    async def keep_going(self, ctx: Context) -> None:
        words = ctx.tr("It is not cancelled.")
        await ctx.toast(words)
        job = await self._job(ctx)
        if job is not None:
            await self._close_question(ctx, job, words)

    async def cancel(self, ctx: Context) -> None:
        result = await self._control.cancel(ctx.chat_id, ctx.data.id(0))
        words = _words(ctx.tr, result)
        await ctx.toast(words)
        if result.job is None:
            await ctx.outdated()
        else:
            await self._close_question(ctx, result.job, words)

    async def _close_question(self, ctx: Context, job: Job, words: str) -> None:
        """End the question about the job; a question in a message of its own is replaced by
        ``words``."""
        self._reporter.ask(job.id, asking=False)
        await ctx.show_job(job.id)
        if ctx.message_id != job.message_id:
            await ctx.show(views.told(ctx.tr, job, words))

    async def retry(self, ctx: Context) -> None:
        """Start a new job with the failed cells, with a progress message of its own."""
        result = await self._control.retry(ctx.chat_id, ctx.data.id(0))
        if result.answer is Answer.TOO_MANY:
            await ctx.alert(limit_sentence(ctx.tr, Limit.JOBS))
            await self._services.access.limited(ctx.chat_id, Limit.JOBS)
        else:
            await ctx.toast(_retry_words(ctx.tr, result.answer))

    async def full_list(self, ctx: Context) -> None:
        """Send every cell as a file; a second press before it is sent has no effect."""
        job = await self._job(ctx)
        if job is not None:
            key = ("full list", job.id)
            self._services.background.start(ctx.chat_id, key, self._send_full_list(ctx, job))

    async def _send_full_list(self, ctx: Context, job: Job) -> None:
        items = await self._control.items(job)
        await self._services.outbox.send_file(
            ctx.chat_id,
            full_list_views.document(ctx.tr, job, items),
            full_list_views.caption(ctx.tr, job, items),
        )

    async def by_command(self, ctx: Context, *, action: Action) -> None:
        """Apply the action, to pause, resume or cancel, to the chat's unfinished job; if it fits
        several, ask which."""
        every = await self._control.unfinished(ctx.chat_id)
        fitting = [
            job
            for job in every
            if action is not Action.PAUSE or job.state is not JobState.PAUSED
            if action is not Action.RESUME or job.state in _RESUMABLE
        ]
        # If it fits none, the answer tells the state of the job.
        unfinished = fitting or every
        if not unfinished:
            if await ctx.account() is not None:
                await ctx.say(views.no_job(ctx.tr))
        elif len(unfinished) > 1:
            await ctx.say(views.which_job(ctx.tr, action, unfinished))
        elif action is Action.CANCEL:
            await ctx.say(views.confirm_cancel(ctx.tr, unfinished[0]))
        else:
            act = self._control.pause if action is Action.PAUSE else self._control.resume
            result = await act(ctx.chat_id, unfinished[0].id)
            await ctx.say(views.told(ctx.tr, unfinished[0], _words(ctx.tr, result)))
            await ctx.show_job(unfinished[0].id)

    async def _act(self, ctx: Context, act: Act) -> None:
        result = await act(ctx.chat_id, ctx.data.id(0))
        await ctx.toast(_words(ctx.tr, result))
        if result.job is None:
            await ctx.outdated()
            return
        job = result.job
        await ctx.show_job(job.id)
        if ctx.message_id != job.message_id:
            now = await self._control.get(ctx.chat_id, job.id)
            await ctx.show(await self._details(ctx, now or job))

    async def _job(self, ctx: Context) -> Job | None:
        job = await self._control.get(ctx.chat_id, ctx.data.id(0))
        if job is None:
            await ctx.outdated()
        return job

    async def _details(self, ctx: Context, job: Job) -> Screen:
        return jobs_views.details(
            ctx.tr,
            job,
            await self._control.items(job),
            await self._control.history(job),
            ctx.now(),
            may_retry=await self._control.may_retry(job),
            left=await self._reporter.left(job),
        )


_RESUMABLE = RESTING - {JobState.QUEUED}


def _start_words(tr: Translator, result: Answer) -> str:
    if result is Answer.NOTHING_TO_DO:
        return tr("There is nothing to study in it.")
    if result is Answer.TOO_MANY:
        return limit_sentence(tr, Limit.JOBS)
    return tr("This menu is from before. Please pick the modules again.")


def _retry_words(tr: Translator, result: Answer) -> str:
    match result:
        case Answer.STARTED:
            return tr("Trying again.")
        case Answer.ALREADY_STARTED:
            return tr("It is being tried again already.")
        case Answer.PLANNED:
            return tr("Another job has all of it already.")
        case _:
            return tr("There is nothing to try again.")


def _words(tr: Translator, result: Result) -> str:
    match result.answer:
        case Answer.PAUSED:
            return tr("Paused.")
        case Answer.ASKED:
            return tr("Stopping as soon as the current step is done.")
        case Answer.RESUMED:
            return tr("OK, it continues.")
        case Answer.CANCELLED:
            return tr("It has ended.")
        case Answer.ALREADY:
            return _already(tr, result.job)
        case Answer.NEEDS_LOGIN:
            return tr("It continues when you send a new cookie.")
        case Answer.WAITS:
            return tr("It continues automatically when the wait is over.")
        case Answer.ENDED:
            return tr("This job has already ended.")
        case _:
            return tr("That job is no longer here.")


def _already(tr: Translator, job: Job | None) -> str:
    """The job already is in the requested state: say so."""
    if job is not None and job.requested is JobRequest.CANCEL:
        return tr("It is being cancelled already.")
    if job is not None and (job.state is JobState.PAUSED or job.requested is JobRequest.PAUSE):
        return tr("It is paused already.")
    if job is not None and job.state is JobState.QUEUED:
        return tr("It is in the queue already.")
    return tr("It is running already.")
