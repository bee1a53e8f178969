"""Start, watch, pause, resume, cancel, retry: by button and by command."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Voice
from bot.chat.people import Person
from bot.chat.views import home
from bot.chat.views import job as views
from bot.handlers.desk import Desk, answer
from bot.jobs.control import Answer, Result
from bot.jobs.records import Job, counts_of
from bot.jobs.states import RESTING, JobState

Act = Callable[[int, int], Awaitable[Result]]


class JobHandlers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The preview's own message becomes the progress message."""
        if query.message is None:
            await answer(query)
            return
        result = await self._desk.control.start(
            person.chat_id, data.id(0), query.message.message_id
        )
        if result.job is None:
            await answer(query, _start_words(person.voice, result.answer), alert=True)
            if result.answer is Answer.UNKNOWN:
                await self._desk.say(person, home.old_button(person.voice, logged_in=True))
            return
        await answer(query)
        await self._desk.reporter.show_now(result.job.id)

    async def jobs(self, update: Update) -> None:
        person = await self._desk.person(update)
        await self._desk.say(person, views.job_list(person.voice, await self._entries(person)))

    async def show_jobs(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.show(query, views.job_list(person.voice, await self._entries(person)))

    async def show_job(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """One job, in the message where it was picked."""
        await answer(query)
        job = await self._job(query, person, data)
        if job is not None and query.message is not None:
            message_id = query.message.message_id
            await self._desk.reporter.show_in(person.chat_id, message_id, job.id)

    async def pause(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._act(query, person, data, self._desk.control.pause)

    async def resume(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._act(query, person, data, self._desk.control.resume)

    async def ask_cancel(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Ask once, in the message that was pressed; the job goes on meanwhile."""
        job = await self._job(query, person, data)
        if job is None or query.message is None:
            await answer(query)
            return
        if job.state.is_ended:
            await answer(query, _words(person.voice, Answer.ENDED), alert=True)
            return
        await answer(query)
        if query.message.message_id == job.message_id:
            self._desk.reporter.ask(job.id, asking=True)
            await self._desk.reporter.show_now(job.id)
        else:
            await self._desk.show(query, views.confirm_cancel(person.voice, job))

    async def keep_going(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query, person.voice("It is not cancelled."))
        job = await self._job(query, person, data)
        if job is not None:
            self._desk.reporter.ask(job.id, asking=False)
            await self._desk.reporter.show_now(job.id)
            await self._close_question(query, person, job, person.voice("It is not cancelled."))

    async def cancel(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        result = await self._desk.control.cancel(person.chat_id, data.id(0))
        words = _words(person.voice, result.answer)
        await answer(query, words)
        if result.job is None:
            await self._desk.say(person, home.old_button(person.voice, logged_in=True))
            return
        self._desk.reporter.ask(result.job.id, asking=False)
        await self._desk.reporter.show_now(result.job.id)
        await self._close_question(query, person, result.job, words)

    async def _close_question(
        self, query: CallbackQuery, person: Person, job: Job, words: str
    ) -> None:
        """A question in a message of its own says what was answered, and asks no more."""
        if query.message is not None and query.message.message_id != job.message_id:
            await self._desk.show(query, views.told(person.voice, job, words))

    async def retry(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """A new job of what failed, with a progress message of its own."""
        result = await self._desk.control.retry(person.chat_id, data.id(0))
        await answer(query, _retry_words(person.voice, result.answer))

    async def command_cancel(self, update: Update) -> None:
        await self._by_command(update, Action.CANCEL)

    async def command_pause(self, update: Update) -> None:
        await self._by_command(update, Action.PAUSE)

    async def command_resume(self, update: Update) -> None:
        await self._by_command(update, Action.RESUME)

    async def _by_command(self, update: Update, action: Action) -> None:
        """Act on the chat's unfinished job; with several that it fits, ask which."""
        person = await self._desk.person(update)
        every = await self._desk.control.unfinished(person.chat_id)
        fitting = [
            job
            for job in every
            if action is not Action.PAUSE or job.state is not JobState.PAUSED
            if action is not Action.RESUME or job.state in _RESUMABLE
        ]
        # Where it fits none, the answer says how the job stands.
        unfinished = fitting or every
        if not unfinished:
            await self._desk.say(person, views.no_job(person.voice))
        elif len(unfinished) > 1:
            await self._desk.say(person, views.which_job(person.voice, action, unfinished))
        elif action is Action.CANCEL:
            await self._desk.say(person, views.confirm_cancel(person.voice, unfinished[0]))
        else:
            act = self._desk.control.pause if action is Action.PAUSE else self._desk.control.resume
            result = await act(person.chat_id, unfinished[0].id)
            words = _words(person.voice, result.answer)
            await self._desk.say(person, views.told(person.voice, unfinished[0], words))
            await self._desk.reporter.show_now(unfinished[0].id)

    async def _act(self, query: CallbackQuery, person: Person, data: Callback, act: Act) -> None:
        result = await act(person.chat_id, data.id(0))
        await answer(query, _words(person.voice, result.answer))
        if result.job is None or query.message is None:
            await self._desk.say(person, home.old_button(person.voice, logged_in=True))
            return
        job, pressed = result.job, query.message.message_id
        await self._desk.reporter.show_now(job.id)
        if pressed != job.message_id:
            await self._desk.reporter.show_in(person.chat_id, pressed, job.id)

    async def _job(self, query: CallbackQuery, person: Person, data: Callback) -> Job | None:
        job = await self._desk.control.get(person.chat_id, data.id(0))
        if job is None:
            await self._desk.say(person, home.old_button(person.voice, logged_in=True))
        return job

    async def _entries(self, person: Person) -> list[tuple[Job, int, int]]:
        entries = []
        for job in await self._desk.control.latest(person.chat_id):
            counts = counts_of(await self._desk.control.items(job))
            entries.append((job, counts.done, counts.total))
        return entries


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


def _words(voice: Voice, result: Answer) -> str:
    match result:
        case Answer.PAUSED | Answer.ASKED:
            return voice("All right.")
        case Answer.RESUMED:
            return voice("It goes on.")
        case Answer.CANCELLED:
            return voice("It is ended.")
        case Answer.ALREADY:
            return voice("It is so already.")
        case Answer.NEEDS_LOGIN:
            return voice("It goes on when you send a new cookie.")
        case Answer.WAITS:
            return voice("It goes on by itself when the wait is over.")
        case Answer.ENDED:
            return voice("This job has already ended.")
        case _:
            return voice("That job is no longer here.")
