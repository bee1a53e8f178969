"""The library's bot, with polling that never stops."""

from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.chat.telegram_request import TelegramRequest
from bot.chat.update_reader import UpdateReader
from bot.logs import get_log

AT_THE_END = timedelta(0)
"""The library's last poll does not wait for updates: it only confirms those that were taken. Its
own log line about a failure is a traceback."""

_log = get_log(__name__)


class PatientBot(Bot):
    """Keeps polling where the library would stop for good, or repeat without a pause.

    The library takes a 401 and a 404 as the end of the token and silently ends its polling task.
    But a gateway's 404 page is temporary, and a token can be restored: so both count as an outage
    here. After an exception other than its own errors the library polls again at once: so each such
    exception is converted to one of its errors.
    """

    @property
    def updates(self) -> UpdateReader:
        """Reads the updates, of polls and of a webhook alike."""
        polls, _ = self._request
        if not isinstance(polls, TelegramRequest):
            raise TypeError("the bot was built with another transport than the project's own")
        return polls.updates

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:  # noqa: ANN401
        """As in the library. Raises NetworkError in place of an exception that is no error of the
        library."""
        try:
            return await super().get_updates(*args, **kwargs)
        except TelegramError as error:
            if kwargs.get("timeout") != AT_THE_END:
                if isinstance(error, InvalidToken):
                    trouble = f"Telegram does not know the BOT_TOKEN: {error}"
                    raise NetworkError(trouble) from error
                raise
            _log.info("Telegram did not hear which updates were taken", trouble=str(error))
            return ()
        except Exception as error:
            raise NetworkError(f"a poll ended in {type(error).__name__}") from error
