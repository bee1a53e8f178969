"""The sealed cookies of a database, as a whole: whether there are any, and whether the key opens
them."""

from aiosqlite import Connection

from storage.rows import rows
from storage.vault import Vault, WrongKey, sealed_by

_SEALED = (
    " FROM (SELECT sealed_cookie FROM accounts UNION ALL SELECT sealed_cookie FROM pending_cookies)"
    " WHERE sealed_cookie IS NOT NULL"
)


async def holds_cookies(conn: Connection) -> bool:
    """Whether any cookie is stored: then the key file must already exist."""
    return bool(await rows(conn, f"SELECT 1{_SEALED} LIMIT 1"))


async def refuse_other_key(conn: Connection, vault: Vault) -> None:
    """Raises WrongKey, with one sentence for the operator, if a cookie was sealed with a key that
    the vault does not have."""
    for row in await rows(conn, f"SELECT DISTINCT substr(sealed_cookie, 1, 9) AS head{_SEALED}"):
        sealing = sealed_by(row["head"])
        if sealing is not None and not vault.has_key(sealing):
            raise WrongKey(
                f"The key file is not the one that cookies are sealed with (key {sealing.hex()}): "
                "put that one back from where it was kept; without it everybody has to log in "
                "again."
            )
