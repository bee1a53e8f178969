"""``run``: the bot's process from start to end, without the library's own loop.

The library's loop first waits for its updater, its queue and running jobs before it passes a signal
on to this code. Here the first signal sets the stop flag at once; everything else shares a few
seconds, and then the process ends, whatever is still running. A separate thread counts these
seconds, because an event loop that is full or hangs cannot. The next start cleans up.
"""

import asyncio
import gc
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
from bot.build import build_app
from bot.chat.webhook import new_secret
from bot.connecting import connect, connect_at_once, listen
from bot.health.fault_listener import FaultListener
from bot.logs import get_log, set_up_logs
from bot.proxies.routes import Routes, find_routes
from bot.settings import Settings, SettingsError
from bot.tls_key_log import leave_out_unusable_key_log
from storage.errors import StorageError
from storage.vault import VaultError

END_WITHIN = 7.0
"""Real seconds from the signal to the end of the process, whatever hangs."""
ORDERLY_WITHIN = 6.5
"""The part of these real seconds that is for an orderly end."""
JOBS_END_WITHIN = 3.0
OUTBOX_WITHIN = 1.5
QUEUE_WITHIN = 1.0
SWITCH_SECONDS = 0.001
"""The database works in threads, and each of its steps waits until the event loop yields the
interpreter. With the interpreter's default of 5 ms, several times for each press, many presses at
once take seconds."""

GC_THRESHOLDS = (10_000, 20, 20)
"""A garbage collection stops the event loop. Collections are rarer than by Python's default, which
is for less memory; almost all that the bot allocates is freed without one."""


EXIT_OK = 0
EXIT_FAILED = 1

_log = get_log(__name__)


def run(settings: Settings) -> int:
    """Run the bot until a signal comes, and end the process. If the bot cannot start, one sentence
    says why.

    The process is ended here instead of by a return: the event loop would first wait for threads
    that may hang, for example in a DNS look-up.
    """
    routes = find_routes(settings)
    webhook_secret = new_secret()
    secrets = [settings.bot_token, webhook_secret, *routes.secrets]
    if settings.bot_keys is not None:
        secrets += settings.bot_keys.secrets()
    faults = FaultListener()
    set_up_logs(settings.log_level, settings.log_format, known_secrets=secrets, also=[faults])
    _say_routes(routes)
    if leave_out_unusable_key_log():
        _log.warning("the file of SSLKEYLOGFILE cannot be written and is left out")
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with asyncio.Runner() as runner:
            code = runner.run(_run(settings, webhook_secret, faults))
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


async def _run(settings: Settings, webhook_secret: str, faults: FaultListener) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    follow_signals(partial(loop.call_soon_threadsafe, stop.set))
    app = await build_app(settings, webhook_secret=webhook_secret)
    # Errors are logged by other threads, too.
    faults.listen(lambda number: loop.call_soon_threadsafe(app.owner_notices.fault, number))
    spare_collections()
    try:
        return await _serve(app, stop)
    finally:
        faults.end()
        await _end_soon(app)


def spare_collections() -> None:
    """Keep what was loaded and built by now out of all garbage collections: these objects live as
    long as the process, and going through them takes more time than all others together."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def follow_signals(ask_to_stop: Callable[[], object], *, within: float = END_WITHIN) -> None:
    """Call ``ask_to_stop`` at the first SIGTERM or SIGINT, and end the process within ``within``
    real seconds. Further signals change nothing.

    Python runs the handler between two instructions of the main thread, so the handler does not
    wait for the event loop. A thread keeps the deadline, which does not wait for the loop either.
    """
    heard, hear = os.pipe()
    threading.Thread(target=_exit_late, args=(heard, within), daemon=True).start()

    def follow(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        # A pipe, because a lock taken here might be held by the interrupted thread.
        os.write(hear, b"!")
        ask_to_stop()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, follow)


def _exit_late(heard: int, within: float) -> None:
    """End the process ``within`` real seconds after ``heard`` becomes readable. Logs nothing: a log
    handler may wait for a lock that is never released."""
    os.read(heard, 1)
    time.sleep(within)
    os._exit(EXIT_OK)


async def _serve(app: BotApp, stop: asyncio.Event) -> int:
    """Connect, start, and wait for the signal; the signal is obeyed at each of these steps."""
    try:
        if await _until(begin(app), stop):
            await stop.wait()
    except InvalidToken:
        return _say_and_fail(
            "Telegram does not know this BOT_TOKEN: copy the token from @BotFather again."
        )
    return EXIT_OK


async def begin(app: BotApp) -> None:
    """Start the jobs, even while Telegram is away, and take updates as soon as it is reachable.

    Raises InvalidToken.
    """
    app.health.begin()
    connected = await connect_at_once(app)
    await app.begin_jobs()
    app.health.is_ready()
    if not connected:
        await connect(app)
    await listen(app)


async def _until(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    """Do the work unless the signal comes first; True if the work was done."""
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
    """End within seconds; the next start cleans up the parts that do not end in time."""
    ending = asyncio.ensure_future(end(app))
    await asyncio.wait({ending}, timeout=ORDERLY_WITHIN)
    if not ending.done():
        _log.warning("the shutdown took too long; the next start cleans up")
    elif ending.exception() is not None:
        _log.error("the shutdown failed; the next start cleans up", exc_info=ending.exception())


async def end(app: BotApp) -> None:
    """Take no further updates and handle those that were taken, let jobs and messages come to a
    stop, close everything. What fails while it comes to a stop is logged and keeps nothing else
    from it."""
    app.health.is_stopping()
    application = app.application
    parts = (*app.end_jobs(JOBS_END_WITHIN), _end_updates(app))
    stopping = [asyncio.ensure_future(part) for part in parts]
    stopped, _ = await asyncio.wait(stopping, timeout=JOBS_END_WITHIN + 1)
    for each in stopped:
        if (trouble := each.exception()) is not None:
            _log.error("a part of the bot failed while it was stopped", exc_info=trouble)
    await app.outbox.close(OUTBOX_WITHIN)
    await app.digests.settle()
    if application.running:
        await application.stop()
    elif application.job_queue is not None and application.job_queue.scheduler.running:
        # Without the wait the library cancels what runs, and logs that as an error.
        settling = asyncio.ensure_future(application.job_queue.stop(wait=True))
        await asyncio.wait([settling], timeout=QUEUE_WITHIN)
    # Before the connections close: what still runs would fail at each of its calls.
    await app.background.close()
    await application.shutdown()
    await app.close()


async def _end_updates(app: BotApp) -> None:
    """Take no further updates, and wait until those that came are handled: their answers go through
    the outbox, which must still be open."""
    application = app.application
    updater = application.updater
    if updater is not None and updater.running:
        await updater.stop()
    if app.webhook is not None:
        await app.webhook.close()
    if application.running:
        await application.update_queue.join()


def _say_and_fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return EXIT_FAILED
