"""The library's bot, with polling that never stops."""

from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.chat.telegram_request import TelegramRequest
from bot.chat.update_reader import UpdateReader


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
        except InvalidToken as error:
            raise NetworkError(f"Telegram does not know the BOT_TOKEN: {error}") from error
        except TelegramError:
            raise
        except Exception as error:
            raise NetworkError(f"a poll ended in {type(error).__name__}") from error
