"""Every answer that makes no sense, at every endpoint and moment of a job, once and for long.

Everything below the chat is real; the summary is rendered as it is sent. It must say what the
platform shows, in the words of the catalogue and the platform alone.
"""

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.chat.i18n import Translators, load_translators
from bot.chat.views import full_list
from bot.chat.views.summary import summary
from bot.zjy.errors import SessionExpired, ZjyError
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    School,
    course,
    document,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from storage.enums import JobState, Outcome, Pace
from storage.jobs import Job, JobItem
from storage.moments import to_text
from tests.prove.plain_words import assert_plain
from tests.prove.side_by_side import side_by_side
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA
from tests.support.odd_bodies import ODD_BODIES, UNKNOWN, is_success

SPEED = 4000.0
PATIENCE = 60.0
REPORTS = 3
"""After so many the job is disturbed."""
LONG = 9
"""More answers in a row than one call of the gate asks for."""
LASTING = 100_000
LONG_AGO = datetime(2021, 3, 1, tzinfo=UTC)
CELLS = 7
ELSEWHERE = ("cell-3", "cell-4")


class Moment(StrEnum):
    """When the answer comes."""

    LOGIN = "at the login"
    COURSES = "at the list of courses"
    MODULES = "at the list of modules"
    TOPICS = "at a preview's topics"
    CELLS = "at a preview's cells"
    RESTART = "at the first look after a restart"
    PAUSE = "at the first look after a pause"
    HALF_AN_HOUR = "at the first look after 30 minutes"
    OUTAGE = "at the first look after an outage"
    VIEW = "at a view"
    REPORT = "at a report"
    REPORT_APPLIED = "at a report that was applied"
    SWITCH = "at a switch"
    READ_BACK = "at the read-back"


ASKED = {
    Moment.LOGIN: Endpoint.ME,
    Moment.COURSES: Endpoint.COURSES,
    Moment.MODULES: Endpoint.MODULES,
    Moment.TOPICS: Endpoint.TOPICS,
    Moment.VIEW: Endpoint.VIEW,
    Moment.REPORT: Endpoint.REPORT,
    Moment.REPORT_APPLIED: Endpoint.REPORT,
    Moment.SWITCH: Endpoint.SWITCH,
}
"""The endpoint that answers oddly; the others are looks at a topic's cells."""
BEFORE_THE_JOB = (Moment.LOGIN, Moment.COURSES, Moment.MODULES, Moment.TOPICS, Moment.CELLS)


@dataclass(frozen=True, slots=True)
class Case:
    """``times`` odd answers in a row, at a moment."""

    moment: Moment
    body: str
    times: int

    def __str__(self) -> str:
        return f"{self.times} × {self.body} {self.moment}"

    @property
    def endpoint(self) -> Endpoint:
        return ASKED.get(self.moment, Endpoint.CELLS)

    @property
    def may_fail(self) -> bool:
        """Whether it lasts longer than anything is asked again."""
        return self.times > 1


def cases() -> list[Case]:
    """All of them. Before a job only what passes is asked again by a person."""
    bodies, times = (*ODD_BODIES, *UNKNOWN), (1, LONG, LASTING)
    return [
        Case(moment, body, count)
        for moment, body, count in product(Moment, bodies, times)
        if not is_success(ASKED.get(moment, Endpoint.CELLS), body)
        if count != LASTING or moment not in BEFORE_THE_JOB
    ]


@dataclass(slots=True)
class Told:
    """What cases came to."""

    cases: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)


async def play(chosen: Sequence[Case], *, at_once: int = 4) -> Told:
    """Play the cases, some at once."""
    told, began = Told(), time.monotonic()
    translators = load_translators("zh")

    async def play_one(case: Case) -> None:
        try:
            with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                async with asyncio.timeout(PATIENCE):
                    await _play(case, Path(folder), translators, told)
        except (AssertionError, TimeoutError, ZjyError):
            told.failures[str(case)] = traceback.format_exc()
        told.cases += 1

    await side_by_side(chosen, play_one, at_once=at_once)
    told.seconds = time.monotonic() - began
    return told


def _school() -> School:
    cells = [video(30, name="第一讲"), document(3, name="讲义"), link(name="资料")]
    others = [picture(name="图"), video(12, name="第二讲"), quiz(name="小测"), link(name="网页")]
    topics = [topic(cells, name="第一节"), topic(others, name="第二节")]
    return school_of(courses=[course([module(topics, name="第一章")], name="网络基础")])


async def _play(case: Case, folder: Path, translators: Translators, told: Told) -> None:
    async with open_jobs(folder, _school(), speed=SPEED) as harness:
        job = await _Played(case, harness).to_its_end()
        items = await harness.items(job.id)
        told.outcomes.update(str(item.outcome) for item in items)
        _check(case, harness, items)
        for language in translators.languages:
            tr = translators[language]
            assert_plain(summary(tr, job, items, SPEED).text, language, items)
            listed = full_list.document(tr, job, items).content.decode("utf-8-sig")
            assert_plain(listed, language, items)


def _check(case: Case, harness: JobsHarness, items: Sequence[JobItem]) -> None:
    assert len(items) == CELLS
    assert harness.platform.violations == []
    for item in items:
        outcome, shown = item.outcome, harness.platform.shown(STUDENT.stu_id, item.cell.cell_id)
        said = f"{item.cell.name}: {outcome} {item.code} {item.msg}, the platform shows {shown}"
        if outcome is Outcome.UNREAD:
            assert not harness.transport.was_read[item.cell.topic_id], said
        else:
            assert (outcome is Outcome.DONE) == (shown == 100), said
        if outcome is Outcome.REFUSED:
            assert case.body in UNKNOWN, said
        if not case.may_fail:
            assert outcome in (Outcome.DONE, Outcome.BY_HAND), said


class _Played:
    """One case before one set of stand-ins."""

    def __init__(self, case: Case, harness: JobsHarness) -> None:
        self._case = case
        self._harness = harness
        self._disturb: dict[Moment, Callable[[int], Awaitable[None]]] = {
            Moment.RESTART: self._restart,
            Moment.PAUSE: self._pause,
            Moment.OUTAGE: self._outage,
        }

    async def to_its_end(self) -> Job:
        case, harness = self._case, self._harness
        if case.moment in BEFORE_THE_JOB:
            self._begin()
        await self._again(self._log_in)
        account = await harness.accounts.active(ANNA)
        assert account is not None
        drafts: list[int] = []

        async def read() -> None:
            drafts.append(await harness.draft(account, pace=Pace.NORMAL))

        await self._again(read)
        draft_id = drafts[-1]
        if case.moment is Moment.HALF_AN_HOUR:
            self._finish_elsewhere()
            await harness.db.write(
                lambda c: c.execute("UPDATE drafts SET read_at = ?", (to_text(LONG_AGO),))
            )
        if case.moment is Moment.SWITCH:
            await self._open_another()
        if case.moment not in {*BEFORE_THE_JOB, *self._disturb}:
            self._begin()
        result = await harness.control.start(ANNA, draft_id, 7)
        assert result.job is not None
        if case.moment in self._disturb:
            await harness.until_reports(REPORTS)
            self._finish_elsewhere()
            await self._disturb[case.moment](result.job.id)
        return await harness.until_ended(result.job.id)

    def _begin(self) -> None:
        case = self._case
        applied = case.moment is Moment.REPORT_APPLIED
        answer = Fault.raw_body(case.body, applied=applied)
        self._harness.fault(case.endpoint, answer, times=case.times)

    async def _again(self, ask: Callable[[], Awaitable[None]]) -> None:
        """As a person does who is told to try again in a few minutes. A good cookie is never
        refused for the answer, and its words are the platform's."""
        for _ in range(LONG):
            try:
                await ask()
            except SessionExpired:
                raise AssertionError("a good cookie was refused") from None
            except ZjyError as error:
                if error.msg and error.msg not in self._case.body:
                    raise AssertionError("not the platform's own words") from error
            else:
                return
        raise AssertionError("it never passed")

    async def _log_in(self) -> None:
        await self._harness.log_in(ANNA)

    async def _open_another(self) -> None:
        """The student left a video open, which blocks the others until a switch."""
        study = self._harness.platform._service.study(STUDENT.stu_id)
        study.open_cell = "cell-5"

    def _finish_elsewhere(self) -> None:
        """The student does some of it in the browser meanwhile."""
        self._harness.finish(*ELSEWHERE)

    async def _restart(self, job_id: int) -> None:
        self._begin()
        await self._harness.kill_and_start()

    async def _pause(self, job_id: int) -> None:
        await self._harness.control.pause(ANNA, job_id)
        await self._harness.until_state(job_id, JobState.PAUSED)
        self._begin()
        await self._harness.control.resume(ANNA, job_id)

    async def _outage(self, job_id: int) -> None:
        self._harness.transport.is_open = False
        await self._harness.until_state(job_id, JobState.WAITING)
        self._begin()
        self._harness.transport.is_open = True
