"""Reads files that people send into memory, up to a size limit.

The address of a download holds the bot's token, so the library's text about a failed download is
neither logged nor shown; only the type of the error is.
"""

import asyncio
import contextlib
import os
import stat
from pathlib import Path

from telegram import Bot, Document
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.chat.bounded_answers import LARGEST_FILE, TooManyBytes
from bot.clock import Clock
from bot.logs import get_log
from bot.outbox.telegram_calls import seconds_of

AT_ONCE = 4
"""The most files in memory at the same time, of all chats together."""
ATTEMPTS = 3
RETRY_FIRST = 1.0
LONGEST_WAIT = 30.0
WITHIN = 60.0
"""Real seconds: the limit of a wait that Telegram tells, and of one download, however slow."""
_TOO_BIG = "file is too big"

_log = get_log(__name__)


class FileError(Exception):
    """A file could not be read."""


class FileTooLarge(FileError):  # noqa: N818 -- it says what the file is
    """The file has more than :data:`LARGEST_FILE` bytes, or more than Telegram gives to bots."""


class FileUnreachable(FileError):  # noqa: N818 -- it says what the file is
    """Telegram did not deliver the file."""


class Downloads:
    """Files of messages. The bot's requests must have been built with
    :data:`bot.chat.bounded_answers.BOUNDED`."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._places = asyncio.Semaphore(AT_ONCE)

    async def read(self, document: Document) -> bytes:
        """The content of the file. Raises FileTooLarge, before the download if Telegram tells the
        size, and FileUnreachable after a few attempts."""
        if (document.file_size or 0) > LARGEST_FILE:
            raise FileTooLarge
        wait = RETRY_FIRST
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._places, asyncio.timeout(WITHIN):
                    return await self._fetch(document.file_id)
            except (TelegramError, TimeoutError) as error:
                _log.info("a file could not be fetched", trouble=type(error).__name__)
                if isinstance(error, RetryAfter):
                    wait = max(wait, seconds_of(error))
                if isinstance(error, BadRequest) or attempt == ATTEMPTS or wait > LONGEST_WAIT:
                    break
            await self._clock.sleep(wait)
            wait *= 2
        raise FileUnreachable

    async def _fetch(self, file_id: str) -> bytes:
        try:
            file = await self._bot.get_file(file_id)
            if (file.file_size or 0) > LARGEST_FILE:
                raise FileTooLarge
            if not (file.file_path or "").startswith("http"):
                path = own_file(file.file_path or "", self._bot.token)
                return await asyncio.to_thread(_take, path)
            return bytes(await file.download_as_bytearray())
        except TooManyBytes:
            raise FileTooLarge from None
        except BadRequest as error:
            if _TOO_BIG in error.message.lower():
                raise FileTooLarge from None
            raise


def own_file(path: str, token: str) -> Path:
    """The path, which a Bot API server in its local mode names, if it lies within the folder that
    such a server has for this bot: an answer of Telegram must not name other files of this machine.
    Raises FileUnreachable."""
    real = Path(path).resolve()
    folders = {token, f"{token}:T", token.replace(":", "~"), f"{token.replace(':', '~')}~T"}
    if folders.isdisjoint(real.parts[:-1]):
        raise FileUnreachable
    return real


def _take(path: Path) -> bytes:
    """Read the file and, where the rights allow, remove it: it may hold a cookie, and the server
    would keep it. Raises FileUnreachable and FileTooLarge."""
    content = _read_whole(path)
    with contextlib.suppress(OSError):
        path.unlink()
    return content


def _read_whole(path: Path) -> bytes:
    try:
        # Not blocked by a pipe of this name.
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise FileUnreachable
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        _log.info("a file could not be fetched", trouble=type(error).__name__)
        raise FileUnreachable from None
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    return content
