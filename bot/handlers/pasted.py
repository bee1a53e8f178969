"""Messages with a cookie, or with what was meant as one: deleted at once, and answered once, over
a restart too."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import account as views
from bot.chat.views.deletion import Deletion
from bot.clock import PlatformClock
from bot.handlers.desk import Desk
from bot.handlers.proofs import Proofs
from bot.handlers.reading import Read
from storage.pasted_messages import PastedMessage


class PastedCookies:
    def __init__(self, desk: Desk, clock: PlatformClock) -> None:
        self._desk = desk
        self._proofs = Proofs(desk, clock)

    def begin(self, person: Person, message_ids: Sequence[int], read: Read) -> None:
        """:meth:`take` in the background; twice for one message is once."""
        key = ("pasted", person.chat_id, message_ids[0])
        self._desk.background.start(person.chat_id, key, self.take(person, message_ids, read))

    def delete_soon(self, person: Person, message_id: int) -> None:
        """Delete a part before the others are there; the person is told with all of them."""
        work = self._delete_part(person, message_id)
        key = ("delete", person.chat_id, message_id)
        self._desk.background.start(person.chat_id, key, work)

    async def take(self, person: Person, message_ids: Sequence[int], read: Read) -> None:
        """Delete the messages; prove the cookies, or say what is wrong with them. No cookie is
        kept of a chat that was erased while they were read."""
        accounts = self._desk.accounts
        await accounts.remember_paste(person.chat_id, *message_ids)
        if await self._desk.people.of_chat(person.chat_id) is None:
            await self._delete_all(person, message_ids)
        elif read.found:
            await asyncio.gather(
                self._delete_or_say(person, message_ids),
                self._proofs.check(person, message_ids, read.found),
            )
        else:
            deleted = await self._delete_all(person, message_ids)
            await self._say_what_is_wrong(person, read, Deletion.of(deleted=deleted))
        await accounts.forget_paste(person.chat_id, *message_ids)

    async def delete(self, person: Person, message_ids: Sequence[int]) -> None:
        """Delete what came late of messages that were answered."""
        await self._desk.accounts.remember_paste(person.chat_id, *message_ids)
        await self._delete_or_say(person, message_ids)
        await self._desk.accounts.forget_paste(person.chat_id, *message_ids)

    async def say_no_cookie(self, person: Person, trouble: views.FileTrouble) -> None:
        """A file gave no cookie, and stays."""
        screen = views.file_without_cookie(person.voice, trouble, Deletion.NOT_TRIED)
        await self._desk.say(person, screen)

    async def left_over(self) -> Mapping[int, Sequence[PastedMessage]]:
        """What the last process had not done with, by chat."""
        left = sorted(await self._desk.accounts.pastes_left_over(), key=lambda each: each.chat_id)
        return {chat: list(each) for chat, each in groupby(left, key=lambda each: each.chat_id)}

    async def go_on(self, chat_id: int, left: Sequence[PastedMessage]) -> None:
        """Delete a chat's messages that the last process left, and say once how it ended."""
        person = await self._desk.people.of_chat(chat_id)
        ids = [each.message_id for each in left]
        if person is not None:
            await self._delete_or_say(person, ids)
            screen = await self._how_it_ended(person, left)
            shown = max((each.shown_in for each in left if each.shown_in is not None), default=None)
            if shown is not None:
                await self._desk.outbox.edit(chat_id, shown, screen)
            else:
                await self._desk.say(person, screen)
        await self._desk.accounts.forget_paste(chat_id, *ids)

    async def _say_what_is_wrong(self, person: Person, read: Read, deletion: Deletion) -> None:
        if read.wrong is not None:
            screen = views.not_a_cookie(person.voice, read.wrong, deletion)
        else:
            trouble = read.trouble or views.FileTrouble.NO_COOKIE
            screen = views.file_without_cookie(person.voice, trouble, deletion)
        await self._desk.say(person, screen)

    async def _delete_or_say(self, person: Person, message_ids: Sequence[int]) -> None:
        """The cookie must not stay in the chat for others to find."""
        if not await self._delete_all(person, message_ids):
            account = await self._desk.accounts.active(person.chat_id)
            screen = views.delete_it_yourself(person.voice, logged_in=account is not None)
            await self._desk.say(person, screen)

    async def _delete_part(self, person: Person, message_id: int) -> None:
        """Whether it could be deleted is told with all parts, which are deleted again."""
        await self._desk.outbox.delete(person.chat_id, message_id)

    async def _delete_all(self, person: Person, message_ids: Sequence[int]) -> bool:
        outbox = self._desk.outbox
        return all(
            await asyncio.gather(*(outbox.delete(person.chat_id, each) for each in message_ids))
        )

    async def _how_it_ended(self, person: Person, left: Sequence[PastedMessage]) -> Screen:
        """Either the login was stored before the restart, or the cookie is lost."""
        account = await self._desk.accounts.active(person.chat_id)
        began = min(each.at for each in left)
        if account is not None and account.pasted_at and account.pasted_at >= began:
            return views.welcome_student(person.voice, account.name, resumed=[], waiting=[])
        return views.checking_cut_off(person.voice)
