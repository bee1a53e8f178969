"""The errors between the bot and the platform, as one tree.

::

    ZjyError
     ├─ SessionExpired        the cookie no longer works: ask for a new one
     │   └─ CookieUnreadable  what is stored of it is damaged
     ├─ CookieLocked          it is sealed with a key that is not here: the operator's to put right
     ├─ PageInstead           a page where data was due: perhaps a protection, which is left alone
     ├─ Barred                the account may not study for some minutes
     ├─ CellLocked            the cell is not open yet
     ├─ OtherCellOpen         another cell is open and unfinished
     ├─ Refused               the platform said no, and why
     │   ├─ ReportRefused     it refused this report
     │   ├─ StepRefused       the step was too large or came too soon
     │   ├─ ViewRefused       it does not open this cell, in words that are not a bar's
     │   └─ UnknownAnswer     a readable code that is not described
     └─ Temporary             try again later
         ├─ Unreachable       no connection could be made: nothing was sent
         ├─ AnswerLost        sent, but no whole answer came: it may have been applied
         ├─ ServerTrouble     a gateway's or firewall's page, or code -500
         ├─ SessionInDoubt    an empty body or a login page: expired, or passing trouble
         └─ OddAnswer         JSON came, but not what the endpoint must bring

The meaning of each code is in ``docs/platform.md``, section *Result codes*.
"""

# ruff: noqa: N818 -- the names say what happened, as a person would
from dataclasses import KW_ONLY, dataclass, field

from bot.zjy.models import OpenCell

Code = int | str | None


@dataclass(eq=False, repr=False)
class ZjyError(Exception):
    """Root of the tree. ``endpoint`` is the last part of the path; ``code`` and ``msg`` are the
    platform's own, if it gave any, and may be shown to the student. ``detail`` is the bot's own
    description of the trouble, in English, for the log only."""

    endpoint: str
    msg: str = ""
    _: KW_ONLY
    code: Code = None
    detail: str = ""

    def __str__(self) -> str:
        said = f" (code {self.code!r})" if self.code is not None else ""
        why = " · ".join(filter(None, (self.msg, self.detail)))
        return f"{type(self).__name__} at {self.endpoint}{said}: {why or '-'}"


class SessionExpired(ZjyError):
    """The platform no longer knows the session of this cookie."""


class CookieUnreadable(SessionExpired):
    """The stored cookie is damaged: another one is needed, and what is stored stays, for the
    platform did not reject it."""


class CookieLocked(ZjyError):
    """The stored cookie is sealed with a key that the bot does not have now. It may be good, so the
    student is not asked for another one."""


class PageInstead(ZjyError):
    """A page came where data was due. It may be a protection of the site against programs: the
    request is not repeated, and no way round is looked for."""


@dataclass(eq=False, repr=False)
class Barred(ZjyError):
    """The account is barred for abnormal study. ``minutes`` is the number that the platform named,
    or None."""

    minutes: int | None = field(default=None, kw_only=True)


class CellLocked(ZjyError):
    """The cell is not open yet."""


@dataclass(eq=False, repr=False)
class OtherCellOpen(ZjyError):
    """Another cell is open and unfinished; ``open_cell`` is the argument for ``switch_cell``."""

    open_cell: OpenCell | None = field(default=None, kw_only=True)


class Refused(ZjyError):
    """The platform refused the request."""


class ReportRefused(Refused):
    """A report was refused as a whole; view again and go on from the stored position."""


class StepRefused(Refused):
    """A report's step was too large or came too soon; the position did not move."""


class ViewRefused(Refused):
    """A view was refused with the int -1 and a message that is not a bar's: this cell's trouble."""


class UnknownAnswer(Refused):
    """A readable code that is not described; ``code`` and ``msg`` are kept for the student. It is
    raised on a read after a few attempts, on a view or a report at once."""


class Temporary(ZjyError):
    """Trouble that passes."""


class Unreachable(Temporary):
    """No connection could be made; the request was not sent."""


class AnswerLost(Temporary):
    """The request was sent, and no whole answer came: it may have been applied."""


class ServerTrouble(Temporary):
    """The server, its gateway or its firewall answered with trouble of its own."""


@dataclass(eq=False, repr=False)
class SessionInDoubt(Temporary):
    """An empty body, a login page or a message about the login. Only ``student/Studio/index`` tells
    whether the session expired: the gate requests it, and never raises this error itself.
    ``otherwise`` is the error that the answer means if the session lives; None is temporary
    trouble."""

    otherwise: ZjyError | None = field(default=None, kw_only=True)


class OddAnswer(Temporary):
    """JSON that is no object, an object without a readable code, or code 1 without the content that
    its endpoint must have. On a report or a switch it is ``AnswerLost`` instead."""
