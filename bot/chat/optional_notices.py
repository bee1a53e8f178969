"""The notices that a person can switch off, each a column ``notify_…`` of the table ``chats``. A
job's end and an expired session are always sent: people rely on them."""

from collections.abc import Mapping
from enum import StrEnum

from storage.chats import Chat
from storage.enums import NoticeKind


class OptionalNotice(StrEnum):
    """Each value is the column of ``chats`` without ``notify_``, as ``storage.chats.set_notify``
    takes it; buttons count the values from 0, so a new notice goes last."""

    BAR = "bar"
    OUTAGE = "outage"
    EXPIRY = "expiry"


OPTIONAL: Mapping[NoticeKind, OptionalNotice] = {
    NoticeKind.BARRED: OptionalNotice.BAR,
    NoticeKind.PLATFORM_AWAY: OptionalNotice.OUTAGE,
    NoticeKind.EXPIRING: OptionalNotice.EXPIRY,
}


def is_on(chat: Chat, notice: OptionalNotice) -> bool:
    match notice:
        case OptionalNotice.BAR:
            return chat.notify_bar
        case OptionalNotice.OUTAGE:
            return chat.notify_outage
        case OptionalNotice.EXPIRY:
            return chat.notify_expiry


def is_switched_off(chat: Chat, kind: NoticeKind) -> bool:
    """Whether the chat switched notices of that kind off."""
    notice = OPTIONAL.get(kind)
    return notice is not None and not is_on(chat, notice)
