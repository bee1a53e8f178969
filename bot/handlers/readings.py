"""Reads the ticked modules of a draft in the background, up to its preview."""

from collections.abc import Callable
from datetime import datetime

from bot.chat.lane import fixed
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import courses as views
from bot.chat.views import home
from bot.handlers.services import Services
from bot.handlers.trouble import trouble_screen
from bot.jobs.drafts import OpenDraft, Plan
from bot.study.outline import PlannedCell
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account
from storage.drafts import Draft


class Readings:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def go_on(self, draft: Draft) -> None:
        """Read again what a restart cut off, in the message that still says it is being read."""
        person = await self._services.people.of_chat(draft.chat_id)
        opened = await self._services.drafts.get(draft.chat_id, draft.id)
        accounts = await self._services.accounts.of_chat(draft.chat_id)
        account = next((each for each in accounts if each.id == draft.account_id), None)
        if person is None or opened is None or account is None or draft.message_id is None:
            return
        if await self._services.drafts.claim_reading(draft.id):
            self.begin(person, account, opened, draft.message_id)

    def begin(self, person: Person, account: Account, opened: OpenDraft, message_id: int) -> None:
        """Read in the background; the draft was claimed for it."""
        self._services.background.start(
            person.chat_id,
            ("read", opened.draft.id),
            self._read(person, account, opened, message_id),
        )

    def stop(self, draft_id: int) -> None:
        self._services.background.cancel(("read", draft_id))

    async def preview(self, person: Person, draft_id: int) -> Screen:
        opened = await self._services.drafts.get(person.chat_id, draft_id)
        if opened is None:
            return home.old_button(person.voice, logged_in=True)
        plan = await self._services.drafts.plan(opened)
        ending = await self._ending(person, opened, plan)
        return views.preview(person.voice, plan, draft_id, ending)

    async def _ending(self, person: Person, opened: OpenDraft, plan: Plan) -> views.Ending:
        """When the job would end if it began now, and whether the cookie lives that long."""
        clock = self._services.clock
        now, ends = clock.now(), clock.after(plan.estimate.seconds)
        accounts = await self._services.accounts.of_chat(person.chat_id)
        expires_at = next(
            (each.expires_at for each in accounts if each.id == opened.draft.account_id), None
        )

        def at(moment: datetime) -> str:
            return person.voice.clock_time(moment, person.zone, now)

        return views.Ending(
            at=at(ends) if not plan.estimate.unknown_media else None,
            cookie_ends_at=at(expires_at) if expires_at and expires_at < ends else None,
        )

    async def _takes(
        self, person: Person, opened: OpenDraft
    ) -> Callable[[PlannedCell], bool] | None:
        """Which cells a draft takes that was made from a notice; None for all of its modules."""
        if opened.draft.notice_id is None:
            return None
        news = await self._services.notices.new_lessons(person.chat_id, opened.draft.notice_id)
        return news.names if news is not None else None

    async def trouble(self, person: Person, account: Account, error: ZjyError) -> Screen:
        """What a read's error is told as; an expired session is noted."""
        if isinstance(error, SessionExpired):
            await self._services.accounts.expired(account)
        return trouble_screen(person.voice, account, error)

    async def _read(
        self, person: Person, account: Account, opened: OpenDraft, message_id: int
    ) -> None:
        """Ended by the process's own end, the draft stays ``reading``: the next start goes on."""
        draft_id, unreadable = opened.draft.id, 0
        try:
            takes = await self._takes(person, opened)
            async for read in self._services.drafts.read(account, opened, takes):
                screen = views.reading(
                    person.voice, opened.course.name, draft_id, read.done, read.total
                )
                self._services.outbox.show(person.chat_id, message_id, fixed(screen))
                unreadable = read.unreadable
            screen = await self.preview(person, draft_id)
            screen = views.with_unreadable(person.voice, screen, unreadable)
        except ZjyError as error:
            await self._services.drafts.back_to_choosing(draft_id)
            screen = await self.trouble(person, account, error)
        except Exception:
            await self._services.drafts.back_to_choosing(draft_id)
            raise
        await self._services.outbox.edit(person.chat_id, message_id, screen)
