"""``run``: the bot from its start to its end, by hand, so that a signal is followed at once.

The library's own loop first waits for its updater, its queue and running jobs before our code
hears of a signal. Here the first signal sets the stop flag, everything else has a few seconds
together, and then the process ends whatever still waits. A thread of its own counts these seconds:
an event loop that is full, or that hangs, cannot. The next start is the real clean-up.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from types import FrameType
from typing import Any, NoReturn

from telegram.error import InvalidToken

from bot.app import BotApp
from bot.listening import connect, connect_at_once, listen
from bot.logs import get_log, set_up_logs
from bot.proxies.routes import Routes, find_routes
from bot.settings import Settings, SettingsError
from storage.errors import StorageError
from storage.vault import VaultError

END_WITHIN = 7.0
"""Real seconds from the signal to the end of the process, whatever hangs."""
ORDERLY_WITHIN = 6.5
"""Real seconds of them for an orderly end."""
JOBS_END_WITHIN = 3.0
OUTBOX_WITHIN = 1.5
SWITCH_SECONDS = 0.001
"""The database works in threads, and each of its steps waits for the event loop to give way. The
interpreter's own 5 ms, several times for each press, are seconds when many press at once."""

EXIT_OK = 0
EXIT_FAILED = 1

_log = get_log(__name__)


def run(settings: Settings) -> int:
    """Run the bot until a signal comes, and end the process; what it could not begin is told in
    one sentence.

    The process is ended here and not by returning: the event loop would first wait for threads
    that may hang, in the look-up of a name for one.
    """
    routes = find_routes(settings)
    secrets = [settings.bot_token, *routes.secrets]
    set_up_logs(settings.log_level, settings.log_format, known_secrets=secrets)
    _say_routes(routes)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with asyncio.Runner() as runner:
            code = runner.run(_run(settings))
            _exit(code)
    except (SettingsError, StorageError, VaultError) as error:
        return _say_and_fail(str(error))


def _say_routes(routes: Routes) -> None:
    if routes.unusable:
        _log.warning(
            "proxy variables that cannot be used are left out", names=", ".join(routes.unusable)
        )
    if routes.telegram.proxy is not None:
        _log.info("Telegram is reached through a proxy", **routes.telegram.facts)
    if routes.platform.proxy is not None:
        _log.info("the platform is reached through a proxy", **routes.platform.facts)


def _exit(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    follow_signals(partial(loop.call_soon_threadsafe, stop.set))
    app = await BotApp.build(settings)
    try:
        return await _serve(app, stop)
    finally:
        await _end_soon(app)


def follow_signals(ask_to_stop: Callable[[], object], *, within: float = END_WITHIN) -> None:
    """Call ``ask_to_stop`` at the first SIGTERM or SIGINT, and end the process ``within`` real
    seconds of it. Further signals change nothing.

    Python runs the handler between two instructions of the main thread, so that it waits for no
    turn of the event loop; the deadline is kept by a thread, so that it waits for none either.
    """
    heard, hear = os.pipe()
    threading.Thread(target=_exit_late, args=(heard, within), daemon=True).start()

    def follow(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        # A pipe: whatever takes a lock here might wait for the thread that it interrupted.
        os.write(hear, b"!")
        ask_to_stop()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, follow)


def _exit_late(heard: int, within: float) -> None:
    """End the process so many real seconds after ``heard`` can be read, without a word: a log
    handler may wait for a lock that is never released."""
    os.read(heard, 1)
    time.sleep(within)
    os._exit(EXIT_OK)


async def _serve(app: BotApp, stop: asyncio.Event) -> int:
    """Connect, begin, and wait for the signal, which is followed at any point of it."""
    try:
        if await _until(begin(app), stop):
            await stop.wait()
    except InvalidToken:
        return _say_and_fail(
            "Telegram does not know this BOT_TOKEN: copy the token from @BotFather again."
        )
    return EXIT_OK


async def begin(app: BotApp) -> None:
    """Take up the jobs, even while Telegram is away, and listen to it as soon as it is there.

    Raises InvalidToken.
    """
    connected = await connect_at_once(app)
    await app.begin_jobs()
    if not connected:
        await connect(app)
    await listen(app)


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


async def _end_soon(app: BotApp) -> None:
    """End within seconds; what does not end by itself is left to the next start."""
    ending = asyncio.ensure_future(end(app))
    await asyncio.wait({ending}, timeout=ORDERLY_WITHIN)
    if not ending.done():
        _log.warning("the end took too long; the next start cleans up")
    elif ending.exception() is not None:
        _log.error("the end was not orderly", exc_info=ending.exception())


async def end(app: BotApp) -> None:
    """Stop listening, let jobs and messages come to a stop, let go of everything."""
    application = app.application
    updater = application.updater
    stopping = [asyncio.ensure_future(app.end_jobs(JOBS_END_WITHIN))]
    if updater is not None and updater.running:
        stopping.append(asyncio.ensure_future(updater.stop()))
    await asyncio.wait(stopping, timeout=JOBS_END_WITHIN + 1)
    await app.outbox.close(OUTBOX_WITHIN)
    await app.digests.settle()
    if application.running:
        await application.stop()
    elif application.job_queue is not None:
        await application.job_queue.stop(wait=False)
    await application.shutdown()
    await app.close()


def _say_and_fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return EXIT_FAILED
