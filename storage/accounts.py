"""Accounts: a chat's students and their cookies, sealed. One row per chat and student."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from aiosqlite import Connection

from storage.enums import Platform
from storage.moments import maybe_to_text, to_text
from storage.rows import changed, first_number, first_row, record, rows, run
from storage.sealed import place_of
from storage.vault import Vault


@dataclass(frozen=True)
class Account:
    """A student that one chat logged in. Only :func:`cookie` returns the cookie itself.

    ``expires_at`` is when the cookie expires at the latest, ``expired_at`` when the platform was
    found to reject it. The counts are those that the platform last reported. ``cookie_asked_on`` is
    the local date of the last digest that asked for a new cookie, and ``said_homework`` and
    ``said_exams`` are the counts in the last digest, None before the first.
    """

    id: int
    chat_id: int
    stu_id: str
    name: str
    number: str
    has_cookie: bool
    pasted_at: datetime | None
    expires_at: datetime | None
    expired_at: datetime | None
    created_at: datetime
    homework: int
    exams: int
    unread: int
    cookie_asked_on: date | None = None
    said_homework: int | None = None
    said_exams: int | None = None
    cookie_number: int = 0
    """Tells the account's cookies apart: one paste can hold several."""
    platform: Platform = Platform.ZJY

    @property
    def can_study(self) -> bool:
        return self.platform.can_study

    @property
    def is_new(self) -> bool:
        """Whether its cookie is the first one."""
        return self.created_at == self.pasted_at


async def save(
    conn: Connection,
    vault: Vault,
    *,
    chat_id: int,
    stu_id: str,
    name: str,
    number: str,
    cookie: str,
    pasted_at: datetime,
    expires_at: datetime | None,
    platform: Platform = Platform.ZJY,
) -> Account:
    """Stores a working cookie, in a new account or the chat's existing account of that student.
    A student's id tells the platforms apart.

    The chat must exist. The cookie is sealed for the row's own id, so the row is made first.
    """
    account_id = await first_number(
        conn,
        "INSERT INTO accounts (chat_id, stu_id, name, number, created_at, platform)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (chat_id, stu_id) DO UPDATE"
        " SET name = excluded.name, number = excluded.number RETURNING id",
        (chat_id, stu_id, name, number, to_text(pasted_at), platform),
    )
    sealed = await first_row(
        conn,
        "UPDATE accounts SET sealed_cookie = ?, pasted_at = ?, expires_at = ?, expired_at = NULL,"
        " cookie_number = cookie_number + 1 WHERE id = ? RETURNING *",
        (
            vault.seal(cookie, place_of("accounts", account_id)),
            to_text(pasted_at),
            maybe_to_text(expires_at),
            account_id,
        ),
    )
    if sealed is None:
        raise LookupError(f"the account of chat {chat_id} was neither found nor made")
    return _account(sealed)


async def of_chat(conn: Connection, chat_id: int) -> list[Account]:
    """The chat's accounts, oldest first."""
    found = await rows(conn, "SELECT * FROM accounts WHERE chat_id = ? ORDER BY id", (chat_id,))
    return [_account(row) for row in found]


async def get(conn: Connection, chat_id: int, account_id: int) -> Account | None:
    """The account, or None if it is not this chat's."""
    row = await first_row(
        conn, "SELECT * FROM accounts WHERE id = ? AND chat_id = ?", (account_id, chat_id)
    )
    return _account(row) if row else None


async def cookie(conn: Connection, vault: Vault, account_id: int) -> str | None:
    """The account's cookie; None if there is none or it expired. Raises VaultError."""
    row = await first_row(conn, "SELECT sealed_cookie FROM accounts WHERE id = ?", (account_id,))
    if row is None or row["sealed_cookie"] is None:
        return None
    return vault.unseal(row["sealed_cookie"], place_of("accounts", account_id))


async def mark_expired(
    conn: Connection, account_id: int, now: datetime, *, cookie_number: int | None = None
) -> bool:
    """Stores that the platform rejects the cookie, and deletes it.

    With ``cookie_number`` only if the cookie is still that one: an answer to the old cookie must
    not expire a new one. False if nothing was changed.
    """
    return await changed(
        conn,
        "UPDATE accounts SET expired_at = :now, sealed_cookie = NULL WHERE id = :account"
        " AND expired_at IS NULL AND (:number IS NULL OR cookie_number = :number) RETURNING 1",
        {"now": to_text(now), "account": account_id, "number": cookie_number},
    )


async def set_school_work(
    conn: Connection,
    account_id: int,
    *,
    homework: int | None,
    exams: int | None,
    unread: int | None,
) -> None:
    """Keeps what waits for the student at school; what the platform did not say (None) stays."""
    await run(
        conn,
        "UPDATE accounts SET homework = coalesce(?, homework), exams = coalesce(?, exams),"
        " unread = coalesce(?, unread) WHERE id = ?",
        (homework, exams, unread, account_id),
    )


async def set_said(conn: Connection, account_id: int, *, homework: int, exams: int) -> None:
    """Stores the counts that a sent digest said."""
    await run(
        conn,
        "UPDATE accounts SET said_homework = ?, said_exams = ? WHERE id = ?",
        (homework, exams, account_id),
    )


async def set_cookie_asked(conn: Connection, account_id: int, local_date: date) -> None:
    """Stores that a digest of that date asked for a new cookie."""
    await run(
        conn,
        "UPDATE accounts SET cookie_asked_on = ? WHERE id = ?",
        (local_date.isoformat(), account_id),
    )


async def expiring(conn: Connection, now: datetime, before: datetime) -> list[Account]:
    """The accounts whose working cookie expires after ``now`` and at ``before`` at the latest."""
    found = await rows(
        conn,
        "SELECT * FROM accounts WHERE sealed_cookie IS NOT NULL AND expired_at IS NULL"
        " AND expires_at > ? AND expires_at <= ? ORDER BY id",
        (to_text(now), to_text(before)),
    )
    return [_account(row) for row in found]


async def remove(conn: Connection, chat_id: int, account_id: int) -> bool:
    """Removes the account with its cookie, courses, drafts and jobs; False if not this chat's."""
    return await changed(
        conn,
        "DELETE FROM accounts WHERE id = ? AND chat_id = ? RETURNING 1",
        (account_id, chat_id),
    )


def _account(row: sqlite3.Row) -> Account:
    return record(Account, row, has_cookie=row["sealed_cookie"] is not None)
