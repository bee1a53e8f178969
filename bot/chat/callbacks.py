"""The data on inline buttons: ``v1:action:ids:page``, at most 64 bytes, our own row ids alone.

Data comes back from old menus, other chats and forged requests, so reading it never raises, and
every id in it is looked up within the chat that sent it.
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "v1"
MAX_BYTES = 64
_MAX_NUMBER = 2**63 - 1


class Action(StrEnum):
    """What a button does; the value is what stands in its data."""

    HOME = "home"
    HELP = "help"
    LOGIN = "login"
    COURSES = "crs"
    FINISHED = "cf"
    ALL_COURSES = "ca"
    START_ALL = "ga"
    """draft id, the first of those that were read together"""
    BATCH_PACE = "bp"
    """draft id, index of the pace"""
    STOP_BATCH = "sb"
    COURSE = "c"
    """course id; a fresh draft of it"""
    OTHER_COURSES = "crn"
    OTHER_MODULE = "cn"
    """course id; like the two above, in a new message: the pressed one is worth keeping"""
    MODULES = "m"
    """draft id; a page of its modules"""
    MODULE = "mo"
    """draft id, module row; what is in the module"""
    MODULE_PAGE = "mp"
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
    """account id; asks whether it shall really be removed"""
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
    """the zone's number, which stays the same while zones come and go"""
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
    """Sends one in a message of its own"""
    DIGEST_TIME = "dgt"
    """From here on a typed time is understood"""
    DIGEST_AT = "dga"
    """minutes since midnight"""
    DIGEST_DAYS = "dgd"
    DIGEST_ON_DAYS = "dgs"
    """index of the days; for weekly ones the weekday, 0 is Monday"""
    QUIET = "dgq"
    QUIET_HOURS = "dgh"
    """index of the choice"""
    NO_NEWS = "dgl"
    """index of what to do when nothing is new"""
    WATCH = "dgw"
    WATCH_TIMES = "dgx"
    """how often a day"""
    START_HOUR = "dgb"
    START_AT = "dgy"
    """the hour, or none for off"""
    OTHER_ALL_COURSES = "can"
    """account id; like ALL_COURSES, in a new message"""
    START_NEW = "gn"
    """notice id; reads what it names and shows the preview, in a new message"""
    WHOLE_MODULES = "gm"
    """draft id, made from a notice of new lessons; reads the modules that they stand in"""
    PROGRESS = "pr"
    """account id, or none for the one in use; in a new message"""
    NOTHING = "x"
    """A button that only shows something."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One button's meaning: an action, row ids, and the page of the list it stands on."""

    action: Action
    ids: tuple[int, ...] = ()
    page: int = 0

    def encode(self) -> str:
        """Raises ValueError where it would not fit: Telegram refuses the whole message then."""
        ids = ",".join(str(each) for each in self.ids)
        data = f"{VERSION}:{self.action.value}:{ids}:{self.page}"
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(f"callback data is longer than {MAX_BYTES} bytes")
        return data

    def id(self, index: int) -> int:
        """The id at ``index``, or 0, which no row has."""
        return self.ids[index] if index < len(self.ids) else 0


def decode(data: str | None) -> Callback | None:
    """The button's meaning; None for data of another version, cut data and nonsense."""
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
