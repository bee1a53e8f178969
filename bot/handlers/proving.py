"""Proves the pending cookies of one chat at the platform, one after the other.

The first good cookie is greeted at once. The others are proved too, because a message may hold the
cookies of two students: each becomes an account, and the first stays in use. Of several cookies of
one student the newest is kept. Only the platform's answer that a session has no owner decides
against a cookie; after any other failure the cookie is tried again until its time is over.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.chat.people import View
from bot.chat.views import limits as limit_views
from bot.chat.views import login as views
from bot.handlers.hub import Hubs, HubView
from bot.handlers.login_message import LoginMessages, unchecked
from bot.handlers.services import Services
from bot.jobs.endings import BAR_MINUTES
from bot.limits import Limit, LimitReachedError
from bot.login.credentials import Credential
from bot.login.pending_logins import PendingLogins, TrialSchedule
from bot.login.service import LoggedIn
from bot.logs import get_log
from bot.zjy.errors import Barred, PageInstead, SessionExpired, ZjyError
from storage.accounts import Account
from storage.errors import StorageError
from storage.pending_logins import PendingCookie, PendingLogin
from storage.vault import VaultError, WrongKey

STORAGE_WAIT = 30.0
"""Real seconds until the next attempt after a storage error."""
STORAGE_TRIES = 10

_log = get_log(__name__)


class Proving:
    """``wake`` is set when cookies were added: they go before those that are tried again.
    ``is_pressed``: the person just sent a cookie and waits for the result."""

    def __init__(
        self,
        services: Services,
        pending: PendingLogins,
        messages: LoginMessages,
        hubs: Hubs,
        chat_id: int,
        wake: asyncio.Event,
        *,
        is_pressed: bool,
    ) -> None:
        self._services = services
        self._clock = services.clock
        self._pending = pending
        self._messages = messages
        self._hubs = hubs
        self._chat_id = chat_id
        self._wake = wake
        self._is_pressed = is_pressed
        self._schedule = TrialSchedule(services.clock)
        self._kept: dict[str, tuple[PendingCookie, Credential]] = {}
        self._ended: list[PendingCookie] = []
        self._locked: set[int] = set()
        self._given_up: ZjyError | None = None
        self._limit: Limit | None = None
        self._waiting_said: PendingLogin | None = None
        self._result_said: PendingLogin | None = None
        self._storage_troubles = 0

    async def run(self) -> None:
        """Prove until no cookie is pending whose key is here, and send the result. Raises
        StorageError if the storage fails for minutes."""
        while True:
            self._wake.clear()
            try:
                if not await self._step():
                    return
            except StorageError:
                self._storage_troubles += 1
                if self._storage_troubles > STORAGE_TRIES:
                    raise
                _log.exception("pending cookies wait for the storage", chat=self._chat_id)
                await self._clock.clock.sleep(STORAGE_WAIT)

    async def _step(self) -> bool:
        """Prove the cookies that are due, or wait for the next one. False if none is pending."""
        pending = await self._unlocked()
        due = self._schedule.due(pending)
        if due:
            await self._round(due)
        elif pending:
            await self._rest()
        else:
            if not self._locked or self._ended or self._given_up is not None:
                await self._say_verdict()
            return self._wake.is_set()
        return True

    async def _unlocked(self) -> list[PendingCookie]:
        """The chat's pending cookies, without those whose key was not here."""
        pending = await self._pending.cookies(self._chat_id)
        return [each for each in pending if each.id not in self._locked]

    async def _rest(self) -> None:
        woken = asyncio.ensure_future(self._wake.wait())
        slept = asyncio.ensure_future(self._clock.sleep(self._schedule.seconds_left()))
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()
            await asyncio.gather(woken, slept, return_exceptions=True)
        self._is_pressed = self._wake.is_set()

    async def _round(self, due: Sequence[PendingCookie]) -> None:
        """Prove each due cookie. The first failure is retried patiently; after it, each other
        cookie is tried once."""
        is_patient, is_undecided = True, False
        for each in due:
            trouble = await self._prove(each, is_patient=is_patient)
            if trouble is not None:
                is_patient, is_undecided = False, True
            if isinstance(trouble, Barred):
                self._schedule.rest((trouble.minutes or BAR_MINUTES) * 60.0)
                break
            if self._wake.is_set():
                break
        if is_undecided:
            await self._say_waiting()

    async def _prove(self, pending: PendingCookie, *, is_patient: bool) -> ZjyError | None:
        """Ask the platform whose cookie it is, and act on the answer. Returns the error that left
        it undecided."""
        try:
            pasted = await self._pending.open(pending)
        except WrongKey as error:
            # The operator's to put right: the next start with the key tries it again.
            _log.error("a pending cookie waits for its key", trouble=str(error))
            self._locked.add(pending.id)
            return None
        except VaultError as error:
            _log.warning("a pending cookie cannot be opened", trouble=str(error))
            await self._pending.remove(pending)
            return None
        if pasted is None:
            return None
        try:
            student = await self._services.login.prove(
                self._chat_id, pasted, stopped=lambda: not is_patient or self._wake.is_set()
            )
        except SessionExpired:
            self._ended.append(pending)
            await self._pending.remove(pending)
            return None
        except ZjyError as error:
            _log.warning("a cookie could not be proved", trouble=str(error))
            is_final = isinstance(error, PageInstead)
            if not is_final and self._schedule.undecided(pending, is_patient=is_patient):
                return error
            self._given_up = error
            await self._pending.remove(pending)
            return None
        known = self._kept.get(student.stu_id)
        if known is not None and not _is_newer((pending, pasted), known):
            await self._pending.remove(pending)
            return None
        login = await self._untold()
        try:
            logged_in = await self._services.login.keep(
                pending, pasted, student, in_use=login is not None
            )
        except LimitReachedError as reached:
            await self._reach(login, reached.limit)
            return None
        if logged_in is not None:
            await self._services.access.logged_in(self._chat_id)
            self._kept[student.stu_id] = pending, pasted
            await self._greet(login, logged_in, is_known=known is not None)
        return None

    async def _reach(self, login: PendingLogin | None, limit: Limit) -> None:
        """Say that the account is one too many: as the result if there is no other one."""
        await self._services.access.limited(self._chat_id, limit)
        self._limit = limit
        if login is None:
            self._messages.say_more(self._chat_id, partial(limit_views.reached, limit=limit))

    async def _greet(
        self, login: PendingLogin | None, logged_in: LoggedIn, *, is_known: bool
    ) -> None:
        resumed = [job.course_name for job in logged_in.resumed]
        if login is not None:
            waiting = [(job.course_name, name) for job, name in logged_in.waiting]
            view = partial(views.welcome_student, resumed=resumed, waiting=waiting)
            await self._say_greeting(login, logged_in.account, view)
        elif not is_known:
            in_use = await self._services.accounts.active(self._chat_id)
            name = in_use.name if in_use is not None else logged_in.account.name
            further = partial(
                views.further_student,
                name=logged_in.account.name,
                in_use=name,
                resumed=resumed,
                can_study=logged_in.account.can_study,
            )
            self._messages.say_more(self._chat_id, further)

    async def _untold(self) -> PendingLogin | None:
        """The chat's login, if its result was not sent yet."""
        login = await self._pending.login(self._chat_id)
        said = self._result_said
        if login is None or (said is not None and said.began_at == login.began_at):
            return None
        return login

    async def _say_waiting(self) -> None:
        """Say that there is no result yet, once for each message."""
        login = await self._untold()
        if login is None or login == self._waiting_said:
            return
        if await self._pending.cookies(self._chat_id):
            self._waiting_said = login
            self._messages.say_waiting(login, is_pressed=self._is_pressed)

    async def _say_verdict(self) -> None:
        """Send the result when no cookie is left and none was good."""
        login = await self._untold()
        # A paste that came since the cookies were read began this login: its own are still there.
        if login is not None and not await self._unlocked():
            await self._say_verdict_of(login)

    def _say_result(self, login: PendingLogin, words: View) -> None:
        self._result_said = login
        self._messages.say_result(login, words, is_pressed=self._is_pressed)

    async def _say_greeting(self, login: PendingLogin, account: Account, view: HubView) -> None:
        """Say the result with a good cookie; the greeting shows the courses once they are read."""
        self._result_said = login
        person = await self._services.people.of_chat(self._chat_id)
        if person is None:
            return
        hub = await self._hubs.of(person, account)
        self._messages.say_result(
            login,
            lambda tr: view(tr, hub),
            is_pressed=self._is_pressed,
            on_said=lambda said: self._hubs.bring_up_to_date(self._chat_id, said, hub, view),
        )

    async def _say_verdict_of(self, login: PendingLogin) -> None:
        """Say the result without a good cookie: one could not be proved; else all are expired; else
        the process ended after the last one was removed and before the person was told."""
        if self._limit is not None:
            self._say_result(login, partial(limit_views.reached, limit=self._limit))
            return
        if self._given_up is not None:
            self._say_result(login, partial(unchecked, error=self._given_up))
            return
        if self._ended:
            told = all(map(self._says_it_ended, self._ended))
            trouble = views.LoginTrouble.EXPIRED if told else views.LoginTrouble.NOT_TAKEN
            self._say_result(login, partial(views.login_failed, trouble=trouble))
            return
        account = await self._services.accounts.active(self._chat_id)
        if account is not None and account.pasted_at and account.pasted_at >= login.began_at:
            view = partial(views.welcome_student, resumed=[], waiting=[])
            await self._say_greeting(login, account, view)
        else:
            self._say_result(login, views.checking_cut_off)

    def _says_it_ended(self, pending: PendingCookie) -> bool:
        return pending.expires_at is not None and pending.expires_at <= self._clock.now()


Candidate = tuple[PendingCookie, Credential]


def _is_newer(one: Candidate, known: Candidate) -> bool:
    """Whether a cookie was pasted later or, of one paste, certainly expires later; without known
    expiries the likelier one stays."""
    if one[0].pasted_at != known[0].pasted_at:
        return one[0].pasted_at > known[0].pasted_at
    if one[1].expires_at is None or known[1].expires_at is None:
        return False
    return one[1].expires_at > known[1].expires_at
