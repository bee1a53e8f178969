"""Texts for enums, unknown values and an account's trouble, each defined only here."""

from collections.abc import Sequence
from enum import Enum

from bot.chat.i18n import Translator
from bot.chat.text_bars import percent
from bot.study.methods import CellKind
from storage.enums import JobState, Outcome
from storage.jobs import JobItem


class Deletion(Enum):
    """Whether the message that an answer is about was deleted."""

    NOT_TRIED = "not tried"
    DONE = "done"
    REFUSED = "refused"

    @classmethod
    def of(cls, *, deleted: bool) -> "Deletion":
        return cls.DONE if deleted else cls.REFUSED


def deletion_line(tr: Translator, deletion: Deletion) -> str:
    """A further line of an answer; empty if there was nothing to delete."""
    match deletion:
        case Deletion.NOT_TRIED:
            return ""
        case Deletion.DONE:
            return "\n" + tr.html("🔒 I deleted your message.")
        case Deletion.REFUSED:
            return "\n" + tr.html("⚠️ I could not delete your message: please delete it.")


def cookie_locked(tr: Translator) -> str:
    """What is stored of an account is sealed with a key that is not here."""
    return tr.html(
        "🔧 This bot cannot use what it has stored for this account right now. Its operator "
        "has to put that right; your account and your jobs stay as they are."
    )


def kind_count(tr: Translator, kind: CellKind, n: int) -> str:
    match kind:
        case CellKind.VIDEO:
            return tr.plural("{n} video", "{n} videos", n)
        case CellKind.AUDIO:
            return tr.plural("{n} audio", "{n} audios", n)
        case CellKind.DOCUMENT:
            return tr.plural("{n} document", "{n} documents", n)
        case CellKind.PICTURE:
            return tr.plural("{n} picture", "{n} pictures", n)
        case CellKind.ARCHIVE:
            return tr.plural("{n} archive", "{n} archives", n)
        case CellKind.LINK:
            return tr.plural("{n} link", "{n} links", n)
        case CellKind.BY_HAND:
            return tr.plural("{n} by hand", "{n} by hand", n)
        case CellKind.UNSUPPORTED:
            return tr.plural("{n} of an unknown kind", "{n} of unknown kinds", n)


def reached(tr: Translator, value: float | None) -> str:
    """A course's percent: ``52%``, or that it is unknown."""
    return tr("progress not known") if value is None else percent(value)


def kinds_line(tr: Translator, by_kind: Sequence[tuple[CellKind, int]]) -> str:
    return " · ".join(kind_count(tr, kind, n) for kind, n in by_kind)


def first_of(tr: Translator, shown: Sequence[str], count: int) -> str:
    """The shown names, and how many of ``count`` are not shown."""
    rest = count - len(shown)
    return tr(", ").join(shown) + (tr(" and {n} more", n=rest) if rest > 0 else "")


def outcome_reason(tr: Translator, outcome: Outcome) -> str:
    """Why a cell ended with this outcome, as the heading of a list of names."""
    match outcome:
        case Outcome.DONE:
            return tr("The platform shows 100%")
        case Outcome.BY_HAND:
            return tr("For you to do yourself")
        case Outcome.LOCKED:
            return tr("Not open yet")
        case Outcome.UNSUPPORTED:
            return tr("A kind I cannot study")
        case Outcome.NOT_COUNTED:
            return tr("Studied, but the platform did not count it")
        case Outcome.REFUSED:
            return tr("The platform refused")
        case Outcome.TEMPORARY:
            return tr("The platform kept failing on it")
        case Outcome.UNREAD:
            return tr("I could not read its progress; it may be finished")
        case Outcome.OWN_FAULT:
            return tr("Something went wrong on my side")


def at_school(tr: Translator, homework: str, exams: str, unread: int) -> list[str]:
    """A line about what waits for the student at school, without what is 0; none if all is."""
    parts = [
        tr.html("homework {n}", n=homework) if homework != "0" else "",
        tr.html("exams {n}", n=exams) if exams != "0" else "",
        tr.html("unread {n}", n=unread) if unread else "",
    ]
    waiting = " · ".join(filter(None, parts))
    return [tr.html("🏫 Platform:") + f" {waiting}"] if waiting else []


def platform_words(tr: Translator, msg: str | None, code: str | None) -> str:
    """The platform's message, quoted; empty if there is none."""
    if msg and code:
        return tr("“{msg}” (code {code})", msg=msg, code=code)
    if msg:
        return tr("“{msg}”", msg=msg)
    return tr("code {code}", code=code) if code else ""


def item_words(tr: Translator, item: JobItem, msg: str | None) -> str:
    """What is told with an item that is not done: the log's reference, or the platform's message
    in the form ``msg``; empty if there is neither."""
    if item.outcome is Outcome.OWN_FAULT:
        return tr("number {reference}", reference=item.code or "")
    return platform_words(tr, msg, item.code)


def state_word(tr: Translator, state: JobState) -> str:
    match state:
        case JobState.QUEUED:
            return tr("queued")
        case JobState.RUNNING:
            return tr("running")
        case JobState.PAUSED:
            return tr("paused")
        case JobState.NEEDS_LOGIN:
            return tr("waits for a login")
        case JobState.WAITING:
            return tr("waiting")
        case JobState.SUCCEEDED:
            return tr("finished")
        case JobState.PARTLY_FAILED:
            return tr("finished in part")
        case JobState.FAILED:
            return tr("failed")
        case JobState.CANCELLED:
            return tr("cancelled")


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
