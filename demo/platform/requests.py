"""What is kept of a request, and when a hook of the tests is called."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from demo.platform.endpoints import Endpoint


class Phase(StrEnum):
    """When a hook is called: before a request is looked at, or after it was applied."""

    BEFORE = "before"
    APPLIED = "applied"


Hook = Callable[[Endpoint, Phase], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that came: times are platform seconds.

    `status` and `answered_at` are None where no answer was sent, `code` where it was no JSON.
    """

    at: float
    endpoint: Endpoint
    student: str | None
    form: Mapping[str, str]
    status: int | None
    code: object
    answered_at: float | None
