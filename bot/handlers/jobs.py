"""Start, watch, pause, resume, cancel, retry: by button and by command."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Voice
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import account as account_views
from bot.chat.views import full_list as full_list_views
from bot.chat.views import home
from bot.chat.views import job as views
from bot.chat.views import jobs as jobs_views
from bot.clock import Clock
from bot.handlers.services import Services, answer
from bot.jobs.answers import Answer, Result
from bot.jobs.records import Job, counts_of
from bot.jobs.states import RESTING, JobState, Wanted

Act = Callable[[int, int], Awaitable[Result]]


class JobHandlers:
    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock

    async def start(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The preview's own message becomes the progress message."""
        if query.message is None:
            await answer(query)
            return
        result = await self._services.control.start(
            person.chat_id, data.id(0), query.message.message_id
        )
        if result.job is None:
            await answer(query, _start_words(person.voice, result.answer), alert=True)
            if result.answer is Answer.UNKNOWN:
                await self._old(person)
            return
        await answer(query)
        await self._services.reporter.show_now(result.job.id)

    async def jobs(self, update: Update) -> None:
        person = await self._services.person(update)
        await self._services.say(person, await self._list(person))

    async def show_jobs(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._services.show(query, await self._list(person))

    async def show_jobs_anew(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The same in a message of its own, from a notice that shall stay."""
        await answer(query)
        await self._services.say(person, await self._list(person))

    async def show_job(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """One job with its history, in the message where it was picked."""
        await answer(query)
        job = await self._job(query, person, data)
        if job is not None:
            await self._services.show(query, await self._details(person, job))

    async def pause(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._act(query, person, data, self._services.control.pause)

    async def resume(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._act(query, person, data, self._services.control.resume)

    async def ask_cancel(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Ask once, in the message that was pressed; the job goes on meanwhile."""
        job = await self._job(query, person, data)
        if job is None or query.message is None:
            await answer(query)
            return
        if job.state.is_ended:
            await answer(query, person.voice("This job has already ended."), alert=True)
            return
        await answer(query)
        if query.message.message_id == job.message_id:
            self._services.reporter.ask(job.id, asking=True)
            await self._services.reporter.show_now(job.id)
        else:
            await self._services.show(query, views.confirm_cancel(person.voice, job))

    async def keep_going(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query, person.voice("It is not cancelled."))
        job = await self._job(query, person, data)
        if job is not None:
            self._services.reporter.ask(job.id, asking=False)
            await self._services.reporter.show_now(job.id)
            await self._close_question(query, person, job, person.voice("It is not cancelled."))

    async def cancel(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        result = await self._services.control.cancel(person.chat_id, data.id(0))
        words = _words(person.voice, result)
        await answer(query, words)
        if result.job is None:
            await self._old(person)
            return
        self._services.reporter.ask(result.job.id, asking=False)
        await self._services.reporter.show_now(result.job.id)
        await self._close_question(query, person, result.job, words)

    async def _close_question(
        self, query: CallbackQuery, person: Person, job: Job, words: str
    ) -> None:
        """A question in a message of its own says what was answered, and asks no more."""
        if query.message is not None and query.message.message_id != job.message_id:
            await self._services.show(query, views.told(person.voice, job, words))

    async def retry(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """A new job of what failed, with a progress message of its own."""
        result = await self._services.control.retry(person.chat_id, data.id(0))
        await answer(query, _retry_words(person.voice, result.answer))

    async def full_list(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Every cell as a file; a second press while it is on its way brings no second one."""
        await answer(query)
        job = await self._job(query, person, data)
        if job is not None:
            key = ("full list", job.id)
            self._services.background.start(person.chat_id, key, self._send_full_list(person, job))

    async def _send_full_list(self, person: Person, job: Job) -> None:
        items = await self._services.control.items(job)
        await self._services.outbox.send_document(
            person.chat_id,
            full_list_views.document(person.voice, job, items),
            full_list_views.caption(person.voice, job, items),
        )

    async def command_cancel(self, update: Update) -> None:
        await self._by_command(update, Action.CANCEL)

    async def command_pause(self, update: Update) -> None:
        await self._by_command(update, Action.PAUSE)

    async def command_resume(self, update: Update) -> None:
        await self._by_command(update, Action.RESUME)

    async def _by_command(self, update: Update, action: Action) -> None:
        """Act on the chat's unfinished job; with several that it fits, ask which."""
        person = await self._services.person(update)
        every = await self._services.control.unfinished(person.chat_id)
        fitting = [
            job
            for job in every
            if action is not Action.PAUSE or job.state is not JobState.PAUSED
            if action is not Action.RESUME or job.state in _RESUMABLE
        ]
        # Where it fits none, the answer says how the job stands.
        unfinished = fitting or every
        if not unfinished:
            nothing = views.no_job(person.voice)
            await self._services.say(person, await self._or_login(person, nothing))
        elif len(unfinished) > 1:
            await self._services.say(person, views.which_job(person.voice, action, unfinished))
        elif action is Action.CANCEL:
            await self._services.say(person, views.confirm_cancel(person.voice, unfinished[0]))
        else:
            act = (
                self._services.control.pause
                if action is Action.PAUSE
                else self._services.control.resume
            )
            result = await act(person.chat_id, unfinished[0].id)
            words = _words(person.voice, result)
            await self._services.say(person, views.told(person.voice, unfinished[0], words))
            await self._services.reporter.show_now(unfinished[0].id)

    async def _act(self, query: CallbackQuery, person: Person, data: Callback, act: Act) -> None:
        result = await act(person.chat_id, data.id(0))
        await answer(query, _words(person.voice, result))
        if result.job is None or query.message is None:
            await self._old(person)
            return
        job, pressed = result.job, query.message.message_id
        await self._services.reporter.show_now(job.id)
        if pressed != job.message_id:
            now = await self._services.control.get(person.chat_id, job.id)
            await self._services.show(query, await self._details(person, now or job))

    async def _job(self, query: CallbackQuery, person: Person, data: Callback) -> Job | None:
        job = await self._services.control.get(person.chat_id, data.id(0))
        if job is None:
            await self._old(person)
        return job

    async def _list(self, person: Person) -> Screen:
        entries = [
            (job, counts_of(await self._services.control.items(job)))
            for job in await self._services.control.latest(person.chat_id)
        ]
        screen = jobs_views.job_list(person.voice, entries, self._now(person))
        return screen if entries else await self._or_login(person, screen)

    async def _or_login(self, person: Person, screen: Screen) -> Screen:
        """The screen for somebody who is logged in; else how to become so."""
        if await self._services.accounts.active(person.chat_id) is not None:
            return screen
        return account_views.log_in_first(person.voice)

    async def _old(self, person: Person) -> None:
        """The button says nothing any more: a fresh menu."""
        account = await self._services.accounts.active(person.chat_id)
        await self._services.say(
            person, home.old_button(person.voice, logged_in=account is not None)
        )

    async def _details(self, person: Person, job: Job) -> Screen:
        control = self._services.control
        return jobs_views.details(
            person.voice,
            job,
            counts_of(await control.items(job)),
            await control.history(job),
            self._now(person),
            may_retry=await control.may_retry(job),
        )

    def _now(self, person: Person) -> jobs_views.Now:
        return jobs_views.Now(self._clock.now(), person.zone)


_RESUMABLE = RESTING - {JobState.QUEUED}


def _start_words(voice: Voice, result: Answer) -> str:
    if result is Answer.NOTHING_TO_DO:
        return voice("There is nothing to study in it.")
    return voice("This menu is from before. Please pick the modules again.")


def _retry_words(voice: Voice, result: Answer) -> str:
    match result:
        case Answer.STARTED:
            return voice("Trying again.")
        case Answer.ALREADY_STARTED:
            return voice("It is being tried again already.")
        case _:
            return voice("There is nothing to try again.")


def _words(voice: Voice, result: Result) -> str:
    match result.answer:
        case Answer.PAUSED:
            return voice("Paused.")
        case Answer.ASKED:
            return voice("All right: it stops within one report.")
        case Answer.RESUMED:
            return voice("It goes on.")
        case Answer.CANCELLED:
            return voice("It is ended.")
        case Answer.ALREADY:
            return _already(voice, result.job)
        case Answer.NEEDS_LOGIN:
            return voice("It goes on when you send a new cookie.")
        case Answer.WAITS:
            return voice("It goes on by itself when the wait is over.")
        case Answer.ENDED:
            return voice("This job has already ended.")
        case _:
            return voice("That job is no longer here.")


def _already(voice: Voice, job: Job | None) -> str:
    """What was asked for is so: say what is."""
    if job is not None and job.wanted is Wanted.CANCEL:
        return voice("It is being cancelled already.")
    if job is not None and (job.state is JobState.PAUSED or job.wanted is Wanted.PAUSE):
        return voice("It is paused already.")
    if job is not None and job.state is JobState.QUEUED:
        return voice("It is in the queue already.")
    return voice("It is running already.")
