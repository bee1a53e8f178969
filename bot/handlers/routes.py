"""Which update goes to which handler."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from telegram import CallbackQuery, Update
from telegram.ext import (
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.chat.callbacks import Action, Callback, decode
from bot.chat.downloads import Downloads
from bot.chat.people import Person
from bot.chat.telegram_application import AnyApplication
from bot.chat.views import home
from bot.clock import PlatformClock
from bot.handlers.access import AccessControl
from bot.handlers.account import AccountHandlers
from bot.handlers.arrivals import Arrivals
from bot.handlers.batches import BatchHandlers
from bot.handlers.courses import CourseHandlers
from bot.handlers.desk import Desk, answer
from bot.handlers.digest import DigestHandlers
from bot.handlers.errors import ErrorHandlers
from bot.handlers.groups import GroupHandlers
from bot.handlers.home import HomeHandlers
from bot.handlers.jobs import JobHandlers
from bot.handlers.logins import Logins
from bot.handlers.messages import MessageHandlers
from bot.handlers.modules import ModuleHandlers
from bot.handlers.new_lessons import NewLessonHandlers
from bot.handlers.pasted import PastedCookies
from bot.handlers.personal import only_personal
from bot.handlers.progress import ProgressHandlers
from bot.handlers.reading import PasteReader
from bot.handlers.readings import Readings
from bot.handlers.returning import ReturnHandlers
from bot.handlers.settings import SettingsHandlers
from bot.settings import AllowedUsers

Context = CallbackContext[Any, Any, Any, Any]
OnUpdate = Callable[[Update], Awaitable[None]]
OnPress = Callable[[CallbackQuery, Person, Callback], Awaitable[None]]

AT_THE_DOOR, FIRST, SECOND = -20, -10, -9
"""The groups of handlers that are asked before the others, in this order."""


def add_handlers(
    application: AnyApplication,
    desk: Desk,
    errors: ErrorHandlers,
    readings: Readings,
    returning: ReturnHandlers,
    batches: BatchHandlers,
    digest: DigestHandlers,
    progress: ProgressHandlers,
    logins: Logins,
    pasted: PastedCookies,
    clock: PlatformClock,
    allowed: AllowedUsers,
) -> None:
    """Put every handler into the application."""
    reader = PasteReader(Downloads(application.bot, clock.clock))
    start, courses = HomeHandlers(desk), CourseHandlers(desk, readings)
    account = AccountHandlers(desk, logins, clock)
    jobs, settings, groups = (
        JobHandlers(desk, clock.clock),
        SettingsHandlers(desk, clock.clock),
        GroupHandlers(desk, reader),
    )
    modules, new_lessons = ModuleHandlers(desk, readings), NewLessonHandlers(desk, readings)
    messages = MessageHandlers(desk, account, settings, digest)
    arrivals = Arrivals(desk, reader, pasted, messages.answer)

    commands: Mapping[str, OnUpdate] = {
        "start": start.start,
        "help": start.help,
        "login": account.login,
        "accounts": account.accounts,
        "logout": account.logout,
        "erase": account.erase,
        "courses": courses.courses,
        "jobs": jobs.jobs,
        "pause": jobs.command_pause,
        "resume": jobs.command_resume,
        "cancel": jobs.command_cancel,
        "settings": settings.settings,
        "digest": digest.digest,
        "progress": progress.progress,
    }
    presses: Mapping[Action, OnPress] = {
        Action.HOME: start.show_home,
        Action.HELP: start.show_help,
        Action.LOGIN: account.show_login,
        Action.ACCOUNTS: account.show_accounts,
        Action.ACCOUNT: account.use_account,
        Action.LOGOUT: account.press_logout,
        Action.ASK_LOGOUT: account.ask_logout,
        Action.ERASE: account.press_erase,
        Action.COURSES: courses.show_courses,
        Action.FINISHED: courses.show_finished,
        Action.ALL_COURSES: batches.all_courses,
        Action.STOP_BATCH: batches.stop,
        Action.BATCH_PACE: batches.pace,
        Action.START_ALL: batches.start,
        Action.COURSE: courses.open_course,
        Action.OTHER_COURSES: courses.show_courses_anew,
        Action.OTHER_MODULE: courses.open_course_anew,
        Action.MODULES: courses.modules,
        Action.MODULE: modules.open,
        Action.MODULE_PAGE: modules.turn,
        Action.TICK: courses.tick,
        Action.UNTICK: courses.untick,
        Action.TICK_ALL: courses.tick_all,
        Action.CLEAR: courses.clear,
        Action.NEXT: courses.next,
        Action.STOP_READING: courses.stop_reading,
        Action.PACE: courses.pace,
        Action.START: jobs.start,
        Action.JOBS: jobs.show_jobs,
        Action.OTHER_JOBS: jobs.show_jobs_anew,
        Action.JOB: jobs.show_job,
        Action.PAUSE: jobs.pause,
        Action.RESUME: jobs.resume,
        Action.CANCEL: jobs.ask_cancel,
        Action.CANCEL_YES: jobs.cancel,
        Action.CANCEL_NO: jobs.keep_going,
        Action.RETRY: jobs.retry,
        Action.FULL_LIST: jobs.full_list,
        Action.SETTINGS: settings.show_settings,
        Action.LANGUAGE: settings.language,
        Action.CHAT_PACE: settings.pace,
        Action.ZONES: settings.show_regions,
        Action.REGION: settings.show_region,
        Action.TYPE_ZONE: settings.ask_for_city,
        Action.ZONE: settings.zone,
        Action.NOTICES: settings.show_notices,
        Action.NOTICE_ON: settings.notice_on,
        Action.NOTICE_OFF: settings.notice_off,
        Action.DIGEST: digest.show,
        Action.OTHER_DIGEST: digest.show_anew,
        Action.DIGEST_ON: digest.turn_on,
        Action.DIGEST_OFF: digest.turn_off,
        Action.DIGEST_NOW: digest.send_now,
        Action.DIGEST_TIME: digest.show_times,
        Action.DIGEST_AT: digest.press_time,
        Action.DIGEST_DAYS: digest.show_days,
        Action.DIGEST_ON_DAYS: digest.press_days,
        Action.QUIET: digest.show_quiet,
        Action.QUIET_HOURS: digest.press_quiet,
        Action.NO_NEWS: digest.press_no_news,
        Action.WATCH: digest.show_watch,
        Action.WATCH_TIMES: digest.press_watch,
        Action.START_HOUR: digest.show_start,
        Action.START_AT: digest.press_start,
        Action.OTHER_ALL_COURSES: batches.all_courses_anew,
        Action.START_NEW: new_lessons.start,
        Action.WHOLE_MODULES: new_lessons.whole_modules,
        Action.PROGRESS: progress.press,
        Action.NOTHING: _nothing,
    }

    async def press(update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        if query.message is None or query.message.chat.type != "private":
            await answer(query)
            return
        person = await desk.person(update)
        data = decode(query.data)
        if data is None:
            await answer(query)
            known = await desk.accounts.active(person.chat_id) is not None
            await desk.say(person, home.old_button(person.voice, logged_in=known))
            return
        await presses[data.action](query, person, data)

    private, in_groups = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    application.add_handler(TypeHandler(Update, _taking(only_personal)), AT_THE_DOOR)
    application.add_handler(TypeHandler(Update, _taking(AccessControl(desk, allowed).check)), FIRST)
    application.add_handler(TypeHandler(Update, _taking(returning.check)), SECOND)
    application.add_handler(CallbackQueryHandler(press))
    application.add_handler(MessageHandler(in_groups, _taking(groups.message)))
    application.add_handler(MessageHandler(private & arrivals.filter, _taking(arrivals.take)))
    fresh = private & ~filters.UpdateType.EDITED
    for name, handler in commands.items():
        application.add_handler(CommandHandler(name, _taking(handler), filters=fresh))
    application.add_handler(MessageHandler(private, _taking(messages.message)))
    application.add_error_handler(errors.on_error)


def _taking(handler: OnUpdate) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Our handlers need no context: all they use was given to them when they were built."""

    async def handle(update: Update, context: Context) -> None:
        await handler(update)

    return handle


async def _nothing(query: CallbackQuery, person: Person, data: Callback) -> None:
    await answer(query)
