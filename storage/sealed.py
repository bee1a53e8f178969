"""The columns of sealed cookies: whether they hold any, and which keys sealed them."""

from collections.abc import Collection

from aiosqlite import Connection

from storage.rows import rows
from storage.vault import Vault, sealed_by

TABLES = ("accounts", "pending_cookies")
"""The tables with a column ``sealed_cookie``."""
KEY_OF = "CASE substr(sealed_cookie, 1, 1) WHEN x'01' THEN hex(substr(sealed_cookie, 2, 8)) END"
"""In SQL, the id of the key that sealed a cookie, in capital hex digits; NULL if it is damaged."""


def place_of(table: str, row_id: int) -> str:
    """The text that a cookie of the row is sealed with."""
    return f"{table}.sealed_cookie:{row_id}"


def shown(key_ids: Collection[bytes]) -> list[str]:
    """Ids of keys as :data:`KEY_OF` writes them."""
    return [each.hex().upper() for each in sorted(key_ids)]


async def holds_cookies(conn: Connection) -> bool:
    """Whether any cookie is stored: then its key must already exist."""
    return bool(await _heads(conn))


async def other_keys(conn: Connection, vault: Vault) -> list[str]:
    """The ids of the keys that sealed cookies and that the vault does not have."""
    known = vault.key_ids()
    found = {sealing for head in await _heads(conn) if (sealing := sealed_by(head)) is not None}
    return [sealing.hex() for sealing in sorted(found - known)]


async def _heads(conn: Connection) -> list[bytes]:
    return [
        row["head"]
        for table in TABLES
        for row in await rows(
            conn,
            f"SELECT DISTINCT substr(sealed_cookie, 1, 9) AS head FROM {table}"  # noqa: S608
            " WHERE sealed_cookie IS NOT NULL",
        )
    ]
