"""All courses: one press reads every unfinished one, a second one starts a job for each."""

from telegram import CallbackQuery

from bot.chat.callbacks import Callback
from bot.chat.lane import fixed
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import account as account_views
from bot.chat.views import batches as views
from bot.chat.views import home
from bot.handlers.desk import Desk, answer
from bot.handlers.readings import Readings
from bot.jobs.batches import Batches
from bot.study.pace import Pace
from bot.zjy.errors import ZjyError
from storage.accounts import Account
from storage.drafts import Draft


class BatchHandlers:
    def __init__(self, desk: Desk, batches: Batches, readings: Readings) -> None:
        self._desk = desk
        self._batches = batches
        self._readings = readings

    async def all_courses(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Read every unfinished course in the background, then show what would be done."""
        await answer(query)
        account = await self._desk.accounts.active(person.chat_id)
        if account is None:
            await self._desk.show(query, account_views.log_in_first(person.voice))
            return
        message_id = await self._desk.show_in(query, views.reading(person.voice, "", 0, 1))
        self._begin(person, account, message_id)

    async def all_courses_anew(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The same for the account that the button names, in a message of its own: the digest
        that was pressed stays."""
        await answer(query)
        accounts = await self._desk.accounts.of_chat(person.chat_id)
        account = next((each for each in accounts if each.id == data.id(0)), None)
        if account is None:
            known = await self._desk.accounts.active(person.chat_id) is not None
            await self._desk.say(person, home.old_button(person.voice, logged_in=known))
            return
        message_id = await self._desk.say(person, views.reading(person.voice, "", 0, 1))
        if message_id is not None and not self._begin(person, account, message_id):
            await self._desk.outbox.delete(person.chat_id, message_id)

    async def go_on(self, draft: Draft) -> None:
        """A restart cut off the reading of a batch: read it again, in its message."""
        person = await self._desk.people.of_chat(draft.chat_id)
        accounts = await self._desk.accounts.of_chat(draft.chat_id)
        account = next((each for each in accounts if each.id == draft.account_id), None)
        if person is not None and account is not None and draft.message_id is not None:
            self._begin(person, account, draft.message_id)

    def _begin(self, person: Person, account: Account, message_id: int) -> bool:
        """False if a batch of the chat is being read already."""
        return self._desk.background.start(
            person.chat_id,
            ("batch", person.chat_id),
            self._read(person, account, message_id),
        )

    async def _read(self, person: Person, account: Account, message_id: int) -> None:
        batch: int | None = None
        try:
            courses = await self._desk.drafts.read_courses(account)
            pace = person.chat.pace
            async for read in self._batches.read(account, courses, message_id, pace):
                batch = read.batch
                screen = views.reading(person.voice, read.course_name, read.done, read.total)
                self._desk.outbox.show(person.chat_id, message_id, fixed(screen))
            screen = await self._preview(person, batch)
        except ZjyError as error:
            screen = await self._readings.trouble(person, account, error)
        await self._desk.outbox.edit(person.chat_id, message_id, screen)

    async def stop(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        self._desk.background.cancel(("batch", person.chat_id))
        await self._batches.let_go(person.chat_id)
        account = await self._desk.accounts.active(person.chat_id)
        screen = views.stopped(person.voice)
        if account is None:
            screen = account_views.log_in_first(person.voice)
        await self._desk.show(query, screen)

    async def pace(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        paces = list(Pace)
        if data.id(1) < len(paces):
            await self._batches.set_pace(person.chat_id, data.id(0), paces[data.id(1)])
        await self._desk.show(query, await self._preview(person, data.id(0)))

    async def start(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The first job takes the preview's message, the others follow in their own."""
        if query.message is None:
            await answer(query)
            return
        message_id = query.message.message_id
        jobs = await self._batches.start(person.chat_id, data.id(0), message_id)
        await answer(query)
        if not jobs:
            await self._desk.say(person, home.old_button(person.voice, logged_in=True))
            return
        for job in jobs:
            await self._desk.reporter.show_now(job.id)

    async def _preview(self, person: Person, batch: int | None) -> Screen:
        plans = await self._batches.plans(person.chat_id, batch) if batch is not None else []
        return views.preview(person.voice, plans, batch or 0)
