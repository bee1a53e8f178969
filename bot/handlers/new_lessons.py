"""Start on a notice of new lessons: what it names is read, and shown as what would be done."""

from telegram import CallbackQuery

from bot.chat.callbacks import Callback
from bot.chat.people import Person
from bot.chat.views import courses as course_views
from bot.chat.views import home
from bot.digest.notice import NewLessonsNotice
from bot.handlers.desk import Desk, answer
from bot.handlers.readings import Readings
from bot.zjy.errors import ZjyError
from storage.accounts import Account
from storage.courses import Course


class NewLessonHandlers:
    """Nothing starts here: the preview's own button does that."""

    def __init__(self, desk: Desk, readings: Readings) -> None:
        self._desk = desk
        self._readings = readings

    async def start(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Read the lessons that the notice names, in a new message; a second press while they are
        read brings no more."""
        await answer(query)
        news = await self._desk.notices.new_lessons(person.chat_id, data.id(0))
        accounts = await self._desk.accounts.of_chat(person.chat_id)
        account = next((each for each in accounts if news and each.id == news.account_id), None)
        course = await self._desk.drafts.course(person.chat_id, news.course_id) if news else None
        if news is None or account is None or course is None:
            active = await self._desk.accounts.active(person.chat_id)
            await self._desk.say(
                person, home.old_button(person.voice, logged_in=active is not None)
            )
            return
        key = ("new lessons", person.chat_id, course.id)
        self._desk.background.start(
            person.chat_id, key, self._prepare(person, account, course, news, data.id(0))
        )

    async def whole_modules(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """From the preview of new lessons: read the modules that they stand in as a whole."""
        await answer(query)
        opened = await self._desk.drafts.get(person.chat_id, data.id(0))
        accounts = await self._desk.accounts.of_chat(person.chat_id)
        account = next((a for a in accounts if opened and a.id == opened.draft.account_id), None)
        is_open = opened is not None and await self._desk.drafts.take_notice(
            person.chat_id, data.id(0), None
        )
        if opened is None or account is None or not is_open:
            active = await self._desk.accounts.active(person.chat_id)
            await self._desk.say(
                person, home.old_button(person.voice, logged_in=active is not None)
            )
            return
        await self._desk.drafts.back_to_choosing(opened.draft.id)
        anew = await self._desk.drafts.get(person.chat_id, opened.draft.id)
        if anew is not None and await self._desk.drafts.claim_reading(anew.draft.id):
            screen = course_views.reading(
                person.voice, anew.course.name, anew.draft.id, 0, len(anew.ticked)
            )
            self._readings.begin(person, account, anew, await self._desk.show_in(query, screen))

    async def _prepare(
        self,
        person: Person,
        account: Account,
        course: Course,
        news: NewLessonsNotice,
        notice_id: int,
    ) -> None:
        message_id = await self._desk.say(person, course_views.loading(person.voice))
        if message_id is None:
            return
        try:
            opened = await self._desk.drafts.begin(account, course, message_id, person.chat.pace)
        except ZjyError as error:
            screen = await self._readings.trouble(person, account, error)
            await self._desk.outbox.edit(person.chat_id, message_id, screen)
            return
        if opened is None:
            screen = home.old_button(person.voice, logged_in=True)
            await self._desk.outbox.edit(person.chat_id, message_id, screen)
            return
        wanted = {module.module_id for module in news.modules}
        for module in opened.modules:
            if module.module_id in wanted:
                await self._desk.drafts.tick(person.chat_id, opened.draft.id, module.id)
        ticked = await self._desk.drafts.get(person.chat_id, opened.draft.id)
        if ticked is None or not ticked.ticked:
            # They were taken back meanwhile: the course as it is now.
            screen = course_views.module_list(
                person.voice, opened.course, opened.modules, set(), opened.draft.id, 0
            )
            await self._desk.outbox.edit(person.chat_id, message_id, screen)
            return
        await self._desk.drafts.take_notice(person.chat_id, opened.draft.id, notice_id)
        of_notice = await self._desk.drafts.get(person.chat_id, opened.draft.id)
        if of_notice is not None and await self._desk.drafts.claim_reading(of_notice.draft.id):
            self._readings.begin(person, account, of_notice, message_id)
