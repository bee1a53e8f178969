"""Sends digests: a picture with the text below it, or, where that is too long, behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.chat.cards import course_card
from bot.chat.cards.drawing import Drawing
from bot.chat.digest_card import card_of
from bot.chat.i18n import Voice
from bot.chat.lane import Render
from bot.chat.outbox import Outbox
from bot.chat.people import People
from bot.chat.screen import Screen
from bot.chat.uploads import MAX_CAPTION, Photo
from bot.chat.views import digest as views
from bot.clock import Clock
from bot.digest.report import DigestReport

IsQuiet = Callable[[int], Awaitable[bool]]
"""Whether what is said to the chat by itself comes without sound now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest as it is sent: ``caption`` stands below the picture, or alone where there is none;
    ``text`` follows in a message of its own."""

    photo: Photo | None
    caption: Screen
    text: Screen | None = None


class DigestPost:
    def __init__(
        self, people: People, outbox: Outbox, drawing: Drawing, clock: Clock, is_quiet: IsQuiet
    ) -> None:
        self._people = people
        self._outbox = outbox
        self._drawing = drawing
        self._clock = clock
        self._is_quiet = is_quiet

    async def say(self, chat_id: int, report: DigestReport) -> bool:
        """Send what is due, in its turn, at most once and not after its day; whether Telegram
        took it."""
        person = await self._people.of_chat(chat_id)
        if person is None:
            return False
        letter = await letter_of(self._drawing, person.voice, report, in_full=report.has_news)
        silent = await self._is_quiet(chat_id)
        said = self._outbox.say(
            chat_id,
            self._today(letter.caption, report),
            silent=silent,
            photo=letter.photo,
            once=True,
        )
        if letter.text is None:
            return await said is not None
        text = self._today(letter.text, report)
        follows = self._outbox.say(chat_id, text, silent=silent, once=True)
        # Queued together: nothing comes between them. The text is what counts.
        _, came = await asyncio.gather(said, follows)
        return came is not None

    async def say_now(self, chat_id: int, report: DigestReport) -> bool:
        """Send what somebody pressed for, in full; whether Telegram took it."""
        person = await self._people.of_chat(chat_id)
        if person is None:
            return False
        letter = await letter_of(self._drawing, person.voice, report, in_full=True)
        if letter.photo is None:
            return await self._outbox.send(chat_id, letter.caption) is not None
        sent = self._outbox.send_photo(chat_id, letter.photo, letter.caption)
        if letter.text is None:
            return await sent is not None
        _, came = await asyncio.gather(sent, self._outbox.send(chat_id, letter.text))
        return came is not None

    def _today(self, screen: Screen, report: DigestReport) -> Render:
        async def render() -> Screen | None:
            return screen if self._clock.now() < report.until else None

        return render


async def letter_of(
    drawing: Drawing, voice: Voice, report: DigestReport, *, in_full: bool
) -> Letter:
    """What a report is sent as; without ``in_full`` as one line."""
    if not in_full:
        return Letter(None, views.no_news(voice, report))
    whole = views.digest(voice, report)
    card = card_of(voice, report)
    if card is None:
        return Letter(None, whole)
    photo = Photo(await drawing.draw(partial(course_card, voice, card)), "digest.png")
    # Markup counts as if it were shown: so it never is too long.
    if len(whole.text.encode("utf-16-le")) // 2 <= MAX_CAPTION:
        return Letter(photo, whole)
    return Letter(photo, views.headline(voice, report), whole)
