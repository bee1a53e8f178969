"""The chat's settings: language, pace, time zone and notices."""

from babel.core import Locale

from bot.chat.callbacks import Action
from bot.chat.optional_notices import OptionalNotice, is_on
from bot.chat.people import Person
from bot.chat.views import settings as views
from bot.chat.zone_search import search
from bot.chat.zones import Now, Region, by_number
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.outbox.screen import Screen
from storage.enums import Awaiting, Pace


class SettingsHandlers:
    """Invalid or outdated indices and numbers on buttons lead back to the settings."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._people = services.people

    async def settings(self, ctx: Context) -> None:
        await ctx.show(await self._screen(ctx.person))

    async def language(self, ctx: Context) -> None:
        languages = self._people.translators.languages
        if ctx.data.id(0) < len(languages):
            await self._people.set_language(ctx.chat_id, languages[ctx.data.id(0)])
        await self._again(ctx)

    async def pace(self, ctx: Context) -> None:
        """Set the pace for jobs that are planned from now on."""
        paces = list(Pace)
        if ctx.data.id(0) < len(paces):
            await self._people.set_pace(ctx.chat_id, paces[ctx.data.id(0)])
        await self._again(ctx)

    async def regions(self, ctx: Context) -> None:
        """Offer the regions; from here on a typed city is understood."""
        await self._people.expect(ctx.chat_id, Awaiting.ZONE)
        await ctx.show(views.regions(ctx.tr, ctx.now()))

    async def region(self, ctx: Context) -> None:
        regions = list(Region)
        if ctx.data.id(0) < len(regions):
            await ctx.show(views.region(ctx.tr, regions[ctx.data.id(0)], ctx.now()))
        else:
            await ctx.show(await self._screen(ctx.person))

    async def ask_for_city(self, ctx: Context) -> None:
        await self._people.expect(ctx.chat_id, Awaiting.ZONE)
        await ctx.show(views.type_a_city(ctx.tr))

    async def take_city(self, ctx: Context, text: str) -> None:
        """Take a text that came while the bot asked for a city; the person may type another after
        it."""
        now = ctx.now()
        found = search(text, self._people.translators.languages, now.moment)
        if found:
            await ctx.say(views.found_zones(ctx.tr, text, found, now))
        else:
            await ctx.say(views.no_such_zone(ctx.tr, text, now))

    async def zone(self, ctx: Context) -> None:
        zone = by_number(ctx.data.id(0))
        if zone is not None:
            await self._people.set_zone(ctx.chat_id, zone)
        await self._again(ctx)

    async def notices(self, ctx: Context) -> None:
        await ctx.show(_notices(ctx.person))

    async def switch_notice(self, ctx: Context) -> None:
        """Switch a notice on or off, as the button says."""
        notices = list(OptionalNotice)
        if ctx.data.id(0) < len(notices):
            on = ctx.data.action is Action.NOTICE_ON
            await self._people.set_notify(ctx.chat_id, notices[ctx.data.id(0)], on=on)
        await ctx.show(_notices(await self._changed(ctx)))

    async def _changed(self, ctx: Context) -> Person:
        """The person with the current settings."""
        return await self._people.of_chat(ctx.chat_id) or ctx.person

    async def _again(self, ctx: Context) -> None:
        """Show the current settings, and update the progress messages that they change."""
        await ctx.show(await self._screen(await self._changed(ctx)))
        for job in await self._services.control.unfinished(ctx.chat_id):
            self._services.reporter.job_changed(job.id)

    async def _screen(self, person: Person) -> Screen:
        languages = [
            (_own_name(each), each == person.tr.language)
            for each in self._people.translators.languages
        ]
        paces = [(f"{pace.value}×", pace is person.chat.pace) for pace in Pace]
        if not await self._services.accounts.any_can_study(person.chat_id):
            paces = []
        now = Now(self._services.clock.now(), person.zone)
        return views.settings(person.tr, languages, paces, now)


def _own_name(language: str) -> str:
    """A language's name in that language."""
    return Locale.parse(language).get_display_name(language) or language


def _notices(person: Person) -> Screen:
    choices = [(each, is_on(person.chat, each)) for each in OptionalNotice]
    return views.notices(person.tr, choices)
