"""Language and pace of the chat."""

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import home
from bot.handlers.desk import Desk, answer
from bot.study.pace import Pace

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


class SettingsHandlers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def settings(self, update: Update) -> None:
        person = await self._desk.person(update)
        await self._desk.say(person, self._screen(person))

    async def show_settings(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.show(query, self._screen(person))

    async def language(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        languages = self._desk.people.voices.languages
        if data.id(0) < len(languages):
            await self._desk.people.set_language(person.chat_id, languages[data.id(0)])
        await self._again(query, person)

    async def pace(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """For jobs that are planned from now on."""
        await answer(query)
        paces = list(Pace)
        if data.id(0) < len(paces):
            await self._desk.people.set_pace(person.chat_id, paces[data.id(0)])
        await self._again(query, person)

    async def _again(self, query: CallbackQuery, person: Person) -> None:
        changed = await self._desk.people.of_chat(person.chat_id)
        await self._desk.show(query, self._screen(changed or person))

    def _screen(self, person: Person) -> Screen:
        voices = self._desk.people.voices
        languages = [
            (LANGUAGE_NAMES.get(each, each), each == person.voice.language)
            for each in voices.languages
        ]
        paces = [(f"{pace.value}×", pace.value == person.chat.pace) for pace in Pace]
        return home.settings(person.voice, languages, paces)
