"""The site's three reads, one method each. Only the session calls it.

The token goes into one header of one request, never into a log line or an error. Nothing but a
member of :class:`~bot.spoc.endpoints.Endpoint` can be sent, and no redirect is followed.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import httpx
from pydantic import ValidationError

from bot.metrics import Metrics
from bot.spoc.answers import read_answer, rows_of, total_of, user_of
from bot.spoc.endpoints import Endpoint
from bot.spoc.models import CourseRow, Node, User, courses_in, nodes_in
from bot.zjy.bodies import BadBody
from bot.zjy.errors import OddAnswer, ServerTrouble, Temporary, ZjyError
from bot.zjy.exchange import Exchange
from bot.zjy.fields import Entries, places
from bot.zjy.said import label_of

MOST_COURSES = 999
_GOOD = "200"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


class SpocClient:
    """The site at the address of ``exchange``. Each method takes the token first and raises kinds
    of :class:`~bot.zjy.errors.ZjyError`."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        metrics: Metrics | None = None,
        on_answer: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._exchange = exchange
        self._metrics = metrics or Metrics()
        self._on_answer = on_answer

    async def me(self, token: str) -> User:
        """The student whose token it is."""
        answer = user_of(Endpoint.ME, await self._ask(token, Endpoint.ME, {}))
        try:
            return User.model_validate(answer)
        except ValidationError as error:
            problem = places(error)
        # Raised outside the handler, because pydantic's own message quotes the answer.
        raise OddAnswer(Endpoint.ME.short, detail=problem)

    async def courses(self, token: str) -> Entries[CourseRow]:
        """The student's courses; those that the site counts and does not list are unreadable."""
        query = {"pageNum": "1", "pageSize": str(MOST_COURSES)}
        answer = await self._ask(token, Endpoint.COURSES, query)
        rows = rows_of(Endpoint.COURSES, answer)
        found = courses_in(rows)
        missing = max(0, total_of(answer) - len(rows))
        return Entries(found.read, found.unreadable + missing)

    async def folder(
        self, token: str, course: Mapping[str, str], parent_id: str, level: int
    ) -> Entries[Node]:
        """What is in a folder of a course's tree; ``course`` are the fields that name the course,
        ``level`` is 1 for the children of the root."""
        query = {**course, "parentId": parent_id, "level": str(level)}
        answer = await self._ask(token, Endpoint.FOLDER, query)
        return nodes_in(rows_of(Endpoint.FOLDER, answer))

    async def _ask(self, token: str, endpoint: Endpoint, query: Mapping[str, str]) -> object:
        if not isinstance(endpoint, Endpoint):
            raise TypeError("only what the list allows is sent")
        if not _TOKEN.fullmatch(token):
            raise ValueError("the token cannot stand in an Authorization header")
        try:
            answer = await self._answered(token, endpoint, query)
        except ZjyError as trouble:
            self._metrics.platform_answer(endpoint.short, label_of(trouble))
            self._on_answer(not isinstance(trouble, Temporary))
            raise
        self._metrics.platform_answer(endpoint.short, _GOOD)
        self._on_answer(True)
        return answer

    async def _answered(self, token: str, endpoint: Endpoint, query: Mapping[str, str]) -> object:
        address = self._exchange.base_url + endpoint.path
        try:
            status, _, body = await self._exchange.send(
                endpoint.short,
                endpoint.method,
                httpx.URL(f"{address}?{urlencode(query)}" if query else address),
                (("Authorization", f"Bearer {token}"),),
                token,
            )
        except BadBody as bad:
            problem = str(bad)
        else:
            return read_answer(endpoint, status, body)
        raise ServerTrouble(endpoint.short, detail=problem)
