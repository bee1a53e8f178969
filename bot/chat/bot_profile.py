"""What Telegram shows of the bot outside of its messages: the menu of commands, the descriptions
and the profile photo.

All is set at the start, in the background. The bot works without it, so a failure is only logged,
and the next start tries again.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from telegram import Bot, BotCommand, InputProfilePhotoStatic
from telegram.error import TelegramError

from bot.chat.commands import commands_for
from bot.chat.i18n import Translator, Translators
from bot.logs import get_log
from storage.files import write_privately

PHOTO_MARK = "profile_photo.sha256"
"""The file in the data folder that names the bot and the hash of its photo."""

Turn = Callable[[], Awaitable[None]]
"""Waits until a call may be made that concerns no chat."""

_log = get_log(__name__)


def description(tr: Translator) -> str:
    """What an empty chat shows: 512 UTF-16 units at most."""
    return tr(
        "Your study helper for 职教云: you pick the courses, I work through documents and videos "
        "and tell you honestly how far along they are. Tests, homework and discussions stay "
        "yours. Tap Start to try it."
    )


def short_description(tr: Translator) -> str:
    """What the bot's profile page and links to it show: 120 UTF-16 units at most."""
    return tr(
        "Studies documents and videos of your 职教云 courses, and tells you honestly how far along "
        "they are."
    )


def profile_photo() -> bytes:
    """The profile photo as JPEG."""
    return files("bot.chat").joinpath("pictures", "profile_photo.jpg").read_bytes()


async def set_menu(bot: Bot, translators: Translators, turn: Turn) -> None:
    """Set the menu of commands of all people, for each language and for all others."""
    try:
        for language, tr in languages_of(translators):
            menu = [
                BotCommand(each.name, tr(each.summary)) for each in commands_for(is_owner=False)
            ]
            await turn()
            await bot.set_my_commands(menu, language_code=language)
    except TelegramError as error:
        _log.warning("the command menu could not be set", trouble=str(error))


async def set_profile(bot: Bot, translators: Translators, data_dir: Path, turn: Turn) -> None:
    """Set those descriptions that Telegram shows differently, and the photo unless ``data_dir``
    says that this bot has it: Telegram allows few changes an hour."""
    try:
        for language, tr in languages_of(translators):
            await _describe(bot, language, tr, turn)
        await _set_photo(bot, data_dir / PHOTO_MARK, turn)
    except (TelegramError, OSError) as error:
        _log.warning("the bot's profile could not be set", trouble=str(error))


def languages_of(translators: Translators) -> list[tuple[str | None, Translator]]:
    """The default for all languages comes first: Telegram shows it for a language without a text of
    its own, which then needs no call if the text is the same."""
    own = [(language, translators[language]) for language in translators.languages]
    return [(None, translators.choose(None, None)), *own]


async def _describe(bot: Bot, language: str | None, tr: Translator, turn: Turn) -> None:
    text = description(tr)
    await turn()
    if (await bot.get_my_description(language)).description != text:
        await turn()
        await bot.set_my_description(text, language)
    text = short_description(tr)
    await turn()
    if (await bot.get_my_short_description(language)).short_description != text:
        await turn()
        await bot.set_my_short_description(text, language)


async def _set_photo(bot: Bot, mark: Path, turn: Turn) -> None:
    photo = profile_photo()
    wanted = f"{bot.id} {sha256(photo).hexdigest()}\n"
    if _read(mark) == wanted:
        return
    await turn()
    await bot.set_my_profile_photo(InputProfilePhotoStatic(photo))
    write_privately(mark, wanted)


def _read(mark: Path) -> str | None:
    try:
        return mark.read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
