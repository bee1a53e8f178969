"""Words for the enums and for what is not known: one text per value, here alone."""

from collections.abc import Sequence

from bot.chat.charts import percent
from bot.chat.i18n import Voice
from bot.study.methods import CellKind
from storage.enums import JobState, Outcome


def kind_count(voice: Voice, kind: CellKind, n: int) -> str:
    match kind:
        case CellKind.VIDEO:
            return voice.plural("{n} video", "{n} videos", n)
        case CellKind.AUDIO:
            return voice.plural("{n} audio", "{n} audios", n)
        case CellKind.DOCUMENT:
            return voice.plural("{n} document", "{n} documents", n)
        case CellKind.PICTURE:
            return voice.plural("{n} picture", "{n} pictures", n)
        case CellKind.ARCHIVE:
            return voice.plural("{n} archive", "{n} archives", n)
        case CellKind.LINK:
            return voice.plural("{n} link", "{n} links", n)
        case CellKind.BY_HAND:
            return voice.plural("{n} by hand", "{n} by hand", n)
        case CellKind.UNSUPPORTED:
            return voice.plural("{n} of an unknown kind", "{n} of unknown kinds", n)


def reached(voice: Voice, value: float | None) -> str:
    """How far a course is: ``52%``, or that this is not known."""
    return voice("progress not known") if value is None else percent(value)


def kinds_line(voice: Voice, by_kind: Sequence[tuple[CellKind, int]]) -> str:
    return " · ".join(kind_count(voice, kind, n) for kind, n in by_kind)


def outcome_reason(voice: Voice, outcome: Outcome) -> str:
    """Why a cell ended like that, as the heading of a list of names."""
    match outcome:
        case Outcome.DONE:
            return voice("The platform shows 100 %")
        case Outcome.BY_HAND:
            return voice("Yours to do by hand")
        case Outcome.LOCKED:
            return voice("Not open yet")
        case Outcome.UNSUPPORTED:
            return voice("A kind I cannot study")
        case Outcome.NOT_COUNTED:
            return voice("The platform does not count it")
        case Outcome.REFUSED:
            return voice("The platform refused")
        case Outcome.TEMPORARY:
            return voice("The platform had trouble with it to the end")
        case Outcome.UNREAD:
            return voice("The platform never let me read how it stands; it may be finished")
        case Outcome.OWN_FAULT:
            return voice("Something went wrong on my side")


def platform_words(voice: Voice, msg: str | None, code: str | None) -> str:
    """What the platform said, quoted; empty if it said nothing."""
    if msg and code:
        return voice("“{msg}” (code {code})", msg=msg, code=code)
    if msg:
        return voice("“{msg}”", msg=msg)
    return voice("code {code}", code=code) if code else ""


def state_word(voice: Voice, state: JobState) -> str:
    match state:
        case JobState.QUEUED:
            return voice("queued")
        case JobState.RUNNING:
            return voice("running")
        case JobState.PAUSED:
            return voice("paused")
        case JobState.NEEDS_LOGIN:
            return voice("waits for a login")
        case JobState.WAITING:
            return voice("waiting")
        case JobState.SUCCEEDED:
            return voice("finished")
        case JobState.PARTLY_FAILED:
            return voice("finished in part")
        case JobState.FAILED:
            return voice("not managed")
        case JobState.CANCELLED:
            return voice("cancelled")


STATE_MARKS = {
    JobState.QUEUED: "🕐",
    JobState.RUNNING: "▶️",
    JobState.PAUSED: "⏸",
    JobState.NEEDS_LOGIN: "🔑",
    JobState.WAITING: "⏳",
    JobState.SUCCEEDED: "✅",
    JobState.PARTLY_FAILED: "⚠️",
    JobState.FAILED: "❌",
    JobState.CANCELLED: "🚫",
}
