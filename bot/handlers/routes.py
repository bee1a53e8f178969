"""Which update goes to which handler."""

from collections.abc import Mapping
from functools import partial

from telegram import Update
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.chat.callbacks import Action
from bot.chat.commands import COMMANDS, CommandGroup
from bot.chat.downloads import Downloads
from bot.chat.telegram_application import AnyApplication
from bot.handlers.access import AccessControl
from bot.handlers.account import AccountHandlers
from bot.handlers.arrivals import Arrivals, MayHoldCookie
from bot.handlers.batches import BatchHandlers
from bot.handlers.callbacks import anew, nothing, on_press, on_text, taking
from bot.handlers.context import Context, Handler
from bot.handlers.courses import CourseHandlers
from bot.handlers.digest import DigestHandlers
from bot.handlers.errors import ErrorHandlers
from bot.handlers.groups import GroupHandlers
from bot.handlers.hub import HomeHandlers
from bot.handlers.jobs import JobHandlers
from bot.handlers.logins import Logins
from bot.handlers.messages import MessageHandlers, not_understood, on_command
from bot.handlers.modules import ModuleHandlers
from bot.handlers.new_lessons import NewLessonHandlers
from bot.handlers.pasted import PastedCookies
from bot.handlers.people import PeopleHandlers
from bot.handlers.personal import only_personal
from bot.handlers.progress import ProgressHandlers
from bot.handlers.reading import PasteReader
from bot.handlers.readings import Readings
from bot.handlers.returning import ReturnHandlers
from bot.handlers.services import Services
from bot.handlers.settings import SettingsHandlers

AT_THE_DOOR, FIRST, SECOND = -20, -10, -9
"""The handler groups that run before the others, in this order."""
FOR_OWNER_COMMANDS = frozenset(each.name for each in COMMANDS if each.group is CommandGroup.OWNER)
FOR_OWNER = frozenset(
    {
        Action.INVITES,
        Action.INVITE,
        Action.REVOKE,
        Action.PEOPLE,
        Action.MEMBER,
        Action.ASK_REMOVE,
        Action.REMOVE,
        Action.LET_IN,
        Action.AUDIT,
    }
)
"""Presses that mean nothing from other people than the owner."""


def add_handlers(
    application: AnyApplication,
    services: Services,
    errors: ErrorHandlers,
    home: HomeHandlers,
    readings: Readings,
    returning: ReturnHandlers,
    batches: BatchHandlers,
    digest: DigestHandlers,
    progress: ProgressHandlers,
    logins: Logins,
    pasted: PastedCookies,
    people: PeopleHandlers,
    access: AccessControl,
) -> Mapping[Action, Handler]:
    """Add every handler to the application. Returns those that the next start calls for a message
    that a restart left loading, by the action of its button."""
    jobs = JobHandlers(services)
    courses = CourseHandlers(services, readings)
    account, settings = AccountHandlers(services, logins), SettingsHandlers(services)
    modules, new_lessons = ModuleHandlers(services), NewLessonHandlers(services, readings)
    commands: dict[str, Handler] = {
        "start": home.home,
        "help": home.help,
        "login": account.login,
        "accounts": account.accounts,
        "logout": account.logout,
        "erase": account.ask_erase,
        "courses": courses.read_courses,
        "jobs": jobs.jobs,
        "pause": partial(jobs.by_command, action=Action.PAUSE),
        "resume": partial(jobs.by_command, action=Action.RESUME),
        "cancel": partial(jobs.by_command, action=Action.CANCEL),
        "settings": settings.settings,
        "digest": digest.digest,
        "progress": progress.progress,
        "invite": people.invites,
        "people": people.people,
    }
    commands = {name: on_command(services.people, run) for name, run in commands.items()}
    for name in FOR_OWNER_COMMANDS:
        commands[name] = people.for_owner(commands[name], not_understood)
    messages = MessageHandlers(account, settings, digest, commands)
    reader = PasteReader(Downloads(application.bot, services.clock.clock))
    arrivals = Arrivals(services, reader, pasted, messages.answer)
    groups = GroupHandlers(services, reader)

    presses: Mapping[Action, Handler] = {
        Action.HOME: home.home,
        Action.HELP: home.help,
        Action.LOGIN: account.login,
        Action.LOGIN_TODAY: account.login_with_token,
        Action.ACCOUNTS: account.accounts,
        Action.ACCOUNT: account.use_account,
        Action.LOGOUT: account.logout,
        Action.ASK_LOGOUT: account.ask_logout,
        Action.ERASE: account.erase,
        Action.COURSES: courses.courses,
        Action.FINISHED: courses.finished,
        Action.STOP_BATCH: batches.stop,
        Action.BATCH_PACE: batches.pace,
        Action.START_ALL: batches.start,
        Action.COURSE: courses.open,
        Action.OTHER_COURSES: anew(courses.read_courses),
        Action.OTHER_MODULE: anew(courses.open),
        Action.MODULES: courses.modules,
        Action.MODULE: modules.open,
        Action.MODULE_PAGE: modules.turn,
        Action.MODULE_TICK: modules.tick,
        Action.MODULE_UNTICK: modules.untick,
        Action.TICK: courses.tick,
        Action.UNTICK: courses.untick,
        Action.TICK_ALL: courses.tick_all,
        Action.CLEAR: courses.clear,
        Action.STOP_READING: courses.stop_reading,
        Action.PACE: courses.pace,
        Action.JOBS: jobs.jobs,
        Action.OTHER_JOBS: anew(jobs.jobs),
        Action.JOB: jobs.job,
        Action.REFRESH: jobs.refresh,
        Action.FULL_LIST: jobs.full_list,
        Action.SETTINGS: settings.settings,
        Action.LANGUAGE: settings.language,
        Action.CHAT_PACE: settings.pace,
        Action.ZONES: settings.regions,
        Action.REGION: settings.region,
        Action.TYPE_ZONE: settings.ask_for_city,
        Action.ZONE: settings.zone,
        Action.NOTICES: settings.notices,
        Action.NOTICE_ON: settings.switch_notice,
        Action.NOTICE_OFF: settings.switch_notice,
        Action.DIGEST: digest.digest,
        Action.OTHER_DIGEST: anew(digest.digest),
        Action.DIGEST_ON: digest.switch,
        Action.DIGEST_OFF: digest.switch,
        Action.DIGEST_NOW: anew(digest.send_now),
        Action.DIGEST_TIME: digest.times,
        Action.DIGEST_AT: digest.press_time,
        Action.DIGEST_DAYS: digest.days,
        Action.DIGEST_ON_DAYS: digest.press_days,
        Action.QUIET: digest.quiet,
        Action.QUIET_HOURS: digest.press_quiet,
        Action.NO_NEWS: digest.press_no_news,
        Action.WATCH: digest.watch,
        Action.WATCH_TIMES: digest.press_watch,
        Action.START_HOUR: digest.start_hour,
        Action.START_AT: digest.press_start,
        Action.START_NEW: anew(new_lessons.start),
        Action.WHOLE_MODULES: new_lessons.whole_modules,
        Action.PROGRESS: anew(progress.progress),
        Action.INVITES: people.invites,
        Action.INVITE: people.make,
        Action.REVOKE: people.revoke,
        Action.PEOPLE: people.people,
        Action.MEMBER: people.member,
        Action.ASK_REMOVE: people.ask_remove,
        Action.REMOVE: people.remove,
        Action.LET_IN: people.let_in_again,
        Action.AUDIT: people.audit,
        Action.NOTHING: nothing,
    }
    presses = {
        action: people.for_owner(handler, Context.outdated) if action in FOR_OWNER else handler
        for action, handler in presses.items()
    }
    # These handlers answer the press in words; the router answers other presses before the handler.
    in_words: Mapping[Action, Handler] = {
        Action.NEXT: courses.next,
        Action.OTHER_ALL_COURSES: anew(batches.all_courses_of),
        Action.ALL_COURSES: batches.all_courses,
        Action.START: jobs.start,
        Action.PAUSE: jobs.pause,
        Action.RESUME: jobs.resume,
        Action.CANCEL: jobs.ask_cancel,
        Action.CANCEL_YES: jobs.cancel,
        Action.CANCEL_NO: jobs.keep_going,
        Action.RETRY: jobs.retry,
    }

    async def at_the_door(update: Update) -> None:
        try:
            await only_personal(update)
        except ApplicationHandlerStop:
            # A service message shows as well that the chat can be written to.
            if update.effective_chat is not None and services.access.allows(
                update.effective_chat.id
            ):
                await returning.check(update)
            raise

    private, in_groups = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    application.add_handler(TypeHandler(Update, taking(at_the_door)), AT_THE_DOOR)
    application.add_handler(TypeHandler(Update, taking(access.check)), FIRST)
    application.add_handler(TypeHandler(Update, taking(returning.check)), SECOND)
    application.add_handler(CallbackQueryHandler(on_press(services, presses, in_words)))
    application.add_handler(MessageHandler(in_groups, taking(groups.message)))
    application.add_handler(
        MessageHandler(private & MayHoldCookie(arrivals), taking(arrivals.take))
    )
    fresh = private & ~filters.UpdateType.EDITED
    for name, handler in commands.items():
        application.add_handler(CommandHandler(name, on_text(services, handler), filters=fresh))
    application.add_handler(MessageHandler(private, on_text(services, messages.answer)))
    application.add_error_handler(errors.on_error)
    return {
        Action.HOME: home.home,
        Action.COURSES: courses.courses,
        Action.FINISHED: courses.finished,
        Action.COURSE: courses.open,
        Action.MODULE_PAGE: modules.turn,
        Action.START_NEW: new_lessons.start,
        Action.OTHER_ALL_COURSES: batches.go_on,
        Action.DIGEST: digest.digest,
    }
