"""Values that the process keeps for its next start, by name."""

from aiosqlite import Connection

from storage.rows import first_row, run


async def get(conn: Connection, name: str) -> str | None:
    row = await first_row(conn, "SELECT value FROM kept WHERE name = ?", (name,))
    return row["value"] if row else None


async def put(conn: Connection, name: str, value: str) -> None:
    await run(
        conn,
        "INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
