"""The callback data of inline buttons: ``v1:action:ids:page``, at most 64 bytes, with this bot's
own row ids alone.

Callback data can come from old menus, other chats and forged requests. So parsing never raises, and
every id is looked up within the chat that sent it.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

VERSION = "v1"
MAX_BYTES = 64
_MAX_NUMBER = 2**63 - 1


class Action(StrEnum):
    """The action of a button; the value is its form in the callback data."""

    HOME = "home"
    HELP = "help"
    LOGIN = "login"
    LOGIN_TODAY = "lt"
    """How to log in at the site since 2023"""
    COURSES = "crs"
    FINISHED = "cf"
    ALL_COURSES = "ca"
    """the origin: the screen that 返回 of the preview leads to"""
    START_ALL = "ga"
    """draft id, the first of the drafts that were read together; origin"""
    BATCH_PACE = "bp"
    """draft id, index of the pace, origin"""
    STOP_BATCH = "sb"
    COURSE = "c"
    """course id; a fresh draft of it"""
    OTHER_COURSES = "crn"
    OTHER_MODULE = "cn"
    """course id; like the two above, in a new message: the pressed one is worth keeping"""
    MODULES = "m"
    """draft id; a page of its modules"""
    MODULE = "mo"
    """draft id, module row; shows the contents of the module"""
    MODULE_PAGE = "mp"
    MODULE_TICK = "mt"
    MODULE_UNTICK = "mu"
    """draft id, module row; on the page of the module's contents"""
    TICK = "t"
    """draft id, module row; ticking and unticking are two actions, so that a second press of the
    same button changes nothing"""
    UNTICK = "u"
    TICK_ALL = "ta"
    CLEAR = "tc"
    NEXT = "n"
    STOP_READING = "sr"
    PACE = "p"
    """draft id, index of the pace"""
    START = "go"
    JOBS = "jobs"
    OTHER_JOBS = "jn"
    """In a new message: the pressed one is worth keeping"""
    JOB = "j"
    REFRESH = "jf"
    """job id; brings the pressed progress message up to date"""
    PAUSE = "jp"
    RESUME = "jr"
    CANCEL = "jc"
    CANCEL_YES = "jcy"
    CANCEL_NO = "jcn"
    RETRY = "jt"
    FULL_LIST = "jl"
    """job id; every cell of it, as a file"""
    LOGOUT = "lo"
    ASK_LOGOUT = "loa"
    """account id; asks for confirmation to remove it"""
    ERASE = "er"
    ACCOUNTS = "acs"
    ACCOUNT = "ac"
    SETTINGS = "set"
    LANGUAGE = "lang"
    """index of the language"""
    CHAT_PACE = "cp"
    """index of the pace"""
    ZONES = "z"
    REGION = "zr"
    """index of the region"""
    TYPE_ZONE = "zt"
    ZONE = "zs"
    """the zone's number, which stays the same when zones are added or removed"""
    NOTICES = "nt"
    NOTICE_ON = "n1"
    """index of the optional notice; on and off are two actions, so that a second press of the same
    button changes nothing"""
    NOTICE_OFF = "n0"
    DIGEST = "dg"
    OTHER_DIGEST = "odg"
    DIGEST_ON = "dg1"
    DIGEST_OFF = "dg0"
    DIGEST_NOW = "dgn"
    """Sends a digest in a new message"""
    DIGEST_TIME = "dgt"
    """From here on a typed time is understood"""
    DIGEST_AT = "dga"
    """minutes since midnight"""
    DIGEST_DAYS = "dgd"
    DIGEST_ON_DAYS = "dgs"
    """index of the days; for weekly digests the weekday, 0 is Monday"""
    QUIET = "dgq"
    QUIET_HOURS = "dgh"
    """index of the choice"""
    NO_NEWS = "dgl"
    """index of the choice for a digest without news"""
    WATCH = "dgw"
    WATCH_TIMES = "dgx"
    """the number of times a day"""
    START_HOUR = "dgb"
    START_AT = "dgy"
    """the hour, or none for off"""
    OTHER_ALL_COURSES = "can"
    """account id, origin; like ALL_COURSES, in a new message"""
    START_NEW = "gn"
    """notice id; reads the lessons that it names and shows the preview, in a new message"""
    WHOLE_MODULES = "gm"
    """draft id, made from a notice of new lessons; reads the whole modules that hold them"""
    PROGRESS = "pr"
    """account id, or none for the one in use; in a new message"""
    INVITES = "iv"
    INVITE = "ivm"
    """number of people, days, number of the next invite: a second press finds it made"""
    REVOKE = "ivr"
    """invite id"""
    PEOPLE = "pp"
    MEMBER = "pm"
    """user id; the page is that of the list, here and in the three below"""
    ASK_REMOVE = "pa"
    REMOVE = "px"
    LET_IN = "pl"
    AUDIT = "au"
    NOTHING = "x"
    """A button that is only a label."""


@dataclass(frozen=True, slots=True)
class Callback:
    """The data of one button: an action, row ids, and the page of its list."""

    action: Action
    ids: tuple[int, ...] = ()
    page: int = 0

    def encode(self) -> str:
        """The callback data. Raises ValueError if it is too long: Telegram would refuse the whole
        message."""
        ids = ",".join(str(each) for each in self.ids)
        data = f"{VERSION}:{self.action.value}:{ids}:{self.page}"
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(f"callback data is longer than {MAX_BYTES} bytes")
        return data

    def id(self, index: int) -> int:
        """The id at ``index``, or 0, which no row has."""
        return self.ids[index] if index < len(self.ids) else 0


def decode(data: str | None) -> Callback | None:
    """Parse callback data; None for data of another version, cut data and invalid data."""
    parts = (data or "").split(":")
    if len(parts) != 4 or parts[0] != VERSION:
        return None
    try:
        action = Action(parts[1])
    except ValueError:
        return None
    numbers = [*(parts[2].split(",") if parts[2] else []), parts[3]]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    *ids, page = (int(number) for number in numbers)
    if any(number > _MAX_NUMBER for number in (*ids, page)):
        return None
    return Callback(action, tuple(ids), page)


def minutes_of(at: time) -> int:
    """``21:30`` as minutes since midnight."""
    return at.hour * 60 + at.minute


def time_of(minutes: int) -> time | None:
    """The inverse of :func:`minutes_of`; None for an invalid minute of a day."""
    hour, minute = divmod(minutes, 60)
    return time(hour, minute) if 0 <= hour <= time.max.hour else None
