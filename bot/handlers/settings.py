"""How the bot speaks to the chat: language, pace, time zone and which notices."""

from babel.core import Locale
from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.optional_notices import OptionalNotice, wants
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import settings as views
from bot.chat.zone_search import search
from bot.chat.zones import Region, by_number
from bot.clock import Clock
from bot.handlers.services import Services, answer
from bot.study.pace import Pace


class SettingsHandlers:
    """Indices and numbers on buttons that mean nothing, or nothing any more, lead back to the
    settings."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock

    async def settings(self, update: Update) -> None:
        """``/settings``."""
        person = await self._services.person(update)
        await self._stop_asking(person)
        await self._services.say(person, self._screen(person))

    async def show_settings(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._stop_asking(person)
        await self._services.show(query, self._screen(person))

    async def language(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        languages = self._services.people.voices.languages
        if data.id(0) < len(languages):
            await self._services.people.set_language(person.chat_id, languages[data.id(0)])
        await self._again(query, person)

    async def pace(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """For jobs that are planned from now on."""
        await answer(query)
        paces = list(Pace)
        if data.id(0) < len(paces):
            await self._services.people.set_pace(person.chat_id, paces[data.id(0)])
        await self._again(query, person)

    async def show_regions(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """From here on a typed city is understood."""
        await answer(query)
        await self._services.people.expect_zone(person.chat_id, expecting=True)
        await self._services.show(query, views.regions(person.voice, self._here(person)))

    async def show_region(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        regions = list(Region)
        if data.id(0) < len(regions):
            screen = views.region(person.voice, regions[data.id(0)], self._here(person))
        else:
            screen = self._screen(person)
        await self._services.show(query, screen)

    async def ask_for_city(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._services.people.expect_zone(person.chat_id, expecting=True)
        await self._services.show(query, views.type_a_city(person.voice))

    async def take_city(self, person: Person, text: str) -> None:
        """A text that came while a city was asked for; another one may follow it."""
        here = self._here(person)
        found = search(text, self._services.people.voices.languages, here.moment)
        if found:
            screen = views.found_zones(person.voice, text, found, here)
        else:
            screen = views.no_such_zone(person.voice, text, here)
        await self._services.say(person, screen)

    async def zone(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        zone = by_number(data.id(0))
        if zone is not None:
            await self._services.people.set_zone(person.chat_id, zone)
        await self._again(query, person)

    async def show_notices(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._services.show(query, _notices(person))

    async def notice_on(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._switch_notice(query, person, data, wanted=True)

    async def notice_off(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._switch_notice(query, person, data, wanted=False)

    async def _switch_notice(
        self, query: CallbackQuery, person: Person, data: Callback, *, wanted: bool
    ) -> None:
        await answer(query)
        notices = list(OptionalNotice)
        if data.id(0) < len(notices):
            notice = notices[data.id(0)]
            await self._services.people.set_notify(person.chat_id, notice, wanted=wanted)
        changed = await self._services.people.of_chat(person.chat_id)
        await self._services.show(query, _notices(changed or person))

    async def _stop_asking(self, person: Person) -> None:
        if person.chat.awaiting == "zone":
            await self._services.people.expect_zone(person.chat_id, expecting=False)

    async def _again(self, query: CallbackQuery, person: Person) -> None:
        """The settings as they are now, and the progress messages that they change."""
        changed = await self._services.people.of_chat(person.chat_id)
        await self._services.show(query, self._screen(changed or person))
        for job in await self._services.control.unfinished(person.chat_id):
            self._services.reporter.job_changed(job.id)

    def _here(self, person: Person) -> views.Here:
        return views.Here(person.zone, self._clock.now())

    def _screen(self, person: Person) -> Screen:
        languages = [
            (_own_name(each), each == person.voice.language)
            for each in self._services.people.voices.languages
        ]
        paces = [(f"{pace.value}×", pace.value == person.chat.pace) for pace in Pace]
        return views.settings(person.voice, languages, paces, self._here(person))


def _own_name(language: str) -> str:
    """A language as those who speak it call it."""
    return Locale.parse(language).get_display_name(language) or language


def _notices(person: Person) -> Screen:
    wanted = [(each, wants(person.chat, each)) for each in OptionalNotice]
    return views.notices(person.voice, wanted)
