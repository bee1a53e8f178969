"""The sealed cookies of a database: whether there are any, and which keys sealed them."""

from aiosqlite import Connection

from storage.rows import rows
from storage.vault import Vault, sealed_by

_SEALED = " FROM accounts WHERE sealed_cookie IS NOT NULL"


async def holds_cookies(conn: Connection) -> bool:
    """Whether any cookie of an account is stored: then the key file must already exist."""
    return bool(await rows(conn, f"SELECT 1{_SEALED} LIMIT 1"))


async def other_keys(conn: Connection, vault: Vault) -> list[str]:
    """The ids of the keys that sealed cookies and that the vault does not have."""
    found = await rows(conn, f"SELECT DISTINCT substr(sealed_cookie, 1, 9) AS head{_SEALED}")
    ids = [sealing for row in found if (sealing := sealed_by(row["head"])) is not None]
    return [sealing.hex() for sealing in ids if not vault.has_key(sealing)]
