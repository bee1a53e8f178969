"""Everything that can go wrong between the bot and the platform, as one tree.

::

    ZjyError
     ├─ SessionExpired        the cookie no longer works: ask for a new one
     ├─ Barred                the account may not study for some minutes
     ├─ CellLocked            the cell is not open yet
     ├─ OtherCellOpen         another cell is open and unfinished
     ├─ Refused               the platform said no, and why
     │   ├─ ReportRefused     it refused this report
     │   ├─ StepRefused       the step was too large or came too soon
     │   └─ UnknownAnswer     a code that nobody has described
     ├─ Temporary             try again later
     │   ├─ Unreachable       no connection could be made: nothing was sent
     │   ├─ AnswerLost        sent, but no whole answer came: it may have been applied
     │   ├─ ServerTrouble     a gateway's or firewall's page, or code -500
     │   └─ SessionInDoubt    an empty body or a login page: expired, or passing trouble
     └─ Malformed             JSON came, but not what the endpoint promises

The meaning of each code is in ``docs/platform.md``, section *Result codes*.
"""

# ruff: noqa: N818 -- the names say what happened, as a person would
from bot.zjy.models import OpenCell

Code = int | str | None


class ZjyError(Exception):
    """Root of the tree. ``endpoint`` is the last part of the path; ``code`` and ``msg`` are the
    platform's own, where it gave any."""

    def __init__(self, endpoint: str, msg: str = "", *, code: Code = None) -> None:
        super().__init__(endpoint, msg, code)
        self.endpoint = endpoint
        self.msg = msg
        self.code = code

    def __str__(self) -> str:
        said = f" (code {self.code!r})" if self.code is not None else ""
        return f"{type(self).__name__} at {self.endpoint}{said}: {self.msg or '-'}"


class SessionExpired(ZjyError):
    """The platform no longer knows the session of this cookie."""


class Barred(ZjyError):
    """The account is barred for abnormal study. ``minutes`` is what the platform named, or None."""

    def __init__(
        self, endpoint: str, msg: str = "", *, code: Code = None, minutes: int | None = None
    ) -> None:
        super().__init__(endpoint, msg, code=code)
        self.minutes = minutes


class CellLocked(ZjyError):
    """The cell is not open yet."""


class OtherCellOpen(ZjyError):
    """Another cell is open and unfinished; ``open_cell`` is what ``switch_cell`` must be given."""

    def __init__(
        self, endpoint: str, msg: str = "", *, code: Code = None, open_cell: OpenCell | None = None
    ) -> None:
        super().__init__(endpoint, msg, code=code)
        self.open_cell = open_cell


class Refused(ZjyError):
    """The platform answered, and the answer is no."""


class ReportRefused(Refused):
    """A report was refused as a whole; view again and go on from the stored position."""


class StepRefused(Refused):
    """A report's step was too large or came too soon; the position did not move."""


class UnknownAnswer(Refused):
    """A code that nobody has described; ``code`` and ``msg`` are kept for the person."""


class Temporary(ZjyError):
    """Trouble that passes."""


class Unreachable(Temporary):
    """No connection could be made; the request was not sent."""


class AnswerLost(Temporary):
    """The request went out, and no whole answer came back: it may have been applied."""


class ServerTrouble(Temporary):
    """The server, its gateway or its firewall answered with trouble of its own."""


class SessionInDoubt(Temporary):
    """An empty body or a login page. Only ``student/Studio/index`` tells whether the session
    expired; the gate asks it before anybody else sees this error."""


class Malformed(ZjyError):
    """The answer is JSON, but lacks what the endpoint promises."""
