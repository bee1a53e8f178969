"""The card of a course that a job brought to 100, as a picture before the job's final message."""

import json
from collections.abc import Sequence
from functools import partial

from aiosqlite import Connection

from bot.chat.cards.content import CourseCard, ModuleBar
from bot.chat.cards.course import course_card
from bot.chat.cards.drawing import Drawing
from bot.chat.labels import cut
from bot.chat.people import People, Person
from bot.chat.views.summary import is_course_finished
from bot.clock import PlatformClock
from bot.logs import get_log, new_reference
from bot.outbox.chat_queue import Silent, fixed
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Photo, Screen
from storage import accounts, courses, jobs, notices
from storage.cells import COMPLETE
from storage.courses import Module
from storage.database import Database
from storage.enums import OutcomeGroup
from storage.errors import StorageError
from storage.jobs import JobItem
from storage.notices import Notice

SENT = "card_sent"
"""The fact in the notice of a job's end that its card was sent."""
NAME_WIDTH = 120

_log = get_log(__name__)


class FinishedCourses:
    def __init__(
        self, db: Database, clock: PlatformClock, people: People, outbox: Outbox, drawing: Drawing
    ) -> None:
        self._db = db
        self._clock = clock
        self._people = people
        self._outbox = outbox
        self._drawing = drawing

    async def send_card(self, notice: Notice, silent: Silent) -> None:
        """Send the card that belongs to the notice of a job's end, and store that it was sent: only
        a kill in between repeats it. Waits until it is sent. No effect if the course is not
        finished, the card was sent, or it cannot be drawn or read from the storage."""
        try:
            await self._send_card(notice, silent)
        except StorageError as trouble:
            _log.warning("a course's card is left out", notice=notice.id, trouble=str(trouble))

    async def _send_card(self, notice: Notice, silent: Silent) -> None:
        facts = json.loads(notice.payload)
        if facts.get(SENT):
            return
        person = await self._people.of_chat(notice.chat_id)
        card = None if person is None else await self._card(notice, person)
        if person is None or card is None:
            return
        try:
            drawn = await self._drawing.draw(partial(course_card, person.tr, card))
        except Exception:  # noqa: BLE001 - logged with its reference; the final message comes alone
            _log.exception("a picture could not be drawn", reference=new_reference())
            return
        caption = Screen(
            person.tr.html("🏆 <b>{course}</b> is at 100%", course=cut(card.course, NAME_WIDTH))
        )
        photo = Photo(drawn, "course.png")
        sent = await self._outbox.say(notice.chat_id, fixed(caption), silent=silent, photo=photo)
        if sent is not None:
            payload = json.dumps({**facts, SENT: True}, ensure_ascii=False)
            await self._db.write(lambda conn: notices.set_payload(conn, notice.id, payload))

    async def _card(self, notice: Notice, person: Person) -> CourseCard | None:
        job_id, chat_id = notice.job_id, notice.chat_id
        if job_id is None:
            return None

        async def unit(conn: Connection) -> CourseCard | None:
            job = await jobs.get(conn, job_id)
            items = await jobs.items(conn, job_id)
            if job is None or job.course_id is None or not is_course_finished(job, items):
                return None
            course = await courses.course(conn, chat_id, job.course_id)
            account = await accounts.get(conn, chat_id, job.account_id)
            if course is None or account is None:
                return None
            modules = await courses.modules_of(conn, chat_id, course.id)
            is_counted = course.cell_count is not None and course.studied_count == course.cell_count
            return CourseCard(
                course=course.name,
                percent=COMPLETE,
                gained=0.0 if job.percent_before is None else COMPLETE - job.percent_before,
                cells_done=course.studied_count if is_counted else None,
                cells_total=course.cell_count if is_counted else None,
                modules=finished_bars(modules, items),
                student=account.name,
                today=self._clock.now().astimezone(person.zone).date(),
            )

        return await self._db.read(unit)


def finished_bars(modules: Sequence[Module], items: Sequence[JobItem]) -> list[ModuleBar]:
    """The bars of a finished course's modules. A stored percent may be older than the job: so a
    module counts as finished if the job did its cells too. Empty unless all are."""
    studied = {item.cell.module_id for item in items}
    missed = {
        item.cell.module_id
        for item in items
        if item.outcome is not None and item.outcome.group is OutcomeGroup.FAILED
    }
    finished = studied - missed
    if all(module.is_complete or module.module_id in finished for module in modules):
        return [ModuleBar(module.name, COMPLETE) for module in modules]
    return []
