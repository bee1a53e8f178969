"""Trouble on demand: what a test or the demo may make the platform do instead of answering."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from demo.platform.endpoints import STUDY_CALLS

E = TypeVar("E", bound=StrEnum)
"""The calls of one site, by their paths."""

Where = Callable[[Mapping[str, str]], bool]
"""Says of a request's form whether the fault is meant for it."""


class FaultKind(StrEnum):
    """The sorts of trouble."""

    HTTP_502 = "http_502"
    HTTP_503 = "http_503"
    HTTP_504 = "http_504"
    FIREWALL_200 = "firewall_200"
    EMPTY = "empty"
    HALF_JSON = "half_json"
    RESET = "reset"
    LOST_AFTER = "lost_after"
    HANG = "hang"
    LOGIN_PAGE = "login_page"
    REDIRECT_LOGIN = "redirect_login"
    EXPIRED_STRING = "expired_string"
    EXPIRED_TEXT = "expired_text"
    EXPIRED_WORDS = "expired_words"
    JSON = "json"
    RAW = "raw"
    PACKED = "packed"
    ODD_ROWS = "odd_rows"
    WITHOUT_ID = "without_id"
    PERCENTS = "percents"
    BAR = "bar"
    NO_COUNT = "no_count"
    AWAY = "away"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Fault:
    """One sort of trouble with its details: `Fault.HTTP_502`, `Fault.hang(3)`, `Fault.bar(20)`.

    Only LOST_AFTER, NO_COUNT and HANG let the request reach the rules; HALF_JSON cuts the answer
    of a request that was applied, ODD_ROWS puts odd entries into its lists, WITHOUT_ID makes one of
    them odd, PERCENTS has one value for their percents, and RAW takes its place if so asked. The
    others replace the request.
    """

    kind: FaultKind
    seconds: float = 0
    minutes: int | None = None
    body: Mapping[str, object] = field(default_factory=dict)
    raw: str | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    applied: bool = False
    announced: int | None = None
    unpacked: int = 0
    id: str = ""
    value: object = None

    HTTP_502: ClassVar["Fault"]
    HTTP_503: ClassVar["Fault"]
    HTTP_504: ClassVar["Fault"]
    FIREWALL_200: ClassVar["Fault"]
    """A firewall's HTML page with status 200."""
    EMPTY: ClassVar["Fault"]
    HALF_JSON: ClassVar["Fault"]
    RESET: ClassVar["Fault"]
    """The connection is reset before the request is applied."""
    LOST_AFTER: ClassVar["Fault"]
    """The request is applied, then the connection ends without an answer."""
    LOGIN_PAGE: ClassVar["Fault"]
    REDIRECT_LOGIN: ClassVar["Fault"]
    EXPIRED_STRING: ClassVar["Fault"]
    """`code` "-1" as a string."""
    EXPIRED_TEXT: ClassVar["Fault"]
    """`msg` with 用户信息异常 and some code."""
    EXPIRED_WORDS: ClassVar["Fault"]
    """Words about the login with some code that is not 1."""
    ODD_ROWS: ClassVar["Fault"]
    """The true answer, with null rows, rows without an id and the like in each of its lists."""
    NO_COUNT: ClassVar["Fault"]
    """Views and reports are answered as usual, and nothing is counted."""
    AWAY: ClassVar["Fault"]
    """Every connection ends at its first request."""
    INCOMPLETE: ClassVar["Fault"]
    """Some rows of a list of the site of today are left out."""

    @staticmethod
    def hang(seconds: float) -> "Fault":
        """No answer for so many real seconds; applied and answered after that."""
        return Fault(FaultKind.HANG, seconds=seconds)

    @staticmethod
    def json(body: Mapping[str, object]) -> "Fault":
        """This answer instead; the request is not applied."""
        return Fault(FaultKind.JSON, body=body)

    @staticmethod
    def raw_body(
        body: str | bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        applied: bool = False,
        announced: int | None = None,
    ) -> "Fault":
        """These very bytes as the answer. `applied`: the request is applied before; `announced`: a
        `Content-Length` that lies, after which the connection ends."""
        return Fault(
            FaultKind.RAW,
            raw=body,
            status=status,
            headers=headers or {},
            applied=applied,
            announced=announced,
        )

    @staticmethod
    def without_id(id: str) -> "Fault":  # noqa: A002
        """The true answer, but the entry of that id (of a course its `courseOpenId`) has null."""
        return Fault(FaultKind.WITHOUT_ID, id=id)

    @staticmethod
    def percents(value: object) -> "Fault":
        """The true answer, with this for the percent of each course and module."""
        return Fault(FaultKind.PERCENTS, value=value)

    @staticmethod
    def packed(unpacked: int = 400 * 2**20) -> "Fault":
        """So many bytes as gzip, a thousandth of that on the wire."""
        return Fault(FaultKind.PACKED, unpacked=unpacked)

    @staticmethod
    def bar(minutes: int | None = 20) -> "Fault":
        """A bar for so many platform minutes (None: 30, and the text names no number)."""
        return Fault(FaultKind.BAR, minutes=minutes)


for _kind in FaultKind:
    if _kind not in (
        FaultKind.HANG,
        FaultKind.JSON,
        FaultKind.RAW,
        FaultKind.PACKED,
        FaultKind.WITHOUT_ID,
        FaultKind.PERCENTS,
        FaultKind.BAR,
    ):
        setattr(Fault, _kind.name, Fault(_kind))

EXPIRED_FORMS = (
    Fault.EMPTY,
    Fault.EXPIRED_STRING,
    Fault.EXPIRED_TEXT,
    Fault.REDIRECT_LOGIN,
    Fault.LOGIN_PAGE,
    Fault.EXPIRED_WORDS,
)
"""Every way in which the platform says that a session is over."""


@dataclass(slots=True)
class _Planned(Generic[E]):
    endpoint: E | None
    fault: Fault
    left: int | None
    where: Where | None
    after: int

    def suits(self, endpoint: E, form: Mapping[str, str]) -> bool:
        if self.fault.kind is FaultKind.NO_COUNT and endpoint not in STUDY_CALLS:
            return False
        if self.endpoint is not None and self.endpoint is not endpoint:
            return False
        return self.where is None or self.where(form)


class Faults(Generic[E]):
    """The trouble that is planned at a site; what was added first comes first."""

    def __init__(self, endpoints: type[E]) -> None:
        self._endpoints = endpoints
        self.expired_form: Fault | None = None
        """Pins the answer to a request without a session; None draws one each time."""
        self._planned: list[_Planned[E]] = []

    def add(
        self,
        endpoint: E | str,
        fault: Fault,
        *,
        times: int | None = 1,
        where: Where | None = None,
        after: int = 0,
    ) -> None:
        """Plan trouble for the next `times` requests (None: until cleared).

        `endpoint` is a call of the site, its path, its name, or "*" for all; `where` narrows by
        the form; so many requests that suit are let pass `after` which it begins.
        Raises ValueError for an unknown endpoint.
        """
        self._planned.append(_Planned(self._named(endpoint), fault, times, where, after))

    def clear(self) -> None:
        """Forget all planned trouble and unpin the form of expiry."""
        self._planned.clear()
        self.expired_form = None

    def pending(self) -> int:
        """How many plans are not used up."""
        return len(self._planned)

    def take(self, endpoint: E, form: Mapping[str, str]) -> Fault | None:
        """The trouble meant for this request, used up by one."""
        for planned in self._planned:
            if planned.suits(endpoint, form):
                if planned.after:
                    planned.after -= 1
                    continue
                if planned.left is not None:
                    planned.left -= 1
                    if planned.left <= 0:
                        self._planned.remove(planned)
                return planned.fault
        return None

    def _named(self, given: E | str) -> E | None:
        if given == "*":
            return None
        if given.upper() in self._endpoints.__members__:
            return self._endpoints[given.upper()]
        return self._endpoints(given)
