"""Trouble on order: refusals, lost answers, a Telegram that cannot be reached."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.telegram.errors import ApiError

Distort = Callable[[bytes], bytes]
"""Makes of the body of an answer what arrives of it."""


@dataclass
class _Oddity:
    method: str
    status: int
    distort: Distort
    times: int


@dataclass
class _Failure:
    method: str
    error: ApiError
    times: int
    chat_id: int | None


class Trouble:
    """What goes wrong next. Methods are named as in the API, in any case; ``*`` is any."""

    def __init__(self) -> None:
        self.is_away = False
        self.is_revoked = False
        self._failures: list[_Failure] = []
        self._lost: dict[str, int] = {}
        self._odd: list[_Oddity] = []

    def fail(
        self,
        method: str,
        code: int,
        description: str,
        *,
        times: int = 1,
        retry_after: int | None = None,
        migrate_to: int | None = None,
        chat_id: int | None = None,
    ) -> None:
        """Refuse the next ``times`` calls of ``method`` (of one chat); they have no effect."""
        parameters = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to}
        given = {name: value for name, value in parameters.items() if value is not None}
        error = ApiError(code, description, given)
        self._failures.append(_Failure(method.lower(), error, times, chat_id))

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Apply the next ``times`` calls of ``method``, then drop the connection."""
        self._lost[method.lower()] = times

    def answer_oddly(
        self, method: str, body: bytes | Distort, *, status: int = 200, times: int = 1
    ) -> None:
        """Apply the next ``times`` calls of ``method``, and answer with ``body`` instead, or with
        what it makes of the right one."""
        distort = body if callable(body) else lambda _: body
        self._odd.append(_Oddity(method.lower(), status, distort, times))

    def clear(self) -> None:
        """Nothing that was ordered goes wrong any more."""
        self._failures.clear()
        self._lost.clear()
        self._odd.clear()

    def distorted(self, method: str, status: int, body: bytes) -> tuple[int, bytes]:
        """What arrives of an answer to this call."""
        for odd in self._odd:
            if odd.times > 0 and odd.method == method:
                odd.times -= 1
                return odd.status, odd.distort(body)
        return status, body

    def refuse(self, method: str, chat_id: int | None) -> None:
        """Raise what was ordered for this call (``method`` in lower case), if anything was."""
        for failure in self._failures:
            if failure.method not in {"*", method} or failure.times <= 0:
                continue
            if failure.method == "*" and method == "getupdates" and failure.chat_id is None:
                continue
            if failure.chat_id in {None, chat_id}:
                failure.times -= 1
                raise failure.error

    def loses(self, method: str) -> bool:
        """Whether the answer to this call gets lost; counts it."""
        for name in (method, "*"):
            if self._lost.get(name, 0) > 0 and not (name == "*" and method == "getupdates"):
                self._lost[name] -= 1
                return True
        return False
