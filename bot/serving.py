"""``run``: the bot from its start to its end, by hand, so that a signal is followed at once.

The library's own loop first waits for its updater, its queue and running jobs before our code
hears of a signal. Here the first signal sets the stop flag, everything else has a few seconds
together, and then the process ends whatever still waits. The next start is the real clean-up.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.app import BotApp
from bot.chat.commands import COMMANDS
from bot.logs import get_log, set_up_logs
from bot.settings import Settings
from storage.errors import StorageError
from storage.vault import VaultError

END_WITHIN = 7.0
JOBS_END_WITHIN = 3.0
OUTBOX_WITHIN = 1.5
CONNECT_RETRY_LONGEST = 30.0

EXIT_OK = 0
EXIT_FAILED = 1

_log = get_log(__name__)


def run(settings: Settings) -> int:
    """Run the bot until a signal comes; returns the exit code for what it could not begin."""
    set_up_logs(settings.log_level, settings.log_format, known_secrets=[settings.bot_token])
    try:
        return asyncio.run(_run(settings))
    except (StorageError, VaultError) as error:
        return _say_and_fail(str(error))


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    app = await BotApp.build(settings)
    code = EXIT_OK
    try:
        code = await _serve(app, stop)
    finally:
        await _end_soon(app, code)
    return code


async def _serve(app: BotApp, stop: asyncio.Event) -> int:
    """Connect, begin, and wait for the signal."""
    try:
        connected = await _until(_connect(app), stop)
    except InvalidToken:
        return _say_and_fail(
            "Telegram does not know this BOT_TOKEN: copy the token from @BotFather again."
        )
    if connected:
        await begin(app)
        await stop.wait()
    return EXIT_OK


async def begin(app: BotApp) -> None:
    """Take up the jobs, and listen to Telegram, whose bot is known by now."""
    await app.application.start()
    await app.begin_jobs()
    updater = app.application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    await updater.start_polling(
        allowed_updates=[
            Update.MESSAGE,
            Update.EDITED_MESSAGE,
            Update.CALLBACK_QUERY,
            Update.MY_CHAT_MEMBER,
        ],
        bootstrap_retries=-1,
        error_callback=_polling_trouble,
    )
    app.background.start(0, "menu", _set_menu(app))
    _log.info("the bot is running", username=app.application.bot.username)


async def _connect(app: BotApp) -> None:
    """Get to know the bot's own account, however long Telegram is away."""
    wait = 1.0
    while True:
        try:
            await app.application.initialize()
        except InvalidToken:
            raise
        except NetworkError as error:
            _log.warning(
                "Telegram cannot be reached; trying again",
                address=app.settings.telegram_api_url,
                seconds=wait,
                trouble=str(error),
            )
            await app.clock.sleep(wait)
            wait = min(wait * 2, CONNECT_RETRY_LONGEST)
        else:
            return


async def _until(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    """Do the work unless the signal comes first; True if it was done."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return False
    task.result()
    return True


async def _set_menu(app: BotApp) -> None:
    """The command menu, per language; without it the bot works as well."""
    try:
        for language in app.voices.languages:
            voice = app.voices[language]
            menu = [BotCommand(each.name, voice(each.summary)) for each in COMMANDS]
            await app.application.bot.set_my_commands(menu, language_code=language)
        default = app.voices.choose(None, None)
        menu = [BotCommand(each.name, default(each.summary)) for each in COMMANDS]
        await app.application.bot.set_my_commands(menu)
    except TelegramError as error:
        _log.warning("the command menu could not be set", trouble=str(error))


def _polling_trouble(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process polls with the same BOT_TOKEN: stop one of them")
    elif isinstance(error, InvalidToken):
        _log.error("Telegram no longer accepts this BOT_TOKEN: was it revoked?")
    else:
        _log.warning("Telegram cannot be reached", trouble=str(error))


async def _end_soon(app: BotApp, code: int) -> None:
    """End within seconds; what does not end by itself is left to the next start."""
    ending = asyncio.ensure_future(end(app))
    await asyncio.wait({ending}, timeout=END_WITHIN)
    if ending.done() and ending.exception() is None:
        return
    if ending.done():
        _log.error("the end was not orderly", exc_info=ending.exception())
    else:
        _log.warning("the end took too long; the next start cleans up")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


async def end(app: BotApp) -> None:
    """Stop listening, let jobs and messages come to a stop, let go of everything."""
    application = app.application
    await app.end_jobs(JOBS_END_WITHIN)
    polling = application.updater is not None and application.updater.running
    if polling and application.updater is not None:
        updater_stops = asyncio.ensure_future(application.updater.stop())
        await asyncio.wait({updater_stops}, timeout=1.5)
    await app.outbox.close(OUTBOX_WITHIN)
    if application.running:
        await application.stop()
    await application.shutdown()
    await app.close()


def _say_and_fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return EXIT_FAILED
