"""How many requests the bot made by itself for an account, by local date: only the last one is
kept."""

from datetime import date

from aiosqlite import Connection

from storage.rows import first_number, run


async def on(conn: Connection, account_id: int, local_date: date) -> int:
    """The requests of that date; 0 for an account that is gone."""
    return await first_number(
        conn,
        "SELECT asked FROM accounts WHERE id = ? AND asked_on = ?",
        (account_id, local_date.isoformat()),
    )


async def add(conn: Connection, account_id: int, local_date: date, requests: int) -> None:
    """Count further requests of that date."""
    await run(
        conn,
        "UPDATE accounts SET asked = CASE WHEN asked_on = :date THEN asked ELSE 0 END + :requests,"
        " asked_on = :date WHERE id = :account",
        {"date": local_date.isoformat(), "requests": requests, "account": account_id},
    )
