"""Candidates of a message, proved at the platform one after the other.

The first good one is greeted at once. The others are proved too, for a message may hold the
cookies of two students: each becomes an account, and the likeliest one stays in use. Of one
student's the newest is kept.
"""

from collections.abc import Sequence

from bot.chat.i18n import Voice
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import account as views
from bot.clock import PlatformClock
from bot.handlers.desk import Desk
from bot.handlers.trouble import words_of
from bot.jobs.accounts import LoggedIn
from bot.logs import get_log
from bot.zjy.cookies import PastedCookie
from bot.zjy.errors import Barred, SessionExpired, Temporary, ZjyError

_log = get_log(__name__)
Refusal = tuple[PastedCookie, ZjyError]


class Proofs:
    def __init__(self, desk: Desk, clock: PlatformClock) -> None:
        self._desk = desk
        self._clock = clock

    async def check(
        self, person: Person, message_ids: Sequence[int], found: Sequence[PastedCookie]
    ) -> None:
        """Prove the candidates, in a message that says so and becomes the greeting. Trouble with
        the first is waited out; once it was, or once one is good, the others are asked once."""
        shown = await self._desk.say(person, views.checking(person.voice))
        if shown is not None:
            await self._desk.accounts.paste_shown(person.chat_id, shown, *message_ids)
        first: LoggedIn | None = None
        kept: dict[str, PastedCookie] = {}
        refused: list[Refusal] = []
        for pasted in found:
            try:
                is_patient = first is None and not any(map(_says_nothing, refused))
                student = await self._desk.accounts.prove(
                    person.chat_id, pasted, is_patient=is_patient
                )
            except ZjyError as error:
                refused.append((pasted, error))
                if not isinstance(error, SessionExpired):
                    _log.warning("a cookie could not be proved", trouble=str(error))
                if isinstance(error, Barred):
                    break
                continue
            known = kept.get(student.stu_id)
            if known is not None and not _is_newer(pasted, known):
                continue
            kept[student.stu_id] = pasted
            login = await self._desk.accounts.keep(
                person.chat_id, pasted, student, in_use=first is None
            )
            if first is None:
                first = login
                await self._tell(person, shown, _greeting(person.voice, login))
            elif known is None:
                await self._desk.say(person, _further(person.voice, login, first))
        if first is None:
            await self._tell(person, shown, self._refusal(person.voice, refused))

    async def _tell(self, person: Person, shown: int | None, screen: Screen) -> None:
        if shown is None:
            await self._desk.say(person, screen)
        else:
            await self._desk.outbox.edit(person.chat_id, shown, screen)

    def _refusal(self, voice: Voice, refused: Sequence[Refusal]) -> Screen:
        """Why none is good: perhaps a good one could not be proved, else a dead one, else the
        platform's own words."""
        if any(map(_says_nothing, refused)):
            return views.login_failed(voice, views.LoginTrouble.AWAY)
        ended = [pasted for pasted, error in refused if isinstance(error, SessionExpired)]
        if ended:
            told = all(self._says_it_ended(pasted) for pasted in ended)
            trouble = views.LoginTrouble.EXPIRED if told else views.LoginTrouble.NOT_TAKEN
            return views.login_failed(voice, trouble)
        _, strange = refused[0]
        return views.login_failed(voice, views.LoginTrouble.STRANGE, words_of(voice, strange))

    def _says_it_ended(self, pasted: PastedCookie) -> bool:
        return pasted.expires_at is not None and pasted.expires_at <= self._clock.clock.now()


def _says_nothing(refusal: Refusal) -> bool:
    return isinstance(refusal[1], Temporary)


def _is_newer(pasted: PastedCookie, known: PastedCookie) -> bool:
    """Whether it surely ends later; where nothing is told, the likelier one stays."""
    if pasted.expires_at is None or known.expires_at is None:
        return False
    return pasted.expires_at > known.expires_at


def _greeting(voice: Voice, login: LoggedIn) -> Screen:
    return views.welcome_student(
        voice,
        login.account.name,
        resumed=[job.course_name for job in login.resumed],
        waiting=[(job.course_name, name) for job, name in login.waiting],
    )


def _further(voice: Voice, login: LoggedIn, first: LoggedIn) -> Screen:
    return views.further_student(
        voice,
        login.account.name,
        in_use=first.account.name,
        resumed=[job.course_name for job in login.resumed],
    )
