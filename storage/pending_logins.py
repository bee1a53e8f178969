"""Sealed cookies whose student the platform has not named yet, and the message that shows the chat
the result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.enums import Platform
from storage.moments import maybe_to_text, to_text
from storage.rows import changed, first_number, first_record, first_row, numbers, records, run
from storage.sealed import place_of
from storage.vault import Vault


@dataclass(frozen=True)
class PendingLogin:
    """``shown_in`` is the message that will show the result, if it was sent; ``began_at`` is the
    moment of the chat's last paste."""

    chat_id: int
    shown_in: int | None
    began_at: datetime


@dataclass(frozen=True)
class PendingCookie:
    """One candidate. ``expires_at`` is the expiry in the paste. It is tried until ``until``, and at
    least once."""

    id: int
    chat_id: int
    expires_at: datetime | None
    pasted_at: datetime
    until: datetime
    platform: Platform = Platform.ZJY


async def begin(conn: Connection, chat_id: int, now: datetime) -> int | None:
    """Starts the chat's login, or restarts it for another paste. Returns the message of the
    previous login, which this one replaces. The chat must exist."""
    before = await get(conn, chat_id)
    await run(
        conn,
        "INSERT INTO pending_logins (chat_id, began_at) VALUES (?, ?) ON CONFLICT (chat_id)"
        " DO UPDATE SET shown_in = NULL, began_at = excluded.began_at",
        (chat_id, to_text(now)),
    )
    return before.shown_in if before is not None else None


async def get(conn: Connection, chat_id: int) -> PendingLogin | None:
    return await first_record(
        PendingLogin, conn, "SELECT * FROM pending_logins WHERE chat_id = ?", (chat_id,)
    )


async def set_shown(conn: Connection, chat_id: int, shown_in: int) -> None:
    """Stores which message shows the result."""
    await run(conn, "UPDATE pending_logins SET shown_in = ? WHERE chat_id = ?", (shown_in, chat_id))


async def end(conn: Connection, chat_id: int) -> None:
    """Ends the chat's login, whose result was told; pending cookies go on silently."""
    await run(conn, "DELETE FROM pending_logins WHERE chat_id = ?", (chat_id,))


async def add(
    conn: Connection,
    vault: Vault,
    *,
    chat_id: int,
    cookie: str,
    expires_at: datetime | None,
    pasted_at: datetime,
    until: datetime,
    platform: Platform = Platform.ZJY,
) -> None:
    """Stores a candidate. It is sealed for the row's own id, so the row is made first."""
    cookie_id = await first_number(
        conn,
        "INSERT INTO pending_cookies (chat_id, expires_at, pasted_at, until, platform)"
        " VALUES (?, ?, ?, ?, ?) RETURNING id",
        (chat_id, maybe_to_text(expires_at), to_text(pasted_at), to_text(until), platform),
    )
    await run(
        conn,
        "UPDATE pending_cookies SET sealed_cookie = ? WHERE id = ?",
        (vault.seal(cookie, place_of("pending_cookies", cookie_id)), cookie_id),
    )


async def cookies(conn: Connection, chat_id: int) -> list[PendingCookie]:
    """The chat's candidates: those of the newest paste first, the likeliest of each first."""
    return await records(
        PendingCookie,
        conn,
        "SELECT * FROM pending_cookies WHERE chat_id = ? ORDER BY pasted_at DESC, id",
        (chat_id,),
    )


async def cookie(conn: Connection, vault: Vault, cookie_id: int) -> str | None:
    """The candidate itself; None if it was removed. Raises VaultError."""
    row = await first_row(
        conn, "SELECT sealed_cookie FROM pending_cookies WHERE id = ?", (cookie_id,)
    )
    if row is None or row["sealed_cookie"] is None:
        return None
    return vault.unseal(row["sealed_cookie"], place_of("pending_cookies", cookie_id))


async def remove(conn: Connection, cookie_ids: Iterable[int]) -> bool:
    """Removes candidates; returns whether any of them existed."""
    found = False
    for cookie_id in cookie_ids:
        found |= await changed(
            conn, "DELETE FROM pending_cookies WHERE id = ? RETURNING 1", (cookie_id,)
        )
    return found


async def remove_all(conn: Connection, chat_id: int) -> None:
    """Removes the chat's login with all its candidates."""
    await run(conn, "DELETE FROM pending_cookies WHERE chat_id = ?", (chat_id,))
    await end(conn, chat_id)


async def chats(conn: Connection) -> list[int]:
    """The chats that have a pending login or candidates."""
    return await numbers(
        conn,
        "SELECT chat_id FROM pending_logins UNION SELECT chat_id FROM pending_cookies ORDER BY 1",
    )
