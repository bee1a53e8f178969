"""A student's browser for these tests: one call per endpoint, and nothing that waits."""

import json
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from demo.platform import Endpoint, PlatformServer, School
from demo.platform.school import Place
from tests.support.clocks import SettableClock

Answer = dict[str, Any]


@dataclass
class StudentClient:
    """Speaks to the stand-in as one student, and keeps the token of each view."""

    server: PlatformServer
    session: aiohttp.ClientSession
    clock: SettableClock
    stu_id: str
    auth: str
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def school(self) -> School:
        return self.server.school

    def shown(self, cell_id: str) -> float:
        return self.server.shown(self.stu_id, cell_id)

    def kinds(self) -> list[str]:
        """The kinds of this student's violations, in order."""
        return [v.kind.value for v in self.server.violations if v.student == self.stu_id]

    async def send(self, endpoint: Endpoint, **form: object) -> aiohttp.ClientResponse:
        """Post a form with the student's cookie; the body is read."""
        async with self.session.post(
            self.server.url + endpoint,
            data={name: str(value) for name, value in form.items()},
            headers={"Cookie": f"auth={self.auth}"},
            allow_redirects=False,
        ) as response:
            await response.read()
            return response

    async def ask(self, endpoint: Endpoint, **form: object) -> Answer:
        """The JSON answer to a form."""
        response = await self.send(endpoint, **form)
        answer: Answer = json.loads(await response.text())
        return answer

    async def cells(self, topic_id: str = "topic-1") -> list[Answer]:
        """The rows of a topic, read at a polite distance."""
        self.clock.advance(1)
        course = self.school.courses[0]
        answer = await self.ask(
            Endpoint.CELLS,
            courseOpenId=course.course_open_id,
            openClassId=course.open_class_id,
            topicId=topic_id,
        )
        return list(answer["cellList"])

    def place(self, cell_id: str) -> Place:
        place = self.school.place(cell_id)
        assert place is not None
        return place

    def ids(self, cell_id: str) -> dict[str, str]:
        place = self.place(cell_id)
        return {
            "courseOpenId": place.course.course_open_id,
            "openClassId": place.course.open_class_id,
            "moduleId": place.module.id,
            "cellId": cell_id,
        }

    async def view(self, cell_id: str, **changed: object) -> Answer:
        """Open a cell."""
        answer = await self.ask(Endpoint.VIEW, **{**self.ids(cell_id), "flag": "s", **changed})
        if answer["code"] == 1:
            self.tokens[cell_id] = answer["guIdToken"]
        return answer

    async def report(
        self, cell_id: str, position: float = 0, *, page: int = 0, **changed: object
    ) -> Answer:
        """Report a position in seconds, or a page."""
        form: dict[str, object] = {
            **self.ids(cell_id),
            "cellLogId": "",
            "picNum": page,
            "studyNewlyTime": position,
            "studyNewlyPicNum": page,
            "token": self.tokens.get(cell_id, ""),
        }
        return await self.ask(Endpoint.REPORT, **{**form, **changed})

    async def switch(self, cell_id: str, **changed: object) -> Answer:
        """Make a cell the one being studied."""
        form = {**self.ids(cell_id), "cellName": self.place(cell_id).cell.name}
        return await self.ask(Endpoint.SWITCH, **{**form, **changed})

    async def watch_to(self, cell_id: str, position: float) -> Answer:
        """Open a video and report one position after ten seconds."""
        await self.view(cell_id)
        self.clock.advance(10)
        return await self.report(cell_id, position)

    async def gets_no_answer(self, call: Awaitable[object]) -> None:
        """Assert that the call's connection ended without an answer."""
        with pytest.raises(aiohttp.ClientError):
            await call
