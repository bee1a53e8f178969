"""Chats and their settings. ``accounts`` and all other tables refer to them."""

from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.enums import Awaiting, Pace
from storage.moments import to_text
from storage.rows import changed, first_record, first_row, record, rows, set_of_chat

_NOTIFY = {"bar": "notify_bar", "outage": "notify_outage", "expiry": "notify_expiry"}
_USERS = "SELECT chat_id, user_id FROM chats"


@dataclass(frozen=True)
class Chat:
    """``time_zone`` is an IANA name; ``language`` is None until the student chose one;
    ``language_code`` is the one set in Telegram; ``blocked_at`` is when the bot found that it
    cannot write to the chat. The ``notify_`` flags are for the notices that can be switched off."""

    chat_id: int
    user_id: int
    language: str | None
    language_code: str | None
    pace: Pace
    time_zone: str
    notify_bar: bool
    notify_outage: bool
    notify_expiry: bool
    awaiting: Awaiting | None
    active_account: int | None
    blocked_at: datetime | None
    created_at: datetime


async def ensure(
    conn: Connection,
    chat_id: int,
    user_id: int,
    now: datetime,
    *,
    language_code: str | None = None,
) -> Chat:
    """The chat, made if it is new; ``user_id`` is the user who last wrote in it."""
    row = await first_row(
        conn,
        "INSERT INTO chats (chat_id, user_id, language_code, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat_id) DO UPDATE SET user_id = excluded.user_id,"
        " language_code = COALESCE(excluded.language_code, language_code) RETURNING *",
        (chat_id, user_id, language_code, to_text(now)),
    )
    if row is None:
        raise LookupError(f"chat {chat_id} was neither found nor made")
    return record(Chat, row)


async def get(conn: Connection, chat_id: int) -> Chat | None:
    return await first_record(Chat, conn, "SELECT * FROM chats WHERE chat_id = ?", (chat_id,))


async def user_ids(conn: Connection) -> dict[int, int]:
    """The id of the user who last wrote in each chat, by chat id."""
    return {row["chat_id"]: row["user_id"] for row in await rows(conn, _USERS)}


async def set_language(conn: Connection, chat_id: int, language: str | None) -> bool:
    """False if there is no such chat, here and below."""
    return await set_of_chat(conn, "chats", chat_id, language=language)


async def set_pace(conn: Connection, chat_id: int, pace: Pace) -> bool:
    """Raises sqlite3.IntegrityError for a pace that the schema does not list."""
    return await set_of_chat(conn, "chats", chat_id, pace=pace)


async def set_time_zone(conn: Connection, chat_id: int, zone: str) -> bool:
    """``zone`` is an IANA name; whether the zone exists is not checked."""
    return await set_of_chat(conn, "chats", chat_id, time_zone=zone)


async def set_notify(conn: Connection, chat_id: int, notice: str, *, on: bool) -> bool:
    """Whether to send ``notice``: ``bar``, ``outage`` or ``expiry``. Raises KeyError for others."""
    return await set_of_chat(conn, "chats", chat_id, **{_NOTIFY[notice]: int(on)})


async def set_awaiting(conn: Connection, chat_id: int, awaiting: Awaiting | None) -> bool:
    """Raises sqlite3.IntegrityError for a value that the schema does not list."""
    return await set_of_chat(conn, "chats", chat_id, awaiting=awaiting)


async def set_active_account(conn: Connection, chat_id: int, account_id: int | None) -> bool:
    """False, and no change, if the account is not of this chat."""
    return await changed(
        conn,
        "UPDATE chats SET active_account = :account WHERE chat_id = :chat AND (:account IS NULL"
        " OR EXISTS (SELECT 1 FROM accounts WHERE id = :account AND chat_id = :chat)) RETURNING 1",
        {"account": account_id, "chat": chat_id},
    )


async def mark_blocked(conn: Connection, chat_id: int, now: datetime) -> bool:
    """Stores that the bot cannot write to the chat; the first moment is kept. False if stored
    before."""
    return await changed(
        conn,
        "UPDATE chats SET blocked_at = ? WHERE chat_id = ? AND blocked_at IS NULL RETURNING 1",
        (to_text(now), chat_id),
    )


async def clear_blocked(conn: Connection, chat_id: int) -> bool:
    """Stores that the bot can write to the chat again. False if it was not blocked."""
    return await changed(
        conn,
        "UPDATE chats SET blocked_at = NULL"
        " WHERE chat_id = ? AND blocked_at IS NOT NULL RETURNING 1",
        (chat_id,),
    )


async def erase(conn: Connection, chat_id: int) -> bool:
    """Removes all data of the chat, with its accounts, courses, drafts, jobs and notices.

    ``Database.checkpoint`` afterwards clears the write-ahead log of it too.
    """
    return await changed(conn, "DELETE FROM chats WHERE chat_id = ? RETURNING 1", (chat_id,))
