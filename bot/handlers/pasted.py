"""Messages with a cookie, or with an attempt at one: deleted at once, and answered once, also over
a restart."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.chat.people import Person
from bot.chat.views import login as views
from bot.chat.views.words import Deletion
from bot.handlers.logins import Logins
from bot.handlers.reading import Read
from bot.handlers.services import Services
from bot.outbox.screen import Screen
from storage.pasted_messages import PastedMessage


class PastedCookies:
    def __init__(self, services: Services, logins: Logins) -> None:
        self._services = services
        self._logins = logins

    def begin(self, person: Person, message_ids: Sequence[int], read: Read) -> None:
        """Run :meth:`take` in the background; once for each message."""
        key = ("pasted", person.chat_id, message_ids[0])
        self._services.background.start(person.chat_id, key, self.take(person, message_ids, read))

    def delete_soon(self, person: Person, message_id: int) -> None:
        """Delete a part before the others arrive. The answer comes after all of them, and tells of
        a failure: all are deleted again together."""
        work = self._services.outbox.delete(person.chat_id, message_id)
        key = ("delete", person.chat_id, message_id)
        self._services.background.start(person.chat_id, key, work)

    async def take(self, person: Person, message_ids: Sequence[int], read: Read) -> None:
        """Delete the messages; log in with the cookies, or say what is wrong with them. Stores
        nothing for a chat that was erased, or whose person was removed, while the messages were
        read."""
        login = self._services.login
        await login.remember_paste(person.chat_id, *message_ids)
        is_there = await self._services.people.of_chat(person.chat_id) is not None
        if not (is_there and self._services.access.allows(person.chat_id)):
            await self._delete_all(person, message_ids)
        elif read.found:
            await asyncio.gather(
                self._delete_or_say(person, message_ids),
                self._logins.begin(person, message_ids, read.found),
            )
        else:
            deleted = await self._delete_all(person, message_ids)
            await self._say_what_is_wrong(person, read, Deletion.of(deleted=deleted))
        await login.forget_paste(person.chat_id, *message_ids)

    async def delete(self, person: Person, message_ids: Sequence[int]) -> None:
        """Delete late messages of a paste that was already answered."""
        await self._services.login.remember_paste(person.chat_id, *message_ids)
        await self._delete_or_say(person, message_ids)
        await self._services.login.forget_paste(person.chat_id, *message_ids)

    async def say_no_cookie(self, person: Person, trouble: views.FileTrouble) -> None:
        """Say that a file gave no cookie; the file is not deleted."""
        screen = views.file_without_cookie(person.tr, trouble, Deletion.NOT_TRIED)
        await self._say(person, screen)

    async def left_over(self) -> Mapping[int, Sequence[PastedMessage]]:
        """The messages that the last process left unfinished, by chat."""
        left = sorted(await self._services.login.pastes_left_over(), key=lambda each: each.chat_id)
        return {chat: list(each) for chat, each in groupby(left, key=lambda each: each.chat_id)}

    async def recover(self) -> None:
        """Resume the messages that the last process left unfinished."""
        for chat_id, left in (await self.left_over()).items():
            key = ("pasted", chat_id)
            self._services.background.start(chat_id, key, self._go_on(chat_id, left))

    async def _go_on(self, chat_id: int, left: Sequence[PastedMessage]) -> None:
        """Delete a chat's messages, and say once that some were not read."""
        person = await self._services.people.of_chat(chat_id)
        ids = [each.message_id for each in left]
        if person is not None:
            await self._delete_or_say(person, ids)
            if not all(each.is_read for each in left):
                await self._say(person, views.checking_cut_off(person.tr))
        await self._services.login.forget_paste(chat_id, *ids)

    async def _say_what_is_wrong(self, person: Person, read: Read, deletion: Deletion) -> None:
        if read.wrong is not None:
            screen = views.not_a_cookie(person.tr, read.wrong, deletion)
        else:
            trouble = read.trouble or views.FileTrouble.NO_COOKIE
            screen = views.file_without_cookie(person.tr, trouble, deletion)
        await self._say(person, screen)

    async def _delete_or_say(self, person: Person, message_ids: Sequence[int]) -> None:
        """Delete the messages, or tell the person that they remain: a cookie must not stay visible
        in the chat."""
        if not await self._delete_all(person, message_ids):
            account = await self._services.accounts.active(person.chat_id)
            screen = views.delete_it_yourself(person.tr, logged_in=account is not None)
            await self._say(person, screen)

    async def _say(self, person: Person, screen: Screen) -> None:
        await self._services.outbox.send(person.chat_id, screen)

    async def _delete_all(self, person: Person, message_ids: Sequence[int]) -> bool:
        outbox = self._services.outbox
        return all(
            await asyncio.gather(*(outbox.delete(person.chat_id, each) for each in message_ids))
        )
