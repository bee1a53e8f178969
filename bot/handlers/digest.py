"""``/digest``: whether, when and on which days, what goes with it, and one at once."""

from datetime import time

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.clock_words import parse_clock, switch_of
from bot.chat.digest_post import DigestPost
from bot.chat.people import Person
from bot.chat.views import account as account_views
from bot.chat.views import digest_settings as views
from bot.chat.views.settings import Here
from bot.digest.agenda import NoNews
from bot.digest.due import Days
from bot.digest.service import Digests
from bot.digest.wishes import Wish, Wishes
from bot.handlers.services import Services, answer


class DigestHandlers:
    """Numbers on buttons that mean nothing, or nothing any more, change nothing and lead back to
    the settings of the digest."""

    def __init__(
        self, services: Services, digests: Digests, wishes: Wishes, post: DigestPost
    ) -> None:
        self._services = services
        self._digests = digests
        self._wishes = wishes
        self._post = post

    async def digest(self, update: Update) -> None:
        """``/digest``, or with a time behind it; from here on a typed time is understood."""
        person = await self._services.person(update)
        await self._services.people.expect_digest_time(person.chat_id, expecting=True)
        message = update.effective_message
        typed = (message.text or "").partition(" ")[2].strip() if message is not None else ""
        wanted = switch_of(typed)
        if wanted is not None:
            await self._wishes.switch(person.chat_id, on=wanted)
        elif typed:
            await self.take_time(person, typed)
            return
        await self._say_main(person)

    async def _say_main(self, person: Person) -> None:
        wish = await self._wishes.get(person.chat_id)
        await self._services.say(person, views.main(person.voice, wish, self._here(person)))

    async def show(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._again(query, person, await self._wishes.get(person.chat_id))

    async def show_anew(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """The same in a new message: what was pressed stays."""
        await answer(query)
        await self._services.people.expect_digest_time(person.chat_id, expecting=True)
        await self._say_main(person)

    async def turn_on(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._again(query, person, await self._wishes.switch(person.chat_id, on=True))

    async def turn_off(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._again(query, person, await self._wishes.switch(person.chat_id, on=False))

    async def send_now(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Read everything in the background, and send it in a message of its own; a second press
        while it is on its way brings no more."""
        await answer(query)
        account = await self._services.accounts.active(person.chat_id)
        if account is None:
            await self._services.say(person, account_views.log_in_first(person.voice))
            return
        key = ("digest now", person.chat_id)
        self._services.background.start(person.chat_id, key, self._send_now(person))

    async def _send_now(self, person: Person) -> None:
        waiting = await self._services.say(person, views.sending(person.voice))
        try:
            await self._digests.send_now(person.chat_id, self._post.prepare_now)
            if await self._services.accounts.active(person.chat_id) is None:
                await self._services.say(person, account_views.log_in_first(person.voice))
        finally:
            if waiting is not None:
                await self._services.outbox.delete(person.chat_id, waiting)

    async def show_times(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """From here on a typed time is understood."""
        await answer(query)
        await self._services.people.expect_digest_time(person.chat_id, expecting=True)
        wish = await self._wishes.get(person.chat_id)
        await self._services.show(query, views.times(person.voice, wish, self._here(person)))

    async def press_time(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        at = views.time_of(data.id(0))
        wish = (
            await self._wishes.get(person.chat_id)
            if at is None or not data.ids
            else await self._set_time(person, at)
        )
        await self._again(query, person, wish)

    async def take_time(self, person: Person, text: str) -> None:
        """A text that came while a time was asked for; after one that cannot be read another may
        follow."""
        at = parse_clock(text)
        if at is None:
            await self._services.say(person, views.no_such_time(person.voice, text))
            return
        wish = await self._set_time(person, at)
        await self._services.say(person, views.main(person.voice, wish, self._here(person)))

    async def _set_time(self, person: Person, at: time) -> Wish:
        """Whoever sets a time wants a digest then."""
        await self._wishes.set_at(person.chat_id, at)
        return await self._wishes.switch(person.chat_id, on=True)

    async def show_days(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        wish = await self._wishes.get(person.chat_id)
        await self._services.show(query, views.days(person.voice, wish))

    async def press_days(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        days, weekday = list(Days), data.ids[1] if len(data.ids) > 1 else None
        if data.ids and data.id(0) < len(days) and (weekday is None or weekday in range(7)):
            await self._wishes.set_days(person.chat_id, days[data.id(0)], weekday)
        await self._again(query, person, await self._wishes.get(person.chat_id))

    async def show_quiet(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        wish = await self._wishes.get(person.chat_id)
        await self._services.show(query, views.quiet(person.voice, wish))

    async def press_quiet(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        if data.ids and data.id(0) < len(views.QUIET_CHOICES):
            await self._wishes.set_quiet(person.chat_id, *views.QUIET_CHOICES[data.id(0)])
        await self._again(query, person, await self._wishes.get(person.chat_id))

    async def press_no_news(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        choices = list(NoNews)
        if data.ids and data.id(0) < len(choices):
            await self._wishes.set_no_news(person.chat_id, choices[data.id(0)])
        await self._again(query, person, await self._wishes.get(person.chat_id))

    async def show_watch(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        wish = await self._wishes.get(person.chat_id)
        await self._services.show(query, views.watch(person.voice, wish))

    async def press_watch(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        if data.ids and data.id(0) in views.WATCH_CHOICES:
            await self._wishes.set_watch(person.chat_id, data.id(0))
        await self._again(query, person, await self._wishes.get(person.chat_id))

    async def show_start(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        wish = await self._wishes.get(person.chat_id)
        await self._services.show(query, views.start_hour(person.voice, wish))

    async def press_start(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        if not data.ids:
            await self._wishes.set_start_hour(person.chat_id, None)
        elif data.id(0) in range(24):
            await self._wishes.set_start_hour(person.chat_id, data.id(0))
        await self._again(query, person, await self._wishes.get(person.chat_id))

    async def _again(self, query: CallbackQuery, person: Person, wish: Wish) -> None:
        """The settings as they are now; while they are shown a typed time is understood."""
        await self._services.people.expect_digest_time(person.chat_id, expecting=True)
        await self._services.show(query, views.main(person.voice, wish, self._here(person)))

    def _here(self, person: Person) -> Here:
        return Here(person.zone, self._services.clock.now())
