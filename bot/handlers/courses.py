"""From the list of courses to the preview. Slow reads run as tasks that edit the message."""

from collections.abc import Awaitable, Callable, Sequence

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.i18n import Voice
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import account as account_views
from bot.chat.views import courses as views
from bot.chat.views import home
from bot.handlers.desk import Desk, answer
from bot.handlers.readings import Readings
from bot.jobs.drafts import OpenDraft
from bot.study.pace import Pace
from bot.zjy.errors import ZjyError
from storage.accounts import Account
from storage.courses import Course

ListView = Callable[[Voice, str, Sequence[Course], int], Screen]


class CourseHandlers:
    def __init__(self, desk: Desk, readings: Readings) -> None:
        self._desk = desk
        self._readings = readings

    async def courses(self, update: Update) -> None:
        """``/courses``: ask the platform anew."""
        await self._say_courses(await self._desk.person(update))

    async def show_courses_anew(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._say_courses(person)

    async def _say_courses(self, person: Person) -> None:
        account = await self._desk.accounts.active(person.chat_id)
        if account is None:
            await self._desk.say(person, account_views.log_in_first(person.voice))
            return
        message_id = await self._desk.say(person, views.loading(person.voice))
        if message_id is not None:
            self._read_courses(person, account, message_id)

    async def show_courses(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """A page of the list; read anew when what is kept is old."""
        await self._show_courses(query, person, data.page, views.course_list)

    async def show_finished(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """A page of the finished courses, which are folded away."""
        await self._show_courses(query, person, data.page, views.finished_courses)

    async def _show_courses(
        self, query: CallbackQuery, person: Person, page: int, view: ListView
    ) -> None:
        await answer(query)
        account = await self._desk.accounts.active(person.chat_id)
        if account is None:
            await self._desk.show(query, account_views.log_in_first(person.voice))
            return
        kept = await self._desk.drafts.courses(account)
        if await self._desk.drafts.are_fresh(account, kept):
            await self._desk.show(query, view(person.voice, account.name, kept, page))
            return
        message_id = await self._desk.show_in(query, views.loading(person.voice))
        self._read_courses(person, account, message_id, page, view)

    def _read_courses(
        self,
        person: Person,
        account: Account,
        message_id: int,
        page: int = 0,
        view: ListView = views.course_list,
    ) -> None:
        async def read() -> Screen:
            found = await self._desk.drafts.read_course_list(account)
            screen = view(person.voice, account.name, found.courses, page)
            return views.with_unreadable(person.voice, screen, found.unreadable)

        self._in_background(person, account, message_id, read)

    async def open_course(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """A course was picked: its modules, as a fresh draft in the same message."""
        await answer(query)
        await self._open(query, person, data, anew=False)

    async def open_course_anew(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The same in a message of its own, from a summary that shall stay."""
        await answer(query)
        await self._open(query, person, data, anew=True)

    async def _open(
        self, query: CallbackQuery, person: Person, data: Callback, *, anew: bool
    ) -> None:
        course = await self._desk.drafts.course(person.chat_id, data.id(0))
        account = await self._account_of(person, course.account_id if course else None)
        if course is None or account is None:
            await self._old(query, person)
            return
        loading = views.loading(person.voice)
        message_id = (
            await self._desk.say(person, loading)
            if anew
            else await self._desk.show_in(query, loading)
        )
        if message_id is None:
            return

        async def read() -> Screen:
            opened = await self._desk.drafts.begin(account, course, message_id, person.chat.pace)
            if opened is None:
                return home.old_button(person.voice, logged_in=True)
            if opened.modules:
                screen = self._modules(person, opened, 0)
            else:
                screen = views.no_modules(person.voice, course)
            return views.with_unreadable(person.voice, screen, opened.unreadable)

        self._in_background(person, account, message_id, read)

    async def modules(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Another page of the modules, or back to them from the preview."""
        await answer(query)
        await self._choose_again(query, person, data)

    async def tick(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.drafts.tick(person.chat_id, data.id(0), data.id(1))
        await self._show_modules(query, person, data)

    async def untick(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.drafts.untick(person.chat_id, data.id(0), data.id(1))
        await self._show_modules(query, person, data)

    async def tick_all(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.drafts.tick_all(person.chat_id, data.id(0))
        await self._show_modules(query, person, data)

    async def clear(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.drafts.clear(person.chat_id, data.id(0))
        await self._show_modules(query, person, data)

    async def next(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Read the ticked modules in the background, then show the preview."""
        opened = await self._opened(person, data)
        account = await self._account_of(person, opened.draft.account_id if opened else None)
        if opened is None or account is None:
            await answer(query)
            await self._old(query, person)
            return
        if not opened.ticked:
            await answer(query, person.voice("Tick at least one module first."), alert=True)
            return
        await answer(query)
        if not await self._desk.drafts.claim_reading(opened.draft.id):
            return
        screen = views.reading(person.voice, opened.course.name, opened.draft.id, 0, 1)
        message_id = await self._desk.show_in(query, screen)
        self._readings.begin(person, account, opened, message_id)

    async def stop_reading(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        if await self._opened(person, data) is not None:
            self._readings.stop(data.id(0))
        await self._choose_again(query, person, data)

    async def pace(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Another pace for this draft; the preview tells the new time."""
        await answer(query)
        paces = list(Pace)
        if await self._opened(person, data) is None or data.id(1) >= len(paces):
            await self._old(query, person)
            return
        await self._desk.drafts.set_pace(person.chat_id, data.id(0), paces[data.id(1)])
        await self._desk.show(query, await self._readings.preview(person, data.id(0)))

    async def _choose_again(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        if await self._opened(person, data) is not None:
            await self._desk.drafts.back_to_choosing(data.id(0))
            # Who ticks modules means all of them.
            await self._desk.drafts.take_notice(person.chat_id, data.id(0), None)
        await self._show_modules(query, person, data)

    async def _show_modules(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        opened = await self._opened(person, data)
        if opened is None or opened.draft.state in {"started", "dropped"}:
            await self._old(query, person)
        elif opened.draft.state == "choosing":
            await self._desk.show(query, self._modules(person, opened, data.page))

    def _modules(self, person: Person, opened: OpenDraft, page: int) -> Screen:
        return views.module_list(
            person.voice, opened.course, opened.modules, opened.ticked, opened.draft.id, page
        )

    async def _opened(self, person: Person, data: Callback) -> OpenDraft | None:
        return await self._desk.drafts.get(person.chat_id, data.id(0))

    async def _account_of(self, person: Person, account_id: int | None) -> Account | None:
        accounts = await self._desk.accounts.of_chat(person.chat_id)
        return next((each for each in accounts if each.id == account_id), None)

    async def _old(self, query: CallbackQuery, person: Person) -> None:
        account = await self._desk.accounts.active(person.chat_id)
        screen = home.old_button(person.voice, logged_in=account is not None)
        await self._desk.say(person, screen)

    def _in_background(
        self,
        person: Person,
        account: Account,
        message_id: int,
        read: Callable[[], Awaitable[Screen]],
    ) -> None:
        """Show what ``read`` finds, or its trouble, in the message."""

        async def work() -> None:
            try:
                screen = await read()
            except ZjyError as error:
                screen = await self._readings.trouble(person, account, error)
            await self._desk.outbox.edit(person.chat_id, message_id, screen)

        self._desk.background.start(person.chat_id, ("message", person.chat_id, message_id), work())
