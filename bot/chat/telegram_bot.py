"""The library's bot, which goes on polling whatever comes."""

from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken, NetworkError, TelegramError


class PatientBot(Bot):
    """Keeps polling where the library would give up for good, or go on without a pause.

    It takes a 401 and a 404 for the end of the token and ends its polling task, unnoticed. But a
    gateway's 404 page passes, and a token can be given back: so both count as an outage here. After
    an exception that is none of its own errors it polls again at once: so each becomes one.
    """

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:  # noqa: ANN401
        """As in the library. Raises NetworkError where that raises anything but its own errors."""
        try:
            return await super().get_updates(*args, **kwargs)
        except InvalidToken as error:
            raise NetworkError(f"Telegram does not know the BOT_TOKEN: {error}") from error
        except TelegramError:
            raise
        except Exception as error:
            raise NetworkError(f"a poll ended in {type(error).__name__}") from error
